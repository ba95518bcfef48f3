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

import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.net.WebSocketMqttCodec;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodes;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribePayload;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries packets from the device to the broker, as far as AWS IoT Core takes them. */
final class DeviceHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceHandler.class);

    private final DeviceConnection connection;
    private final Channel broker;
    private final PublishFlow flow;
    private final Subscriptions subscriptions;
    private final GatewayServices services;
    private final Map<Integer, String> topicAliases = new HashMap<>();

    DeviceHandler(
            DeviceConnection connection,
            Channel broker,
            PublishFlow flow,
            Subscriptions subscriptions,
            GatewayServices services) {
        this.connection = connection;
        this.broker = broker;
        this.flow = flow;
        this.subscriptions = subscriptions;
        this.services = services;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
        MqttMessage message = (MqttMessage) read;
        if (message.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            LOG.debug(
                    "{} sends what is no MQTT or too long",
                    connection.clientId(),
                    message.decoderResult().cause());
            connection.end(DisconnectReason.CLIENT_ERROR);
            return;
        }
        switch (message.fixedHeader().messageType()) {
            case PUBLISH -> publish((MqttPublishMessage) message);
            case SUBSCRIBE -> subscribe(context, (MqttSubscribeMessage) message);
            case UNSUBSCRIBE -> unsubscribe((MqttUnsubscribeMessage) message);
            case PUBACK -> broker.write(message);
            case PINGREQ -> {
                services.counters().pinged();
                broker.write(message);
            }
            case DISCONNECT -> disconnect(message);
            // The handshake of QoS 2, which AWS IoT Core does not have, is left without answer.
            case PUBREC, PUBREL, PUBCOMP -> LOG.debug("{} tries QoS 2", connection.clientId());
            default -> connection.end(DisconnectReason.CLIENT_ERROR);
        }
    }

    private void publish(MqttPublishMessage sent) {
        MqttPublishMessage publish;
        if (connection.isMqtt5()) {
            Optional<String> topic = resolveAlias(sent);
            if (topic.isEmpty()) {
                sent.release();
                connection.end(DisconnectReason.CLIENT_ERROR, MqttReasonCodes.Disconnect.TOPIC_ALIAS_INVALID);
                return;
            }
            publish = withoutAlias(sent, topic.get());
        } else {
            publish = sent;
        }
        if (mayPublish(publish)) {
            forward(publish);
        } else {
            publish.release();
        }
    }

    private boolean mayPublish(MqttPublishMessage publish) {
        String topic = publish.variableHeader().topicName();
        if (publish.fixedHeader().qosLevel() == MqttQoS.EXACTLY_ONCE) {
            if (connection.isMqtt5()) {
                connection.end(DisconnectReason.CLIENT_ERROR, MqttReasonCodes.Disconnect.QOS_NOT_SUPPORTED);
            }
            return false; // MQTT 3.1.1: no answer ever comes
        }
        if (TopicRules.topicFault(topic).isPresent()) {
            connection.end(DisconnectReason.CLIENT_ERROR, MqttReasonCodes.Disconnect.TOPIC_NAME_INVALID);
            return false;
        }
        if (publish.payload().readableBytes() > Limits.PAYLOAD_BYTES) {
            connection.end(DisconnectReason.CLIENT_ERROR, MqttReasonCodes.Disconnect.PACKET_TOO_LARGE);
            return false;
        }
        if (!services.policies().apply(connection.clientId()).allows(Action.PUBLISH, topic)) {
            refusePublish(publish);
            return false;
        }
        return true;
    }

    private void refusePublish(MqttPublishMessage publish) {
        if (connection.isMqtt5() && publish.fixedHeader().qosLevel() == MqttQoS.AT_LEAST_ONCE) {
            connection
                    .channel()
                    .writeAndFlush(MqttMessageBuilders.pubAck()
                            .packetId(publish.variableHeader().packetId())
                            .reasonCode(MqttReasonCodes.PubAck.NOT_AUTHORIZED.byteValue())
                            .build());
        } else {
            connection.end(DisconnectReason.FORBIDDEN_ACCESS);
        }
    }

    private void forward(MqttPublishMessage publish) {
        services.counters().published();
        services.publishes()
                .add(new ReceivedPublish(
                        Optional.of(connection.clientId()),
                        publish.variableHeader().topicName(),
                        ByteBufUtil.getBytes(publish.payload()),
                        publish.fixedHeader().qosLevel().value(),
                        publish.fixedHeader().isRetain(),
                        publish.fixedHeader().isDup()));
        long publishes = connection.countPublish();
        int payloadBytes = publish.payload().readableBytes();
        broker.write(publish);
        flow.published(payloadBytes);
        if (services.faults()
                .take(Fault.DropAfterPublishes.class, connection.clientId(), fault -> publishes >= fault.publishes())
                .isPresent()) {
            broker.flush();
            connection.drop();
        }
    }

    private Optional<String> resolveAlias(MqttPublishMessage publish) {
        String topic = publish.variableHeader().topicName();
        OptionalInt alias =
                Mqtt5Properties.integer(publish.variableHeader().properties(), MqttPropertyType.TOPIC_ALIAS);
        if (alias.isEmpty()) {
            return Optional.of(topic);
        }
        if (alias.getAsInt() < 1 || alias.getAsInt() > Limits.TOPIC_ALIASES) {
            return Optional.empty();
        }
        if (!topic.isEmpty()) {
            topicAliases.put(alias.getAsInt(), topic);
        }
        return Optional.ofNullable(topicAliases.get(alias.getAsInt()));
    }

    private static MqttPublishMessage withoutAlias(MqttPublishMessage publish, String topic) {
        MqttProperties properties = publish.variableHeader().properties();
        return properties.getProperty(MqttPropertyType.TOPIC_ALIAS.value()) == null
                ? publish
                : new MqttPublishMessage(
                        publish.fixedHeader(),
                        new MqttPublishVariableHeader(
                                topic,
                                publish.variableHeader().packetId(),
                                Mqtt5Properties.without(properties, MqttPropertyType.TOPIC_ALIAS)),
                        publish.payload());
    }

    private void subscribe(ChannelHandlerContext context, MqttSubscribeMessage subscribe) {
        List<MqttTopicSubscription> filters = subscribe.payload().topicSubscriptions();
        if (filters.size() > Limits.FILTERS_PER_SUBSCRIBE) {
            connection.end(DisconnectReason.CLIENT_ERROR, MqttReasonCodes.Disconnect.QUOTA_EXCEEDED);
        } else if (filters.stream().anyMatch(filter -> filter.qualityOfService() == MqttQoS.EXACTLY_ONCE)) {
            if (connection.isMqtt5()) {
                connection.end(DisconnectReason.CLIENT_ERROR, MqttReasonCodes.Disconnect.QOS_NOT_SUPPORTED);
            } // MQTT 3.1.1: no answer ever comes
        } else if (filters.stream().anyMatch(filter -> TopicRules.hasMisplacedWildcard(filter.topicFilter()))) {
            connection.end(DisconnectReason.CLIENT_ERROR, MqttReasonCodes.Disconnect.PROTOCOL_ERROR);
        } else if (connection.isMqtt5()
                && Mqtt5Properties.integer(
                                subscribe.idAndPropertiesVariableHeader().properties(),
                                MqttPropertyType.SUBSCRIPTION_IDENTIFIER)
                        .isPresent()) {
            connection.end(
                    DisconnectReason.CLIENT_ERROR, MqttReasonCodes.Disconnect.SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED);
        } else {
            subscriptions
                    .judge(subscribe)
                    .ifPresentOrElse(
                            broker::write,
                            () -> context.writeAndFlush(subscriptions.allRefused(
                                    subscribe.variableHeader().messageId())));
        }
    }

    private void unsubscribe(MqttUnsubscribeMessage unsubscribe) {
        List<String> filters = unsubscribe.payload().topics();
        filters.forEach(connection.filters()::remove);
        flow.forward(new MqttUnsubscribeMessage(
                unsubscribe.fixedHeader(),
                unsubscribe.idAndPropertiesVariableHeader(),
                new MqttUnsubscribePayload(
                        filters.stream().map(TopicRules::forBroker).toList())));
    }

    private void disconnect(MqttMessage disconnect) {
        connection.markEnded(DisconnectReason.CLIENT_INITIATED_DISCONNECT);
        broker.writeAndFlush(disconnect)
                .addListener(sent -> connection.channel().close());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof IdleStateEvent && context.channel().config().isAutoRead()) {
            connection.end(DisconnectReason.MQTT_KEEP_ALIVE_TIMEOUT);
        } else if (event == WebSocketMqttCodec.Event.CLOSED_BY_PEER) {
            disconnect(MqttMessage.DISCONNECT);
        }
        super.userEventTriggered(context, event);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        broker.flush();
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
