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

import io.cameliot.testinfra.awsiot.auth.CustomAuthorizer;
import io.cameliot.testinfra.awsiot.auth.IamCredentials;
import io.cameliot.testinfra.awsiot.auth.Principal.Authentication;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.gateway.ConnectionInfo;
import io.cameliot.testinfra.awsiot.gateway.DisconnectReason;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.net.TlsClient;
import io.cameliot.testinfra.pki.KeyType;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketTest {
    private static final IamCredentials PERMANENT = IamCredentials.permanent("AKIDPERMANENT", "a secret");
    private static final KeyPair KEYS = KeyType.RSA.generate();

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS =
            new AwsIotEmulatorExtension(AwsIotEmulator.builder().customDomain("localhost"));

    private final AwsIotEmulator aws = AWS.emulator();
    private final String host = "localhost:" + aws.port(GatewayPort.MULTIPLEXED_443);

    @ParameterizedTest
    @ValueSource(strings = {"iotdevicegateway", "iotdata"})
    void acceptsASignedUpgrade(String service) throws Exception {
        aws.register(PERMANENT);

        assertExchangesMessages(
                "signed",
                new SigV4Signer(PERMANENT, "eu-west-1", service).upgradeTarget(host),
                new MqttConnectOptions());

        assertThat(aws.connectionsOf("signed")).last().satisfies(connection -> {
            assertThat(connection.webSocket()).isTrue();
            assertThat(connection.principal().authentication()).isEqualTo(Authentication.SIGV4);
            assertThat(connection.principal().identifier()).isEqualTo("AKIDPERMANENT");
            assertThat(connection.port()).isEqualTo(GatewayPort.MULTIPLEXED_443);
        });
    }

    @Test
    void acceptsASessionTokenAppendedAfterSigning() throws Exception {
        IamCredentials temporary = IamCredentials.temporary(
                "ASIATEMPORARY", "a secret", "to/ken+==", Instant.now().plus(Duration.ofHours(1)));
        aws.register(temporary);

        assertExchangesMessages(
                "temporary",
                new SigV4Signer(temporary, "eu-west-1", "iotdevicegateway").upgradeTarget(host),
                new MqttConnectOptions());
    }

    @Test
    void refusesExpiredCredentials() {
        IamCredentials expired = IamCredentials.temporary("ASIAEXPIRED", "a secret", "token", Instant.now());
        aws.register(expired);

        assertForbidden(new SigV4Signer(expired, "eu-west-1", "iotdevicegateway").upgradeTarget(host), "expired");
    }

    @Test
    void sendsADateWhenItRefusesAWrongSignature() {
        aws.register(PERMANENT);
        IamCredentials wrong = IamCredentials.permanent(PERMANENT.accessKeyId(), "another secret");

        HttpResponse<?> response = assertForbidden(
                new SigV4Signer(wrong, "eu-west-1", "iotdevicegateway").upgradeTarget(host), "does not match");

        assertThat(response.headers().firstValue("date")).isPresent();
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        assertThat(response.headers().firstValue("x-amzn-ErrorType")).contains("ForbiddenException:");
        assertThat(response.headers().firstValue("x-amzn-RequestId")).isPresent();
    }

    @Test
    void refusesASignatureForAnotherRegionOrService() {
        aws.register(PERMANENT);

        assertForbidden(new SigV4Signer(PERMANENT, "us-east-1", "iotdevicegateway").upgradeTarget(host), "us-east-1");
        assertForbidden(new SigV4Signer(PERMANENT, "eu-west-1", "execute-api").upgradeTarget(host), "execute-api");
    }

    @Test
    void refusesAnUpgradeWithoutCredentialsIfThereIsNoAuthorizer() {
        try (AwsIotEmulator other =
                AwsIotEmulator.builder().customDomain("localhost").build().start()) {
            assertThatThrownBy(() -> upgrade(other, "/mqtt"))
                    .cause()
                    .isInstanceOfSatisfying(
                            WebSocketHandshakeException.class,
                            e -> assertThat(e.getResponse().statusCode()).isEqualTo(403));
        }
    }

    @Test
    void acceptsACustomAuthorizersTokenInHeadersOrQuery() throws Exception {
        aws.register(CustomAuthorizer.signed("ws-auth", "token", KEYS.getPublic()));
        String signature = HttpsPublishTest.sign("value", KEYS);
        MqttConnectOptions headers = new MqttConnectOptions();
        headers.setCustomWebSocketHeaders(properties(Map.of(
                "x-amz-customauthorizer-name",
                "ws-auth",
                "x-amz-customauthorizer-signature",
                signature,
                "token",
                "value")));

        assertExchangesMessages("by-headers", "/mqtt", headers);
        assertExchangesMessages(
                "by-query",
                "/mqtt?x-amz-customauthorizer-name=ws-auth&token=value&x-amz-customauthorizer-signature="
                        + URLEncoder.encode(signature, StandardCharsets.UTF_8),
                new MqttConnectOptions());

        assertForbidden("/mqtt?x-amz-customauthorizer-name=ws-auth&token=value", "Forbidden");
        assertThat(aws.connectionsOf("by-headers"))
                .extracting(connection -> connection.principal().authentication())
                .containsExactly(Authentication.CUSTOM);
    }

    @Test
    void acceptsUserNameAndPasswordOfTheConnect() throws Exception {
        aws.register(CustomAuthorizer.unsigned("ws-password", "token").acceptPassword("user", "secret"));
        MqttConnectOptions right = new MqttConnectOptions();
        right.setUserName("user?x-amz-customauthorizer-name=ws-password");
        right.setPassword("secret".toCharArray());
        MqttConnectOptions wrong = new MqttConnectOptions();
        wrong.setUserName("user?x-amz-customauthorizer-name=ws-password");
        wrong.setPassword("guess".toCharArray());

        assertExchangesMessages("by-connect", "/mqtt", right);
        assertThatThrownBy(() -> assertExchangesMessages("by-connect", "/mqtt", wrong))
                .isInstanceOfSatisfying(MqttException.class, e -> assertThat(e.getReasonCode())
                        .isEqualTo(MqttException.REASON_CODE_NOT_AUTHORIZED));
    }

    @Test
    void refusesAnUpgradeOnAnotherPath() {
        aws.register(PERMANENT);
        String target = new SigV4Signer(PERMANENT, "eu-west-1", "iotdevicegateway").upgradeTarget(host);

        assertThatThrownBy(() -> upgrade(aws, target.replace("/mqtt?", "/ws?")))
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        e -> assertThat(e.getResponse().statusCode()).isEqualTo(403));
    }

    @Test
    void refusesAnUpgradeWithAClientCertificate() {
        assertThatThrownBy(() -> upgrade(
                        TlsClient.context(aws.serverAuthority().certificate(), aws.issueDevice("ws-x509")),
                        aws.port(GatewayPort.HTTPS_8443),
                        "/mqtt"))
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        e -> assertThat(e.getResponse().statusCode()).isEqualTo(403));
    }

    @Test
    void answersAnUpgradeWithAnInjectedFault() {
        aws.faults().inject(new Fault.AnswerHttp(503, Map.of(), ""));

        assertThatThrownBy(() -> upgrade(aws, "/mqtt"))
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        e -> assertThat(e.getResponse().statusCode()).isEqualTo(503));
    }

    @Test
    void treatsACloseFrameAsADisconnect() {
        aws.register(CustomAuthorizer.unsigned("ws-close", "token").acceptToken("good"));
        WebSocket webSocket = upgrade(aws, "/mqtt?x-amz-customauthorizer-name=ws-close&token=good");
        long connects = aws.counters().connects();
        webSocket.sendBinary(connectPacket("ws-close"), true).join();
        await().until(() -> aws.counters().connects() == connects + 1);

        webSocket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();

        await().untilAsserted(() -> assertThat(aws.connectionsOf("ws-close"))
                .singleElement()
                .extracting(ConnectionInfo::disconnectReason)
                .isEqualTo(Optional.of(DisconnectReason.CLIENT_INITIATED_DISCONNECT)));
    }

    private void assertExchangesMessages(String clientId, String target, MqttConnectOptions options) throws Exception {
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        options.setSocketFactory(
                TlsClient.context(aws.serverAuthority().certificate(), null).getSocketFactory());
        try (MqttClient client = new MqttClient("wss://" + host + target, clientId, new MemoryPersistence())) {
            client.setTimeToWait(10_000);
            client.connect(options);
            var received = new LinkedBlockingQueue<String>();
            client.subscribe(
                    "ws/" + clientId,
                    1,
                    (topic, message) -> received.add(new String(message.getPayload(), StandardCharsets.UTF_8)));
            client.publish("ws/" + clientId, "ping".getBytes(StandardCharsets.UTF_8), 1, false);
            assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo("ping");
            client.disconnect();
        }
    }

    private HttpResponse<?> assertForbidden(String target, String reason) {
        HttpResponse<?>[] response = new HttpResponse<?>[1];
        assertThatThrownBy(() -> upgrade(aws, target))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(WebSocketHandshakeException.class, e -> response[0] = e.getResponse());
        assertThat(response[0].statusCode()).isEqualTo(403);
        assertThat(String.valueOf(response[0].body())).contains(reason);
        return response[0];
    }

    private static WebSocket upgrade(AwsIotEmulator emulator, String target) {
        return upgrade(
                TlsClient.context(emulator.serverAuthority().certificate(), null),
                emulator.port(GatewayPort.MULTIPLEXED_443),
                target);
    }

    private static WebSocket upgrade(SSLContext tls, int port, String target) {
        return HttpClient.newBuilder()
                .sslContext(tls)
                .build()
                .newWebSocketBuilder()
                .subprotocols("mqtt")
                .connectTimeout(Duration.ofSeconds(10))
                .buildAsync(URI.create("wss://localhost:" + port + target), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
                        webSocket.request(1);
                        return null;
                    }
                })
                .join();
    }

    /** CONNECT, MQTT 3.1.1, clean session, keep alive 60 s. */
    private static ByteBuffer connectPacket(String clientId) {
        byte[] id = clientId.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(14 + id.length)
                .put((byte) 0x10)
                .put((byte) (12 + id.length))
                .putShort((short) 4)
                .put("MQTT".getBytes(StandardCharsets.UTF_8))
                .put((byte) 4)
                .put((byte) 2)
                .putShort((short) 60)
                .putShort((short) id.length)
                .put(id)
                .flip();
    }

    private static Properties properties(Map<String, String> values) {
        Properties properties = new Properties();
        properties.putAll(values);
        return properties;
    }
}
