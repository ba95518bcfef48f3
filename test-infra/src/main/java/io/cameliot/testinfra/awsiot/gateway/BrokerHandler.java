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

import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.Fault.Answer;
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
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries packets from the broker to the device, as far as AWS IoT Core would send them and no fault is in the way. */
final class BrokerHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerHandler.class);

    private final DeviceConnection connection;
    private final GatewayServices services;
    private final Channel device;
    private final Subscriptions subscriptions;
    /** From CONNACK on. */
    private PublishFlow flow;

    BrokerHandler(DeviceConnection connection, GatewayServices services) {
        this.connection = connection;
        this.services = services;
        this.device = connection.channel();
        this.subscriptions = new Subscriptions(connection, services);
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
            case PUBACK -> answer(Answer.PUBACK, message);
            case SUBACK -> answer(Answer.SUBACK, subscriptions.merged((MqttSubAckMessage) message));
            case UNSUBACK -> {
                if (!flow.isOwnAnswer()) {
                    answer(Answer.UNSUBACK, message);
                }
            }
            case PINGRESP -> answer(Answer.PINGRESP, message);
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
        if (!sessionPresent) {
            connection.filters().clear();
        }
        services.counters().connected();
        services.lifecycle().connected(connection);
        device.closeFuture().addListener(closed -> services.lifecycle()
                .disconnected(connection, connection.endedBy().orElse(DisconnectReason.CONNECTION_LOST)));
        flow = new PublishFlow(device, context.channel());
        ChannelPipeline pipeline = device.pipeline();
        pipeline.addLast(
                new IdleStateHandler(connection.keepAliveSeconds() * 1500L, 0, 0, TimeUnit.MILLISECONDS),
                new DeviceHandler(connection, context.channel(), flow, subscriptions, services));
        pipeline.remove(ConnectHandler.class);
        answer(Answer.CONNACK, connack(sessionPresent));
        device.flush();
    }

    private MqttConnAckMessage connack(boolean sessionPresent) {
        MqttFixedHeader header = new MqttFixedHeader(MqttMessageType.CONNACK, false, MqttQoS.AT_MOST_ONCE, false, 0);
        MqttConnectReturnCode accepted = MqttConnectReturnCode.CONNECTION_ACCEPTED;
        return new MqttConnAckMessage(
                header,
                connection.isMqtt5()
                        ? new MqttConnAckVariableHeader(
                                accepted,
                                sessionPresent,
                                Mqtt5Properties.connackToDevice(connection, services.limits()))
                        : new MqttConnAckVariableHeader(accepted, sessionPresent));
    }

    private void deliver(ChannelHandlerContext context, MqttPublishMessage publish) {
        boolean retained = publish.fixedHeader().isRetain();
        if (!connection.filters().delivers(publish.variableHeader().topicName(), retained)) {
            acknowledge(context, publish);
            publish.release();
            return;
        }
        services.counters().delivered();
        long deliveries = connection.countDelivery();
        device.write(publish);
        if (services.faults()
                .take(Fault.DropAfterDeliveries.class, connection.clientId(), fault -> deliveries >= fault.deliveries())
                .isPresent()) {
            device.flush();
            connection.drop();
        }
    }

    private static void acknowledge(ChannelHandlerContext context, MqttPublishMessage publish) {
        if (publish.fixedHeader().qosLevel() == MqttQoS.AT_LEAST_ONCE) {
            context.writeAndFlush(MqttMessageBuilders.pubAck()
                    .packetId(publish.variableHeader().packetId())
                    .build());
        }
    }

    private void answer(Answer kind, MqttMessage message) {
        if (services.faults()
                .take(Fault.DropBefore.class, connection.clientId(), fault -> fault.answer() == kind)
                .isPresent()) {
            connection.drop();
        } else if (services.faults()
                .take(Fault.Withhold.class, connection.clientId(), fault -> fault.answer() == kind)
                .isEmpty()) {
            device.write(message);
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
        // Harmless if it was the device that went away first, which is how a connection usually ends.
        connection.end(flow != null ? DisconnectReason.SERVER_ERROR : DisconnectReason.CONNECTION_LOST);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("The connection of {} to the embedded MQTT broker failed", connection.clientId(), cause);
        context.close();
    }
}
