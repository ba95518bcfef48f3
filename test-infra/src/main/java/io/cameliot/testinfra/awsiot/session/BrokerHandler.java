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

import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.Fault.Answer;
import io.cameliot.testinfra.awsiot.flow.PublishFlow;
import io.cameliot.testinfra.awsiot.gateway.DisconnectReason;
import io.cameliot.testinfra.awsiot.gateway.Mqtt5Properties;
import io.cameliot.testinfra.awsiot.gateway.Mqtt5Settings;
import io.cameliot.testinfra.awsiot.topic.SessionFilters;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnAckVariableHeader;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttProperties.StringProperty;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodes;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forwards packets from the broker to the device, except those that AWS IoT Core would not send or a fault prevents.
 */
final class BrokerHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerHandler.class);

    private final GatewayConnection connection;
    private final GatewayServices services;
    private final Channel device;
    private final SubscriptionRequests subscriptions;
    private final AnswerSender answers;
    /** Set when CONNACK arrives. */
    private PublishFlow flow;

    BrokerHandler(GatewayConnection connection, GatewayServices services) {
        this.connection = connection;
        this.services = services;
        this.device = connection.channel();
        this.subscriptions = new SubscriptionRequests(connection, services);
        this.answers = new AnswerSender(connection, services);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
        MqttMessage message = (MqttMessage) read;
        if (message.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            LOG.warn(
                    "The embedded MQTT broker sends what cannot be read",
                    message.decoderResult().cause());
            connection.end(DisconnectReason.SERVER_ERROR);
            return;
        }
        switch (message.fixedHeader().messageType()) {
            case CONNACK -> connected(context, (MqttConnAckMessage) message);
            case PUBLISH -> deliver(context, (MqttPublishMessage) message);
            case PUBACK -> acknowledged(message);
            case SUBACK -> answers.send(Answer.SUBACK, subscriptions.merged((MqttSubAckMessage) message));
            case UNSUBACK -> unsubscribed(message);
            case PINGRESP -> answers.send(Answer.PINGRESP, message);
            default -> {
                ReferenceCountUtil.release(message);
                connection.end(DisconnectReason.SERVER_ERROR);
            }
        }
    }

    private void connected(ChannelHandlerContext context, MqttConnAckMessage answer) {
        if (answer.variableHeader().connectReturnCode() != MqttConnectReturnCode.CONNECTION_ACCEPTED) {
            LOG.warn("The embedded MQTT broker refuses: {}", answer.variableHeader());
            connection.end(DisconnectReason.SERVER_ERROR);
            return;
        }
        boolean sessionPresent = answer.variableHeader().isSessionPresent();
        connection.resumes(sessionPresent);
        if (!sessionPresent) {
            connection.filters().clear();
        }
        services.counters().connected();
        services.lifecycle().connected(connection);
        device.closeFuture().addListener(closed -> {
            DisconnectReason reason = connection.endedBy().orElse(DisconnectReason.CONNECTION_LOST);
            services.wills().ended(connection, reason);
            services.lifecycle().disconnected(connection, reason);
        });
        flow = new PublishFlow(device, context.channel());
        ChannelPipeline pipeline = device.pipeline();
        pipeline.addLast(
                new IdleStateHandler(connection.keepAliveSeconds() * 1500L, 0, 0, TimeUnit.MILLISECONDS),
                new DeviceHandler(connection, context.channel(), flow, subscriptions, answers, services));
        pipeline.remove(ConnectHandler.class);
        answers.send(Answer.CONNACK, connack(sessionPresent));
        device.flush();
    }

    private MqttConnAckMessage connack(boolean sessionPresent) {
        MqttFixedHeader header = new MqttFixedHeader(MqttMessageType.CONNACK, false, MqttQoS.AT_MOST_ONCE, false, 0);
        MqttConnectReturnCode accepted = MqttConnectReturnCode.CONNECTION_ACCEPTED;
        return new MqttConnAckMessage(
                header,
                connection.isMqtt5()
                        ? new MqttConnAckVariableHeader(accepted, sessionPresent, connackToDevice())
                        : new MqttConnAckVariableHeader(accepted, sessionPresent));
    }

    /** The properties of AWS's CONNACK, and no others. */
    private MqttProperties connackToDevice() {
        Mqtt5Settings settings = services.mqtt5();
        MqttProperties properties = new MqttProperties();
        long sessionExpiry = connection.sessionExpirySeconds(services.limits());
        if (sessionExpiry > 0) {
            Mqtt5Properties.put(properties, MqttPropertyType.SESSION_EXPIRY_INTERVAL, (int) sessionExpiry);
        }
        Mqtt5Properties.put(properties, MqttPropertyType.RECEIVE_MAXIMUM, settings.receiveMaximum());
        Mqtt5Properties.put(properties, MqttPropertyType.MAXIMUM_QOS, 1);
        Mqtt5Properties.put(properties, MqttPropertyType.RETAIN_AVAILABLE, flag(settings.retainAvailable()));
        Mqtt5Properties.put(properties, MqttPropertyType.MAXIMUM_PACKET_SIZE, settings.maximumPacketSize());
        Mqtt5Properties.put(properties, MqttPropertyType.TOPIC_ALIAS_MAXIMUM, settings.topicAliasMaximum());
        Mqtt5Properties.put(
                properties,
                MqttPropertyType.WILDCARD_SUBSCRIPTION_AVAILABLE,
                flag(settings.wildcardSubscriptionAvailable()));
        Mqtt5Properties.put(properties, MqttPropertyType.SUBSCRIPTION_IDENTIFIER_AVAILABLE, flag(false));
        Mqtt5Properties.put(
                properties,
                MqttPropertyType.SHARED_SUBSCRIPTION_AVAILABLE,
                flag(settings.sharedSubscriptionAvailable()));
        Mqtt5Properties.put(properties, MqttPropertyType.SERVER_KEEP_ALIVE, connection.keepAliveSeconds());
        if (connection.isClientIdAssigned()) {
            properties.add(
                    new StringProperty(MqttPropertyType.ASSIGNED_CLIENT_IDENTIFIER.value(), connection.clientId()));
        }
        return properties;
    }

    private static int flag(boolean available) {
        return available ? 1 : 0;
    }

    private void deliver(ChannelHandlerContext context, MqttPublishMessage publish) {
        boolean retained = publish.fixedHeader().isRetain();
        String topic = publish.variableHeader().topicName();
        if (!connection.filters().delivers(topic, retained) || !services.mayDeliver(connection, topic)) {
            acknowledge(context, publish);
            publish.release();
            return;
        }
        services.counters().delivered();
        long deliveries = connection.countDelivery();
        MqttPublishMessage delivered = connection.directDeliveries().fromBroker(publish);
        Optional<MqttPublishMessage> repeated = repeatedByFault(delivered);
        device.write(delivered);
        repeated.ifPresent(device::write);
        if (services.faults()
                .take(Fault.DropAfterDeliveries.class, connection.clientId(), fault -> deliveries >= fault.deliveries())
                .isPresent()) {
            device.flush();
            connection.drop();
        }
    }

    private Optional<MqttPublishMessage> repeatedByFault(MqttPublishMessage delivered) {
        String topic = delivered.variableHeader().topicName();
        return services.faults()
                .take(
                        Fault.RepeatDelivery.class,
                        connection.clientId(),
                        fault -> delivered.fixedHeader().qosLevel() == MqttQoS.AT_LEAST_ONCE
                                && SessionFilters.matches(fault.topicFilter(), topic))
                .map(fault -> connection.directDeliveries().repeated(delivered));
    }

    private static void acknowledge(ChannelHandlerContext context, MqttPublishMessage publish) {
        if (publish.fixedHeader().qosLevel() == MqttQoS.AT_LEAST_ONCE) {
            context.writeAndFlush(MqttMessageBuilders.pubAck()
                    .packetId(publish.variableHeader().packetId())
                    .build());
        }
    }

    /** Forwards success or failure. The broker's reason codes are not those of AWS IoT Core. */
    private void acknowledged(MqttMessage puback) {
        int packetId = ((MqttMessageIdVariableHeader) puback.variableHeader()).messageId();
        boolean failed = puback.variableHeader() instanceof MqttPubReplyMessageVariableHeader header
                && header.reasonCode() < 0; // 0x80 and up
        answers.acknowledge(
                packetId, failed ? MqttReasonCodes.PubAck.UNSPECIFIED_ERROR : MqttReasonCodes.PubAck.SUCCESS);
        answers.requests().acknowledged(packetId);
    }

    private void unsubscribed(MqttMessage unsuback) {
        if (!flow.isOwnAnswer()) {
            answers.send(
                    Answer.UNSUBACK,
                    connection.isMqtt5()
                            ? subscriptions.ended(((MqttMessageIdVariableHeader) unsuback.variableHeader()).messageId())
                            : unsuback);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        device.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (flow != null) {
            flow.update();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        // Usually the device's connection has ended first; then this has no effect.
        connection.end(flow != null ? DisconnectReason.SERVER_ERROR : DisconnectReason.CONNECTION_LOST);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("The connection of {} to the embedded MQTT broker failed", connection.clientId(), cause);
        context.close();
    }
}
