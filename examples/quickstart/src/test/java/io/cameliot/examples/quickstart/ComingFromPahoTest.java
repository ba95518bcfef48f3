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
package io.cameliot.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cameliot.awsiot.AwsIotDeviceComponent;
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.auth.IamCredentials;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.InjectedFault;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.log.CapturedLog;
import io.cameliot.testinfra.pki.IssuedCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The routes of docs/coming-from-paho.md do what the page says, and its tables contain every option and header. */
class ComingFromPahoTest {

    private static final Path PAGE = Path.of("..", "..", "docs", "coming-from-paho.md");
    private static final Pattern FENCE = Pattern.compile("(?ms)^```java\\R(.*?)^```");
    private static final String TRUST_STORE = "javax.net.ssl.trustStore";
    private static final String TRUST_STORE_PASSWORD = "javax.net.ssl.trustStorePassword";
    private static final String PASSWORD = "changeit";
    private static final String LOGGER = "documented";
    private static final IamCredentials CREDENTIALS = IamCredentials.permanent("AKIDPAHO", "aSecretOfPaho");
    private static final String IMPORTS =
            """
            import java.net.URI;
            import java.time.Duration;
            import java.util.concurrent.CompletableFuture;
            import org.apache.camel.Body;
            import org.apache.camel.builder.RouteBuilder;
            import org.apache.camel.support.jsse.*;
            import software.amazon.awssdk.crt.mqtt5.*;
            import software.amazon.awssdk.crt.mqtt5.packets.*;
            import software.amazon.awssdk.http.*;
            import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
            import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
            import software.amazon.awssdk.iot.AwsIotMqtt5ClientBuilder;
            """;

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS =
            new AwsIotEmulatorExtension(AwsIotEmulator.builder().customDomain("localhost"));

    @TempDir
    private static Path folder;

    private static Path keyStore;
    private static Path authority;
    private static IssuedCertificate.CertificateFiles device;

    private final AwsIotEmulator aws = AWS.emulator();
    private final CamelContext camel = new DefaultCamelContext();
    private final Locale before = Locale.getDefault();

    /** Paho uses the trust store of the JVM. */
    @BeforeAll
    static void identify() throws Exception {
        AwsIotEmulator emulator = AWS.emulator();
        IssuedCertificate issued = emulator.issueDevice("sensor");
        device = issued.writeTo(folder, "sensor");
        keyStore = write(issued.keyStore(PASSWORD.toCharArray(), "PKCS12"), "sensor.p12");
        authority = emulator.serverAuthority().writeCertificate(folder.resolve("ca.pem"));
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("emulator", emulator.serverAuthority().certificate());
        System.setProperty(TRUST_STORE, write(trusted, "trusted.p12").toString());
        System.setProperty(TRUST_STORE_PASSWORD, PASSWORD);
        emulator.register(CREDENTIALS);
    }

    private static Path write(KeyStore store, String name) throws Exception {
        Path file = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
        return file;
    }

    @AfterAll
    static void trustAsBefore() {
        System.clearProperty(TRUST_STORE);
        System.clearProperty(TRUST_STORE_PASSWORD);
    }

    /** {@code paho-mqtt5:} does not find its option clientId in a locale that has no I for an i. */
    @BeforeEach
    void takeALocaleOfNoCountry() {
        Locale.setDefault(Locale.ROOT);
    }

    @AfterEach
    void stopCamel() {
        Locale.setDefault(before);
        camel.stop();
        aws.clearReceivedPublishes();
    }

    /**
     * A route of the page.
     *
     * @param code the unchanged code
     */
    record Snippet(String code) {

        /** Returns the topic that the route publishes to, by which the test recognizes its messages. */
        String topic() {
            Matcher topic = Pattern.compile("factory/[a-z-]*readings").matcher(code);
            assertThat(topic.find()).isTrue();
            return topic.group();
        }

        @Override
        public String toString() {
            return code.replaceAll("(?s).*?((?:awsiot-device|paho-mqtt5):factory/[a-z-]+|class Device).*", "$1");
        }
    }

    static Stream<Snippet> routes() throws IOException {
        List<Snippet> snippets = new ArrayList<>();
        Matcher fence = FENCE.matcher(Files.readString(PAGE));
        while (fence.find()) {
            snippets.add(new Snippet(fence.group(1)));
        }
        return snippets.stream();
    }

    @ParameterizedTest
    @MethodSource("routes")
    void publishes(Snippet route) throws Exception {
        // Paho waits for the answer to its WebSocket upgrade for a second only, which a busy machine can exceed.
        camel.getRouteController().supervising().setBackOffDelay(200);
        start(route.code());

        await().untilAsserted(
                        () -> assertThat(aws.receivedPublishes(route.topic())).isNotEmpty());
    }

    static Stream<Snippet> consumers() throws IOException {
        return routes().filter(route -> route.code().contains("Command: "));
    }

    @ParameterizedTest
    @MethodSource("consumers")
    void receives(Snippet route) throws Exception {
        try (CapturedLog log = CapturedLog.at(Map.of(LOGGER, "info"))) {
            start(route.code());
            await().untilAsserted(() -> assertThat(aws.receivedSubscribes()).isNotEmpty());

            await().untilAsserted(() -> {
                aws.publish("factory/commands", "on", 1);
                assertThat(log.text()).contains("Command: on");
            });
        }
    }

