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
package io.cameliot.testinfra.awsiot.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.testinfra.awsiot.topic.SessionFilters;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DirectDeliveriesTest {
    private static final int FIRST = 0xFFFE;

    private final EmbeddedChannel device = new EmbeddedChannel();
    private final SessionFilters filters = new SessionFilters();
    private final DirectDeliveries deliveries = new DirectDeliveries(device, filters);

    @Test
    void sendsAtTheHighestQosThatIsSubscribed() {
        deliveries.send("a/b", new byte[0]);
        filters.add("a/b", 0);
        deliveries.send("a/b", new byte[0]);
        filters.add("a/+", 1);
        deliveries.send("a/b", new byte[0]);

        assertThat(sent().fixedHeader().qosLevel()).isEqualTo(MqttQoS.AT_MOST_ONCE);
        assertThat(sent().fixedHeader().qosLevel()).isEqualTo(MqttQoS.AT_MOST_ONCE);
        MqttPublishMessage message = sent();
        assertThat(message.fixedHeader().qosLevel()).isEqualTo(MqttQoS.AT_LEAST_ONCE);
        assertThat(message.variableHeader().packetId()).isEqualTo(FIRST);
    }

    @Test
    void keepsItsAcknowledgementsFromTheBroker() {
        filters.add("a", 1);
        deliveries.send("a", new byte[0]);

        assertThat(deliveries.acknowledged(puback(FIRST))).isEmpty();
        assertThat(acknowledgedByBroker(FIRST)).contains(FIRST); // now it can only be the broker's
    }

    @Test
    void leavesThePacketIdsOfTheBrokerAsTheyAre() {
        assertThat(deliveries.fromBroker(publish(7)).variableHeader().packetId())
                .isEqualTo(7);
        assertThat(acknowledgedByBroker(7)).contains(7);
    }

    @Test
    void givesAMessageOfTheBrokerAnotherPacketIdWhereItsOwnIsTaken() {
        filters.add("a", 1);
        deliveries.send("a", new byte[0]);

        int known = deliveries.fromBroker(publish(FIRST)).variableHeader().packetId();

        assertThat(known).isNotEqualTo(FIRST);
        assertThat(acknowledgedByBroker(FIRST)).isEmpty();
        assertThat(acknowledgedByBroker(known)).contains(FIRST);
    }

    @Test
    void takesNoPacketIdThatTheBrokerUses() {
        filters.add("a", 1);
        deliveries.fromBroker(publish(FIRST));

        deliveries.send("a", new byte[0]);

        assertThat(sent().variableHeader().packetId()).isEqualTo(FIRST - 1);
    }

    private MqttPublishMessage sent() {
        return device.readOutbound();
    }

    private Optional<Integer> acknowledgedByBroker(int packetId) {
        return deliveries
                .acknowledged(puback(packetId))
                .map(puback -> ((MqttMessageIdVariableHeader) puback.variableHeader()).messageId());
    }

    private static MqttMessage puback(int packetId) {
        return MqttMessageBuilders.pubAck().packetId(packetId).build();
    }

    private static MqttPublishMessage publish(int packetId) {
        return MqttMessageBuilders.publish()
                .topicName("b")
                .messageId(packetId)
                .qos(MqttQoS.AT_LEAST_ONCE)
                .payload(Unpooled.EMPTY_BUFFER)
                .build();
    }
}
