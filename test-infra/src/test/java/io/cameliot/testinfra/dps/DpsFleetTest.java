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
package io.cameliot.testinfra.dps;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.service.Assignment;
import io.cameliot.testinfra.dps.service.Enrollment;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many devices at the same time, each with a connection that stays open until the last device has finished. */
class DpsFleetTest {

    private static final int DEVICES = 200;
    private static final int SERVER_THREADS = 2;
    private static final EnrollmentKey GROUP_KEY = EnrollmentKey.random();

    @RegisterExtension
    static final DpsEmulatorExtension DPS = new DpsEmulatorExtension(DpsEmulator.builder()
            .enroll(Enrollment.group("boilers").symmetricKey(GROUP_KEY).build()));

    @Test
    void registersHundredsOfDevicesAtOnceOnItsTwoThreads(DpsEmulator dps) throws Exception {
        SslContext tls = SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .trustManager(dps.serverAuthority().certificate())
                .build();
        NioEventLoopGroup clients = new NioEventLoopGroup(1);
        List<CompletableFuture<String>> results = new ArrayList<>();
        try {
            for (int i = 0; i < DEVICES; i++) {
                results.add(start(dps, clients, tls, "boiler-" + i));
            }
            CompletableFuture.allOf(results.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);

            assertThat(dps.statistics().openConnections()).isEqualTo(DEVICES);
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().startsWith("dps-emulator"))
                    .hasSizeLessThanOrEqualTo(SERVER_THREADS);
        } finally {
            clients.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        }
        for (int i = 0; i < DEVICES; i++) {
            assertThat(results.get(i).join()).contains("\"deviceId\":\"boiler-" + i + "\"");
        }
        assertThat(dps.assignedDevices())
                .extracting(Assignment::deviceId)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, DEVICES).mapToObj(i -> "boiler-" + i).toList());
    }

    private static CompletableFuture<String> start(
            DpsEmulator dps, NioEventLoopGroup clients, SslContext tls, String registrationId) {
        FleetDevice device = new FleetDevice(dps, registrationId);
        new Bootstrap()
                .group(clients)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        tls.newHandler(channel.alloc(), DpsEmulator.GLOBAL_HOST_NAME, dps.mqttPort()),
                                        MqttEncoder.INSTANCE,
                                        new MqttDecoder(),
                                        device);
                    }
                })
                .connect(InetAddress.getLoopbackAddress(), dps.mqttPort());
        return device.result;
    }

    /** Registers without waiting between the polls. */
    private static final class FleetDevice extends SimpleChannelInboundHandler<MqttMessage> {
        private final DpsEmulator dps;
        private final String registrationId;
        private final CompletableFuture<String> result = new CompletableFuture<>();

        FleetDevice(DpsEmulator dps, String registrationId) {
            this.dps = dps;
            this.registrationId = registrationId;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            EnrollmentKey key = GROUP_KEY.deriveDeviceKey(registrationId);
            context.writeAndFlush(MqttMessageBuilders.connect()
                    .protocolVersion(MqttVersion.MQTT_3_1_1)
                    .clientId(registrationId)
                    .username(PahoDevice.userName(dps, registrationId))
                    .password(PahoDevice.token(dps, registrationId, key).getBytes(StandardCharsets.UTF_8))
                    .cleanSession(true)
                    .keepAlive(60)
                    .build());
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, MqttMessage message) throws Exception {
            switch (message.fixedHeader().messageType()) {
                case CONNACK ->
                    context.writeAndFlush(MqttMessageBuilders.subscribe()
                            .addSubscription(MqttQoS.AT_LEAST_ONCE, PahoDevice.RESPONSES)
                            .messageId(1)
                            .build());
                case SUBACK -> ask(context, "PUT/iotdps-register/?$rid=1");
                case PUBLISH -> answered(context, (MqttPublishMessage) message);
                default -> result.completeExceptionally(new AssertionError("Unexpected: " + message));
            }
        }

        private void answered(ChannelHandlerContext context, MqttPublishMessage answer) throws Exception {
            String body = answer.payload().toString(StandardCharsets.UTF_8);
            if (answer.variableHeader().topicName().startsWith("$dps/registrations/res/202/")) {
                String operationId =
                        new JsonMapper().readTree(body).get("operationId").asText();
                ask(context, "GET/iotdps-get-operationstatus/?$rid=2&operationId=" + operationId);
            } else {
                result.complete(body);
            }
        }

        private static void ask(ChannelHandlerContext context, String what) {
            context.writeAndFlush(MqttMessageBuilders.publish()
                    .topicName("$dps/registrations/" + what)
                    .qos(MqttQoS.AT_MOST_ONCE)
                    .payload(Unpooled.EMPTY_BUFFER)
                    .build());
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            result.completeExceptionally(new AssertionError(registrationId + " lost its connection"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            result.completeExceptionally(cause);
        }
    }
}
