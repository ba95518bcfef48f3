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

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cameliot.awsiot.protocol.ConnectionProfile;
import io.cameliot.awsiot.protocol.DeviceAuthentication;
import io.cameliot.awsiot.protocol.DeviceProtocol;
import io.cameliot.awsiot.testing.Contexts;
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.auth.CustomAuthorizer;
import io.cameliot.testinfra.awsiot.auth.IamCredentials;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.gateway.ConnectionInfo;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.gateway.ReceivedPublish;
import io.cameliot.testinfra.proxy.ForwardProxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** All rows of the table of protocols, port mappings and authentication, through Camel routes and over TLS. */
class ProtocolMatrixTest {

    private static final String ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE";
    private static final String SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    private static final String SESSION_TOKEN = "AQoDYXdzEPT//////////wEXAMPLE+tok/en==";
    private static final String TOKEN = "a token/with+signs&?";

    @RegisterExtension
    static final AwsIotEmulatorExtension TLS12 =
            new AwsIotEmulatorExtension(AwsIotEmulator.builder().ipv6(true).tlsVersions("TLSv1.2"));

    @RegisterExtension
    static final AwsIotEmulatorExtension TLS13 =
            new AwsIotEmulatorExtension(AwsIotEmulator.builder().ipv6(true).tlsVersions("TLSv1.3"));

    private static KeyPair tokenKey;

    @TempDir
    private static Path folder;

    private static Map<AwsIotEmulator, DeviceFiles> filesOf;

    private final CamelContext camel = Contexts.withoutJmx();
    private AwsIotEmulator emulator;
    private DeviceFiles files;

    @BeforeAll
    static void registerIdentities() throws Exception {
        tokenKey = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        filesOf = Map.of(TLS12.emulator(), writeFiles(TLS12), TLS13.emulator(), writeFiles(TLS13));
        for (AwsIotEmulator emulator : filesOf.keySet()) {
            emulator.register(IamCredentials.permanent(ACCESS_KEY, SECRET_KEY));
            emulator.register(CustomAuthorizer.signed("signed", "TokenKey", tokenKey.getPublic())
                    .acceptToken(TOKEN));
            emulator.register(CustomAuthorizer.unsigned("unsigned", "TokenKey").acceptToken(TOKEN));
            emulator.register(CustomAuthorizer.unsigned("login", "TokenKey").acceptPassword("user", "pass word"));
        }
    }

    private static DeviceFiles writeFiles(AwsIotEmulatorExtension aws) throws IOException {
        return DeviceFiles.write(
                Files.createTempDirectory(folder, "device"),
                aws.emulator().issueDevice("device"),
                aws.emulator().serverAuthority());
    }

    @BeforeEach
    void useTls13() {
        use(TLS13.emulator());
    }

    private void use(AwsIotEmulator used) {
        emulator = used;
        files = filesOf.get(used);
    }

    @AfterEach
    void stopCamel() {
        camel.stop();
        Threads.assertNoneLeft();
    }

    static Stream<Arguments> rowsVersionsAndAddresses() {
        return rowsAndMqttVersions().flatMap(row -> Stream.of("TLSv1.2", "TLSv1.3")
                .flatMap(version -> Stream.of("127.0.0.1", "[::1]").flatMap(address -> Stream.of(0, 1)
                        .map(qos -> Arguments.of(row.profile(), version, address, qos, row.mqttVersion())))));
    }

    private record Row(ConnectionProfile profile, String mqttVersion) {}

    /** HTTPS has no use for a version of MQTT. */
    private static Stream<Row> rowsAndMqttVersions() {
        return Stream.of(ConnectionProfile.values())
                .flatMap(profile -> (profile.isSubscribing() ? Stream.of("5", "3.1.1") : Stream.of("5"))
                        .map(mqttVersion -> new Row(profile, mqttVersion)));
    }

