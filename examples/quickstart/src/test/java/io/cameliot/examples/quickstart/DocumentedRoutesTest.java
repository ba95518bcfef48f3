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

import io.cameliot.awsiot.AwsIotDeviceComponent;
import io.cameliot.awsiot.AwsIotDeviceConfiguration;
import io.cameliot.awsiot.provisioning.AwsIotProvisioningComponent;
import io.cameliot.awsiot.provisioning.AwsIotProvisioningConfiguration;
import io.cameliot.azure.dps.DpsComponent;
import io.cameliot.azure.dps.DpsConfiguration;
import io.cameliot.testinfra.awsiot.credentials.RoleAlias;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.catalog.EndpointValidationResult;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs every route of README and docs unchanged against the emulators. */
class DocumentedRoutesTest {

    private static final Path ROOT = Path.of("..", "..");
    private static final Pattern FENCE = Pattern.compile("(?ms)^```(java|yaml|xml)\\R(.*?)^```");
    private static final Pattern URI =
            Pattern.compile("`((?:awsiot-device|awsiot-provisioning|azure-dps):[^`]*\\?[^`]*)`");

    @TempDir
    private static Path outboxes;

    @TempDir
    private static Path certificates;

    private static Clouds clouds;

    @BeforeAll
    static void startClouds() throws IOException {
        clouds = Clouds.start();
        clouds.aws().roleAliases().create(RoleAlias.named("telemetry"));
    }

    @AfterAll
    static void stopClouds() {
        clouds.close();
    }

    /**
     * A route of a page.
     *
     * @param place page and number, for the name of the test
     * @param language java, yaml or xml
     * @param text the route
     */
    record Snippet(String place, String language, String text) {
        @Override
        public String toString() {
            return place;
        }
    }

    static List<Snippet> routes() throws IOException {
        List<Snippet> snippets = new ArrayList<>();
        for (Path page : pages()) {
            Matcher matcher = FENCE.matcher(Files.readString(page));
            while (matcher.find()) {
                String text = matcher.group(2);
                if (text.contains("from")) {
                    snippets.add(new Snippet(page.getFileName() + " #" + snippets.size(), matcher.group(1), text));
                }
            }
        }
        return snippets;
    }

