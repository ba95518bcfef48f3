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

import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import java.util.List;
import java.util.OptionalLong;

/**
 * A DISCONNECT packet from a client.
 *
 * @param reasonCode MQTT 5 reason code, 0 to 255; 0 with MQTT 3.1.1
 * @param sessionExpirySeconds MQTT 5's Session Expiry Interval, if the client changes it
 * @param userProperties MQTT 5's User Properties, in their order
 */
public record ReceivedDisconnect(
        int reasonCode, OptionalLong sessionExpirySeconds, List<UserPropertyPair> userProperties) {
    public static ReceivedDisconnect of(MqttMessage disconnect) {
        return disconnect.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader header
                ? new ReceivedDisconnect(
                        Byte.toUnsignedInt(header.reasonCode()),
                        Mqtt5Properties.unsigned(header.properties(), MqttPropertyType.SESSION_EXPIRY_INTERVAL),
                        Mqtt5Properties.userProperties(header.properties()))
                : new ReceivedDisconnect(0, OptionalLong.empty(), List.of());
    }
}
