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

import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.auth.CustomAuthorizer;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.dps.DpsEmulatorExtension;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.service.Enrollment;
import io.cameliot.testinfra.pki.IssuedCertificate;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.console.DevConsole;
import org.apache.camel.console.DevConsoleRegistry;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.SimpleMain;
import org.apache.camel.spi.PropertiesFunction;
import org.apache.camel.spi.PropertyConfigurerGetter;
import org.apache.camel.tooling.model.BaseOptionModel;
import org.apache.camel.tooling.model.JsonMapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests features that Camel offers for every component: properties of camel-main, vaults, global TLS settings, JMX,
 * service locations.
 */
class CamelMainTest {

    private static final String PASSWORD = "p+ss & w?rd%=#1";
    private static final EnrollmentKey KEY = EnrollmentKey.random();

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    @RegisterExtension
    static final DpsEmulatorExtension DPS = new DpsEmulatorExtension(DpsEmulator.builder()
            .retryAfter(Duration.ZERO)
            .enroll(Enrollment.individual("sensor-1")
                    .symmetricKey(KEY)
                    .assigningPolls(0)
                    .build()));

    @TempDir
    private static Path folder;

    private static Path awsAuthority;
    private static Path dpsAuthority;

    private final AwsIotEmulator aws = AWS.emulator();
    private final DpsEmulator dps = DPS.emulator();
    private final Map<String, String> secrets = new TreeMap<>();
    private SimpleMain main;
    private ProducerTemplate template;

    @BeforeAll
    static void registerIdentity() {
        AWS.emulator().register(CustomAuthorizer.unsigned("login", "token").acceptPassword("user", PASSWORD));
        awsAuthority = AWS.emulator().serverAuthority().writeCertificate(folder.resolve("aws-ca.pem"));
        dpsAuthority = DPS.emulator().serverAuthority().writeCertificate(folder.resolve("dps-ca.pem"));
    }

    @AfterEach
    void stopMain() {
        if (template != null) {
            template.stop();
        }
        if (main != null) {
            main.stop();
        }
    }

    @Test
    void connectsByTheComponentsPropertiesAlone() throws Exception {
        startRoutes();

        registerAndPublish();

        assertThat(aws.receivedPublishes("main")).last().satisfies(publish -> assertThat(publish.clientId())
                .contains("sensor-1"));
    }

