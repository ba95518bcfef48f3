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

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cameliot.testinfra.awsiot.auth.CustomAuthorizer;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import io.cameliot.testinfra.awsiot.auth.IamCredentials;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.net.TlsClient;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.KeyType;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpShadowTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS =
            new AwsIotEmulatorExtension(AwsIotEmulator.builder().customDomain("localhost"));

    private final AwsIotEmulator aws = AWS.emulator();
    private final HttpClient withCertificate = client(aws.issueDevice("http-device"));

    @AfterEach
    void allowEverything() {
        aws.httpPolicy(DevicePolicy.ALLOW_ALL);
    }

    @ParameterizedTest
    @CsvSource({"/things/rest-1/shadow", "/things/rest-1/shadow?name=door", "/things/rest%3A2/shadow?name=$door"})
    void updatesReadsAndDeletesAShadow(String path) throws Exception {
        HttpResponse<String> updated = send("POST", path, "{\"state\":{\"desired\":{\"a\":1}}}");
        assertThat(updated.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(updated.body()).at("/state/desired/a").intValue())
                .isEqualTo(1);
        long version = JSON.readTree(updated.body()).get("version").longValue();

        JsonNode read = JSON.readTree(send("GET", path, "").body());
        assertThat(read.at("/state/delta/a").intValue()).isEqualTo(1);
        assertThat(read.get("version").longValue()).isEqualTo(version);

        HttpResponse<String> deleted = send("DELETE", path, "");
        assertThat(JSON.readTree(deleted.body()).get("version").longValue()).isEqualTo(version);
        assertThat(deleted.headers().firstValue("x-amzn-RequestId")).isPresent();
        assertThat(send("GET", path, "").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "GET|/things/rest-3/shadow||404|ResourceNotFoundException:|No shadow exists with name: 'rest-3'",
                "DELETE|/things/rest-3/shadow?name=x||404|ResourceNotFoundException:|No shadow exists with name: 'rest-3~x'",
                "POST|/things/rest-3/shadow|{|400|InvalidRequestException:|Invalid JSON",
                "POST|/things/rest-3/shadow|{}|400|InvalidRequestException:|Missing required node: state",
                "POST|/things/rest-3/shadow|{'state':{},'version':4}|409|ConflictException:|Version conflict",
                "PUT|/things/rest-3/shadow|{}|405|MethodNotAllowedException:|Method Not Allowed",
                "POST|/api/things/shadow/ListNamedShadowsForThing/rest-3|{}|405|MethodNotAllowedException:|Method Not Allowed",
                "GET|/things/a%20b/shadow||400|InvalidRequestException:|The name a b does not match [a-zA-Z0-9:_-]{1,128}",
                "GET|/things/a/shadow?name=a%2Fb||400|InvalidRequestException:|The name a/b does not match [$a-zA-Z0-9:_-]{1,64}"
            })
    void refusesWhatIsNotRight(String method, String path, String body, int status, String type, String message)
            throws Exception {
        HttpResponse<String> response = send(method, path, body == null ? "" : body.replace('\'', '"'));

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("x-amzn-ErrorType")).contains(type);
        assertThat(JSON.readTree(response.body()).get("message").textValue()).isEqualTo(message);
        assertThat(JSON.readTree(response.body()).get("traceId").textValue())
                .isEqualTo(response.headers().firstValue("x-amzn-RequestId").orElseThrow());
    }

    @Test
    void refusesADocumentThatIsTooLarge() throws Exception {
        HttpResponse<String> response = send(
                "POST", "/things/rest-4/shadow", "{\"state\":{\"reported\":{\"a\":\"" + "x".repeat(8192) + "\"}}}");

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body()).contains("max allowed: 8192");
    }

    @Test
    void listsNamedShadowsByPages() throws Exception {
        aws.thing("rest-5").shadow().setReported("{}");
        for (String name : new String[] {"b", "c", "a"}) {
            aws.thing("rest-5").shadow(name).setReported("{}");
        }
        String path = "/api/things/shadow/ListNamedShadowsForThing/rest-5";

        JsonNode first = JSON.readTree(send("GET", path + "?pageSize=2", "").body());
        assertThat(first.get("results").toString()).isEqualTo("[\"a\",\"b\"]");
        JsonNode second = JSON.readTree(send(
                        "GET",
                        path + "?pageSize=2&nextToken=" + first.get("nextToken").textValue(),
                        "")
                .body());
        assertThat(second.get("results").toString()).isEqualTo("[\"c\"]");
        assertThat(second.has("nextToken")).isFalse();
        assertThat(send("GET", path + "?pageSize=101", "").statusCode()).isEqualTo(400);
    }

    @Test
    void tellsMqttClientsOfAnUpdate() throws Exception {
        try (PahoDevice device = new PahoDevice(aws, "rest-6").connect()) {
            device.subscribe("$aws/things/rest-6/shadow/update/delta", 1);

            send("POST", "/things/rest-6/shadow", "{\"state\":{\"desired\":{\"a\":1}}}");

            assertThat(JSON.readTree(device.next().payload()).at("/state/a").intValue())
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET_THING_SHADOW, GET, /things/rest-7/shadow, rest-7",
        "UPDATE_THING_SHADOW, POST, /things/rest-7/shadow?name=a, rest-7/a",
        "DELETE_THING_SHADOW, DELETE, /things/rest-7/shadow, rest-7",
        "LIST_NAMED_SHADOWS, GET, /api/things/shadow/ListNamedShadowsForThing/rest-7, rest-7"
    })
    void refusesWhatThePolicyDoesNotAllow(Action action, String method, String path, String resource) throws Exception {
        aws.httpPolicy(DevicePolicy.ALLOW_ALL.deny(action, resource));

        assertThat(send(method, path, "{\"state\":{}}").statusCode()).isEqualTo(403);
    }

    @Test
    void takesASignature() throws Exception {
        IamCredentials credentials = IamCredentials.permanent("AKIDSHADOW", "secret");
        aws.register(credentials);
        String host = "localhost:" + aws.port(GatewayPort.MULTIPLEXED_443);
        String body = "{\"state\":{}}";

        Map<String, String> headers = new SigV4Signer(credentials, "eu-west-1", "iotdevicegateway")
                .headers(host, "/things/rest-8/shadow?name=a", body);

        assertThat(post443("/things/rest-8/shadow?name=a", headers, body)).isEqualTo(200);
        assertThat(post443("/things/rest-8/shadow?name=b", headers, body)).isEqualTo(403);
    }

    @Test
    void refusesACustomAuthorizersClient() throws Exception {
        KeyPair keys = KeyType.RSA.generate();
        aws.register(CustomAuthorizer.signed("shadow-auth", "token", keys.getPublic()));
        Map<String, String> headers = Map.of(
                "x-amz-customauthorizer-name",
                "shadow-auth",
                "x-amz-customauthorizer-signature",
                HttpsPublishTest.sign("value", keys),
                "token",
                "value");

        assertThat(post443("/topics/any", headers, "x")).isEqualTo(200);
        assertThat(post443("/things/rest-9/shadow", headers, "{\"state\":{}}")).isEqualTo(403);
        assertThat(aws.thing("rest-9").shadow().exists()).isFalse();
    }

    private HttpResponse<String> send(String method, String target, String body) throws Exception {
        return withCertificate.send(
                request(GatewayPort.HTTPS_8443, target)
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private int post443(String target, Map<String, String> headers, String body) throws Exception {
        HttpRequest.Builder request =
                request(GatewayPort.MULTIPLEXED_443, target).POST(BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return client(null).send(request.build(), BodyHandlers.ofString()).statusCode();
    }

    private HttpRequest.Builder request(GatewayPort port, String target) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + aws.port(port) + target))
                .timeout(Duration.ofSeconds(20));
    }

    private HttpClient client(IssuedCertificate certificate) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(TlsClient.context(aws.serverAuthority().certificate(), certificate))
                .build();
    }
}
