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
package io.cameliot.testinfra.awsiot.gateway;

import io.cameliot.testinfra.awsiot.broker.BrokerPublisher.BrokerMessage;
import io.cameliot.testinfra.event.Published;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A message that the gateway accepted from a device.
 *
 * @param clientId the publisher; empty over HTTPS, which has no client ids
 * @param topic its topic, even if the client sent an alias for it
 * @param payload its payload; must not be changed
 * @param qos 0 or 1
 * @param retained whether the client set the retain flag
 * @param packet the other fields of its PUBLISH packet
 * @param properties its MQTT 5 properties as the client sent them
 */
public record ReceivedPublish(
        Optional<String> clientId,
        String topic,
        byte[] payload,
        int qos,
        boolean retained,
        Packet packet,
        PublishProperties properties) {
    /**
     * The packet of a message.
     *
     * @param mqttVersion {@code 3.1.1} or {@code 5}; empty over HTTPS
     * @param packetId the packet id at QoS 1; empty at QoS 0 and over HTTPS
     * @param duplicate the DUP flag
     * @param topic the topic in the packet; empty if the packet has only an alias
     * @param topicAlias the topic alias in the packet
     */
    public record Packet(
            Optional<String> mqttVersion,
            OptionalInt packetId,
            boolean duplicate,
            String topic,
            OptionalInt topicAlias) {}

    /** Reads the message of a PUBLISH packet. */
    public static ReceivedPublish byMqtt(
            String clientId, String mqttVersion, MqttPublishMessage publish, String topic) {
        int qos = publish.fixedHeader().qosLevel().value();
        return new ReceivedPublish(
                Optional.of(clientId),
                topic,
                ByteBufUtil.getBytes(publish.payload()),
                qos,
                publish.fixedHeader().isRetain(),
                new Packet(
                        Optional.of(mqttVersion),
                        qos == 0
                                ? OptionalInt.empty()
                                : OptionalInt.of(publish.variableHeader().packetId()),
                        publish.fixedHeader().isDup(),
                        publish.variableHeader().topicName(),
                        Mqtt5Properties.integer(publish.variableHeader().properties(), MqttPropertyType.TOPIC_ALIAS)),
                PublishProperties.of(publish.variableHeader().properties()));
    }

    /** Reads the message of an HTTPS request. */
    public static ReceivedPublish byHttps(BrokerMessage message) {
        return new ReceivedPublish(
                Optional.empty(),
                message.topic(),
                message.payload(),
                message.qos(),
                message.retained(),
                new Packet(Optional.empty(), OptionalInt.empty(), false, message.topic(), OptionalInt.empty()),
                PublishProperties.of(message.properties()));
    }

    /** The message as an event. */
    public Published toEvent() {
        return Published.of(
                new Published.Origin(
                        clientId.isPresent() ? Published.Kind.DEVICE : Published.Kind.HTTPS, clientId.orElse("")),
                topic,
                payload,
                qos,
                retained,
                properties.asText());
    }

    /**
     * Whether the client marked the message as a retransmission.
     *
     * @return the packet's DUP flag
     */
    public boolean duplicate() {
        return packet.duplicate();
    }

    /**
     * The topic in the packet.
     *
     * @return the topic; empty if the packet has only an alias
     */
    public String sentTopic() {
        return packet.topic();
    }

    /**
     * The topic alias in the packet.
     *
     * @return the alias; empty if the packet has none
     */
    public OptionalInt topicAlias() {
        return packet.topicAlias();
    }

    /**
     * The payload as text.
     *
     * @return the payload decoded as UTF-8
     */
    public String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "ReceivedPublish[" + clientId.orElse("HTTPS") + " " + topic + ", qos " + qos + ", " + payload.length
                + " bytes" + (retained ? ", retained" : "") + (packet.duplicate() ? ", dup" : "")
                + (packet.topicAlias().isPresent()
                        ? ", alias " + packet.topicAlias().getAsInt()
                        : "") + "]";
    }
}
