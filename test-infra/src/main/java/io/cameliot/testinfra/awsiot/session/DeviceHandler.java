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

import io.cameliot.testinfra.awsiot.fault.Fault.Answer;
import io.cameliot.testinfra.awsiot.flow.PublishFlow;
import io.cameliot.testinfra.awsiot.gateway.DisconnectReason;
import io.cameliot.testinfra.awsiot.gateway.Limits;
import io.cameliot.testinfra.awsiot.gateway.Mqtt5Properties;
import io.cameliot.testinfra.awsiot.gateway.ReceivedDisconnect;
import io.cameliot.testinfra.awsiot.gateway.ReceivedSubscribe;
import io.cameliot.testinfra.awsiot.gateway.ReceivedUnsubscribe;
import io.cameliot.testinfra.awsiot.topic.TopicChecks;
import io.cameliot.testinfra.event.AwsIotRule;
import io.cameliot.testinfra.net.WebSocketMqttCodec;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttReasonCodes;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forwards those packets of the device to the broker that AWS IoT Core accepts. */
final class DeviceHandler extends ChannelInboundHandlerAdapter {
    private static final int BITS_PER_LENGTH_BYTE = 7;

    /** What a client gets whose packet is ignored. */
    static final String NO_ANSWER = "no answer";

    private static final Logger LOG = LoggerFactory.getLogger(DeviceHandler.class);

    private final GatewayConnection connection;
    private final Channel broker;
    private final PublishFlow flow;
    private final SubscriptionRequests subscriptions;
    private final AnswerSender answers;
    private final Publishing publishing;
    private final GatewayServices services;

    DeviceHandler(
            GatewayConnection connection,
            Channel broker,
            PublishFlow flow,
            SubscriptionRequests subscriptions,
            AnswerSender answers,
            GatewayServices services) {
        this.connection = connection;
        this.broker = broker;
        this.flow = flow;
        this.subscriptions = subscriptions;
        this.answers = answers;
        this.services = services;
        this.publishing = new Publishing(connection, broker, flow, answers, services);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
        MqttMessage message = (MqttMessage) read;
        if (connection.endedBy().isPresent()) {
            ReferenceCountUtil.release(message); // arrived after the packet that ended the connection
        } else if (message.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            unreadable(message.decoderResult().cause());
        } else if (isTooLarge(message.fixedHeader())) {
            ReferenceCountUtil.release(message);
            services.hangUp(
                    connection,
                    AwsIotRule.SIZE,
                    () -> "A packet has more than " + services.mqtt5().maximumPacketSize() + " bytes");
        } else {
            handle(message);
        }
    }

    private void unreadable(Throwable cause) {
        LOG.debug("{} sends what is no MQTT or too long", connection.clientId(), cause);
        if (cause instanceof TooLongFrameException) {
            services.hangUp(
                    connection, AwsIotRule.SIZE, () -> "A packet has more than " + Limits.PACKET_BYTES + " bytes");
        } else {
            services.end(
                    connection,
                    MqttReasonCodes.Disconnect.MALFORMED_PACKET,
                    AwsIotRule.PROTOCOL,
                    () -> "A packet cannot be read: " + cause.getMessage());
        }
    }

    /** Such a packet ends the connection without a DISCONNECT, because AWS IoT Core has no reason code 0x95. */
    private boolean isTooLarge(MqttFixedHeader header) {
        return connection.isMqtt5()
                && packetSize(header.remainingLength()) > services.mqtt5().maximumPacketSize();
    }

    private static int packetSize(int remainingLength) {
        int lengthBytes = 1;
        for (int rest = remainingLength >> BITS_PER_LENGTH_BYTE; rest > 0; rest >>= BITS_PER_LENGTH_BYTE) {
            lengthBytes++;
        }
        return 1 + lengthBytes + remainingLength;
    }

    private void handle(MqttMessage message) {
        switch (message.fixedHeader().messageType()) {
            case PUBLISH -> publishing.publish((MqttPublishMessage) message);
            case SUBSCRIBE -> subscribe((MqttSubscribeMessage) message);
            case UNSUBSCRIBE -> unsubscribe((MqttUnsubscribeMessage) message);
            case PUBACK -> connection.directDeliveries().acknowledged(message).ifPresent(broker::write);
            case PINGREQ -> {
                services.counters().pinged();
                broker.write(message);
            }
            case DISCONNECT -> disconnect(message);
            // The packets of QoS 2, which AWS IoT Core does not support, get no answer.
            case PUBREC, PUBREL, PUBCOMP ->
                services.refused(
                        connection,
                        AwsIotRule.QOS_2,
                        NO_ANSWER,
                        message.fixedHeader().messageType()::toString);
            default -> violates(message.fixedHeader().messageType() + " is not allowed here");
        }
    }

