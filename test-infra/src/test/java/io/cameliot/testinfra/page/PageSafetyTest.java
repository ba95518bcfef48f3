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
package io.cameliot.testinfra.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.auth.CustomAuthorizer;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import io.cameliot.testinfra.awsiot.auth.Principal;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.dps.fault.DpsFault;
import io.cameliot.testinfra.dps.fault.DpsStep;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.service.Enrollment;
import io.cameliot.testinfra.event.EventLog;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the page answers to whom. */
class PageSafetyTest {
    private static final EnrollmentKey KEY = EnrollmentKey.random();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final EventLog LOG = new EventLog();

    private static AwsIotEmulator aws;
    private static DpsEmulator dps;
    private static PageServer page;
    private static URI root;
    private static String token;

    @BeforeAll
    static void start() {
        aws = AwsIotEmulator.builder().events(LOG).build().start();
        dps = DpsEmulator.builder()
                .events(LOG)
                .enroll(Enrollment.individual("boiler-7").symmetricKey(KEY).build())
                .build()
                .start();
        page = new PageServer(aws, dps, LOG).start(0);
        root = URI.create(page.url().substring(0, page.url().indexOf('#')));
        token = page.url().substring(page.url().indexOf('=') + 1);
    }

    @AfterAll
    static void stop() {
        page.close();
        dps.close();
        aws.close();
    }

    @Test
    void listensOnLoopbackOnly() throws Exception {
        for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
            for (InetAddress address : network.inetAddresses()
                    .filter(candidate -> !candidate.isLoopbackAddress())
                    .toList()) {
                try (Socket socket = new Socket()) {
                    socket.connect(new InetSocketAddress(address, root.getPort()), 1000);
                    throw new AssertionError("The page listens on " + address);
                } catch (IOException e) {
                    assertThat(e).isNotNull(); // refused, as it should be
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/index.html", "/page.js", "/page.css"})
    void servesTheFilesOfThePageWithAPolicyThatRunsNothingElse(String path) throws Exception {
        HttpResponse<String> response = send(request(path));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy)
                        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                        .doesNotContain("unsafe"));
        assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(response.headers().map()).doesNotContainKey("access-control-allow-origin");
        assertThat(response.body()).doesNotContain(token, "<script>", "style=", "onclick");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/page.java", "/../PageServer.class", "/%2e%2e/PageServer.class", "/%zz"})
    void servesNoOtherFile(String path) throws Exception {
        assertThat(rawStatus("GET " + path, "Host: 127.0.0.1:" + root.getPort()))
                .isIn(400, 404);
    }

    @ParameterizedTest
    @CsvSource({"GET, state", "GET, events", "GET, stream", "POST, aws/publish", "DELETE, faults", "GET, unknown"})
    void refusesACallWithoutTheToken(String method, String call) throws Exception {
        HttpRequest.Builder request = request("/api/" + call).method(method, BodyPublishers.ofString("{}"));

        assertThat(send(request).statusCode()).isEqualTo(401);
        assertThat(send(request.header("Authorization", "Bearer " + "0".repeat(48)))
                        .statusCode())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://evil.example", "http://127.0.0.1:1", "null", "https://127.0.0.1"})
    void refusesAnotherOriginAlsoWithTheToken(String origin) throws Exception {
        assertThat(send(authorized("/api/state").header("Origin", origin)).statusCode())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "127.0.0.1", "127.0.0.1.evil.example:1", ""})
    void refusesAnotherHostName(String host) throws Exception {
        assertThat(rawStatus("GET /", "Host: " + host)).isEqualTo(421);
        assertThat(rawStatus("GET /api/state", "Host: " + host + "\r\nAuthorization: Bearer " + token))
                .isEqualTo(421);
    }

    @Test
    void refusesABodyThatIsTooLong() throws Exception {
        HttpRequest.Builder request =
                authorized("/api/aws/publish").POST(BodyPublishers.ofByteArray(new byte[301 * 1024]));

        assertThat(send(request).statusCode()).isEqualTo(413);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "aws/publish | {\"payload\":\"x\"} | topic is missing",
                "aws/publish | {\"topic\":\"a/+\"} | topic: A topic holds no wildcards",
                "aws/publish | {\"topic\":\"a\",\"qos\":2} | qos is 0 or 1",
                "aws/publish | {\"topic\":\"a\",\"encoding\":\"hex\",\"payload\":\"0\"} | payload: hexadecimal digits",
                "aws/publish | [] | The body is a JSON object",
                "aws/publish | { | The body is a JSON object",
                "aws/shadow | {\"thing\":\"a/b\",\"state\":{}} | thing: a name matches",
                "aws/shadow | {\"thing\":\"a\",\"state\":1} | state is a JSON object",
                "aws/job | {\"thing\":\"a\"} | document is a JSON object",
                "aws/disconnect | {\"clientId\":\"nobody\"} | nobody is not connected",
                "aws/command | {\"clientId\":\"a/b\",\"payload\":{}} | clientId: a client that gets commands",
                "aws/policy | {\"clientId\":\"c\",\"policy\":{}} | policy is a JSON array of statements",
                "aws/policy | {\"clientId\":\"c\",\"policy\":[{}]} | Action is one of [iot:Connect, iot:Publish, iot:Subscribe",
                "aws/policy | {\"clientId\":\"c\",\"policy\":[{\"Action\":\"iot:Connect\"}]} | Resource is a client id",
                "aws/policy | {\"clientId\":\"c\",\"policy\":[{\"Action\":\"iot:Connect\",\"Resource\":\"*\"}]} | Effect is Allow or Deny",
                "faults | {\"cloud\":\"aws\",\"kind\":\"Nothing\"} | kind is one of [",
                "faults | {\"cloud\":\"aws\",\"kind\":\"Withhold\",\"values\":{\"answer\":\"X\"}} | answer: 'X' is not a choice",
                "faults | {\"cloud\":\"dps\",\"kind\":\"RefuseConnect\",\"values\":{\"returnCode\":\"9\"}} | allowed are 1 to 5",
            })
    void tellsWhatIsWrongWithACall(String call, String body, String message) throws Exception {
        HttpResponse<String> response = send(authorized("/api/" + call).POST(BodyPublishers.ofString(body)));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(response.body()).path("error").asText()).contains(message);
    }

