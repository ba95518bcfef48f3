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

import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import java.util.List;

/**
 * An UNSUBSCRIBE packet from a client, successful or not.
 *
 * @param clientId the sender
 * @param packetId its packet id
 * @param topicFilters the filters in their order
 * @param userProperties MQTT 5's User Properties, in their order
 */
public record ReceivedUnsubscribe(
        String clientId, int packetId, List<String> topicFilters, List<UserPropertyPair> userProperties) {
    public static ReceivedUnsubscribe of(String clientId, MqttUnsubscribeMessage unsubscribe) {
        return new ReceivedUnsubscribe(
                clientId,
                unsubscribe.variableHeader().messageId(),
                List.copyOf(unsubscribe.payload().topics()),
                Mqtt5Properties.userProperties(
                        unsubscribe.idAndPropertiesVariableHeader().properties()));
    }
}
