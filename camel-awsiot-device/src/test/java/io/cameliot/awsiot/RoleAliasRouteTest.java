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
package io.cameliot.awsiot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cameliot.awsiot.credentials.RoleAliasException;
import io.cameliot.awsiot.testing.JmxText;
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import io.cameliot.testinfra.awsiot.auth.IamCredentials;
import io.cameliot.testinfra.awsiot.auth.Principal;
import io.cameliot.testinfra.awsiot.credentials.RoleAlias;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.gateway.ConnectionInfo;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.fault.Direction;
import io.cameliot.testinfra.fault.FaultProxy;
import io.cameliot.testinfra.fault.NetworkFault;
import io.cameliot.testinfra.log.CapturedLog;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.proxy.ForwardProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signature Version 4 with credentials that AWS IoT gives for the device's certificate, through routes. */
@Timeout(60)
class RoleAliasRouteTest {

    private static final String ALIAS = "telemetry";

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    @RegisterExtension
    final DeviceContext device = DeviceContext.withJmx(AWS);

    @TempDir
    private Path folder;

    private final AwsIotEmulator aws = AWS.emulator();
    private final CamelContext camel = device.camel();
    private IssuedCertificate certificate;
    private DeviceFiles files;
    private int issuedBefore;

    @BeforeEach
    void createRoleAlias() {
        certificate = aws.issueDevice("sensor");
        files = DeviceFiles.write(folder, certificate, aws.serverAuthority());
        aws.roleAliases().create(RoleAlias.named(ALIAS));
        issuedBefore = aws.roleAliases().issued().size();
    }