    private void subscribe(MqttSubscribeMessage subscribe) {
        services.journal().subscribes().add(ReceivedSubscribe.of(connection.clientId(), subscribe));
        List<MqttTopicSubscription> filters = subscribe.payload().topicSubscriptions();
        if (filters.size() > Limits.FILTERS_PER_SUBSCRIBE) {
            services.end(
                    connection,
                    MqttReasonCodes.Disconnect.QUOTA_EXCEEDED,
                    AwsIotRule.SUBSCRIPTION_QUOTA,
                    () -> "A SUBSCRIBE has " + filters.size() + " topic filters");
        } else if (filters.stream().anyMatch(filter -> filter.qualityOfService() == MqttQoS.EXACTLY_ONCE)) {
            if (connection.isMqtt5()) {
                services.end(
                        connection,
                        MqttReasonCodes.Disconnect.QOS_NOT_SUPPORTED,
                        AwsIotRule.QOS_2,
                        () -> subscribed(filters));
            } else {
                services.refused(connection, AwsIotRule.QOS_2, NO_ANSWER, () -> subscribed(filters));
            }
        } else if (!connection.isMqtt5()
                && filters.stream().anyMatch(filter -> TopicChecks.hasMisplacedWildcard(filter.topicFilter()))) {
            endFor(AwsIotRule.TOPIC_FILTER, filters);
        } else if (filters.stream().anyMatch(filter -> TopicChecks.isUnsupported(filter.topicFilter()))) {
            endFor(AwsIotRule.COMMAND_FILTER, filters);
        } else if (Mqtt5Properties.integer(
                        subscribe.idAndPropertiesVariableHeader().properties(),
                        MqttPropertyType.SUBSCRIPTION_IDENTIFIER)
                .isPresent()) {
            services.end(
                    connection,
                    MqttReasonCodes.Disconnect.SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED,
                    AwsIotRule.NOT_AVAILABLE,
                    () -> "A SUBSCRIBE has a subscription identifier");
        } else {
            subscriptions
                    .forbidden(filters)
                    .filter(why -> !connection.isMqtt5())
                    .ifPresentOrElse(this::endForPolicy, () -> request(subscribe));
        }
    }

    /** MQTT 3.1.1 has a code for a refused filter, but AWS IoT Core closes the connection. */
    private void endForPolicy(Supplier<String> why) {
        services.end(
                connection,
                DisconnectReason.FORBIDDEN_ACCESS,
                MqttReasonCodes.Disconnect.NOT_AUTHORIZED,
                AwsIotRule.POLICY,
                why);
    }

    private void request(MqttSubscribeMessage subscribe) {
        subscriptions
                .judge(subscribe)
                .ifPresentOrElse(
                        broker::write,
                        () -> answers.send(
                                Answer.SUBACK,
                                subscriptions.allRefused(
                                        subscribe.variableHeader().messageId())));
    }

    private void endFor(AwsIotRule rule, List<MqttTopicSubscription> filters) {
        services.end(connection, MqttReasonCodes.Disconnect.PROTOCOL_ERROR, rule, () -> subscribed(filters));
    }

    private void violates(String what) {
        services.end(connection, MqttReasonCodes.Disconnect.PROTOCOL_ERROR, AwsIotRule.PROTOCOL, () -> what);
    }

    private static String subscribed(List<MqttTopicSubscription> filters) {
        return filters.stream()
                .map(filter -> filter.topicFilter() + " at QoS "
                        + filter.qualityOfService().value())
                .collect(Collectors.joining(", ", "SUBSCRIBE to ", ""));
    }

    private void unsubscribe(MqttUnsubscribeMessage unsubscribe) {
        services.journal().unsubscribes().add(ReceivedUnsubscribe.of(connection.clientId(), unsubscribe));
        subscriptions
                .judge(unsubscribe)
                .ifPresentOrElse(
                        flow::forward,
                        () -> answers.send(
                                Answer.UNSUBACK,
                                subscriptions.ended(unsubscribe.variableHeader().messageId())));
    }

    private void disconnect(MqttMessage disconnect) {
        ReceivedDisconnect received = ReceivedDisconnect.of(disconnect);
        if (received.sessionExpirySeconds().orElse(0) > 0 && !connection.outlivesItsConnection(services.limits())) {
            violates("A DISCONNECT sets a session expiry that CONNECT has not asked for (section 3.14.2.2.2)");
            return;
        }
        connection.disconnectedBy(received);
        broker.writeAndFlush(disconnectToBroker(disconnect))
                .addListener(sent -> connection.channel().close());
    }

    private MqttMessage disconnectToBroker(MqttMessage disconnect) {
        return disconnect.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader header
                ? new MqttMessage(
                        disconnect.fixedHeader(),
                        new MqttReasonCodeAndPropertiesVariableHeader(
                                header.reasonCode(),
                                Mqtt5Properties.disconnectToBroker(header.properties(), services.limits())))
                : disconnect;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof IdleStateEvent && context.channel().config().isAutoRead()) {
            services.end(
                    connection,
                    DisconnectReason.MQTT_KEEP_ALIVE_TIMEOUT,
                    MqttReasonCodes.Disconnect.KEEP_ALIVE_TIMEOUT,
                    AwsIotRule.KEEP_ALIVE,
                    () -> "Nothing came within one and a half times " + connection.keepAliveSeconds() + " s");
        } else if (event == WebSocketMqttCodec.Event.CLOSED_BY_PEER) {
            disconnect(MqttMessage.DISCONNECT);
        }
        super.userEventTriggered(context, event);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        broker.flush();
        context.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        broker.config().setAutoRead(context.channel().isWritable());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("The connection of {} failed", connection.clientId(), cause);
        context.close();
    }
}
