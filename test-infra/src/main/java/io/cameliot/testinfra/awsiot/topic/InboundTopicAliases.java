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
package io.cameliot.testinfra.awsiot.topic;

import io.cameliot.testinfra.awsiot.gateway.Mqtt5Properties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The topic aliases that a client has set on one connection, for the lifetime of that connection (MQTT 5, section
 * 3.3.2.3.4).
 */
public final class InboundTopicAliases {
    private final int maximum;
    private final Map<Integer, String> topics = new HashMap<>();

    public InboundTopicAliases(int maximum) {
        this.maximum = maximum;
    }

    /**
     * The topic of a message, resolved from its alias if necessary.
     *
     * @return the topic, which is the empty string if the message has neither topic nor alias; no value if the alias is
     *     out of range or unknown
     */
    public Optional<String> resolve(MqttPublishMessage publish) {
        String topic = publish.variableHeader().topicName();
        OptionalInt alias =
                Mqtt5Properties.integer(publish.variableHeader().properties(), MqttPropertyType.TOPIC_ALIAS);
        if (alias.isEmpty()) {
            return Optional.of(topic);
        }
        if (alias.getAsInt() < 1 || alias.getAsInt() > maximum) {
            return Optional.empty();
        }
        if (!topic.isEmpty()) {
            topics.put(alias.getAsInt(), topic);
        }
        return Optional.ofNullable(topics.get(alias.getAsInt()));
    }
}
