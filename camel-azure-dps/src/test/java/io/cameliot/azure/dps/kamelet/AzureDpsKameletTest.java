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
package io.cameliot.azure.dps.kamelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cameliot.azure.dps.DeviceRegistrationException;
import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.dps.DpsEmulatorExtension;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.journal.DpsRequest;
import io.cameliot.testinfra.dps.service.Enrollment;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.IssuedCertificate.CertificateFiles;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The kamelets of the jar, used by YAML routes. */
class AzureDpsKameletTest {

    private static final EnrollmentKey KEY = EnrollmentKey.random();

    @RegisterExtension
    static final DpsEmulatorExtension DPS = new DpsEmulatorExtension(DpsEmulator.builder()
            .retryAfter(Duration.ZERO)
            .enroll(Enrollment.individual("sensor-1")
                    .symmetricKey(KEY)
                    .assigningPolls(0)
                    .build())
            .enroll(Enrollment.group("fleet")
                    .symmetricKey(KEY)
                    .assigningPolls(0)
                    .build()));

    @TempDir
    private Path folder;

    private final DpsEmulator dps = DPS.emulator();
    private final CamelContext camel = new DefaultCamelContext();

    @AfterEach
    void stopCamel() {
        camel.stop();
    }

    @Test
    void sourceProducesTheResultAsJson() throws Exception {
        MockEndpoint registered = camel.getEndpoint("mock:registered", MockEndpoint.class);
        registered.expectedMessageCount(1);
        registered.expectedHeaderReceived("CamelAzureDpsDeviceId", "sensor-1");
        source(Map.of("registrationId", "sensor-1", "sharedAccessKey", raw(KEY)));
        camel.start();

        registered.assertIsSatisfied(10_000);
        assertThat(registered.getExchanges().get(0).getMessage().getBody(String.class))
                .contains("\"registrationId\":\"sensor-1\"", "\"status\":\"assigned\"");
    }

    @Test
    void actionRegistersTheDeviceThatAHeaderNames() throws Exception {
        action(Map.of("authentication", "groupKey", "groupSharedAccessKey", raw(KEY)));
        camel.start();
        ProducerTemplate template = camel.createProducerTemplate();

        for (String device : new String[] {"fleet-1", "fleet-2"}) {
            String json = template.requestBodyAndHeader(
                    "direct:register", "{\"site\":\"north\"}", "CamelAzureDpsRegistrationId", device, String.class);

            assertThat(json).contains("\"deviceId\":\"" + device + "\"");
        }
        assertThat(dps.requests("fleet-2")).extracting(DpsRequest::body).anyMatch(body -> body.contains("north"));
    }

    @Test
    void actionRegistersByCertificateOverWebSocket() throws Exception {
        IssuedCertificate certificate =
                TestCertificateAuthority.create("Devices").issueDevice("sensor-2");
        dps.enroll(Enrollment.individual("sensor-2")
                .certificate(certificate.certificate())
                .assigningPolls(0)
                .build());
        CertificateFiles files = certificate.writeTo(folder, "sensor-2");
        action(Map.of(
                "registrationId",
                "sensor-2",
                "authentication",
                "x509",
                "transport",
                "websocket",
                "connectTo",
                dps.webSocketAddress(),
                "certificateFile",
                "file:" + files.certificate(),
                "privateKeyFile",
                "file:" + files.privateKey()));
        camel.start();

        assertThat(camel.createProducerTemplate().requestBody("direct:register", null, String.class))
                .contains("\"deviceId\":\"sensor-2\"");
    }

    @Test
    void actionFailsWithTheServicesRefusal() throws Exception {
        action(Map.of("registrationId", "sensor-1", "sharedAccessKey", raw(EnrollmentKey.random())));
        camel.start();
        ProducerTemplate template = camel.createProducerTemplate();

        assertThatThrownBy(() -> template.requestBody("direct:register", (Object) null))
                .isInstanceOf(CamelExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(DeviceRegistrationException.class, refusal -> assertThat(refusal.getErrorCode())
                        .isEqualTo(401000));
    }

    /** As what it is, plus signs included, which Camel 4.14 otherwise takes for spaces. */
    private static String raw(EnrollmentKey key) {
        return "RAW(" + key.base64() + ")";
    }

    private void source(Map<String, String> parameters) throws Exception {
        load(
                """
                - route:
                    from:
                      uri: kamelet:azure-dps-source
                      parameters:
                %s
                      steps:
                        - to:
                            uri: mock:registered
                """
                        .formatted(yaml(parameters)));
    }

    private void action(Map<String, String> parameters) throws Exception {
        load(
                """
                - route:
                    from:
                      uri: direct:register
                      steps:
                        - to:
                            uri: kamelet:azure-dps-register-action
                            parameters:
                %s
                """
                        .formatted(yaml(parameters)));
    }

    private void load(String routes) throws Exception {
        PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("routes.yaml", routes));
    }

    private String yaml(Map<String, String> parameters) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("idScope", dps.idScope());
        all.put("connectTo", dps.mqttAddress());
        all.put("caFile", "file:" + dps.serverAuthority().writeCertificate(folder.resolve("ca.pem")));
        all.putAll(parameters);
        return all.entrySet().stream()
                .map(parameter -> " ".repeat(18) + parameter.getKey() + ": '" + parameter.getValue() + "'")
                .collect(Collectors.joining("\n"));
    }
}
