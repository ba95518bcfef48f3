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

import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectPayload;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A CONNECT packet from a client, accepted or not. An empty component was not sent.
 *
 * @param clientId the client id; empty if the server has to assign one
 * @param protocolLevel 4 for MQTT 3.1.1, 5 for MQTT 5
 * @param cleanStart clean start (5) or clean session (3.1.1)
 * @param keepAliveSeconds seconds of the requested keep alive; 0 for none
 * @param userName the user name up to its {@code ?}; the rest can contain secrets
 * @param properties the properties of MQTT 5
 * @param will the will
 */
public record ReceivedConnect(
        String clientId,
        int protocolLevel,
        boolean cleanStart,
        int keepAliveSeconds,
        Optional<String> userName,
        Properties properties,
        Optional<Will> will) {
    /**
     * The MQTT 5 properties of a CONNECT (section 3.1.2.11). An empty component was not sent.
     *
     * @param sessionExpirySeconds Session Expiry Interval; 4294967295 for never
     * @param receiveMaximum Receive Maximum
     * @param maximumPacketSize Maximum Packet Size, in bytes
     * @param topicAliasMaximum Topic Alias Maximum
     * @param requestProblemInformation Request Problem Information, 0 or 1
     * @param requestResponseInformation Request Response Information, 0 or 1
     * @param userProperties User Properties, in their order
     */
    public record Properties(
            OptionalLong sessionExpirySeconds,
            OptionalInt receiveMaximum,
            OptionalLong maximumPacketSize,
            OptionalInt topicAliasMaximum,
            OptionalInt requestProblemInformation,
            OptionalInt requestResponseInformation,
            List<UserPropertyPair> userProperties) {
        static Properties of(MqttProperties properties) {
            return new Properties(
                    Mqtt5Properties.unsigned(properties, MqttPropertyType.SESSION_EXPIRY_INTERVAL),
                    Mqtt5Properties.integer(properties, MqttPropertyType.RECEIVE_MAXIMUM),
                    Mqtt5Properties.unsigned(properties, MqttPropertyType.MAXIMUM_PACKET_SIZE),
                    Mqtt5Properties.integer(properties, MqttPropertyType.TOPIC_ALIAS_MAXIMUM),
                    Mqtt5Properties.integer(properties, MqttPropertyType.REQUEST_PROBLEM_INFORMATION),
                    Mqtt5Properties.integer(properties, MqttPropertyType.REQUEST_RESPONSE_INFORMATION),
                    Mqtt5Properties.userProperties(properties));
        }
    }

    /**
     * A will.
     *
     * @param topic its topic
     * @param payload its payload; must not be changed
     * @param qos 0 to 2
     * @param retained whether the server should retain it
     * @param delaySeconds Will Delay Interval; the gateway ignores it, as AWS IoT Core does as far as is known
     * @param properties the properties of the message
     */
    public record Will(
            String topic,
            byte[] payload,
            int qos,
            boolean retained,
            OptionalLong delaySeconds,
            PublishProperties properties) {}

    public static ReceivedConnect of(MqttConnectMessage connect) {
        MqttConnectVariableHeader header = connect.variableHeader();
        MqttConnectPayload payload = connect.payload();
        return new ReceivedConnect(
                payload.clientIdentifier(),
                header.version(),
                header.isCleanSession(),
                header.keepAliveTimeSeconds(),
                Optional.ofNullable(payload.userName()).map(ReceivedConnect::withoutParameters),
                Properties.of(header.properties()),
                header.isWillFlag() ? Optional.of(will(header, payload)) : Optional.empty());
    }

    /**
     * The version of MQTT.
     *
     * @return {@code 3.1.1} or {@code 5}
     */
    public String mqttVersion() {
        return protocolLevel == MqttVersion.MQTT_5.protocolLevel() ? "5" : "3.1.1";
    }

    private static Will will(MqttConnectVariableHeader header, MqttConnectPayload payload) {
        return new Will(
                payload.willTopic(),
                payload.willMessageInBytes(),
                header.willQos(),
                header.isWillRetain(),
                Mqtt5Properties.unsigned(payload.willProperties(), MqttPropertyType.WILL_DELAY_INTERVAL),
                PublishProperties.of(payload.willProperties()));
    }

    private static String withoutParameters(String userName) {
        int parameters = userName.indexOf('?');
        return parameters < 0 ? userName : userName.substring(0, parameters);
    }
}