    @Test
    void replacesThePolicyOfAClient() throws Exception {
        post(
                "aws/policy",
                """
                {"clientId": "gate-1", "policy": [
                  {"Effect": "Allow", "Action": "iot:Publish", "Resource": "gates/*"},
                  {"Effect": "Deny", "Action": "iot:Publish", "Resource": "gates/secret"}]}
                """);

        DevicePolicy policy = aws.policyOf("gate-1", new Principal(Principal.Authentication.X509, "none"));
        assertThat(policy.allows(Action.PUBLISH, "gates/1")).isTrue();
        assertThat(policy.allows(Action.PUBLISH, "gates/secret")).isFalse();
        assertThat(policy.allows(Action.CONNECT, "gate-1")).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void readsEveryActionOfAPolicy(Action action) throws Exception {
        post(
                "aws/policy",
                "{\"clientId\": \"gate-2\", \"policy\": [{\"Effect\": \"Allow\", \"Action\": \"" + action
                        + "\", \"Resource\": \"gates/1\"}]}");

        DevicePolicy policy = aws.policyOf("gate-2", new Principal(Principal.Authentication.X509, "none"));
        assertThat(policy.statements()).hasSize(1);
        assertThat(policy.allows(action, "gates/1")).isTrue();
    }

    @Test
    void showsCustomAuthorizersWithoutTheirSecrets() throws Exception {
        aws.register(CustomAuthorizer.unsigned("gatekeeper", "gate-token")
                .acceptToken("open-sesame")
                .acceptPassword("ali", "baba-secret"));
        aws.defaultAuthorizer("gatekeeper");

        JsonNode authorizer = get("aws/provisioning").at("/authorizers/0");

        assertThat(authorizer.path("name").asText()).isEqualTo("gatekeeper");
        assertThat(authorizer.path("tokenKeyName").asText()).isEqualTo("gate-token");
        assertThat(authorizer.path("acceptedTokens").asInt()).isOne();
        assertThat(authorizer.path("isDefault").asBoolean()).isTrue();
        assertThat(authorizer.toString()).doesNotContain("sesame", "baba");
    }

    @Test
    void sendsACommandToAClientThatIsNoThing() throws Exception {
        String command = post("aws/command", "{\"clientId\":\"gate-2\",\"payload\":{\"open\":true}}")
                .path("command")
                .asText();

        assertThat(get("aws/commands?clientId=gate-2").at("/0/id").asText()).isEqualTo(command);
        assertThat(aws.commands().of("gate-2")).isEmpty();
    }

    @Test
    void publishesAndTellsWhatWasPublished() throws Exception {
        post("aws/publish", "{\"topic\":\"from/page\",\"payload\":\"00 ff\",\"encoding\":\"hex\",\"qos\":1}");

        assertThat(get("events").path("messages")).anySatisfy(message -> {
            assertThat(message.path("topic").asText()).isEqualTo("from/page");
            assertThat(message.path("from").asText()).isEqualTo("user");
            assertThat(message.path("payload").binaryValue()).containsExactly(0, 255);
        });
    }

    @Test
    void changesShadowsAndCreatesJobsAndCommands() throws Exception {
        post("aws/shadow", "{\"thing\":\"t1\",\"state\":{\"a\":1}}");
        post("aws/shadow", "{\"thing\":\"t1\",\"shadow\":\"door\",\"section\":\"reported\",\"state\":{\"open\":true}}");
        String job = post("aws/job", "{\"thing\":\"t1\",\"document\":{\"operation\":\"reboot\"}}")
                .path("job")
                .asText();
        String command = post("aws/command", "{\"thing\":\"t1\",\"payload\":{\"light\":\"on\"}}")
                .path("command")
                .asText();

        assertThat(aws.thing("t1").shadow().desired().path("a").asInt()).isEqualTo(1);
        JsonNode thing = get("aws/thing?thing=t1");
        assertThat(thing.at("/shadows/1/name").asText()).isEqualTo("door");
        assertThat(thing.at("/shadows/1/reported/open").asBoolean()).isTrue();
        assertThat(thing.at("/jobs/0/id").asText()).isEqualTo(job);
        assertThat(thing.at("/commands/0/id").asText()).isEqualTo(command);
        assertThat(get("aws/things")).extracting(JsonNode::asText).contains("t1");
    }

    @Test
    void offersEveryFaultThatExists() throws Exception {
        JsonNode kinds = get("faults").path("kinds");

        assertThat(kinds.path("aws")).hasSize(Fault.class.getPermittedSubclasses().length);
        assertThat(kinds.path("dps")).hasSize(DpsFault.class.getPermittedSubclasses().length);
    }

    @Test
    void switchesFaultsOnAndOff() throws Exception {
        post(
                "faults",
                "{\"cloud\":\"aws\",\"kind\":\"DelayMessage\",\"client\":\"c\",\"times\":2,"
                        + "\"values\":{\"topicFilter\":\"a/#\",\"by\":\"0.5\"}}");
        post("faults", "{\"cloud\":\"dps\",\"kind\":\"Delay\",\"values\":{\"step\":\"POLL\",\"by\":\"1\"}}");

        assertThat(aws.faults().pending()).singleElement().satisfies(pending -> {
            assertThat(pending.fault()).isEqualTo(new Fault.DelayMessage("a/#", Duration.ofMillis(500)));
            assertThat(pending.times()).isEqualTo(2);
        });
        assertThat(dps.pendingFaults()).containsExactly(new DpsFault.Delay(DpsStep.POLL, Duration.ofSeconds(1)));
        send(authorized("/api/faults").DELETE());
        assertThat(get("faults").path("pending")).isEmpty();
    }

    @Test
    void showsNoSecret() throws Exception {
        String all = "";
        for (String call : List.of("state", "events", "aws/provisioning", "dps/devices", "faults")) {
            all += send(authorized("/api/" + call)).body();
        }

        assertThat(all).contains("boiler-7").doesNotContain(KEY.base64(), token, "PRIVATE KEY");
    }

    @Test
    void streamsWhatHappens() throws Exception {
        HttpResponse<InputStream> stream = HTTP.send(authorized("/api/stream").build(), BodyHandlers.ofInputStream());
        assertThat(stream.headers().firstValue("Content-Type")).contains("text/event-stream; charset=utf-8");
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            aws.publish("stream/topic", "x", 0);

            String line = lines.readLine();
            while (!line.contains("stream/topic")) {
                line = lines.readLine();
            }
            assertThat(line).startsWith("data: [");
        }
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(root.resolve(path)).timeout(Duration.ofSeconds(10));
    }

    private static HttpRequest.Builder authorized(String path) {
        return request(path).header("Authorization", "Bearer " + token);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static JsonNode get(String call) throws Exception {
        HttpResponse<String> response = send(authorized("/api/" + call));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private static JsonNode post(String call, String body) throws Exception {
        HttpResponse<String> response = send(authorized("/api/" + call).POST(BodyPublishers.ofString(body)));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    /** Sends a request that the JDK's client would not send, and returns its status. */
    private static int rawStatus(String requestLine, String headers) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", root.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write((requestLine + " HTTP/1.1\r\n" + headers + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Integer.parseInt(response.split(" ")[1]);
        }
    }
}