    @ParameterizedTest
    @MethodSource("rowsVersionsAndAddresses")
    void publishesAndReceives(ConnectionProfile row, String version, String address, int qos, String mqttVersion)
            throws Exception {
        use(version.equals("TLSv1.2") ? TLS12.emulator() : TLS13.emulator());
        MockEndpoint received = camel.getEndpoint("mock:received", MockEndpoint.class);
        String uri = uri(row, address, identity(row) + "&qos=" + qos + "&mqttVersion=" + mqttVersion);
        if (row.isSubscribing()) {
            received.expectedBodiesReceived("hello");
            route("awsiot-device:matrix/+/in" + uri, "mock:received");
        }
        route("direct:publish", "awsiot-device:matrix/" + row.name() + "/in" + uri);
        camel.start();
        emulator.clearReceivedPublishes();

        Exchange sent = camel.createProducerTemplate()
                .send("direct:publish", exchange -> exchange.getIn().setBody("hello"));

        assertThat(sent.getException()).isNull();
        received.assertIsSatisfied(10_000);
        if (qos == 1 || !row.isSubscribing()) {
            assertThat(emulator.receivedPublishes())
                    .extracting(ReceivedPublish::topic)
                    .containsExactly("matrix/" + row.name() + "/in");
        }
        if (row.isSubscribing()) {
            assertThat(emulator.connections()).singleElement().satisfies(connection -> {
                assertThat(connection.tlsVersion()).isEqualTo(version);
                assertThat(connection.connect().protocolLevel()).isEqualTo(mqttVersion.equals("5") ? 5 : 4);
                assertThat(connection.serverName()).isEqualTo(emulator.endpoint());
                assertThat(connection.webSocket()).isEqualTo(row.protocol() == DeviceProtocol.wss);
                assertThat(connection.applicationProtocols())
                        .isEqualTo(row.alpn() == null ? List.of() : List.of(row.alpn()));
            });
        } else {
            assertThat(sent.getMessage().getHeader(AwsIotDeviceConstants.HTTP_RESPONSE_CODE))
                    .isEqualTo(200);
            assertThat(sent.getMessage().getHeader(AwsIotDeviceConstants.TRACE_ID, String.class))
                    .isNotBlank();
        }
    }

    static Stream<Arguments> rowsAndVersions() {
        return rowsAndMqttVersions().map(row -> Arguments.of(row.profile(), row.mqttVersion()));
    }

    /** A request to a service, whose answer comes the way of the row. */
    @ParameterizedTest
    @MethodSource("rowsAndVersions")
    void asksForItsShadow(ConnectionProfile row, String mqttVersion) throws Exception {
        String thing = row.name() + "-" + mqttVersion.replace('.', '_');
        emulator.thing(thing).shadow().setReported("{\"row\":\"" + row.name() + "\"}");
        route(
                "direct:ask",
                "awsiot-device:$aws/things/" + thing + "/shadow/get"
                        + uri(row, "127.0.0.1", identity(row) + "&mqttVersion=" + mqttVersion));
        camel.start();

        Exchange answered = camel.createProducerTemplate()
                .request("direct:ask", exchange -> exchange.getIn().setBody(""));

        if (row == ConnectionProfile.HTTPS_CUSTOM) {
            assertThat(answered.getException())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("authentication=custom, by which AWS IoT Core takes publishes only");
            return;
        }
        assertThat(answered.getException()).isNull();
        assertThat(new ObjectMapper()
                        .readTree(answered.getMessage().getBody(byte[].class))
                        .at("/state/reported/row")
                        .asText())
                .isEqualTo(row.name());
        if (row.isSubscribing()) {
            assertThat(emulator.connections())
                    .singleElement()
                    .extracting(connection -> connection.connect().protocolLevel())
                    .isEqualTo(mqttVersion.equals("5") ? 5 : 4);
        }
    }

    static Stream<Arguments> rowsAndProxies() {
        return rowsAndMqttVersions().flatMap(row -> Stream.of(
                        ForwardProxy.http(),
                        ForwardProxy.http().requireUser("user", "pass word"),
                        ForwardProxy.socks5().requireUser("user", "pass word"))
                .map(proxy -> Arguments.of(row.profile(), row.mqttVersion(), proxy)));
    }

