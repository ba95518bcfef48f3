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

import io.cameliot.testinfra.awsiot.topic.SessionFilters;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Messages to a device that do not come from the broker, between those that do. They come without a subscription; where
 * there is one, at its QoS, else at QoS 0 (AWS does not say at which). They are sent once: who is gone before PUBACK does not
 * get them again. They do not count for the client's Receive Maximum. On the event loop of the connection.
 */
public final class DirectDeliveries {
    /** From here downwards; the broker begins at 1. */
    private static final int HIGHEST_PACKET_ID = 0xFFFF;

    private static final int NOT_FROM_BROKER = 0;

    private final Channel device;
    private final SessionFilters filters;
    /** By the packet id that the device knows: that of the broker, or {@link #NOT_FROM_BROKER}. */
    private final Map<Integer, Integer> unacknowledged = new HashMap<>();

    private int lastPacketId = HIGHEST_PACKET_ID;

    public DirectDeliveries(Channel device, SessionFilters filters) {
        this.device = device;
        this.filters = filters;
    }

    /** Sends a message; nothing happens if the connection has ended. */
    public void send(String topic, byte[] payload) {
        boolean atLeastOnce = filters.qosFor(topic).orElse(0) > 0;
        int packetId = atLeastOnce ? freePacketId() : 0;
        if (atLeastOnce) {
            unacknowledged.put(packetId, NOT_FROM_BROKER);
        }
        device.writeAndFlush(MqttMessageBuilders.publish()
                .topicName(topic)
                .messageId(packetId)
                .qos(atLeastOnce ? MqttQoS.AT_LEAST_ONCE : MqttQoS.AT_MOST_ONCE)
                .payload(Unpooled.wrappedBuffer(payload))
                .build());
    }

    private int freePacketId() {
        do {
            lastPacketId = lastPacketId == 1 ? HIGHEST_PACKET_ID : lastPacketId - 1;
        } while (unacknowledged.containsKey(lastPacketId));
        return lastPacketId;
    }

    /** A message of the broker's as the device gets it: with another packet id if its own is taken. */
    public MqttPublishMessage fromBroker(MqttPublishMessage publish) {
        if (publish.fixedHeader().qosLevel() != MqttQoS.AT_LEAST_ONCE) {
            return publish;
        }
        MqttPublishVariableHeader header = publish.variableHeader();
        boolean taken = unacknowledged.getOrDefault(header.packetId(), header.packetId()) != header.packetId();
        int packetId = taken ? freePacketId() : header.packetId();
        unacknowledged.put(packetId, header.packetId());
        return taken
                ? new MqttPublishMessage(
                        publish.fixedHeader(),
                        new MqttPublishVariableHeader(header.topicName(), packetId, header.properties()),
                        publish.payload())
                : publish;
    }

    /**
     * A PUBACK of the device's as the broker gets it.
     *
     * @return empty if it is for no message of the broker's
     */
    public Optional<MqttMessage> acknowledged(MqttMessage puback) {
        MqttMessageIdVariableHeader header = (MqttMessageIdVariableHeader) puback.variableHeader();
        int brokerId =
                Optional.ofNullable(unacknowledged.remove(header.messageId())).orElse(header.messageId());
        if (brokerId == NOT_FROM_BROKER) {
            return Optional.empty();
        }
        return Optional.of(
                brokerId == header.messageId()
                        ? puback
                        : new MqttMessage(puback.fixedHeader(), withPacketId(header, brokerId)));
    }

    private static MqttMessageIdVariableHeader withPacketId(MqttMessageIdVariableHeader header, int packetId) {
        return header instanceof MqttPubReplyMessageVariableHeader reply
                ? new MqttPubReplyMessageVariableHeader(packetId, reply.reasonCode(), reply.properties())
                : MqttMessageIdVariableHeader.from(packetId);
    }
}
