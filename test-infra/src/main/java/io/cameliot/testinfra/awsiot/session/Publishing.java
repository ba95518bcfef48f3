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
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.flow.PublishFlow;
import io.cameliot.testinfra.awsiot.gateway.DisconnectReason;
import io.cameliot.testinfra.awsiot.gateway.Limits;
import io.cameliot.testinfra.awsiot.gateway.Mqtt5Properties;
import io.cameliot.testinfra.awsiot.gateway.Mqtt5Settings.PublishRefusal;
import io.cameliot.testinfra.awsiot.gateway.ReceivedPublish;
import io.cameliot.testinfra.awsiot.topic.InboundTopicAliases;
import io.cameliot.testinfra.awsiot.topic.SessionFilters;
import io.cameliot.testinfra.awsiot.topic.TopicChecks;
import io.cameliot.testinfra.event.AwsIotRule;
import io.netty.channel.Channel;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodes.Disconnect;
import io.netty.handler.codec.mqtt.MqttReasonCodes.PubAck;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;

/** Checks the messages of a device and forwards those that AWS IoT Core accepts. */
final class Publishing {
    /** The topic of requests that subscribers must not see. The broker only acknowledges them, in order. */
    private static final String SERVICE_TOPIC = "$emulator/\u0001service";

    private final GatewayConnection connection;
    private final Channel broker;
    private final PublishFlow flow;
    private final AnswerSender answers;
    private final GatewayServices services;
    private final InboundTopicAliases aliases;

    Publishing(
            GatewayConnection connection,
            Channel broker,
            PublishFlow flow,
            AnswerSender answers,
            GatewayServices services) {
        this.connection = connection;
        this.broker = broker;
        this.flow = flow;
        this.answers = answers;
        this.services = services;
        this.aliases = new InboundTopicAliases(services.mqtt5().topicAliasMaximum());
    }

    /** Handles a message and releases it unless it is forwarded. */
    void publish(MqttPublishMessage publish) {
        Optional<String> topic = connection.isMqtt5()
                ? aliases.resolve(publish)
                : Optional.of(publish.variableHeader().topicName());
        if (topic.isEmpty()) {
            services.end(
                    connection,
                    Disconnect.TOPIC_ALIAS_INVALID,
                    AwsIotRule.TOPIC_ALIAS,
                    () -> "A PUBLISH has a topic alias that is not set or too high");
            publish.release();
        } else if (keepsTheProtocol(publish, topic.get())
                && !isRefusedByFault(publish, topic.get())
                && isWithinRate(publish, topic.get())
                && isAllowed(publish, topic.get())) {
            forward(publish, topic.get());
        } else {
            publish.release();
        }
    }

    private boolean keepsTheProtocol(MqttPublishMessage publish, String topic) {
        if (publish.fixedHeader().qosLevel() == MqttQoS.EXACTLY_ONCE) {
            if (connection.isMqtt5()) {
                services.end(connection, Disconnect.QOS_NOT_SUPPORTED, AwsIotRule.QOS_2, () -> "PUBLISH to " + topic);
            } else {
                services.refused(connection, AwsIotRule.QOS_2, DeviceHandler.NO_ANSWER, () -> "PUBLISH to " + topic);
            }
            return false;
        }
        if (connection.isMqtt5()) {
            Optional<Disconnect> violation = mqtt5Violation(publish, topic);
            if (violation.isPresent()) {
                services.end(
                        connection,
                        violation.get(),
                        violation.get() == Disconnect.PROTOCOL_ERROR ? AwsIotRule.PROTOCOL : AwsIotRule.NOT_AVAILABLE,
                        () -> "PUBLISH to " + topic + ": " + violation.get());
                return false;
            }
            if (!opensWindow(publish)) {
                return false;
            }
        }
        if (publish.payload().readableBytes() > Limits.PAYLOAD_BYTES) {
            int bytes = publish.payload().readableBytes();
            services.hangUp(
                    connection,
                    AwsIotRule.SIZE,
                    () -> "The payload of a PUBLISH to " + topic + " has " + bytes + " bytes");
            return false;
        }
        return true;
    }

    private Optional<Disconnect> mqtt5Violation(MqttPublishMessage publish, String topic) {
        MqttProperties properties = publish.variableHeader().properties();
        boolean badResponseTopic = Mqtt5Properties.text(properties, MqttPropertyType.RESPONSE_TOPIC)
                .filter(TopicChecks::isNoTopic)
                .isPresent();
        if (topic.isEmpty()
                || badResponseTopic
                || Mqtt5Properties.integer(properties, MqttPropertyType.SUBSCRIPTION_IDENTIFIER)
                        .isPresent()) {
            return Optional.of(Disconnect.PROTOCOL_ERROR);
        }
        return publish.fixedHeader().isRetain() && !services.mqtt5().retainAvailable()
                ? Optional.of(Disconnect.RETAIN_NOT_SUPPORTED)
                : Optional.empty();
    }

