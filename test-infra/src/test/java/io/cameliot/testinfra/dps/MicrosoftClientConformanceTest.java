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
package io.cameliot.testinfra.dps;

import static com.microsoft.azure.sdk.iot.provisioning.device.ProvisioningDeviceClientStatus.PROVISIONING_DEVICE_STATUS_ASSIGNED;
import static com.microsoft.azure.sdk.iot.provisioning.device.ProvisioningDeviceClientTransportProtocol.MQTT;
import static com.microsoft.azure.sdk.iot.provisioning.device.ProvisioningDeviceClientTransportProtocol.MQTT_WS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.microsoft.azure.sdk.iot.provisioning.device.AdditionalData;
import com.microsoft.azure.sdk.iot.provisioning.device.ProvisioningDeviceClient;
import com.microsoft.azure.sdk.iot.provisioning.device.ProvisioningDeviceClientRegistrationResult;
import com.microsoft.azure.sdk.iot.provisioning.device.ProvisioningDeviceClientTransportProtocol;
import com.microsoft.azure.sdk.iot.provisioning.security.SecurityProvider;
import com.microsoft.azure.sdk.iot.provisioning.security.SecurityProviderSymmetricKey;
import com.microsoft.azure.sdk.iot.provisioning.security.SecurityProviderX509;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.journal.DpsRequest;
import io.cameliot.testinfra.dps.service.Enrollment;
import io.cameliot.testinfra.net.TlsClient;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The vendor's client, unchanged, registers with the emulator. Its URL formats contain fixed ports
 * ({@code ssl://%s:8883}); an endpoint that ends with {@code ?x=} turns them into a query. The client then sends no
 * server name, which the emulator accepts for {@code localhost}.
 */
class MicrosoftClientConformanceTest {

    private static final int TRIES = 3;
    private static final int TRY_SECONDS = 25;
    private static final EnrollmentKey KEY = EnrollmentKey.random();
    private static final EnrollmentKey GROUP_KEY = EnrollmentKey.random();
    private static final TestCertificateAuthority DEVICE_CA =
            TestCertificateAuthority.create("Root").createIntermediate("Boilers Inc.");
    private static final IssuedCertificate CHAINED = DEVICE_CA.issueDevice("boiler-chained");
    private static final IssuedCertificate PINNED =
            TestCertificateAuthority.create("Root").issueDevice("boiler-pinned");

    /** The client accepts only waits of 2 to 5 s. */
    @RegisterExtension
    static final DpsEmulatorExtension DPS = new DpsEmulatorExtension(DpsEmulator.builder()
            .serverName("localhost")
            .retryAfter(Duration.ofSeconds(2))
            .enroll(
                    Enrollment.individual("boiler-7")
                            .symmetricKey(KEY)
                            .deviceId("boiler")
                            .build(),
                    Enrollment.group("boilers")
                            .symmetricKey(GROUP_KEY)
                            .assigningPolls(0)
                            .acceptingAnyPayload()
                            .customAllocation(MicrosoftClientConformanceTest::describe)
                            .build(),
                    Enrollment.individual("boiler-pinned")
                            .certificate(PINNED.certificate())
                            .assigningPolls(0)
                            .build(),
                    Enrollment.group("certified")
                            .certificateAuthority(DEVICE_CA.certificate())
                            .assigningPolls(0)
                            .build()));

    private final DpsEmulator dps = DPS.emulator();

    /** The client sends its payload as a JSON string and accepts only an object. */
    private static JsonNode describe(JsonNode payload) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", payload.getNodeType().toString())
                .put("text", payload.asText());
    }

    @Test
    void registersByDeviceKeyOverMqtt() throws Exception {
        ProvisioningDeviceClientRegistrationResult result = register(MQTT, key("boiler-7", KEY), null);

        assertThat(result.getProvisioningDeviceClientStatus()).isEqualTo(PROVISIONING_DEVICE_STATUS_ASSIGNED);
        assertThat(result.getIothubUri()).isEqualTo("contoso.azure-devices.net");
        assertThat(result.getDeviceId()).isEqualTo("boiler");
        assertThat(result.getRegistrationId()).isEqualTo("boiler-7");
        assertThat(result.getSubstatus().getValue()).isEqualTo("initialAssignment");
        assertThat(result.getCreatedDateTimeUtc()).matches("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{7}Z");
        assertThat(result.getETag()).isBase64();
        assertThat(dps.requests()).extracting(DpsRequest::isRegister).endsWith(true, false, false);
        assertThat(dps.connections().get(0).userName())
                .isEqualTo("0ne00000001/registrations/boiler-7/api-version=2019-03-31&ClientVersion=2019-03-31");
    }

    @Test
    void registersByGroupKeyOverWebSocketWithAPayload() throws Exception {
        String payload = "{\"model\":\"B7\"}";
        byte[] derived = SecurityProviderSymmetricKey.ComputeDerivedSymmetricKey(
                GROUP_KEY.base64().getBytes(StandardCharsets.UTF_8), "boiler-8");

        ProvisioningDeviceClientRegistrationResult result =
                register(MQTT_WS, new KeyProvider(derived, "boiler-8"), payload);

        assertThat(result.getProvisioningDeviceClientStatus()).isEqualTo(PROVISIONING_DEVICE_STATUS_ASSIGNED);
        assertThat(result.getProvisioningPayload())
                .isEqualTo("{\"type\":\"STRING\",\"text\":\"{\\\"model\\\":\\\"B7\\\"}\"}");
        assertThat(dps.connections().get(0).webSocketPath()).isPresent();
    }

    @Test
    void registersByCertificateChainOverMqtt() throws Exception {
        assertThat(register(MQTT, new CertificateProvider(CHAINED), null).getDeviceId())
                .isEqualTo("boiler-chained");
    }

    @Test
    void registersByPinnedCertificateOverWebSocket() throws Exception {
        assertThat(register(MQTT_WS, new CertificateProvider(PINNED), null).getDeviceId())
                .isEqualTo("boiler-pinned");
    }

    @Test
    void reportsThatItsKeyIsWrong() {
        assertThatThrownBy(() -> register(MQTT, key("boiler-7", EnrollmentKey.random()), null))
                .hasStackTraceContaining("Unauthorized");
        assertThat(dps.requests().get(0).reason()).contains("signed with another key");
    }

    private ProvisioningDeviceClientRegistrationResult registerOnce(
            ProvisioningDeviceClientTransportProtocol protocol, SecurityProvider security, String payload)
            throws Exception {
        String endpoint = protocol == MQTT ? dps.mqttPort() + "?x=" : dps.webSocketPort() + "/$iothub/websocket?x=";
        ProvisioningDeviceClient client =
                ProvisioningDeviceClient.create("localhost:" + endpoint, dps.idScope(), protocol, security);
        try {
            AdditionalData data = new AdditionalData();
            data.setProvisioningPayload(payload);
            return client.registerDeviceSync(data, (int) PahoDevice.PATIENCE.toMillis());
        } finally {
            client.close();
        }
    }

    /**
     * On a busy machine the client misses an answer that arrives before it starts to wait, and then waits forever or
     * until its own timeout. Such an attempt is repeated with an emulator that knows nothing of it: the answer that was
     * missed may have been the assignment, and the device would be registered for the second time.
     */
    private ProvisioningDeviceClientRegistrationResult register(
            ProvisioningDeviceClientTransportProtocol protocol, SecurityProvider security, String payload)
            throws Exception {
        for (int attempt = 1; ; attempt++) {
            dps.reset();
            FutureTask<ProvisioningDeviceClientRegistrationResult> registration =
                    new FutureTask<>(() -> registerOnce(protocol, security, payload));
            Thread thread = new Thread(registration, "microsoft-client");
            thread.setDaemon(true);
            thread.start();
            try {
                return registration.get(TRY_SECONDS, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                registration.cancel(true);
                if (attempt == TRIES) {
                    throw e;
                }
            } catch (ExecutionException e) {
                if (attempt == TRIES || !(Throwables.getRootCause(e) instanceof TimeoutException)) {
                    throw e;
                }
            }
        }
    }

    private KeyProvider key(String registrationId, EnrollmentKey key) {
        return new KeyProvider(key.base64().getBytes(StandardCharsets.UTF_8), registrationId);
    }

    private SSLContext trust(IssuedCertificate identity) {
        return TlsClient.context(dps.serverAuthority().certificate(), identity);
    }

    private final class KeyProvider extends SecurityProviderSymmetricKey {
        KeyProvider(byte[] key, String registrationId) {
            super(key, registrationId);
        }

        @Override
        public SSLContext getSSLContext() {
            return trust(null);
        }
    }

    private final class CertificateProvider extends SecurityProviderX509 {
        private final IssuedCertificate identity;

        CertificateProvider(IssuedCertificate identity) {
            this.identity = identity;
        }

        @Override
        public String getClientCertificateCommonName() {
            String name = getClientCertificate().getSubjectX500Principal().getName();
            return name.substring("CN=".length());
        }

        @Override
        public X509Certificate getClientCertificate() {
            return identity.certificate();
        }

        @Override
        public Key getClientPrivateKey() {
            return identity.privateKey();
        }

        @Override
        public Collection<X509Certificate> getIntermediateCertificatesChain() {
            return identity.chain().subList(1, identity.chain().size());
        }

        @Override
        public SSLContext getSSLContext() {
            return trust(identity);
        }
    }
}