    @ParameterizedTest
    @MethodSource("rowsAndProxies")
    void publishesThroughAForwardProxy(ConnectionProfile row, String mqttVersion, ForwardProxy.Builder builder)
            throws Exception {
        try (ForwardProxy proxy = builder.start()) {
            route(
                    "direct:publish",
                    "awsiot-device:a"
                            + uri(
                                    row,
                                    "127.0.0.1",
                                    identity(row) + "&mqttVersion=" + mqttVersion + "&proxy=RAW(" + proxy.uri() + ")"));
            camel.start();

            Exchange sent = camel.createProducerTemplate()
                    .send("direct:publish", exchange -> exchange.getIn().setBody("x"));

            assertThat(sent.getException()).isNull();
            assertThat(proxy.targets()).hasSize(1);
            if (row.isSubscribing()) {
                assertThat(emulator.connections())
                        .singleElement()
                        .extracting(connection -> connection.connect().protocolLevel())
                        .isEqualTo(mqttVersion.equals("5") ? 5 : 4);
            }
            camel.stop();
        }
    }

    static Stream<Arguments> everyOtherCombination() {
        List<Arguments> combinations = new ArrayList<>();
        for (DeviceProtocol protocol : DeviceProtocol.values()) {
            for (DeviceAuthentication authentication : DeviceAuthentication.values()) {
                for (int port : new int[] {443, 8443, 8883, 1883, 80}) {
                    if (Stream.of(ConnectionProfile.values())
                            .noneMatch(row -> row.protocol() == protocol
                                    && row.authentication() == authentication
                                    && row.port() == port)) {
                        combinations.add(Arguments.of(protocol, authentication, port));
                    }
                }
            }
        }
        return combinations.stream();
    }

    @ParameterizedTest
    @MethodSource("everyOtherCombination")
    void refusesEveryOtherCombination(DeviceProtocol protocol, DeviceAuthentication authentication, int port)
            throws Exception {
        String wanted = "protocol=" + protocol + "&authentication=" + authentication + "&port=" + port;

        route("direct:publish", "awsiot-device:a?endpoint=" + emulator.endpoint() + "&" + wanted);

        assertThatThrownBy(camel::start)
                .hasMessageContaining("AWS IoT Core has no " + wanted + "; it has protocol=" + protocol);
    }

    @ParameterizedTest
    @EnumSource(
            value = ConnectionProfile.class,
            names = {"WSS_CUSTOM", "MQTT_CUSTOM", "HTTPS_CUSTOM"})
    void authenticatesByAnUnsignedToken(ConnectionProfile row) throws Exception {
        assertPublishes(row, "authorizerName=unsigned&tokenKeyName=TokenKey&token=RAW(" + TOKEN + ")");
    }

    @ParameterizedTest
    @EnumSource(
            value = ConnectionProfile.class,
            names = {"WSS_CUSTOM", "MQTT_CUSTOM"})
    void authenticatesByUserNameAndPassword(ConnectionProfile row) throws Exception {
        assertPublishes(row, "authorizerName=login&username=user&password=RAW(pass word)");
    }

    @ParameterizedTest
    @EnumSource(
            value = ConnectionProfile.class,
            names = {"WSS_CUSTOM", "MQTT_CUSTOM", "HTTPS_CUSTOM"})
    void asksTheDefaultAuthorizerWhereNoneIsNamed(ConnectionProfile row) throws Exception {
        emulator.defaultAuthorizer("unsigned");

        assertPublishes(row, "tokenKeyName=TokenKey&token=RAW(" + TOKEN + ")");
    }

    @ParameterizedTest
    @CsvSource({"WSS_CUSTOM, token", "MQTT_CUSTOM, iot:Connect", "HTTPS_CUSTOM, credentials"})
    void saysThatATokenIsRefused(ConnectionProfile row, String reason) throws Exception {
        assertPublishFails(row, "authorizerName=unsigned&tokenKeyName=TokenKey&token=hunter2", reason);
    }