    static Stream<List<String>> secretOptions() throws Exception {
        try (CamelContext camel = new DefaultCamelContext()) {
            return Stream.of("awsiot-device", "awsiot-provisioning", "azure-dps")
                    .flatMap(scheme ->
                            JsonMapper.generateComponentModel(Catalogs.json(camel, scheme))
                                    .getComponentOptions()
                                    .stream()
                                    .filter(BaseOptionModel::isSecret)
                                    .map(option -> List.of(scheme, option.getName())))
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("secretOptions")
    void takesEverySecretFromAVault(List<String> schemeAndOption) throws Exception {
        String scheme = schemeAndOption.get(0);
        String option = schemeAndOption.get(1);
        secrets.put("mine", PASSWORD);
        start(Map.of("camel.component." + scheme + "." + option, "{{vault:mine}}"));

        Component component = main.getCamelContext().getComponent(scheme);

        assertThat(((PropertyConfigurerGetter) component.getComponentPropertyConfigurer())
                        .getOptionValue(component, option, false))
                .isEqualTo(PASSWORD);
    }

    @Test
    void takesTheSecretsOfAUriFromAVault() throws Exception {
        secrets.put("password", PASSWORD);
        secrets.put("key", KEY.base64());
        start(Map.of(
                "camel.component.awsiot-device.connect-to", aws.address(GatewayPort.MULTIPLEXED_443),
                "camel.component.awsiot-device.ca-file", awsAuthority.toString(),
                "camel.component.azure-dps.ca-file", dpsAuthority.toString()));

        template.sendBody(
                "awsiot-device:vault?authentication=custom&authorizerName=login&username=user"
                        + "&password=RAW({{vault:password}})",
                "x");
        String result = template.requestBody(dpsUri() + "?sharedAccessKey=RAW({{vault:key}})", null, String.class);

        assertThat(aws.receivedPublishes("vault")).hasSize(1);
        assertThat(result).contains("\"status\":\"assigned\"");
    }

    @Test
    void usesTheGlobalTlsSettings() throws Exception {
        IssuedCertificate device = aws.issueDevice("sensor-2");
        dps.enroll(Enrollment.individual("sensor-2")
                .certificate(device.certificate())
                .assigningPolls(0)
                .build());
        KeyStore authorities = KeyStore.getInstance("PKCS12");
        authorities.load(null, null);
        authorities.setCertificateEntry("aws", aws.serverAuthority().certificate());
        authorities.setCertificateEntry("dps", dps.serverAuthority().certificate());
        start(Map.of(
                "camel.ssl.enabled", "true",
                "camel.ssl.keyStore",
                        "file:" + write("device.p12", device.keyStore("changeit".toCharArray(), "PKCS12")),
                "camel.ssl.keystorePassword", "changeit",
                "camel.ssl.trustStore", "file:" + write("authorities.p12", authorities),
                "camel.ssl.trustStorePassword", "changeit",
                "camel.component.awsiot-device.useGlobalSslContextParameters", "true",
                "camel.component.azure-dps.useGlobalSslContextParameters", "true",
                "camel.component.azure-dps.authentication", "x509"));

        template.sendBody("awsiot-device:global", "x");
        String result = template.requestBody("azure-dps:" + dps.idScope() + "/sensor-2", null, String.class);

        assertThat(aws.receivedPublishes("global")).hasSize(1);
        assertThat(result).contains("\"status\":\"assigned\"");
    }

    @Test
    void showsRegistrationsInJmxAndNoSecret() throws Exception {
        startRoutes();
        registerAndPublish();
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        Set<ObjectName> endpoints = server.queryNames(
                new ObjectName("org.apache.camel:type=endpoints,context=*"
                        + main.getCamelContext().getName() + "*,name=\"azure-dps:*\""),
                null);

        assertThat(endpoints).singleElement().satisfies(name -> {
            Map<String, Object> attributes = attributes(server, name);
            assertThat(attributes)
                    .containsEntry("IdScope", dps.idScope())
                    .containsEntry("RegistrationId", "sensor-1")
                    .containsEntry("AssignedTotal", 1L)
                    .containsEntry("FailedTotal", 0L)
                    .containsEntry("ActiveRegistrations", 0)
                    .containsEntry("WaitingRegistrations", 0);
            assertThat(attributes.toString()).doesNotContain(KEY.base64());
        });
    }

    @Test
    void findsTheDeveloperConsoles() throws Exception {
        Map<String, String> properties = new TreeMap<>(device());
        properties.put("camel.main.dev-console-enabled", "true");
        start(properties, routes());
        registerAndPublish();
        DevConsoleRegistry consoles =
                main.getCamelContext().getCamelContextExtension().getContextPlugin(DevConsoleRegistry.class);

        assertThat(consoles.stream()).extracting(DevConsole::getId).contains("awsiot-device", "azure-dps");
        assertThat(Stream.of("awsiot-device", "azure-dps")
                        .map(consoles::resolveById)
                        .map(console -> console.call(DevConsole.MediaType.TEXT))
                        .map(String.class::cast))
                .allMatch(text -> text.contains("sensor-1") && !text.contains(KEY.base64()));
    }

    @ParameterizedTest
    @CsvSource({"awsiot-device, mqtt, topic", "azure-dps, mqtt, idScope"})
    void tellsWhereItsServicesAre(String component, String protocol, String metadata) throws Exception {
        Map<String, String> properties = new TreeMap<>(device());
        properties.put("camel.component.awsiot-device.endpoint", "https://" + aws.endpoint() + "/");
        start(properties, routes());
        registerAndPublish();

        assertThat(main.getCamelContext()
                        .getCamelContextExtension()
                        .getEndpointServiceRegistry()
                        .listAllEndpointServices())
                .filteredOn(service -> service.getComponent().equals(component))
                .singleElement()
                .satisfies(service -> {
                    assertThat(service.getServiceProtocol()).startsWith(protocol);
                    assertThat(service.getServiceUrl())
                            .startsWith(component.equals("azure-dps") ? DpsEmulator.GLOBAL_HOST_NAME : aws.endpoint());
                    assertThat(service.getServiceMetadata()).containsKey(metadata);
                    assertThat(service.getServiceMetadata().toString()).doesNotContain(KEY.base64());
                });
    }

    private void registerAndPublish() {
        template.requestBody("direct:register", (Object) null);
        template.sendBody("direct:publish", "x");
    }

    private RouteBuilder routes() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:register").to(dpsUri());
                from("direct:publish").to("awsiot-device:main");
            }
        };
    }

    private Map<String, String> device() {
        IssuedCertificate.CertificateFiles device = aws.issueDevice("sensor-1").writeTo(folder, "device");
        return Map.of(
                "camel.component.awsiot-device.ca-file", awsAuthority.toString(),
                "camel.component.awsiot-device.client-id", "sensor-1",
                "camel.component.awsiot-device.certificate-file",
                        device.certificate().toString(),
                "camel.component.awsiot-device.private-key-file",
                        device.privateKey().toString(),
                "camel.component.azure-dps.ca-file", dpsAuthority.toString(),
                "camel.component.azure-dps.shared-access-key", KEY.base64());
    }

    private String dpsUri() {
        return "azure-dps:" + dps.idScope() + "/sensor-1";
    }

    private void startRoutes() throws Exception {
        start(device(), routes());
    }

    /** Starts Camel with the addresses of the emulators and the test's own properties, which take precedence. */
    private void start(Map<String, String> properties, RouteBuilder... routes) throws Exception {
        CamelContext camel = new DefaultCamelContext();
        camel.getPropertiesComponent().addPropertiesFunction(new Vault(secrets));
        main = new SimpleMain(camel);
        for (RouteBuilder route : routes) {
            main.configure().addRoutesBuilder(route);
        }
        Map<String, String> all = new TreeMap<>(Map.of(
                "camel.component.awsiot-device.endpoint", aws.endpoint(),
                "camel.component.awsiot-device.connect-to", aws.address(GatewayPort.MQTT_8883),
                "camel.component.azure-dps.connect-to", dps.mqttAddress()));
        all.putAll(properties);
        all.forEach(main::addInitialProperty);
        main.start();
        template = camel.createProducerTemplate();
    }

    private static Path write(String name, KeyStore keyStore) throws Exception {
        Path file = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            keyStore.store(out, "changeit".toCharArray());
        }
        return file;
    }

    private static Map<String, Object> attributes(MBeanServer server, ObjectName name) throws JMException {
        Map<String, Object> attributes = new TreeMap<>();
        for (MBeanAttributeInfo attribute : server.getMBeanInfo(name).getAttributes()) {
            attributes.put(attribute.getName(), server.getAttribute(name, attribute.getName()));
        }
        return attributes;
    }

    /** Camel's vaults (AWS, Azure, HashiCorp, …) are functions of this kind that access a network. */
    private record Vault(Map<String, String> secrets) implements PropertiesFunction {

        @Override
        public String getName() {
            return "vault";
        }

        @Override
        public String apply(String remainder) {
            return secrets.get(remainder);
        }
    }
}
