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
package io.cameliot.azure.dps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.common.identity.SharedTrust;
import io.cameliot.common.identity.TlsConfiguration;
import io.cameliot.common.identity.TlsContextFactory;
import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.dps.DpsEmulatorExtension;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.service.Enrollment;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A route provisions a device and sends its telemetry to the assigned hub by Camel's own MQTT component. */
class TelemetryByPahoTest {

    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    /** The hub has a name that this machine resolves, because paho: has no option for another address. */
    @RegisterExtension
    static final DpsEmulatorExtension DPS = new DpsEmulatorExtension(DpsEmulator.builder()
            .retryAfter(Duration.ZERO)
            .hubs("localhost")
            .enroll(Enrollment.individual("dev-1")
                    .symmetricKey(EnrollmentKey.of(KEY))
                    .build()));

    private final DpsEmulator dps = DPS.emulator();

    private final Locale before = Locale.getDefault();

    /** {@code paho:} does not find its option clientId in a locale that has no I for an i. */
    @BeforeEach
    void takeALocaleOfNoCountry() {
        Locale.setDefault(Locale.ROOT);
    }

    @AfterEach
    void takeTheLocaleBefore() {
        Locale.setDefault(before);
    }

    @Test
    void publishesTelemetryToTheAssignedHub() throws Exception {
        String ca = "base64:"
                + Base64.getEncoder()
                        .encodeToString(dps.serverAuthority().certificatePem().getBytes());
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            TlsConfiguration trust = new TlsConfiguration();
            trust.setCaFile(ca);
            camel.getRegistry()
                    .bind(
                            "hubTls",
                            new TlsContextFactory(camel, trust, new SharedTrust())
                                    .create()
                                    .getSocketFactory());
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:telemetry")
                            .setProperty("reading", body())
                            .setBody(constant(null))
                            .to("azure-dps:" + dps.idScope() + "/dev-1?sharedAccessKey=RAW(" + KEY + ")&connectTo="
                                    + dps.mqttAddress() + "&caFile=RAW(" + ca + ")")
                            .setProperty("device", body())
                            .setBody(exchangeProperty("reading"))
                            .toD("paho:devices/${exchangeProperty.device.deviceId}/messages/events/"
                                    + "?brokerUrl=ssl://${exchangeProperty.device.assignedHub}:" + dps.hubPort()
                                    + "&clientId=${exchangeProperty.device.deviceId}&qos=1&socketFactory=#hubTls"
                                    + "&userName=RAW(${exchangeProperty.device.hubUserName})"
                                    + "&password=RAW(${exchangeProperty.device.createHubSasToken})");
                }
            });
            camel.start();

            camel.createProducerTemplate().sendBody("direct:telemetry", "{\"temperature\":21}");

            await().untilAsserted(() -> assertThat(dps.hub().telemetry())
                    .singleElement()
                    .satisfies(telemetry -> {
                        assertThat(telemetry.hub()).isEqualTo("localhost");
                        assertThat(telemetry.deviceId()).isEqualTo("dev-1");
                        assertThat(telemetry.text()).isEqualTo("{\"temperature\":21}");
                    }));
        }
    }
}
