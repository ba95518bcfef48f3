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
package io.cameliot.karaf.itest;

import static io.cameliot.karaf.itest.Clouds.CREDENTIALS;
import static io.cameliot.karaf.itest.Clouds.DEVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.gateway.ReceivedPublish;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The features and the example bundle in a real Karaf, with the emulators as the clouds. */
class KarafIT {

    private static final Path TARGET = Path.of(System.getProperty("itest.target"));
    private static final String VERSION = System.getProperty("itest.version");
    private static final String REPOSITORY = "mvn:io.cameliot.karaf/camel-iot-features/" + VERSION + "/xml/features";
    private static final List<String> FEATURES = List.of("camel-awsiot-device", "camel-azure-dps");
    private static final List<String> OWN_BUNDLES =
            List.of("io.cameliot.camel-iot-common", "io.cameliot.camel-awsiot-device", "io.cameliot.camel-azure-dps");
    private static final String EXAMPLE = "mvn:io.cameliot.karaf/camel-iot-example-karaf/" + VERSION;
    private static final String EXAMPLE_NAME = "io.cameliot.examples.karaf";
    private static final List<String> HOLDERS_OF_RESOURCES = List.of(
            "io.cameliot.awsiot.AwsIotDeviceComponent",
            "io.cameliot.azure.dps.DpsComponent",
            "io.cameliot.common.mqtt.session.MqttSession",
            "io.cameliot.common.camel.MqttThreads");
    private static final String SHADOW_GET = "$aws/things/" + DEVICE + "/shadow/get";
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration CONTEXT_LIMIT = Duration.ofSeconds(10);

    private static Clouds clouds;
    private static KarafContainer container;
    private static KarafManagement karaf;

    @BeforeAll
    static void startCloudsAndKaraf(@TempDir Path folder) throws Exception {
        clouds = new Clouds(folder);
        container = KarafContainer.start(
                Path.of(System.getProperty("itest.distribution")),
                Files.createTempDirectory(Files.createDirectories(TARGET.resolve("karaf")), "exam"),
                List.of(TARGET.resolve("reactor-repository"), TARGET.resolve("stand-ins-repository")),
                Map.of(
                        "io.cameliot.examples.karaf.cfg", clouds.configuration(),
                        "system.properties", clouds.systemProperties()));
        karaf = container.management();
        karaf.addFeatureRepository(REPOSITORY);
        karaf.installFeature("scr");
    }

    @AfterAll
    static void stopKarafAndClouds() throws Exception {
        try {
            if (container != null) {
                container.close();
            }
        } finally {
            if (clouds != null) {
                clouds.close();
            }
        }
    }

    @BeforeEach
    void installFeaturesAndExample() throws Exception {
        for (String feature : FEATURES) {
            karaf.installFeature(feature);
        }
        clouds.aws().clearReceivedPublishes();
        karaf.installBundle(EXAMPLE);
        await().atMost(CONTEXT_LIMIT).untilAsserted(() -> assertThat(karaf.camelContexts())
                .as("Camel contexts of the example; Karaf's log says %s", container.errors())
                .isOne());
    }

    @AfterEach
    void uninstallWhatIsLeft() throws Exception {
        if (karaf.bundles().containsKey(EXAMPLE_NAME)) {
            karaf.uninstallBundle(EXAMPLE_NAME);
        }
        for (String feature : FEATURES) {
            if (karaf.isFeatureInstalled(feature)) {
                karaf.uninstallFeature(feature);
            }
        }
    }

    @Test
    void provisionsPublishesAndConsumes() {
        awaitProvisioning();
        assertCommandIsCarriedOut();

        assertThat(clouds.aws().connections()).singleElement().satisfies(connection -> assertThat(connection.clientId())
                .isEqualTo(DEVICE));
    }

    @Test
    void publishesByHttpsAndWithAwsSignatures() throws Exception {
        awaitProvisioning();
        karaf.send(uri("https", "https", "x509", GatewayPort.HTTPS_8443, certificateOptions()), "by HTTPS");
        karaf.send(uri("signed-https", "https", "sigv4", GatewayPort.MULTIPLEXED_443, accessKeyOptions()), "signed");
        karaf.send(
                uri("signed-wss", "wss", "sigv4", GatewayPort.MULTIPLEXED_443, "useDefaultCredentialsProvider=true"),
                "by WebSocket");

        assertThat(received("https")).containsExactly("by HTTPS");
        assertThat(received("signed-https")).containsExactly("signed");
        assertThat(received("signed-wss")).containsExactly("by WebSocket");
    }