    static List<String> uris() throws IOException {
        List<String> uris = new ArrayList<>();
        for (Path page : pages()) {
            Matcher matcher = URI.matcher(Files.readString(page));
            while (matcher.find()) {
                uris.add(matcher.group(1));
            }
        }
        return uris;
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            return Stream.concat(Stream.of(ROOT.resolve("README.md")), docs.filter(page -> page.toString()
                            .endsWith(".md")))
                    // ComingFromPahoTest tests this page.
                    .filter(page -> !page.endsWith("coming-from-paho.md"))
                    .sorted()
                    .toList();
        }
    }

    static List<Snippet> yamlExamples() throws IOException {
        List<Snippet> examples = new ArrayList<>();
        for (String file : List.of("provision", "publish", "consume", "shadow", "worker/worker")) {
            Path path = ROOT.resolve("examples/camel-k").resolve(file + ".yaml");
            examples.add(new Snippet(file, "yaml", Files.readString(path)));
        }
        return examples;
    }

    @ParameterizedTest
    @MethodSource("routes")
    void startsTheRoute(Snippet snippet) throws Exception {
        try (CamelContext camel = camel()) {
            if (snippet.text().contains("protocol=wss")) {
                component(camel).setConnectTo(clouds.aws().address(GatewayPort.MULTIPLEXED_443));
            }
            assertStarts(camel, snippet);
        }
    }

    /** The tests of the example check everything else, on Camel Quarkus and with the Camel CLI. */
    @ParameterizedTest
    @MethodSource("yamlExamples")
    void startsTheRoutesOfTheExample(Snippet snippet) throws Exception {
        try (CamelContext camel = camel()) {
            identifyByComponent(camel);
            assertStarts(camel, snippet);
        }
    }

    private static void assertStarts(CamelContext camel, Snippet snippet) throws Exception {
        PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString(fileName(snippet), source(snippet)));
        camel.start();

        assertThat(camel.getRoutes()).isNotEmpty();
        // A route may start when another has provisioned its device.
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(camel.getRoutes())
                .allSatisfy(route -> assertThat(camel.getRouteController()
                                .getRouteStatus(route.getId())
                                .isStarted())
                        .isTrue()));
        assertThat(camel.getEndpoints())
                .filteredOn(endpoint ->
                        endpoint.getEndpointUri().matches("(awsiot-device|awsiot-provisioning|azure-dps):.*"))
                .allSatisfy(endpoint -> assertIsValid(camel, endpoint.getEndpointUri()));
    }

    @ParameterizedTest
    @MethodSource("uris")
    void createsTheEndpoint(String uri) throws Exception {
        try (CamelContext camel = camel()) {
            camel.start();

            assertThat(camel.getEndpoint(uri)).isNotNull();
            assertIsValid(camel, uri);
        }
    }

    private static void assertIsValid(CamelContext camel, String uri) {
        EndpointValidationResult result = Catalogs.ide(camel).validateEndpointProperties(uri);
        assertThat(result.isSuccess()).as(result.summaryErrorMessage(false)).isTrue();
    }

    private static String fileName(Snippet snippet) {
        return (isClass(snippet) ? "FirstRoute." : "Documented.") + snippet.language();
    }

    private static String source(Snippet snippet) {
        if (!snippet.language().equals("java") || isClass(snippet)) {
            return snippet.text();
        }
        return "import org.apache.camel.builder.RouteBuilder;\n"
                + "public class Documented extends RouteBuilder {\n"
                + "  @Override public void configure() {\n" + snippet.text() + "  }\n}\n";
    }

    private static boolean isClass(Snippet snippet) {
        return snippet.text().contains("class FirstRoute");
    }

    private static CamelContext camel() {
        CamelContext camel = new DefaultCamelContext();
        Properties from = clouds.properties();
        Properties properties = new Properties();
        properties.putAll(from);
        properties.setProperty("dps.id-scope", from.getProperty("dps.idScope"));
        properties.setProperty("device", from.getProperty("dps.registrationId"));
        properties.setProperty("dps.key", from.getProperty("dps.sharedAccessKey"));
        properties.setProperty("aws.certificate", from.getProperty("aws.certificateFile"));
        properties.setProperty("aws.key", from.getProperty("aws.privateKeyFile"));
        properties.setProperty("endpoint", from.getProperty("aws.endpoint"));
        properties.setProperty("certificate", from.getProperty("aws.certificateFile"));
        properties.setProperty("key", from.getProperty("aws.privateKeyFile"));
        properties.setProperty("outbox", outboxes.toString());
        properties.setProperty("claim.certificate", from.getProperty("claim.certificateFile"));
        properties.setProperty("claim.key", from.getProperty("claim.privateKeyFile"));
        properties.setProperty("serial", "17");
        properties.setProperty(
                "identity", outboxes.resolve("identity-" + UUID.randomUUID()).toString());
        properties.setProperty("certificates", certificates.toString());
        properties.setProperty("credentials.endpoint", clouds.aws().credentialsEndpoint());
        properties.setProperty("thing", from.getProperty("dps.registrationId"));
        // The URI that the emulator prints, for the first project.
        properties.setProperty(
                "device.uri",
                "awsiot-device:my/topic?endpoint={{aws.endpoint}}"
                        + "&certificateFile={{aws.certificate}}&privateKeyFile={{aws.key}}");
        for (String secret : List.of("token", "signature", "user", "password", "aws.access-key", "aws.secret-key")) {
            properties.setProperty(secret, "x");
        }
        ((PropertiesComponent) camel.getPropertiesComponent()).setInitialProperties(properties);

        AwsIotDeviceConfiguration aws = component(camel);
        aws.setConnectTo(from.getProperty("aws.connectTo"));
        aws.setCaFile(from.getProperty("aws.caFile"));
        AwsIotProvisioningConfiguration provisioning = camel.getComponent(
                        "awsiot-provisioning", AwsIotProvisioningComponent.class)
                .getConfiguration();
        provisioning.setConnectTo(from.getProperty("aws.connectTo"));
        provisioning.setCaFile(from.getProperty("aws.caFile"));
        DpsConfiguration dps =
                camel.getComponent("azure-dps", DpsComponent.class).getConfiguration();
        dps.setConnectTo(from.getProperty("dps.connectTo"));
        dps.setCaFile(from.getProperty("dps.caFile"));
        return camel;
    }

    private static AwsIotDeviceConfiguration component(CamelContext camel) {
        return camel.getComponent("awsiot-device", AwsIotDeviceComponent.class).getConfiguration();
    }

    /** Sets the same options as application.properties of the example. */
    private static void identifyByComponent(CamelContext camel) {
        Properties from = clouds.properties();
        AwsIotDeviceConfiguration aws = component(camel);
        aws.setEndpoint(from.getProperty("aws.endpoint"));
        aws.setCertificateFile(from.getProperty("aws.certificateFile"));
        aws.setPrivateKeyFile(from.getProperty("aws.privateKeyFile"));
        camel.getComponent("azure-dps", DpsComponent.class)
                .getConfiguration()
                .setSharedAccessKey(from.getProperty("dps.sharedAccessKey"));
        camel.getPropertiesComponent().addInitialProperty("device.id", from.getProperty("dps.registrationId"));
        camel.getPropertiesComponent().addInitialProperty("reading.period", "10s");
    }
}
