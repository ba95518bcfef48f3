/*
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */
package io.cameliot.testinfra.awsiot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cameliot.testinfra.awsiot.auth.CustomAuthorizer;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import io.cameliot.testinfra.awsiot.auth.IamCredentials;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.gateway.Limits;
import io.cameliot.testinfra.awsiot.gateway.ReceivedRequest;
import io.cameliot.testinfra.net.TlsClient;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.KeyType;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttProperties.StringPair;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.Signature;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpsPublishTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NOT_SIGNED = "";

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS =
            new AwsIotEmulatorExtension(AwsIotEmulator.builder().customDomain("localhost"));

    private final AwsIotEmulator aws = AWS.emulator();
    private final IssuedCertificate identity = aws.issueDevice("http-device");
    private final HttpClient withCertificate = client(identity);
    private final HttpClient withoutCertificate = client(null);

    @ParameterizedTest
    @CsvSource({"0, a%2Fb%20c", "1, a%2Fb%20c", "1, a/b%20c"})
    void deliversPublishesToSubscribers(int qos, String encodedTopic) throws Exception {
        try (PahoDevice subscriber = new PahoDevice(aws, "http-subscriber").connect()) {
            subscriber.subscribe("a/b c", 1);

            HttpResponse<String> response = post("/topics/" + encodedTopic + "?qos=" + qos, "over HTTPS");

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(subscriber.next()).isEqualTo(new PahoDevice.Received("a/b c", "over HTTPS", qos, false, false));
        }
    }

    @Test
    void answersInTheFormatOfAws() throws Exception {
        HttpResponse<String> response = post("/topics/any?qos=1", "x");

        JsonNode body = JSON.readTree(response.body());
        String traceId = response.headers().firstValue("x-amzn-RequestId").orElseThrow();
        assertThat(body.get("message").textValue()).isEqualTo("OK");
        assertThat(body.get("traceId").textValue()).isEqualTo(traceId);
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        assertThat(response.headers().firstValue("date")).isPresent();
    }

    @Test
    void setsAndDeletesRetainedMessages() throws Exception {
        try (PahoDevice subscriber = new PahoDevice(aws, "http-retained").connect()) {
            post("/topics/kept?qos=1&retain=true", "for later");

            subscriber.subscribe("kept", 1);
            assertThat(subscriber.next()).isEqualTo(new PahoDevice.Received("kept", "for later", 1, true, false));
            subscriber.client().unsubscribe("kept");
            post("/topics/kept?retain=true", "");

            subscriber.subscribe("kept", 1).subscribe("marker", 1).publish("marker", "end", 1);
            assertThat(subscriber.next().payload()).isEqualTo("end");
        }
    }

    @Test
    void isRetainedWhenItIsAnsweredAtQos0Too() throws Exception {
        try (PahoDevice subscriber = new PahoDevice(aws, "http-retained-0").connect()) {
            for (int i = 0; i < 40; i++) {
                post("/topics/kept/" + i + "?retain=true", "message " + i);

                subscriber.subscribe("kept/" + i, 1);
                assertThat(subscriber.next().payload()).isEqualTo("message " + i);
            }
        }
    }

    @Test
    void carriesMqtt5Properties() throws Exception {
        TlsClient tls = TlsClient.trusting(aws.serverAuthority().certificate(), identity);
        try (SSLSocket socket = tls.connect("127.0.0.1", aws.port(GatewayPort.MQTT_8883), aws.endpoint());
                MqttWire wire = new MqttWire(socket)) {
            wire.send(MqttWire.connect(MqttVersion.MQTT_5, "http-5").build()).expect(MqttMessageType.CONNACK);
            wire.send(MqttWire.subscribe(1, "rich")).expect(MqttMessageType.SUBACK);

            HttpResponse<String> response = withCertificate.send(
                    request("/topics/rich?contentType=text%2Fplain&responseTopic=reply%2Fto&messageExpiry=60", "x")
                            .header("x-amz-mqtt5-user-properties", base64("[{\"a\":\"1\"},{\"b\":\"2\"}]"))
                            .header("x-amz-mqtt5-payload-format-indicator", "UTF8_DATA")
                            .header("x-amz-mqtt5-correlation-data", base64("id-7"))
                            .build(),
                    BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(200);
            MqttPublishMessage message = wire.expect(MqttPublishMessage.class, MqttMessageType.PUBLISH);
            MqttProperties properties = message.variableHeader().properties();
            assertThat(value(properties, MqttPropertyType.CONTENT_TYPE)).isEqualTo("text/plain");
            assertThat(value(properties, MqttPropertyType.RESPONSE_TOPIC)).isEqualTo("reply/to");
            assertThat(value(properties, MqttPropertyType.PAYLOAD_FORMAT_INDICATOR))
                    .isEqualTo(1);
            assertThat((byte[]) value(properties, MqttPropertyType.CORRELATION_DATA))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("id-7");
            assertThat((Integer) value(properties, MqttPropertyType.PUBLICATION_EXPIRY_INTERVAL))
                    .isBetween(50, 60);
            assertThat(value(properties, MqttPropertyType.USER_PROPERTY))
                    .isEqualTo(List.of(new StringPair("a", "1"), new StringPair("b", "2")));
            message.release();
            assertThat(aws.receivedPublishes("rich")).singleElement().satisfies(received -> {
                assertThat(received.packet().mqttVersion()).isEmpty();
                assertThat(received.properties().contentType()).contains("text/plain");
                assertThat(received.properties().messageExpirySeconds()).hasValue(60);
            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/topics/a?qos=2, 400, InvalidRequestException:",
        "/topics/a?qos=one, 400, InvalidRequestException:",
        "/topics/a?retain=yes, 400, InvalidRequestException:",
        "/topics/a?responseTopic=b%2F%23, 400, InvalidRequestException:",
        "/topics/a?messageExpiry=soon, 400, InvalidRequestException:",
        "/topics/a%2F%23, 400, InvalidRequestException:",
        "/topics/, 400, InvalidRequestException:",
        "/topics/1/2/3/4/5/6/7/8/9, 400, InvalidRequestException:",
        "/topics, 404, ResourceNotFoundException:",
        "/things/any/jobs, 404, ResourceNotFoundException:",
        "/, 404, ResourceNotFoundException:"
    })
    void refusesOtherRequests(String path, int status, String errorType) throws Exception {
        HttpResponse<String> response = post(path, "x");

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("x-amzn-ErrorType")).contains(errorType);
        assertThat(JSON.readTree(response.body()).get("traceId").textValue())
                .isEqualTo(response.headers().firstValue("x-amzn-RequestId").orElseThrow());
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-mqtt5-user-properties, '{', 400",
        "x-amz-mqtt5-user-properties, W3siYSI6IjEiLCJiIjoiMiJ9XQ==, 400",
        "x-amz-mqtt5-payload-format-indicator, TEXT, 400",
        "x-amz-mqtt5-correlation-data, '?', 400"
    })
    void refusesBadProperties(String header, String value, int status) throws Exception {
        HttpResponse<String> response = withCertificate.send(
                request("/topics/a", "x").header(header, value).build(), BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE"})
    void refusesMethodsOtherThanPost(String method) throws Exception {
        HttpResponse<String> response = withCertificate.send(
                request("/topics/a", "x")
                        .method(method, BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(405);
    }

    @Test
    void acceptsAPayloadOf128KilobytesAndRefusesALongerOne() throws Exception {
        assertThat(post("/topics/long", "x".repeat(Limits.PAYLOAD_BYTES)).statusCode())
                .isEqualTo(200);

        HttpResponse<String> response = post("/topics/long", "x".repeat(Limits.PAYLOAD_BYTES + 1));

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(JSON.readTree(response.body()).get("message").textValue()).contains("131072");
    }

    @Test
    void refusesATopicThatThePolicyDoesNotAllow() throws Exception {
        aws.httpPolicy(DevicePolicy.ALLOW_ALL.deny(Action.PUBLISH, "forbidden/*"));

        assertThat(post("/topics/forbidden%2Ftopic", "x").statusCode()).isEqualTo(403);
        assertThat(post("/topics/allowed", "x").statusCode()).isEqualTo(200);
    }

    @Test
    void refusesARetainedMessageOfAClientThatMayOnlyPublish() throws Exception {
        aws.httpPolicy(DevicePolicy.DENY_ALL.allow(Action.PUBLISH, "*"));

        assertThat(post("/topics/kept?retain=true", "x").statusCode()).isEqualTo(403);
        assertThat(post("/topics/kept?retain=false", "x").statusCode()).isEqualTo(200);
    }

    @Test
    void publishesOnAnIdleConnection() throws Exception {
        // The broker closes idle connections every two seconds, but must not close the gateway's own one.
        await().pollDelay(Duration.ofMillis(4500))
                .untilAsserted(() ->
                        assertThat(post("/topics/late?qos=1", "x").statusCode()).isEqualTo(200));
    }

    @Test
    void refusesAClientWithoutCertificateOn8443() {
        assertThatThrownBy(
                        () -> withoutCertificate.send(request("/topics/a", "x").build(), BodyHandlers.ofString()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void acceptsACertificateOn443WithAlpn() throws Exception {
        TlsClient tls = TlsClient.trusting(aws.serverAuthority().certificate(), identity);

        try (SSLSocket socket =
                tls.connect("127.0.0.1", aws.port(GatewayPort.MULTIPLEXED_443), aws.endpoint(), "x-amzn-http-ca")) {
            assertThat(exchange(socket, "/topics/by-alpn", NOT_SIGNED)).startsWith("HTTP/1.1 200 OK");
        }
        assertThat(last()).satisfies(request -> {
            assertThat(request.port()).isEqualTo(GatewayPort.MULTIPLEXED_443);
            assertThat(request.applicationProtocols()).containsExactly("x-amzn-http-ca");
            assertThat(request.serverName()).isEqualTo(aws.endpoint());
            assertThat(request.status()).isEqualTo(200);
        });
    }

    @Test
    void requestsNoCertificateOn443WithoutAlpn() throws Exception {
        TlsClient tls = TlsClient.trusting(aws.serverAuthority().certificate(), identity);

        try (SSLSocket socket = tls.connect("127.0.0.1", aws.port(GatewayPort.MULTIPLEXED_443), aws.endpoint())) {
            assertThat(socket.getSession().getLocalCertificates()).isNull();
            assertThat(exchange(socket, "/topics/no-alpn", NOT_SIGNED))
                    .startsWith("HTTP/1.1 403 Forbidden")
                    .contains("x-amzn-ErrorType: ForbiddenException:");
        }
    }

    @Test
    void acceptsASignedPublishAndRefusesAnAlteredOne() throws Exception {
        IamCredentials credentials = IamCredentials.permanent("AKIDHTTP", "secret");
        aws.register(credentials);
        SigV4Signer signer = new SigV4Signer(credentials, "eu-west-1", "iotdevicegateway");
        String host = "localhost:" + aws.port(GatewayPort.MULTIPLEXED_443);

        assertThat(postSigned("/topics/signed%2Ftopic?qos=1", signer.headers(host, "/topics/signed%2Ftopic?qos=1", "x"))
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<String> changed =
                postSigned("/topics/signed%2Ftopic?qos=0", signer.headers(host, "/topics/signed%2Ftopic?qos=1", "x"));
        assertThat(changed.statusCode()).isEqualTo(403);
        assertThat(changed.body()).contains("signature we calculated does not match");
    }

    @Test
    void acceptsACustomAuthorizersTokenInHeadersOrQuery() throws Exception {
        KeyPair keys = KeyType.RSA.generate();
        aws.register(CustomAuthorizer.signed("http-auth", "token", keys.getPublic()));
        String signature = sign("value", keys);
        Map<String, String> headers = Map.of(
                "x-amz-customauthorizer-name",
                "http-auth",
                "x-amz-customauthorizer-signature",
                signature,
                "token",
                "value");

        assertThat(postSigned("/topics/custom", headers).statusCode()).isEqualTo(200);
        assertThat(postSigned(
                                "/topics/custom?qos=1&x-amz-customauthorizer-name=http-auth&token=value"
                                        + "&x-amz-customauthorizer-signature="
                                        + URLEncoder.encode(signature, StandardCharsets.UTF_8),
                                Map.of())
                        .statusCode())
                .isEqualTo(200);
        assertThat(postSigned("/topics/custom", Map.of("x-amz-customauthorizer-name", "http-auth", "token", "value"))
                        .statusCode())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/topics/%zz",
                "/topics/a%",
                "/topics/a?responseTopic=%zz",
                "/things/%zz/shadow",
                "/things/a/shadow?name=%zz"
            })
    void refusesARequestThatIsNotPercentEncoded(String target) throws Exception {
        TlsClient tls = TlsClient.trusting(aws.serverAuthority().certificate(), identity);
        try (SSLSocket socket = tls.connect("127.0.0.1", aws.port(GatewayPort.HTTPS_8443), aws.endpoint())) {
            assertThat(exchange(socket, target, NOT_SIGNED))
                    .startsWith("HTTP/1.1 400 ")
                    .contains("x-amzn-ErrorType: InvalidRequestException:");
        }
    }

    @Test
    void keepsConnectionsAlive() throws Exception {
        post("/topics/first", "x");
        post("/topics/second", "x");

        List<ReceivedRequest> requests = aws.receivedRequests().stream()
                .filter(request -> List.of("/topics/first", "/topics/second").contains(request.path()))
                .toList();
        assertThat(requests).hasSize(2);
        assertThat(requests.get(0).connectionId()).isEqualTo(requests.get(1).connectionId());
    }

    @Test
    void sendsTheAnswerOfAnInjectedFault() throws Exception {
        aws.faults().inject(new Fault.AnswerHttp(429, Map.of("Retry-After", "1"), "slow down"));

        HttpResponse<String> response = post("/topics/a", "x");

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValue("Retry-After")).contains("1");
        assertThat(response.body()).isEqualTo("slow down");
        assertThat(post("/topics/a", "x").statusCode()).isEqualTo(200);
    }

    private ReceivedRequest last() {
        List<ReceivedRequest> all = aws.receivedRequests();
        return all.get(all.size() - 1);
    }

    private HttpResponse<String> post(String target, String body) throws Exception {
        return withCertificate.send(request(target, body).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String target, String body) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + aws.port(GatewayPort.HTTPS_8443) + target))
                .timeout(Duration.ofSeconds(10))
                .POST(BodyPublishers.ofString(body));
    }

    private HttpResponse<String> postSigned(String target, Map<String, String> headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("https://localhost:" + aws.port(GatewayPort.MULTIPLEXED_443) + target))
                .timeout(Duration.ofSeconds(10))
                .POST(BodyPublishers.ofString("x"));
        headers.forEach(request::header);
        return withoutCertificate.send(request.build(), BodyHandlers.ofString());
    }

    private String exchange(SSLSocket socket, String target, String headers) throws IOException {
        String request = "POST " + target + " HTTP/1.1\r\nHost: " + aws.endpoint() + "\r\nConnection: close\r\n"
                + headers + "Content-Length: 1\r\n\r\nx";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private HttpClient client(IssuedCertificate certificate) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(TlsClient.context(aws.serverAuthority().certificate(), certificate))
                .build();
    }

    private static Object value(MqttProperties properties, MqttPropertyType type) {
        return properties.getProperty(type.value()).value();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    static String sign(String token, KeyPair keys) throws Exception {
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(keys.getPrivate());
        signature.update(token.getBytes(StandardCharsets.UTF_8));
        return Base64.getEncoder().encodeToString(signature.sign());
    }
}