    @Test
    void goesOnWithTheAnswerOfAService() throws Exception {
        awaitProvisioning();
        clouds.aws().thing(DEVICE).shadow().setReported("{\"led\":\"on\"}");

        String byMqtt =
                karaf.request(endpoint(SHADOW_GET, "mqtt", "x509", GatewayPort.MQTT_8883, certificateOptions()), "");
        String byHttps =
                karaf.request(endpoint(SHADOW_GET, "https", "x509", GatewayPort.HTTPS_8443, certificateOptions()), "");

        assertThat(List.of(byMqtt, byHttps)).allMatch(answer -> answer.contains("\"reported\":{\"led\":\"on\"}"));
    }

    @RepeatedTest(2)
    void restartsEachBundle() throws Exception {
        awaitProvisioning();
        for (String bundle : OWN_BUNDLES) {
            karaf.restartBundle(bundle);
        }
        clouds.aws().clearReceivedPublishes();
        karaf.restartBundle(EXAMPLE_NAME);

        awaitProvisioning();
        assertCommandIsCarriedOut();
    }

    @RepeatedTest(2)
    void leavesNothingBehindWhenUninstalled() throws Exception {
        awaitProvisioning();
        assertCommandIsCarriedOut();
        assertThat(karaf.liveObjects()).containsAll(HOLDERS_OF_RESOURCES);

        karaf.uninstallBundle(EXAMPLE_NAME);
        assertThat(karaf.camelContexts()).isZero();
        // Netty's one thread of all applications (GlobalEventExecutor) ends when it has had nothing to do for a second.
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(karaf.threadsIn("io.cameliot.", "org.apache.camel.", "io.netty."))
                        .isEmpty());
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(clouds.aws().connections()).isEmpty());

        for (String feature : FEATURES) {
            karaf.uninstallFeature(feature);
        }
        assertThat(karaf.bundles().keySet()).doesNotContainAnyElementsOf(OWN_BUNDLES);
        // Each look collects the garbage once, and the JDK's TLS sockets have finalizers: they go with the second.
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(karaf.liveObjects()).doesNotContainAnyElementsOf(HOLDERS_OF_RESOURCES));
    }

    @ParameterizedTest
    @CsvSource({"camel-awsiot-device,awsiot-device", "camel-azure-dps,azure-dps"})
    void knowsAComponentOnlyWhileItsFeatureIsInstalled(String feature, String scheme) throws Exception {
        awaitProvisioning();
        karaf.stopBundle(EXAMPLE_NAME);
        karaf.uninstallFeature(feature);

        karaf.startBundle(EXAMPLE_NAME);

        await().atMost(LIMIT).untilAsserted(() -> assertThat(container.errors())
                .anyMatch(line -> line.contains("No endpoint could be found for: " + scheme)));
        assertThat(karaf.camelContexts()).isZero();
    }

    private static void awaitProvisioning() {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(received("provisioned")).hasSize(1));
        assertThat(received("provisioned")).containsExactly("{\"hub\": \"" + clouds.assignedHub() + "\"}");
    }

    private static void assertCommandIsCarriedOut() {
        String command = "\"" + UUID.randomUUID() + "\"";
        clouds.aws().publish("devices/" + DEVICE + "/commands", command, 1);

        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(received("results")).contains("{\"done\": " + command + "}"));
    }

    private static List<String> received(String name) {
        return clouds.aws().receivedPublishes("devices/" + DEVICE + "/" + name).stream()
                .map(ReceivedPublish::text)
                .toList();
    }

    private static String uri(String topic, String protocol, String authentication, GatewayPort port, String options) {
        return endpoint("devices/" + DEVICE + "/" + topic, protocol, authentication, port, options);
    }

    private static String endpoint(
            String topic, String protocol, String authentication, GatewayPort port, String options) {
        return "awsiot-device:%s?protocol=%s&authentication=%s&endpoint=%s&connectTo=%s&caFile=%s&%s"
                .formatted(
                        topic,
                        protocol,
                        authentication,
                        clouds.aws().endpoint(),
                        clouds.aws().address(port),
                        clouds.configuration().get("aws.caFile"),
                        options);
    }

    private static String certificateOptions() {
        return "certificateFile=%s&privateKeyFile=%s"
                .formatted(
                        clouds.configuration().get("aws.certificateFile"),
                        clouds.configuration().get("aws.privateKeyFile"));
    }

    private static String accessKeyOptions() {
        return "accessKey=%s&secretKey=RAW(%s)".formatted(CREDENTIALS.accessKeyId(), CREDENTIALS.secretAccessKey());
    }
}
