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
package io.cameliot.testinfra.awsiot.broker;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Publishes messages that come from no MQTT device: HTTPS publishes, lifecycle events, and the messages of a test. */
public final class BrokerPublisher implements AutoCloseable {
    private static final String CLIENT_ID = "$emulator";
    private static final int MAX_PACKET_BYTES = 1024 * 1024;
    private static final int MAX_PACKET_ID = 0xFFFF;
    /** A filter without a subscription: an UNSUBSCRIBE for it only asks whether what was sent before is handled. */
    private static final String NO_FILTER = "$emulator/\u0001publisher";

    private static final long TIMEOUT_SECONDS = 10;

    private final Channel channel;
    private final CompletableFuture<Void> connected = new CompletableFuture<>();
    /** By the packet id of the PUBLISH, or at QoS 0 of the UNSUBSCRIBE that follows it. Event loop only. */
    private final Map<Integer, CompletableFuture<Void>> unacknowledged = new HashMap<>();

    private int lastPacketId;

    /**
     * Connects to the broker.
     *
     * @param broker its address and credentials
     * @param eventLoops runs the connection
     * @throws IllegalStateException if the broker does not answer within {@value #TIMEOUT_SECONDS} seconds
     */
    public BrokerPublisher(BrokerAccess broker, EventLoopGroup eventLoops) {
        ChannelFuture connecting = new Bootstrap()
                .group(eventLoops)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel created) {
                        created.pipeline()
                                .addLast(new MqttDecoder(MAX_PACKET_BYTES), MqttEncoder.INSTANCE, new Answers());
                    }
                })
                .connect(broker.address());
        channel = connecting.channel();
        connecting.addListener(result -> {
            if (result.isSuccess()) {
                channel.writeAndFlush(connect(broker));
            } else {
                connected.completeExceptionally(result.cause());
            }
        });
        try {
            connected.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            channel.close();
            throw new IllegalStateException("The embedded MQTT broker does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            channel.close();
            throw new IllegalStateException("Interrupted while connecting to the embedded MQTT broker", e);
        }
    }

    private static MqttMessage connect(BrokerAccess broker) {
        return MqttMessageBuilders.connect()
                .protocolVersion(MqttVersion.MQTT_5)
                .clientId(CLIENT_ID)
                .cleanSession(true)
                .keepAlive(0)
                .username(broker.userName())
                .password(broker.password().getBytes(StandardCharsets.UTF_8))
                .build();
    }

    /**
     * Publishes a message.
     *
     * @param message the message
     * @return completes when the broker has handled it: from then on a subscriber receives it, or finds it retained.
     *     Fails after {@value #TIMEOUT_SECONDS} seconds
     */
    public CompletableFuture<Void> publish(BrokerMessage message) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        EventLoop loop = channel.eventLoop();
        loop.execute(() -> write(message, result));
        ScheduledFuture<?> timeout = loop.schedule(
                () -> result.completeExceptionally(new TimeoutException("The embedded MQTT broker does not answer")),
                TIMEOUT_SECONDS,
                TimeUnit.SECONDS);
        result.whenComplete((done, failure) -> timeout.cancel(false));
        return result;
    }

    private void write(BrokerMessage message, CompletableFuture<Void> result) {
        if (unacknowledged.size() == MAX_PACKET_ID) {
            result.completeExceptionally(new IllegalStateException("Too many messages are unacknowledged"));
            return;
        }
        boolean atLeastOnce = message.qos() == MqttQoS.AT_LEAST_ONCE.value();
        int packetId = nextPacketId();
        unacknowledged.put(packetId, result);
        channel.write(MqttMessageBuilders.publish()
                        .topicName(message.topic())
                        .messageId(atLeastOnce ? packetId : 0)
                        .qos(MqttQoS.valueOf(message.qos()))
                        .retained(message.retained())
                        .properties(message.properties())
                        .payload(Unpooled.wrappedBuffer(message.payload()))
                        .build())
                .addListener(written -> {
                    if (!written.isSuccess()) {
                        unacknowledged.remove(packetId, result);
                        result.completeExceptionally(written.cause());
                    }
                });
        if (!atLeastOnce) {
            channel.write(MqttMessageBuilders.unsubscribe()
                    .messageId(packetId)
                    .addTopicFilter(NO_FILTER)
                    .build());
        }
        channel.flush();
    }

    private int nextPacketId() {
        do {
            lastPacketId = lastPacketId == MAX_PACKET_ID ? 1 : lastPacketId + 1;
        } while (unacknowledged.containsKey(lastPacketId) && unacknowledged.size() < MAX_PACKET_ID);
        return lastPacketId;
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * A message to publish.
     *
     * @param topic the topic
     * @param payload the payload
     * @param qos 0 or 1
     * @param retained whether it becomes the topic's retained message; an empty payload removes that message
     * @param properties MQTT 5 properties of the PUBLISH packet
     */
    public record BrokerMessage(String topic, byte[] payload, int qos, boolean retained, MqttProperties properties) {}

    private final class Answers extends SimpleChannelInboundHandler<MqttMessage> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, MqttMessage message) {
            if (message instanceof MqttConnAckMessage answer) {
                MqttConnectReturnCode code = answer.variableHeader().connectReturnCode();
                if (code == MqttConnectReturnCode.CONNECTION_ACCEPTED) {
                    connected.complete(null);
                } else {
                    connected.completeExceptionally(new IllegalStateException("The broker answers " + code));
                }
            } else if (message.fixedHeader().messageType() == MqttMessageType.PUBACK
                    || message.fixedHeader().messageType() == MqttMessageType.UNSUBACK) {
                CompletableFuture<Void> result =
                        unacknowledged.remove(((MqttMessageIdVariableHeader) message.variableHeader()).messageId());
                if (result != null) {
                    result.complete(null);
                }
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            IllegalStateException cause =
                    new IllegalStateException("The connection to the embedded MQTT broker is closed");
            connected.completeExceptionally(cause);
            unacknowledged.values().forEach(result -> result.completeExceptionally(cause));
            unacknowledged.clear();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            connected.completeExceptionally(cause);
            context.close();
        }
    }
}