    @Test
    void theReconnectOfPahoGoesDeafWhereOursAsksAgain() throws Exception {
        List<Snippet> both = consumers().toList();
        try (CapturedLog log = CapturedLog.at(Map.of(LOGGER, "info"))) {
            ours().getConfiguration().setReconnectMaxDelay(1_500);
            start(both.get(0).code().replace("Command:", "Paho:"), "Paho");
            start(both.get(1).code().replace("Command:", "Ours:"), "Ours");
            Fault refusal = new Fault.RefuseSubscription("factory/commands", 0x97);
            InjectedFault ofPaho = aws.faults().inject(refusal, 1, "sensor-1-in"::equals);
            InjectedFault ofOurs = aws.faults().inject(refusal, 1, "sensor-1"::equals);

            assertThat(aws.disconnect("sensor-1-in")).isTrue();
            assertThat(aws.disconnect("sensor-1")).isTrue();
            await().until(() -> Stream.of("sensor-1-in", "sensor-1")
                    .noneMatch(id -> aws.connectionsOf(id).get(0).isOpen()));

            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                aws.publish("factory/commands", "on", 1);
                assertThat(log.text()).contains("Ours: on");
            });
            assertThat(ofOurs.triggered()).isEqualTo(1);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(ofPaho.triggered()).isEqualTo(1));
            aws.publish("factory/commands", "off", 1);
            await().untilAsserted(() -> assertThat(log.text()).contains("Ours: off"));
            assertThat(aws.connectionsOf("sensor-1-in")).last().satisfies(again -> assertThat(again.isOpen())
                    .isTrue());
            assertThat(log.text()).doesNotContain("Paho: on", "Paho: off");
        }
    }

    private AwsIotDeviceComponent ours() {
        return camel.getComponent("awsiot-device", AwsIotDeviceComponent.class);
    }

    private void start(String code) throws Exception {
        start(code, "Documented");
    }

    private void start(String code, String name) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("aws.endpoint", "localhost");
        properties.setProperty("aws.certificate", device.certificate().toString());
        properties.setProperty("aws.key", device.privateKey().toString());
        properties.setProperty("aws.authority", authority.toString());
        properties.setProperty("aws.access-key", CREDENTIALS.accessKeyId());
        properties.setProperty("aws.secret-key", CREDENTIALS.secretAccessKey());
        properties.setProperty("device.keystore", keyStore.toString());
        properties.setProperty("device.keystore-password", PASSWORD);
        ((PropertiesComponent) camel.getPropertiesComponent()).setInitialProperties(properties);
        camel.getGlobalOptions().put(Exchange.LOG_EIP_NAME, LOGGER);
        ours().getConfiguration().setCaFile(authority.toString());
        ours().getConfiguration()
                .setConnectTo(
                        aws.address(code.contains("sigv4") ? GatewayPort.MULTIPLEXED_443 : GatewayPort.MQTT_8883));

        // The emulator may not bind the ports that the cloud uses.
        String source = code.replace("8883", String.valueOf(aws.port(GatewayPort.MQTT_8883)))
                .replaceAll("(?<=:)443", String.valueOf(aws.port(GatewayPort.MULTIPLEXED_443)));
        String builder = IMPORTS + "public class " + name + " extends RouteBuilder {\n"
                + "  @Override public void configure() throws Exception {\n" + source + "  }\n}\n";
        PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString(name + ".java", builder));
        camel.start();
    }

    @ParameterizedTest
    @CsvSource({
        "paho, /META-INF/org/apache/camel/component/paho/paho.json",
        "paho-mqtt5, /META-INF/org/apache/camel/component/paho/mqtt5/paho-mqtt5.json",
        "awsiot-device, /META-INF/io/cameliot/awsiot/awsiot-device.json"
    })
    void knowsEveryHeaderAndOptionOfTheComponents(String scheme, String catalog) throws IOException {
        String page = Files.readString(PAGE);
        JsonNode component;
        try (InputStream in = getClass().getResourceAsStream(catalog)) {
            component = new ObjectMapper().readTree(in);
        }
        List<String> unknown = new ArrayList<>();
        component.get("headers").fieldNames().forEachRemaining(header -> {
            if (scheme.startsWith("paho") && !page.contains(header)) {
                unknown.add(header);
            }
        });
        component.get("properties").fields().forEachRemaining(option -> {
            String label = option.getValue().path("label").asText();
            boolean camels = List.of(
                            "topic", "bridgeErrorHandler", "exceptionHandler", "exchangePattern", "lazyStartProducer")
                    .contains(option.getKey());
            if (scheme.startsWith("paho") && !camels && !page.contains(option.getKey())) {
                unknown.add(option.getKey() + " (" + label + ")");
            }
        });
        assertThat(unknown).isEmpty();
        if (!scheme.startsWith("paho")) {
            Matcher named = Pattern.compile("CamelAwsiotDevice\\w+").matcher(page);
            while (named.find()) {
                assertThat(component.get("headers").has(named.group()))
                        .as(named.group())
                        .isTrue();
            }
        }
    }
}
