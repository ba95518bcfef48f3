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
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Messages to a device that do not come from the broker, interleaved with the broker's. The device needs no
 * subscription. If it has one, its QoS applies, otherwise QoS 0 (AWS does not document the QoS). They are sent once: a
 * device that disconnects before PUBACK does not receive them again. They do not count for the client's Receive
 * Maximum. Event loop only.
 */
public final class DirectDeliveries {
    /** Identifiers are assigned downwards from here, because the broker begins at 1. */
    private static final int HIGHEST_PACKET_ID = 0xFFFF;

    private static final int NOT_FROM_BROKER = 0;

    private final Channel device;
    private final SessionFilters filters;
    /** The broker's packet id by the device's, or {@link #NOT_FROM_BROKER}. */
    private final Map<Integer, Integer> unacknowledged = new HashMap<>();

    private int lastPacketId = HIGHEST_PACKET_ID;
    /** The number of unacknowledged messages, for other threads. */
    private volatile int inFlight;

    public DirectDeliveries(Channel device, SessionFilters filters) {
        this.device = device;
        this.filters = filters;
    }

    /** Sends a message. No effect if the connection has ended. */
    public void send(String topic, byte[] payload) {
        boolean atLeastOnce = filters.qosFor(topic).orElse(0) > 0;
        int packetId = atLeastOnce ? freePacketId() : 0;
        if (atLeastOnce) {
            unacknowledged.put(packetId, NOT_FROM_BROKER);
            inFlight = unacknowledged.size();
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

    /** Converts a message of the broker for the device: its packet id changes if it is already in use. */
    public MqttPublishMessage fromBroker(MqttPublishMessage publish) {
        if (publish.fixedHeader().qosLevel() != MqttQoS.AT_LEAST_ONCE) {
            return publish;
        }
        MqttPublishVariableHeader header = publish.variableHeader();
        boolean taken = unacknowledged.getOrDefault(header.packetId(), header.packetId()) != header.packetId();
        int packetId = taken ? freePacketId() : header.packetId();
        unacknowledged.put(packetId, header.packetId());
        inFlight = unacknowledged.size();
        return taken
                ? new MqttPublishMessage(
                        publish.fixedHeader(),
                        new MqttPublishVariableHeader(header.topicName(), packetId, header.properties()),
                        publish.payload())
                : publish;
    }

    /** Returns a message at QoS 1 once more, with a packet id of its own and without DUP. Both have to be acknowledged. */
    public MqttPublishMessage repeated(MqttPublishMessage delivered) {
        MqttPublishVariableHeader header = delivered.variableHeader();
        int packetId = freePacketId();
        unacknowledged.put(packetId, NOT_FROM_BROKER);
        inFlight = unacknowledged.size();
        return new MqttPublishMessage(
                new MqttFixedHeader(
                        MqttMessageType.PUBLISH,
                        false,
                        MqttQoS.AT_LEAST_ONCE,
                        delivered.fixedHeader().isRetain(),
                        delivered.fixedHeader().remainingLength()),
                new MqttPublishVariableHeader(header.topicName(), packetId, header.properties()),
                delivered.payload().retainedDuplicate());
    }

    /**
     * Converts a PUBACK of the device for the broker.
     *
     * @return empty if it does not acknowledge a message of the broker
     */
    public Optional<MqttMessage> acknowledged(MqttMessage puback) {
        MqttMessageIdVariableHeader header = (MqttMessageIdVariableHeader) puback.variableHeader();
        int brokerId =
                Optional.ofNullable(unacknowledged.remove(header.messageId())).orElse(header.messageId());
        inFlight = unacknowledged.size();
        if (brokerId == NOT_FROM_BROKER) {
            return Optional.empty();
        }
        return Optional.of(
                brokerId == header.messageId()
                        ? puback
                        : new MqttMessage(puback.fixedHeader(), withPacketId(header, brokerId)));
    }

    /** Returns the number of messages at QoS 1 that wait for their PUBACK. Any thread. */
    public int inFlight() {
        return inFlight;
    }

    private static MqttMessageIdVariableHeader withPacketId(MqttMessageIdVariableHeader header, int packetId) {
        return header instanceof MqttPubReplyMessageVariableHeader reply
                ? new MqttPubReplyMessageVariableHeader(packetId, reply.reasonCode(), reply.properties())
                : MqttMessageIdVariableHeader.from(packetId);
    }
}
