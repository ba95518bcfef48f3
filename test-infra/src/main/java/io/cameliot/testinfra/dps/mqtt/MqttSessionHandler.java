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
package io.cameliot.testinfra.dps.mqtt;

import io.cameliot.testinfra.event.AzureRule;
import io.cameliot.testinfra.event.Cloud;
import io.cameliot.testinfra.event.EventLog;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnacceptableProtocolVersionException;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The common part of the MQTT 3.1.1 servers of DPS and IoT Hub: packet order, protocol version, keep alive and ping. An
 * {@link MqttApplication} implements the rest.
 */
final class MqttSessionHandler extends SimpleChannelInboundHandler<MqttMessage> {

    private static final Logger LOG = LoggerFactory.getLogger(MqttSessionHandler.class);

    private static final long CONNECT_TIMEOUT_SECONDS = 10;
    /** The server closes the connection after one and a half times the keep alive (MQTT 3.1.1, section 3.1.2.10). */
    private static final double KEEP_ALIVE_GRACE = 1.5;

    private static final byte[] UNACCEPTABLE_PROTOCOL_VERSION = {0x20, 2, 0, 1};

    private final Cloud cloud;
    private final EventLog events;
    private final Function<MqttServerSession, MqttApplication> service;
    private MqttServerSession session;
    private MqttApplication application;
    private Future<?> connectTimeout;
    private boolean connected;

    MqttSessionHandler(Cloud cloud, EventLog events, Function<MqttServerSession, MqttApplication> service) {
        this.cloud = cloud;
        this.events = events;
        this.service = service;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        // This handler is added after the TLS handshake, when the connection is already active.
        session = new MqttServerSession(context.channel(), cloud, events);
        application = service.apply(session);
        connectTimeout = context.executor()
                .schedule(
                        () -> session.close(AzureRule.PROTOCOL, "no CONNECT came"),
                        CONNECT_TIMEOUT_SECONDS,
                        TimeUnit.SECONDS);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, MqttMessage message) {
        if (session.isClosing()) {
            return;
        }
        if (message.decoderResult().isFailure()) {
            refuseUndecodable(context, message.decoderResult().cause());
        } else if (message instanceof MqttConnectMessage connect) {
            connect(context, connect);
        } else if (!connected) {
            session.close(AzureRule.PROTOCOL, message.fixedHeader().messageType() + " came before CONNECT");
        } else {
            dispatch(context, message);
        }
    }

    private void refuseUndecodable(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof MqttUnacceptableProtocolVersionException) {
            refuseVersion(context);
        } else {
            session.close(AzureRule.PROTOCOL, "a packet could not be read: " + cause);
        }
    }

    private void connect(ChannelHandlerContext context, MqttConnectMessage message) {
        connectTimeout.cancel(false);
        session.identified(message.payload().clientIdentifier());
        if (connected) {
            session.close(AzureRule.PROTOCOL, "a second CONNECT came");
            return;
        }
        if (message.variableHeader().version() != MqttVersion.MQTT_3_1_1.protocolLevel()) {
            refuseVersion(context);
            return;
        }
        connected = true;
        long keepAliveSeconds = message.variableHeader().keepAliveTimeSeconds();
        if (keepAliveSeconds > 0) {
            long idleMillis = (long) (keepAliveSeconds * 1000 * KEEP_ALIVE_GRACE);
            context.pipeline()
                    .addBefore(context.name(), null, new IdleStateHandler(idleMillis, 0, 0, TimeUnit.MILLISECONDS));
        }
        application.connect(message);
    }

    /** Bypasses the codec, which would answer an MQTT 5 client in MQTT 5. A 3.1.1 server cannot do that. */
    private void refuseVersion(ChannelHandlerContext context) {
        session.refused(AzureRule.MQTT_VERSION, "CONNACK 1", () -> "The client speaks another version than MQTT 3.1.1");
        LOG.info("{} refused: it speaks another version than MQTT 3.1.1", context.channel());
        context.writeAndFlush(Unpooled.wrappedBuffer(UNACCEPTABLE_PROTOCOL_VERSION))
                .addListener(ChannelFutureListener.CLOSE);
    }

    private void dispatch(ChannelHandlerContext context, MqttMessage message) {
        switch (message.fixedHeader().messageType()) {
            case SUBSCRIBE -> application.subscribe((MqttSubscribeMessage) message);
            case UNSUBSCRIBE -> unsubscribe(context, (MqttUnsubscribeMessage) message);
            case PUBLISH -> publish((MqttPublishMessage) message);
            case PINGREQ -> context.writeAndFlush(MqttMessage.PINGRESP);
            case PUBACK ->
                application.acknowledged(((MqttMessageIdVariableHeader) message.variableHeader()).messageId());
            case DISCONNECT -> session.close("the device disconnected");
            default -> session.close(AzureRule.PROTOCOL, message.fixedHeader().messageType() + " is not supported");
        }
    }

    private void publish(MqttPublishMessage message) {
        // Documented for IoT Hub, assumed for DPS: its documentation says only that it grants at most QoS 1.
        if (message.fixedHeader().qosLevel() == MqttQoS.EXACTLY_ONCE) {
            session.close(AzureRule.PROTOCOL, "QoS 2 is not supported");
        } else {
            application.publish(message);
        }
    }

    private void unsubscribe(ChannelHandlerContext context, MqttUnsubscribeMessage message) {
        MqttMessageIdVariableHeader id = message.variableHeader();
        context.writeAndFlush(
                MqttMessageBuilders.unsubAck().packetId(id.messageId()).build());
        message.payload().topics().forEach(application::unsubscribed);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent) {
            session.close(AzureRule.KEEP_ALIVE, "the keep-alive ran out");
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        connectTimeout.cancel(false);
        application.closed();
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        session.close("failed: " + cause);
    }
}
