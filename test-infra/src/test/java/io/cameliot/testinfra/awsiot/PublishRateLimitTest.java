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
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.awsiot.gateway.Limits;
import io.cameliot.testinfra.event.AwsIotRule;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** AWS IoT Core discards what a connection publishes and receives beyond its messages a second. */
class PublishRateLimitTest {
    /** Far more than what passes while a slow machine handles them. */
    private static final int MESSAGES = 50;

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS =
            new AwsIotEmulatorExtension(AwsIotEmulator.builder().limits(Limits.DEFAULT.withPublishesPerSecond(1)));

    private final AwsIotEmulator aws = AWS.emulator();
    private final long before = aws.events().refusals().last();

    @Test
    void tellsAnMqtt5ClientWhatItDiscards() throws Exception {
        try (MqttWire wire = Mqtt5Packets.connected(aws, "fast-5")) {
            wire.send(publishes("fast/5"));
            List<Integer> codes = new ArrayList<>();
            for (int i = 0; i < MESSAGES; i++) {
                codes.add(code(wire.expect(MqttMessageType.PUBACK)));
            }

            int taken = aws.receivedPublishes("fast/5").size();
            assertThat(taken).isBetween(1, MESSAGES - 1);
            assertThat(codes)
                    .containsOnly(0, 0x97)
                    .filteredOn(code -> code == 0)
                    .hasSize(taken);
            assertThat(discarded("fast-5")).isEqualTo(MESSAGES - taken);
        }
    }

    @Test
    void doesNotAcknowledgeWhatItDiscardsOfAnMqtt311Client() throws Exception {
        try (MqttWire wire = Mqtt5Packets.connected(aws, MqttVersion.MQTT_3_1_1, "fast-3")) {
            wire.send(publishes("fast/3"));
            await().until(() -> aws.receivedPublishes("fast/3").size() + discarded("fast-3") == MESSAGES);

            int taken = aws.receivedPublishes("fast/3").size();
            assertThat(taken).isBetween(1, MESSAGES - 1);
            for (int i = 0; i < taken; i++) {
                wire.expect(MqttMessageType.PUBACK);
            }
            wire.expectSilence();
        }
    }

    @Test
    void discardsMessagesToAClient() throws Exception {
        try (MqttWire wire = Mqtt5Packets.connected(aws, "flooded")) {
            wire.send(MqttWire.subscribe(1, "flood")).expect(MqttMessageType.SUBACK);

            for (int i = 0; i < MESSAGES; i++) {
                aws.publish("flood", "x", 1);
            }

            wire.expect(MqttPublishMessage.class, MqttMessageType.PUBLISH).release();
            await().untilAsserted(() -> assertThat(discarded("flooded")).isPositive());
        }
    }

    @Test
    void hasNoLimitUnlessATestAsksForOne() {
        assertThat(Limits.DEFAULT.publishesPerSecond()).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Limits.DEFAULT.withPublishesPerSecond(-1))
                .withMessageContaining("publishesPerSecond")
                .withMessageContaining("-1");
    }

    private static MqttMessage[] publishes(String topic) {
        return IntStream.rangeClosed(1, MESSAGES)
                .mapToObj(packetId -> Mqtt5Packets.publish(topic, packetId))
                .toArray(MqttMessage[]::new);
    }

    private static int code(MqttMessage puback) {
        return Byte.toUnsignedInt(((MqttPubReplyMessageVariableHeader) puback.variableHeader()).reasonCode());
    }

    private long discarded(String clientId) {
        return aws.events().refusals().after(before).stream()
                .map(entry -> entry.event())
                .filter(refused -> refused.rule() == AwsIotRule.PUBLISH_RATE
                        && refused.client().id().equals(clientId))
                .count();
    }
}
