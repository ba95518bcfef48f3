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
package io.cameliot.testinfra.awsiot.session;

import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import io.cameliot.testinfra.awsiot.auth.Policies;
import io.cameliot.testinfra.awsiot.auth.Principal;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.Faults;
import io.cameliot.testinfra.awsiot.gateway.Limits;
import io.cameliot.testinfra.awsiot.gateway.Mqtt5Properties;
import io.cameliot.testinfra.awsiot.gateway.Mqtt5Settings;
import io.cameliot.testinfra.awsiot.topic.TopicChecks;
import io.cameliot.testinfra.event.AwsIotRule;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectPayload;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;

/** Checks CONNECT packets like AWS IoT Core. Authentication happens elsewhere. */
public final class Admission {

    private final Limits limits;
    private final Mqtt5Settings mqtt5;
    private final Policies policies;
    private final Connections connections;
    private final Faults faults;

    public Admission(GatewaySettings settings, Connections connections) {
        this.limits = settings.limits();
        this.mqtt5 = settings.mqtt5();
        this.policies = settings.identities().policies();
        this.connections = connections;
        this.faults = settings.faults();
    }

    /** Checks that do not depend on the client's identity. */
    Optional<Refusal> judgeForm(MqttConnectMessage connect) {
        MqttConnectVariableHeader header = connect.variableHeader();
        MqttConnectPayload payload = connect.payload();
        if (header.version() == MqttVersion.MQTT_3_1.protocolLevel()) {
            return Optional.of(Refusal.unsupportedVersion());
        }
        String clientId = payload.clientIdentifier();
        if (clientId.isEmpty() && !header.isCleanSession() && !isMqtt5(header)) {
            return Optional.of(Refusal.badClientId("A persistent session needs a client id"));
        }
        if (clientId.startsWith("$")) {
            return Optional.of(Refusal.badClientId("A client id must not start with $"));
        }
        if (clientId.getBytes(StandardCharsets.UTF_8).length > Limits.CLIENT_ID_BYTES) {
            return Optional.of(
                    Refusal.badClientId("A client id has at most " + Limits.CLIENT_ID_BYTES + " bytes in UTF-8"));
        }
        Optional<Refusal> badProperties = judgeProperties(header.properties());
        if (badProperties.isPresent()) {
            return badProperties;
        }
        return header.isWillFlag() ? judgeWill(header, payload) : Optional.empty();
    }

    private static boolean isMqtt5(MqttConnectVariableHeader header) {
        return header.version() == MqttVersion.MQTT_5.protocolLevel();
    }

    /** Checks the properties (MQTT 5, section 3.1.2.11). AWS IoT Core has no enhanced authentication. */
    private static Optional<Refusal> judgeProperties(MqttProperties properties) {
        if (isZero(properties, MqttPropertyType.RECEIVE_MAXIMUM)) {
            return Optional.of(Refusal.protocolError("Receive Maximum is 0"));
        }
        if (isZero(properties, MqttPropertyType.MAXIMUM_PACKET_SIZE)) {
            return Optional.of(Refusal.protocolError("Maximum Packet Size is 0"));
        }
        return Mqtt5Properties.text(properties, MqttPropertyType.AUTHENTICATION_METHOD)
                .map(method -> Refusal.protocolError("Enhanced authentication is not supported"));
    }

    private static boolean isZero(MqttProperties properties, MqttPropertyType type) {
        return Mqtt5Properties.integer(properties, type).equals(OptionalInt.of(0));
    }

    private Optional<Refusal> judgeWill(MqttConnectVariableHeader header, MqttConnectPayload payload) {
        if (header.willQos() > 1) {
            return Optional.of(Refusal.hangUp(
                    MqttConnectReturnCode.CONNECTION_REFUSED_QOS_NOT_SUPPORTED,
                    AwsIotRule.WILL,
                    "A will at QoS 2 is not supported"));
        }
        if (isMqtt5(header) && header.isWillRetain() && !mqtt5.retainAvailable()) {
            return Optional.of(Refusal.hangUp(
                    MqttConnectReturnCode.CONNECTION_REFUSED_RETAIN_NOT_SUPPORTED,
                    AwsIotRule.NOT_AVAILABLE,
                    "Nothing can be retained"));
        }
        if (Mqtt5Properties.text(payload.willProperties(), MqttPropertyType.RESPONSE_TOPIC)
                .filter(TopicChecks::isNoTopic)
                .isPresent()) {
            return Optional.of(Refusal.protocolError("The response topic of the will is no topic"));
        }
        return TopicChecks.topicFault(payload.willTopic())
                .map(fault -> Refusal.hangUp(
                        MqttConnectReturnCode.CONNECTION_REFUSED_TOPIC_NAME_INVALID,
                        AwsIotRule.WILL,
                        "Bad topic of the will: " + fault));
    }

    /** Checks whether an authenticated client may connect now. */
    Optional<Refusal> judgeRight(MqttConnectMessage connect, String clientId, Principal principal) {
        DevicePolicy policy = policies.of(clientId, principal);
        if (!policy.allows(Action.CONNECT, clientId)) {
            return Optional.of(Refusal.notAuthorized(policy.explain(Action.CONNECT, clientId)));
        }
        if (connect.variableHeader().isWillFlag()) {
            String topic = connect.payload().willTopic();
            Optional<Action> forbidden =
                    policy.forbiddenToPublish(topic, connect.variableHeader().isWillRetain());
            if (forbidden.isPresent()) {
                return Optional.of(Refusal.notAuthorized("The will: " + policy.explain(forbidden.get(), topic)));
            }
        }
        if (connections.isTooSoon(clientId, limits.connectInterval())) {
            return Optional.of(Refusal.hangUp(
                    MqttConnectReturnCode.CONNECTION_REFUSED_QUOTA_EXCEEDED,
                    AwsIotRule.CONNECT_RATE,
                    clientId + " has to wait " + limits.connectInterval() + " between two CONNECTs"));
        }
        return faults.take(Fault.RefuseConnection.class, clientId, fault -> true)
                .map(fault -> Refusal.injected(fault.returnCode()));
    }
}