    private boolean opensWindow(MqttPublishMessage publish) {
        if (publish.fixedHeader().qosLevel() != MqttQoS.AT_LEAST_ONCE) {
            return true;
        }
        int packetId = publish.variableHeader().packetId();
        if (answers.window().isInUse(packetId) && !publish.fixedHeader().isDup()) {
            services.refused(
                    connection,
                    AwsIotRule.IN_FLIGHT,
                    answerOf(PubAck.PACKET_IDENTIFIER_IN_USE),
                    () -> "Packet id " + packetId + " is in use");
            answers.acknowledge(packetId, PubAck.PACKET_IDENTIFIER_IN_USE);
            return false;
        }
        if (answers.window().open(packetId)) {
            return true;
        }
        services.end(
                connection,
                Disconnect.RECEIVE_MAXIMUM_EXCEEDED,
                AwsIotRule.IN_FLIGHT,
                () -> "More than " + services.mqtt5().receiveMaximum() + " messages wait for their PUBACK");
        return false;
    }

    private boolean isRefusedByFault(MqttPublishMessage publish, String topic) {
        if (!connection.isMqtt5() || publish.fixedHeader().qosLevel() != MqttQoS.AT_LEAST_ONCE) {
            return false;
        }
        Optional<Fault.RefusePublish> fault = services.faults()
                .take(
                        Fault.RefusePublish.class,
                        connection.clientId(),
                        refusal -> SessionFilters.matches(refusal.topicFilter(), topic));
        fault.ifPresent(refusal -> {
            services.refused(connection, AwsIotRule.INJECTED_FAULT, "PUBACK", refusal::toString);
            answers.acknowledge(publish.variableHeader().packetId(), (byte) refusal.reasonCode());
        });
        return fault.isPresent();
    }

    /**
     * Whether the connection has published and received fewer messages in this second than it may. AWS discards the
     * others. That an MQTT 5 client is told so by a PUBACK is an assumption, drawn from AWS's list of reason codes.
     */
    private boolean isWithinRate(MqttPublishMessage publish, String topic) {
        if (connection.publishRate().permits()) {
            return true;
        }
        boolean answered = connection.isMqtt5() && publish.fixedHeader().qosLevel() == MqttQoS.AT_LEAST_ONCE;
        services.refused(
                connection,
                AwsIotRule.PUBLISH_RATE,
                answered ? answerOf(PubAck.QUOTA_EXCEEDED) : DeviceHandler.NO_ANSWER,
                () -> "PUBLISH to " + topic);
        if (answered) {
            answers.acknowledge(publish.variableHeader().packetId(), PubAck.QUOTA_EXCEEDED);
        }
        return false;
    }

    private boolean isAllowed(MqttPublishMessage publish, String topic) {
        Optional<String> fault = TopicChecks.topicFault(topic);
        if (fault.isPresent()) {
            BrokenRule broken = new BrokenRule(AwsIotRule.TOPIC, () -> "PUBLISH to " + topic + ": " + fault.get());
            refuse(publish, broken, PubAck.TOPIC_NAME_INVALID, Disconnect.TOPIC_NAME_INVALID);
            return false;
        }
        DevicePolicy policy = services.policyOf(connection.clientId(), connection.principal());
        Optional<Action> forbidden =
                policy.forbiddenToPublish(topic, publish.fixedHeader().isRetain());
        if (forbidden.isPresent()) {
            BrokenRule broken = new BrokenRule(AwsIotRule.POLICY, () -> policy.explain(forbidden.get(), topic));
            refuse(publish, broken, PubAck.NOT_AUTHORIZED, Disconnect.NOT_AUTHORIZED);
            return false;
        }
        return true;
    }

    private record BrokenRule(AwsIotRule rule, Supplier<String> detail) {
        DisconnectReason reason() {
            return rule == AwsIotRule.POLICY ? DisconnectReason.FORBIDDEN_ACCESS : DisconnectReason.CLIENT_ERROR;
        }
    }

    private void refuse(MqttPublishMessage publish, BrokenRule broken, PubAck code, Disconnect otherwise) {
        if (connection.isMqtt5()
                && publish.fixedHeader().qosLevel() == MqttQoS.AT_LEAST_ONCE
                && services.mqtt5().publishRefusal() == PublishRefusal.PUBACK) {
            services.refused(connection, broken.rule(), answerOf(code), broken.detail());
            answers.acknowledge(publish.variableHeader().packetId(), code);
        } else {
            services.end(connection, broken.reason(), otherwise, broken.rule(), broken.detail());
        }
    }

    private static String answerOf(PubAck code) {
        return "PUBACK 0x" + HexFormat.of().withUpperCase().toHexDigits(code.byteValue());
    }

    private void forward(MqttPublishMessage publish, String topic) {
        services.counters().published();
        ReceivedPublish received =
                ReceivedPublish.byMqtt(connection.clientId(), connection.mqttVersion(), publish, topic);
        services.journal().publishes().add(received);
        services.events().published(topic, received::toEvent);
        long publishes = connection.countPublish();
        int payloadBytes = publish.payload().readableBytes();
        boolean hidden = answers.requests().received(publish, topic);
        broker.write(connection.isMqtt5() || hidden ? toBroker(publish, hidden ? SERVICE_TOPIC : topic) : publish);
        flow.published(payloadBytes);
        if (services.faults()
                .take(Fault.DropAfterPublishes.class, connection.clientId(), fault -> publishes >= fault.publishes())
                .isPresent()) {
            broker.flush();
            connection.drop();
        }
    }

    private static MqttPublishMessage toBroker(MqttPublishMessage publish, String topic) {
        MqttPublishVariableHeader header = publish.variableHeader();
        return new MqttPublishMessage(
                publish.fixedHeader(),
                new MqttPublishVariableHeader(
                        topic, header.packetId(), Mqtt5Properties.messageToBroker(header.properties())),
                publish.payload());
    }
}
