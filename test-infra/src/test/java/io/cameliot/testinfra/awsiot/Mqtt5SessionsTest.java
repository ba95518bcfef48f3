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
package io.cameliot.testinfra.awsiot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.awsiot.gateway.ConnectionInfo;
import io.cameliot.testinfra.awsiot.gateway.Limits;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The lifetime of an MQTT 5 client's session, and which clients can resume it. */
class Mqtt5SessionsTest {
    private static final Limits LIMITS = Limits.DEFAULT.withSessionExpiry(Duration.ofMinutes(5));

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS =
            new AwsIotEmulatorExtension(AwsIotEmulator.builder().limits(LIMITS));

    private final AwsIotEmulator aws = AWS.emulator();

    @ParameterizedTest
    @CsvSource({"true, 60", "false, 60", "false, -1"})
    void keepsASessionUntilItsExpiry(boolean cleanStart, int expiry) throws Exception {
        String clientId = "kept-" + cleanStart + expiry;
        subscribeAndLeave(Mqtt5Packets.connect(clientId, cleanStart, Mqtt5Packets.sessionExpiry(expiry)), clientId);
        aws.publish(clientId, "missed", 1);

        try (MqttWire wire = Mqtt5Packets.open(aws)) {
            wire.send(Mqtt5Packets.connect(clientId, false, Mqtt5Packets.sessionExpiry(expiry)));
            assertThat(Mqtt5Packets.connack(wire).isSessionPresent()).isTrue();
            assertThat(next(wire)).isEqualTo("missed");
            assertThat(aws.connectionsOf(clientId))
                    .extracting(ConnectionInfo::sessionPresent)
                    .containsExactly(false, true);
            assertThat(aws.connectionsOf(clientId).get(1).topicFilters()).containsExactly(clientId);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endsASessionWithItsConnectionWithoutAnExpiry(boolean absent) throws Exception {
        String clientId = "ended-" + absent;
        MqttMessage connect = Mqtt5Packets.connect(
                clientId, false, absent ? MqttProperties.NO_PROPERTIES : Mqtt5Packets.sessionExpiry(0));
        subscribeAndLeave(connect, clientId);

        assertNoSession(Mqtt5Packets.connect(clientId, false, Mqtt5Packets.sessionExpiry(60)), clientId);
    }

    /** The broker removes expired sessions at intervals, and late on a busy machine, so the test tries repeatedly. */
    @Test
    void endsASessionAfterItsExpiry() {
        AtomicInteger tries = new AtomicInteger();

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            String clientId = "brief-" + tries.incrementAndGet();
            subscribeAndLeave(Mqtt5Packets.connect(clientId, false, Mqtt5Packets.sessionExpiry(1)), clientId);
            await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
            assertNoSession(Mqtt5Packets.connect(clientId, false, Mqtt5Packets.sessionExpiry(60)), clientId);
        });
    }

    @Test
    void discardsTheEarlierSessionOnACleanStart() throws Exception {
        subscribeAndLeave(Mqtt5Packets.connect("fresh", false, Mqtt5Packets.sessionExpiry(60)), "fresh");

        assertNoSession(Mqtt5Packets.connect("fresh", true, Mqtt5Packets.sessionExpiry(60)), "fresh");
    }

    @Test
    void endsASessionWhoseExpiryADisconnectSetsToZero() throws Exception {
        try (MqttWire wire = Mqtt5Packets.open(aws)) {
            wire.send(Mqtt5Packets.connect("given-up", false, Mqtt5Packets.sessionExpiry(60)))
                    .expect(MqttMessageType.CONNACK);
            wire.send(MqttWire.subscribe(1, "given-up")).expect(MqttMessageType.SUBACK);
            wire.send(Mqtt5Packets.disconnect(Mqtt5Packets.sessionExpiry(0))).expectEnd();
        }

        assertNoSession(Mqtt5Packets.connect("given-up", false, Mqtt5Packets.sessionExpiry(60)), "given-up");
    }

    @Test
    void extendsASessionWhoseExpiryADisconnectRaises() throws Exception {
        try (MqttWire wire = Mqtt5Packets.open(aws)) {
            wire.send(Mqtt5Packets.connect("left", false, Mqtt5Packets.sessionExpiry(1)))
                    .expect(MqttMessageType.CONNACK);
            wire.send(MqttWire.subscribe(1, "left")).expect(MqttMessageType.SUBACK);
            wire.send(Mqtt5Packets.disconnect(Mqtt5Packets.sessionExpiry(60))).expectEnd();
        }
        await().pollDelay(Duration.ofSeconds(3)).until(() -> true);

        try (MqttWire wire = Mqtt5Packets.open(aws)) {
            wire.send(Mqtt5Packets.connect("left", false, Mqtt5Packets.sessionExpiry(60)));
            assertThat(Mqtt5Packets.connack(wire).isSessionPresent()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"MQTT_3_1_1, MQTT_5", "MQTT_5, MQTT_3_1_1"})
    void doesNotResumeASessionInAnotherVersion(MqttVersion before, MqttVersion after) throws Exception {
        String clientId = "from-" + before;
        subscribeAndLeave(persistent(before, clientId), clientId);

        assertNoSession(persistent(after, clientId), clientId);
        assertNoSession(persistent(before, clientId), clientId);

        try (MqttWire wire = Mqtt5Packets.open(aws)) { // the newest session can be resumed
            wire.send(persistent(before, clientId));
            assertThat(Mqtt5Packets.connack(wire).isSessionPresent()).isTrue();
        }
    }

    private static MqttMessage persistent(MqttVersion version, String clientId) {
        return MqttWire.connect(version, clientId)
                .cleanSession(false)
                .properties(
                        version == MqttVersion.MQTT_5 ? Mqtt5Packets.sessionExpiry(60) : MqttProperties.NO_PROPERTIES)
                .build();
    }

    /** Subscribes to a topic with the client's name and closes without DISCONNECT. */
    private void subscribeAndLeave(MqttMessage connect, String clientId) throws Exception {
        try (MqttWire wire = Mqtt5Packets.open(aws)) {
            wire.send(connect).expect(MqttMessageType.CONNACK);
            wire.send(MqttWire.subscribe(1, clientId)).expect(MqttMessageType.SUBACK);
        }
        await().until(() -> aws.connectionsOf(clientId).stream().noneMatch(ConnectionInfo::isOpen));
    }

    /** CONNACK says that there is no session, and there is none: neither subscription nor message. */
    private void assertNoSession(MqttMessage connect, String clientId) throws Exception {
        aws.publish(clientId, "lost", 1);
        try (MqttWire wire = Mqtt5Packets.open(aws)) {
            wire.send(connect);
            assertThat(Mqtt5Packets.connack(wire).isSessionPresent()).isFalse();
            aws.publish(clientId, "lost too", 1);
            wire.send(MqttWire.subscribe(1, clientId + "/marker")).expect(MqttMessageType.SUBACK);
            aws.publish(clientId + "/marker", "end", 1);
            assertThat(next(wire)).isEqualTo("end");
        }
        await().until(() -> aws.connectionsOf(clientId).stream()
                .map(ConnectionInfo::disconnectReason)
                .allMatch(Optional::isPresent));
    }

    private static String next(MqttWire wire) throws Exception {
        MqttPublishMessage message = wire.expect(MqttPublishMessage.class, MqttMessageType.PUBLISH);
        String text = message.payload().toString(StandardCharsets.UTF_8);
        message.release();
        return text;
    }
}