    @ParameterizedTest
    @EnumSource(
            value = ConnectionProfile.class,
            names = {"WSS_SIGV4", "HTTPS_SIGV4"})
    void signsWithTemporaryCredentials(ConnectionProfile row) throws Exception {
        emulator.register(IamCredentials.temporary(
                "ASIATEMPORARY", SECRET_KEY, SESSION_TOKEN, Instant.now().plusSeconds(3600)));

        assertPublishes(
                row,
                "accessKey=ASIATEMPORARY&secretKey=RAW(" + SECRET_KEY + ")&sessionToken=RAW(" + SESSION_TOKEN + ")");
    }

    @ParameterizedTest
    @CsvSource({"WSS_SIGV4, option region", "HTTPS_SIGV4, credentials"})
    void saysThatASignatureIsRefused(ConnectionProfile row, String reason) throws Exception {
        assertPublishFails(row, "accessKey=" + ACCESS_KEY + "&secretKey=hunter2", reason);
    }

    @ParameterizedTest
    @CsvSource({"-3600, ahead of", "3600, behind"})
    void saysThatTheClockIsWrong(long serverIsAheadBySeconds, String direction) throws Exception {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.now().plusSeconds(serverIsAheadBySeconds).atOffset(ZoneOffset.UTC));
        emulator.faults().inject(new Fault.AnswerHttp(403, Map.of("Date", date), "{\"message\":\"Forbidden\"}"));
        try {
            assertPublishFails(
                    ConnectionProfile.WSS_SIGV4,
                    "accessKey=" + ACCESS_KEY + "&secretKey=RAW(" + SECRET_KEY + ")",
                    direction + " the server's, and a signature is valid for minutes only: set the clock");
        } finally {
            emulator.faults().clear();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "302, something in between redirects",
        "307, something in between redirects",
        "404, check option endpoint",
        "407, option proxy",
        "426, lets WebSockets through",
        "429, a later attempt can succeed",
        "503, a later attempt can succeed",
        "401, check the AWS credentials",
        "403, check the AWS credentials"
    })
    void advisesByTheStatusOfARefusedUpgrade(int status, String advice) throws Exception {
        for (int i = 0; i < 20; i++) {
            emulator.faults().inject(new Fault.AnswerHttp(status, Map.of(), "a\u001b[31m\nFAKE \u202eLOG"));
        }
        try {
            assertThat(publishFailure(
                            ConnectionProfile.WSS_SIGV4,
                            "publishTimeout=2s&accessKey=" + ACCESS_KEY + "&secretKey=RAW(" + SECRET_KEY + ")"))
                    .hasMessageContaining(advice)
                    .hasMessageContaining("a\\u001b[31m\\nFAKE \\u202eLOG")
                    .satisfies(e -> assertThat(e.getMessage().contains("credentials"))
                            .isEqualTo(advice.contains("credentials")))
                    .satisfies(e -> {
                        for (Throwable t = e; t != null; t = t.getCause()) {
                            assertThat(t.toString()).doesNotContainPattern("[\\p{Cntrl}\\p{Cf}]");
                        }
                    });
        } finally {
            emulator.faults().clear();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ConnectionProfile.class,
            names = {"MQTT_X509", "MQTT_X509_443", "HTTPS_X509", "HTTPS_X509_443"})
    void takesKeysFromCamelsSslContextParameters(ConnectionProfile row) throws Exception {
        camel.getRegistry().bind("tls", new PemSslContextParameters(files));
        route("direct:publish", "awsiot-device:a" + uri(row, "127.0.0.1", "sslContextParameters=#tls"));
        camel.start();

        assertThat(camel.createProducerTemplate()
                        .send("direct:publish", exchange -> exchange.getIn().setBody("x"))
                        .getException())
                .isNull();
    }

    @Test
    void publishesToAllDynamicTopicsByOneConnection() throws Exception {
        String uri = uri(ConnectionProfile.MQTT_X509, "127.0.0.1", files.options());
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:publish").toD("awsiot-device:fleet/${header.id}/readings" + uri);
            }
        });
        camel.start();
        emulator.clearReceivedPublishes();

        for (int id = 0; id < 20; id++) {
            camel.createProducerTemplate().sendBodyAndHeader("direct:publish", "x", "id", id);
        }

        assertThat(emulator.receivedPublishes())
                .hasSize(20)
                .extracting(ReceivedPublish::topic)
                .contains("fleet/0/readings", "fleet/19/readings");
        assertThat(emulator.connections()).hasSize(1);
        assertThat(camel.getEndpoints().stream().filter(AwsIotDeviceEndpoint.class::isInstance))
                .hasSize(1);
    }

    @Test
    void offersAnAlpnNameThatTheOptionNames() throws Exception {
        assertConnectsWith("alpn=x-amzn-mqtt-ca", List.of("x-amzn-mqtt-ca"));
    }

    @Test
    void offersNoAlpnNameWhereTheOptionSaysNone() throws Exception {
        assertConnectsWith("alpn=none", List.of());
    }

    private void assertConnectsWith(String options, List<String> applicationProtocols) throws Exception {
        route(
                "direct:publish",
                "awsiot-device:a" + uri(ConnectionProfile.MQTT_X509, "127.0.0.1", files.options() + "&" + options));
        camel.start();

        assertThat(emulator.connections())
                .extracting(ConnectionInfo::applicationProtocols)
                .containsExactly(applicationProtocols);
    }

    private void assertPublishes(ConnectionProfile row, String options) throws Exception {
        route(
                "direct:publish",
                "awsiot-device:custom/topic" + uri(row, "127.0.0.1", "caFile=" + files.authority() + "&" + options));
        camel.start();
        emulator.clearReceivedPublishes();

        Exchange sent = camel.createProducerTemplate()
                .send("direct:publish", exchange -> exchange.getIn().setBody("x"));

        assertThat(sent.getException()).isNull();
        assertThat(emulator.receivedPublishes("custom/topic")).hasSize(1);
    }

    private void assertPublishFails(ConnectionProfile row, String options, String reason) throws Exception {
        assertThat(publishFailure(row, options).toString()).contains(reason).doesNotContain("hunter2");
    }

    private Throwable publishFailure(ConnectionProfile row, String options) throws Exception {
        route(
                "direct:publish",
                "awsiot-device:a" + uri(row, "127.0.0.1", "caFile=" + files.authority() + "&" + options));
        Throwable failure;
        try {
            camel.start();
            failure = camel.createProducerTemplate()
                    .send("direct:publish", exchange -> exchange.getIn().setBody("x"))
                    .getException();
        } catch (Exception e) {
            failure = e;
        }
        assertThat(failure).isNotNull();
        return failure;
    }

    private String identity(ConnectionProfile row) throws Exception {
        return switch (row.authentication()) {
            case x509 -> files.options();
            case sigv4 ->
                "caFile=" + files.authority() + "&accessKey=" + ACCESS_KEY + "&secretKey=RAW(" + SECRET_KEY + ")";
            case custom ->
                "caFile=" + files.authority() + "&authorizerName=signed&tokenKeyName=TokenKey&token=RAW(" + TOKEN
                        + ")&tokenSignature=RAW(" + sign(TOKEN) + ")";
        };
    }

    private static String sign(String token) throws Exception {
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(tokenKey.getPrivate());
        signature.update(token.getBytes(StandardCharsets.UTF_8));
        return Base64.getEncoder().encodeToString(signature.sign());
    }

    private String uri(ConnectionProfile row, String address, String more) {
        GatewayPort port =
                switch (row.port()) {
                    case 443 -> GatewayPort.MULTIPLEXED_443;
                    case 8443 -> GatewayPort.HTTPS_8443;
                    default -> GatewayPort.MQTT_8883;
                };
        return "?endpoint=" + emulator.endpoint() + "&" + row + "&connectTo=" + address + ":" + emulator.port(port)
                + "&" + more;
    }

    private void route(String from, String to) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(from).to(to);
            }
        });
    }
}
