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

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A message that the gateway took from a device.
 *
 * @param clientId who published it; empty over HTTPS, which has no client ids
 * @param topic its topic, also where the client sent an alias for it
 * @param payload its payload; not to be changed
 * @param qos 0 or 1
 * @param retained whether it was to be retained
 * @param duplicate whether the client marked it as sent before (DUP)
 * @param mqttVersion {@code 3.1.1} or {@code 5}; empty over HTTPS
 * @param packetId its packet id at QoS 1; empty at QoS 0 and over HTTPS
 * @param sentTopic the topic as it stood in the packet: empty where the alias alone was sent
 * @param topicAlias the topic alias in the packet
 * @param properties its MQTT 5 properties as the client sent them
 */
public record ReceivedPublish(
        Optional<String> clientId,
        String topic,
        byte[] payload,
        int qos,
        boolean retained,
        boolean duplicate,
        Optional<String> mqttVersion,
        OptionalInt packetId,
        String sentTopic,
        OptionalInt topicAlias,
        PublishProperties properties) {
    static ReceivedPublish of(GatewayConnection connection, MqttPublishMessage publish, String topic) {
        int qos = publish.fixedHeader().qosLevel().value();
        return new ReceivedPublish(
                Optional.of(connection.clientId()),
                topic,
                ByteBufUtil.getBytes(publish.payload()),
                qos,
                publish.fixedHeader().isRetain(),
                publish.fixedHeader().isDup(),
                Optional.of(connection.mqttVersion()),
                qos == 0
                        ? OptionalInt.empty()
                        : OptionalInt.of(publish.variableHeader().packetId()),
                publish.variableHeader().topicName(),
                Mqtt5Properties.integer(publish.variableHeader().properties(), MqttPropertyType.TOPIC_ALIAS),
                PublishProperties.of(publish.variableHeader().properties()));
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
                + " bytes" + (retained ? ", retained" : "") + (duplicate ? ", dup" : "")
                + (topicAlias.isPresent() ? ", alias " + topicAlias.getAsInt() : "") + "]";
    }
}
