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

import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import java.util.List;

/**
 * A SUBSCRIBE packet from a client, successful or not.
 *
 * @param clientId the sender
 * @param packetId its packet id
 * @param subscriptions the requested subscriptions in their order
 * @param userProperties MQTT 5's User Properties, in their order
 */
public record ReceivedSubscribe(
        String clientId, int packetId, List<Subscription> subscriptions, List<UserPropertyPair> userProperties) {
    /**
     * A requested subscription.
     *
     * @param topicFilter the filter
     * @param qos the highest QoS requested
     */
    public record Subscription(String topicFilter, int qos) {}

    public static ReceivedSubscribe of(String clientId, MqttSubscribeMessage subscribe) {
        return new ReceivedSubscribe(
                clientId,
                subscribe.variableHeader().messageId(),
                subscribe.payload().topicSubscriptions().stream()
                        .map(asked -> new Subscription(
                                asked.topicFilter(), asked.qualityOfService().value()))
                        .toList(),
                Mqtt5Properties.userProperties(
                        subscribe.idAndPropertiesVariableHeader().properties()));
    }
}