    @AfterEach
    void clearFaults() {
        aws.faults().clear();
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "3.1.1"})
    void publishesAndReceivesOverWebSocket(String version) throws Exception {
        MockEndpoint received = camel.getEndpoint("mock:received", MockEndpoint.class);
        received.expectedBodiesReceived("warm");
        String uri = uri("wss", "&thingName=sensor&mqttVersion=" + version + "&clientId=sensor-" + version);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri).to("mock:received");
                from("direct:publish").to(uri);
            }
        });
        camel.start();

        assertThat(publish().getException()).isNull();
        received.assertIsSatisfied();
        ConnectionInfo connection = aws.connectionsOf("sensor-" + version).get(0);
        assertThat(connection.mqttVersion()).isEqualTo(version);
        assertThat(connection.principal())
                .isEqualTo(new Principal(
                        Principal.Authentication.SIGV4, issued().get(0).accessKeyId()));
    }

    @Test
    void publishesByHttps() throws Exception {
        start(uri("https", "&thingName=sensor"));

        assertThat(publish().getException()).isNull();
        assertThat(aws.receivedPublishes("a")).hasSize(1);
        assertThat(issued()).hasSize(1);
    }

    @Test
    void takesALongSessionToken() throws Exception {
        aws.roleAliases().create(RoleAlias.named(ALIAS).withSessionTokenLength(6_000));
        start(uri("https", ""));

        assertThat(publish().getException()).isNull();
    }

    @Test
    void fetchesCredentialsOnceForManyMessagesAndOccupiesNoThreadMeanwhile() throws Exception {
        try (FaultProxy slow = slow()) {
            start(uri("https", "&maxInflight=5", slow.address()));
            slow.applyToNext(1, new NetworkFault.Delay(Duration.ofMillis(300)));
            int threads = Thread.activeCount();
            List<CompletableFuture<Exchange>> sent =
                    IntStream.range(0, 300).mapToObj(i -> asyncPublish()).toList();
            assertThat(Thread.activeCount()).isLessThan(threads + 30);

            for (CompletableFuture<Exchange> exchange : sent) {
                assertThat(exchange.get(30, TimeUnit.SECONDS).getException()).isNull();
            }
            assertThat(issued()).hasSize(1);
        }
    }

    @Test
    void fetchesCredentialsAnewFiveMinutesBeforeTheirEnd() throws Exception {
        aws.roleAliases().create(RoleAlias.named(ALIAS).withLifetime(Duration.ofSeconds(308)));
        start(uri("https", ""));
        assertThat(publish().getException()).isNull();
        assertThat(publish().getException()).isNull();
        assertThat(issued()).hasSize(1);

        await().atMost(Duration.ofSeconds(30)).until(() -> publish().getException() == null && issued().size() == 2);
    }

    @Test
    void reconnectsWithTheCredentialsThatItHas() throws Exception {
        start(uri("wss", "&clientId=lost"));
        aws.disconnect("lost");
        await().until(() -> aws.connectionsOf("lost").size() == 2);

        assertThat(publish().getException()).isNull();
        assertThat(issued()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"wss", "https"})
    void saysWhatThePolicyLacks(String protocol) throws Exception {
        aws.policy(certificate.certificate(), DevicePolicy.ALLOW_ALL.deny(Action.ASSUME_ROLE, ALIAS));

        assertFailure(protocol, "", 403)
                .contains("No AWS credentials from option roleAlias: HTTP 403")
                .contains("Access Denied")
                .contains("allows iot:AssumeRoleWithCertificate on arn:aws:iot:<region>:<account>:rolealias/telemetry")
                .contains("option thingName is set if");
    }

    @ParameterizedTest
    @CsvSource({"wss", "https"})
    void saysThatTheThingIsAnother(String protocol) throws Exception {
        assertFailure(protocol, "&thingName=other", 403)
                .contains("the certificate is attached to the thing of option thingName (other)");
    }

    @ParameterizedTest
    @CsvSource({"wss", "https"})
    void saysThatThereIsNoSuchRoleAlias(String protocol) throws Exception {
        aws.roleAliases().delete(ALIAS);

        assertFailure(protocol, "", 404)
                .contains("Not Found")
                .contains("no such role alias in the account and region of that endpoint (option roleAlias)")
                .contains("aws iot describe-endpoint --endpoint-type iot:CredentialProvider");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | {\"message\":\"Invalid request\"} | Invalid request: check options roleAlias and thingName",
                "429 | {\"message\":\"Rate exceeded\"} | it is tried again later",
                "503 | | without a message: the service had an internal error",
                "302 | <html>log in</html> | this is not the credentials provider's answer",
                "200 | <html>log in</html> | HTTP 200 without credentials for role alias 'telemetry'",
                "200 | {\"credentials\":{\"accessKeyId\":\"A\",\"secretAccessKey\":\"s3cr3t\",\"sessionToken\":\"s3cr3t\"}} | HTTP 200 without credentials",
                "203 | {\"credentials\":{\"accessKeyId\":\"A\",\"secretAccessKey\":\"s3cr3t\",\"sessionToken\":\"s3cr3t\",\"expiration\":\"2050-01-01T00:00:00Z\"}} | HTTP 203 instead of credentials",
                "206 | edentials\":{\"secretAccessKey\":\"s3cr3t\" | HTTP 206 instead of credentials",
                "502 | Upstream said {\"credentials\":{\"secretAccessKey\":\"s3cr3t\" | HTTP 502 instead of credentials",
                "200 | {\"credentials\":{\"accessKeyId\":\"A\",\"secretAccessKey\":\"s3cr3t\",\"expiration\":\"2050-01-01T00:00:00Z\"}} | HTTP 200 without credentials",
            })
    void saysWhatAnAnswerMeans(int status, String body, String meaning) throws Exception {
        aws.faults().inject(new Fault.AnswerCredentials(status, body == null ? "" : body));

        assertFailure("https", "", status).contains(meaning).doesNotContain("s3cr3t");
    }

    /** The statuses of the rows; "…" is any other. */
    static List<Arguments> statusesOnThePage() throws IOException {
        Matcher row = Pattern.compile("(?m)^\\| `(No AWS credentials from option roleAlias: HTTP) (\\d+|…)`")
                .matcher(Files.readString(Path.of("..", "docs", "awsiot-device.md")));
        return row.results()
                .flatMap(found -> Stream.of(
                                found.group(2).equals("…")
                                        ? new int[] {302, 429, 503}
                                        : new int[] {Integer.parseInt(found.group(2))})
                        .flatMapToInt(IntStream::of)
                        .mapToObj(status -> Arguments.of(status, found.group(1) + " " + status)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("statusesOnThePage")
    void beginsAsTheRowOfThePage(int status, String row) throws Exception {
        aws.faults().inject(new Fault.AnswerCredentials(status, "{}"));

        assertFailure("https", "", status).contains(row);
    }

    @Test
    void saysThatTheCredentialsHaveExpiredAlready() throws Exception {
        aws.faults()
                .inject(new Fault.AnswerCredentials(
                        200,
                        "{\"credentials\":{\"accessKeyId\":\"A\",\"secretAccessKey\":\"s3cr3t\",\"sessionToken\":\"s3cr3t\","
                                + "\"expiration\":\"2018-01-18T09:18:06Z\"}}"));

        assertFailure("https", "", null)
                .contains("they expired at 2018-01-18T09:18:06Z already: set this machine's clock")
                .doesNotContain("s3cr3t");
    }

    @Test
    void asksNoSecondTimeSoonAfterARefusal() throws Exception {
        aws.faults().inject(new Fault.AnswerCredentials(503, "{}"));
        start(uri("https", ""));

        assertThat(publish().getException()).isNotNull();
        assertThat(publish().getException()).hasStackTraceContaining("HTTP 503");
        assertThat(issued()).isEmpty();
    }

    @Test
    void asksOnceMoreOnANewConnectionWhereTheFirstBreaks() throws Exception {
        try (FaultProxy broken = slow()) {
            broken.applyToNext(1, new NetworkFault.AfterBytes(Direction.TO_CLIENT, 1_000, new NetworkFault.Reset()));
            start(uri("https", "", broken.address()));

            assertThat(publish().getException()).isNull();
            assertThat(broken.struck()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 1_500})
    void failsInTimeWhereTheEndpointDoesNotAnswer(long afterBytes) throws Exception {
        try (FaultProxy silent = slow()) {
            silent.applyToNext(
                    FaultProxy.ALWAYS,
                    new NetworkFault.AfterBytes(Direction.TO_CLIENT, afterBytes, new NetworkFault.HalfOpen()));
            start(uri("https", "&connectionTimeout=1s", silent.address()));

            CompletableFuture<Exchange> sent = asyncPublish();

            assertThat(sent.get(10, TimeUnit.SECONDS).getException())
                    .hasStackTraceContaining("No AWS credentials from option roleAlias: No credentials for role alias");
        }
    }

    @Test
    void namesTheOptionsWhereTheEndpointIsAway() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        start(uri("https", "", "127.0.0.1:" + port));

        assertThat(publish().getException())
                .hasStackTraceContaining("No credentials for role alias 'telemetry' from " + aws.credentialsEndpoint())
                .hasStackTraceContaining("check option connectTo and the port");
    }

    @Test
    void saysThatTheCertificateIsNotAccepted() throws Exception {
        aws.deactivate(certificate.certificate());
        start(uri("https", ""));

        assertThat(publish().getException()).hasStackTraceContaining("certificateFile and privateKeyFile");
    }

    static Stream<ForwardProxy.Builder> proxies() {
        return Stream.of(
                ForwardProxy.http().requireUser("user", "pass word"),
                ForwardProxy.socks5().requireUser("user", "pass word"));
    }

    @ParameterizedTest
    @MethodSource("proxies")
    void goesThroughAForwardProxy(ForwardProxy.Builder builder) throws Exception {
        try (ForwardProxy proxy = builder.start()) {
            start(uri("wss", "&proxy=RAW(" + proxy.uri() + ")"));

            assertThat(publish().getException()).isNull();
            assertThat(proxy.targets()).hasSize(2);
        }
    }

    /** Without connectTo the endpoint's own name and port are dialled; here the proxy knows where they are. */
    @Test
    void dialsTheCredentialsEndpointByItsOwnName() throws Exception {
        int port = aws.port(GatewayPort.MULTIPLEXED_443);
        try (ForwardProxy proxy = ForwardProxy.http()
                .route(aws.credentialsEndpoint(), 443, port)
                .route(aws.endpoint(), 443, port)
                .start()) {
            start("awsiot-device:a?endpoint=" + aws.endpoint() + "&protocol=https&authentication=sigv4&roleAlias="
                    + ALIAS
                    + "&credentialsEndpoint=" + aws.credentialsEndpoint() + "&" + files.options() + "&proxy="
                    + proxy.uri());

            assertThat(publish().getException()).isNull();
            assertThat(proxy.targets()).containsExactly(aws.credentialsEndpoint() + ":443", aws.endpoint() + ":443");
        }
    }

    @Test
    void startsNoRouteWithoutTheCertificate() throws Exception {
        Files.delete(files.certificate());

        assertThatThrownBy(() -> start(uri("https", ""))).hasStackTraceContaining("Option certificateFile '");
    }

    @Test
    void fetchesNewCredentialsWithTheCertificateAsItIsThenWhenAskedToReconnect() throws Exception {
        start(uri("https", ""));
        assertThat(publish().getException()).isNull();
        aws.deactivate(certificate.certificate());
        DeviceFiles.write(folder, aws.issueDevice("sensor"), aws.serverAuthority());

        assertThat(send(exchange -> exchange.getIn().setHeader(AwsIotDeviceConstants.RECONNECT, true))
                        .getException())
                .isNull();
        assertThat(publish().getException()).isNull();
        assertThat(issued()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wss", "https"})
    void showsNoCredentials(String protocol) throws Exception {
        String log;
        try (CapturedLog captured = CapturedLog.at(Map.of(
                "io.cameliot", "trace",
                "io.netty", "trace",
                "org.apache.camel", "trace",
                "software.amazon.awssdk", "trace",
                // It shows the session token of every signed request (docs/operations.md).
                "software.amazon.awssdk.http.auth.aws", "info"))) {
            start(uri(protocol, "&clientId=sensor"));
            assertThat(publish().getException()).isNull();
            log = captured.text();
        }
        IamCredentials credentials = issued().get(0);
        String token = credentials.sessionToken().orElseThrow();

        assertThat(log).contains("direct://publish");
        assertThat(Stream.concat(Stream.of(log), JmxText.of(camel).stream()))
                .noneMatch(text -> text.contains(credentials.secretAccessKey()))
                .noneMatch(text -> text.contains(token))
                .noneMatch(text -> text.contains(URLEncoder.encode(token, StandardCharsets.UTF_8)));
    }

    private AbstractStringAssert<?> assertFailure(String protocol, String options, Integer status) throws Exception {
        Throwable failure = failure(protocol, options);
        Throwable refusal = failure;
        while (!(refusal instanceof RoleAliasException)) {
            refusal = refusal.getCause();
        }
        assertThat(((RoleAliasException) refusal).getStatusCode()).isEqualTo(status);
        return assertThat(messages(failure));
    }

    /** Over WebSocket the route does not start; by HTTPS it does, and its exchange fails. */
    private Throwable failure(String protocol, String options) throws Exception {
        try {
            start(uri(protocol, options));
        } catch (Exception e) {
            return e;
        }
        return publish().getException();
    }

    private static String messages(Throwable failure) {
        StringBuilder messages = new StringBuilder();
        for (Throwable t = failure; t != null; t = t.getCause()) {
            messages.append(t).append('\n');
        }
        return messages.toString();
    }

    private FaultProxy slow() throws IOException {
        return FaultProxy.to("127.0.0.1", aws.port(GatewayPort.MULTIPLEXED_443)).start();
    }

    private List<IamCredentials> issued() {
        List<IamCredentials> all = aws.roleAliases().issued();
        return all.subList(issuedBefore, all.size());
    }

    private String uri(String protocol, String options) {
        return uri(protocol, options, aws.address(GatewayPort.MULTIPLEXED_443));
    }

    private String uri(String protocol, String options, String address) {
        return "awsiot-device:a?endpoint=" + aws.endpoint() + "&connectTo=" + address + "&protocol=" + protocol
                + "&authentication=sigv4&roleAlias=" + ALIAS + "&credentialsEndpoint=" + aws.credentialsEndpoint() + "&"
                + files.options() + options;
    }

    private void start(String uri) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:publish").to(uri);
            }
        });
        camel.start();
    }

    private Exchange publish() {
        return send(exchange -> exchange.getIn().setBody("warm"));
    }

    private Exchange send(Processor message) {
        return camel.createProducerTemplate().send("direct:publish", message);
    }

    private CompletableFuture<Exchange> asyncPublish() {
        return AsyncSender.send(
                camel, "direct:publish", exchange -> exchange.getIn().setBody("warm"));
    }
}
