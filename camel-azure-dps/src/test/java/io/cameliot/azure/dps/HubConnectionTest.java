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

import static io.cameliot.azure.dps.DpsRoutes.groupKey;
import static io.cameliot.azure.dps.DpsRoutes.key;
import static io.cameliot.azure.dps.DpsRoutes.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.identity.SharedTrust;
import io.cameliot.common.identity.TlsConfiguration;
import io.cameliot.common.identity.TlsContextFactory;
import io.cameliot.common.mqtt.ApplicationMessage;
import io.cameliot.common.mqtt.MessageProperties;
import io.cameliot.common.mqtt.MqttConnectRequest;
import io.cameliot.common.mqtt.session.InboundMessage;
import io.cameliot.common.mqtt.session.MqttSession;
import io.cameliot.common.mqtt.session.MqttSessionListener;
import io.cameliot.common.transport.HostAndPort;
import io.cameliot.common.transport.ServerAddress;
import io.cameliot.common.transport.TlsOffer;
import io.cameliot.common.transport.TlsTarget;
import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.dps.DpsEmulatorExtension;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.service.Enrollment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** With what the result gives, a device connects to the hub that it was assigned to. */
class HubConnectionTest {

    private static final EnrollmentKey KEY = EnrollmentKey.random();
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @RegisterExtension
    static final DpsEmulatorExtension DPS = new DpsEmulatorExtension(DpsEmulator.builder()
            .retryAfter(Duration.ZERO)
            .hubs("north.azure-devices.net", "south.azure-devices.net")
            .enroll(
                    Enrollment.individual("dev-1")
                            .symmetricKey(KEY)
                            .deviceId("boiler")
                            .hub("south.azure-devices.net")
                            .build(),
                    Enrollment.group("boilers").symmetricKey(KEY).build()));

    private final DpsEmulator dps = DPS.emulator();

    static Stream<Arguments> devices() {
        return Stream.of(
                Arguments.of("dev-1", key(KEY), "south.azure-devices.net", "boiler"),
                Arguments.of("boiler-2", groupKey(KEY), "north.azure-devices.net", "boiler-2"));
    }

    @ParameterizedTest
    @MethodSource("devices")
    void sendsTelemetryToItsHub(String registrationId, String options, String hub, String deviceId) throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri(registrationId, options));

            send(routes.context(), result(routes.register()), "{\"temperature\":21}");
        }

        await().untilAsserted(
                        () -> assertThat(dps.hub().telemetry()).singleElement().satisfies(telemetry -> {
                            assertThat(telemetry.hub()).isEqualTo(hub);
                            assertThat(telemetry.deviceId()).isEqualTo(deviceId);
                            assertThat(telemetry.text()).isEqualTo("{\"temperature\":21}");
                        }));
    }

    private void send(CamelContext context, DeviceRegistrationResult device, String payload) throws Exception {
        TlsConfiguration tls = new TlsConfiguration();
        tls.setCaFile(DpsRoutes.base64(dps.serverAuthority().certificatePem()));
        TlsTarget hub = new TlsTarget(
                new ServerAddress(device.getAssignedHub(), 8883, HostAndPort.parse(dps.hubAddress()), null),
                TlsOffer.of(new TlsContextFactory(context, tls, new SharedTrust()).create()),
                null,
                TIMEOUT,
                (fault, target) -> "");
        MqttConnectRequest connect = new MqttConnectRequest(
                device.getDeviceId(),
                new MqttConnectRequest.Login(device.getHubUserName(), device.createHubSasToken()),
                MqttConnectRequest.Session.v311(true),
                Duration.ofSeconds(60),
                null,
                TIMEOUT);
        MqttThreads threads = MqttThreads.create(context, this, "Hub");
        MqttSession session = MqttSession.connect(connect, hub, threads.connector(), new Silence())
                .get(20, TimeUnit.SECONDS);
        CompletableFuture<Void> published = new CompletableFuture<>();
        session.publish(
                new ApplicationMessage(
                        "devices/" + device.getDeviceId() + "/messages/events/",
                        payload.getBytes(StandardCharsets.UTF_8),
                        1,
                        false,
                        MessageProperties.NONE),
                false,
                failure -> {
                    if (failure == null) {
                        published.complete(null);
                    } else {
                        published.completeExceptionally(failure);
                    }
                });
        published.get(20, TimeUnit.SECONDS);
        session.disconnect(TIMEOUT).get(20, TimeUnit.SECONDS);
        threads.shutdown();
    }

    private static final class Silence implements MqttSessionListener {

        @Override
        public void messageArrived(InboundMessage message) {
            throw new AssertionError("Nothing was subscribed");
        }

        @Override
        public void connectionLost(MqttSession session, IOException cause) {
            throw new AssertionError(cause);
        }
    }
}
