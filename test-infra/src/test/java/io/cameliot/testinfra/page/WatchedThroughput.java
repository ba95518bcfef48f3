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
package io.cameliot.testinfra.page;

import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.event.EventLog;
import io.cameliot.testinfra.net.TlsClient;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * Measures what an open page costs. Devices, 1,000 of them, publish at QoS 1, each as soon as it has the PUBACK of its
 * message before. Rounds with and without a client of the page's event stream alternate, so that a slow minute of the machine
 * befalls both. Run it on a machine that does nothing else:
 *
 * <pre>
 * mvn -q -B -DskipTests -Pemulator -pl test-infra package \
 *   -Demulator=io.cameliot.testinfra.page.WatchedThroughput -Demulator.arguments="1000 10 10"
 * </pre>
 *
 * <p>The arguments are connections, pairs of rounds, and seconds of a round. It fails where fewer than 5,000 messages a second
 * pass, or where the median of the pairs is a loss of a tenth or more.
 */
final class WatchedThroughput {
    private static final double LARGEST_LOSS = 0.1;
    private static final int LEAST_RATE = 5_000;
    /** Of bytes in a round: a page that gets less is not fed. */
    private static final int LEAST_STREAM = 10_000;

    private static final byte[] PAYLOAD = new byte[100];

    private final LongAdder acknowledged = new LongAdder();

    private WatchedThroughput() {}

    public static void main(String[] arguments) throws Exception {
        int connections = argument(arguments, 0, 1_000);
        int pairs = argument(arguments, 1, 10);
        int seconds = argument(arguments, 2, 10);
        System.exit(new WatchedThroughput().run(connections, pairs, seconds) ? 0 : 1);
    }

    private static int argument(String[] arguments, int index, int otherwise) {
        return arguments.length > index ? Integer.parseInt(arguments[index]) : otherwise;
    }

    private boolean run(int connections, int pairs, int seconds) throws Exception {
        EventLog log = new EventLog();
        EventLoopGroup group = new NioEventLoopGroup(1);
        try (AwsIotEmulator aws = AwsIotEmulator.builder()
                        .customDomain("localhost")
                        .events(log)
                        .build()
                        .start();
                DpsEmulator dps = DpsEmulator.builder().events(log).build().start();
                PageServer page = new PageServer(aws, dps, log).start(0)) {
            connect(aws, group, connections);
            System.out.println(connections + " devices are connected");
            // Until the code of both is compiled.
            round(page, false, seconds);
            round(page, true, seconds);
            List<Double> ratios = new ArrayList<>();
            double slowest = Double.MAX_VALUE;
            for (int pair = 0; pair < pairs; pair++) {
                // Each order as often as the other.
                boolean watchedFirst = pair % 2 == 1;
                double first = round(page, watchedFirst, seconds);
                double second = round(page, !watchedFirst, seconds);
                double watched = watchedFirst ? first : second;
                double unwatched = watchedFirst ? second : first;
                ratios.add(watched / unwatched);
                slowest = Math.min(slowest, watched);
                System.out.println(String.format(
                        Locale.ROOT,
                        "unwatched %7.0f/s, watched %7.0f/s: %.3f",
                        unwatched,
                        watched,
                        watched / unwatched));
            }
            ratios.sort(null);
            double median = ratios.get(ratios.size() / 2);
            System.out.println(String.format(
                    Locale.ROOT,
                    "watched / unwatched: median %.3f, %.3f to %.3f in %d pairs; the slowest watched round %.0f/s",
                    median,
                    ratios.get(0),
                    ratios.get(ratios.size() - 1),
                    pairs,
                    slowest));
            return median > 1 - LARGEST_LOSS && slowest >= LEAST_RATE;
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private double round(PageServer page, boolean watched, int seconds) throws Exception {
        return watched ? watched(page, seconds) : measure(seconds);
    }

    private double watched(PageServer page, int seconds) throws Exception {
        URI url = URI.create(page.url());
        String request = "GET /api/stream HTTP/1.1\r\nHost: 127.0.0.1:" + url.getPort() + "\r\nAuthorization: Bearer "
                + url.getFragment().substring("token=".length()) + "\r\n\r\n";
        try (Socket socket = new Socket("127.0.0.1", url.getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            CompletableFuture<Long> read = CompletableFuture.supplyAsync(() -> readAll(socket));
            double rate = measure(seconds);
            socket.shutdownInput();
            long bytes = read.get(10, TimeUnit.SECONDS);
            if (bytes < LEAST_STREAM) {
                throw new IllegalStateException("The page sent " + bytes + " bytes only");
            }
            return rate;
        }
    }

    private static long readAll(Socket socket) {
        long bytes = 0;
        byte[] buffer = new byte[64 * 1024];
        try {
            for (int read = socket.getInputStream().read(buffer);
                    read > 0;
                    read = socket.getInputStream().read(buffer)) {
                bytes += read;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes;
    }

    private double measure(int seconds) throws InterruptedException {
        long before = acknowledged.sum();
        long start = System.nanoTime();
        TimeUnit.SECONDS.sleep(seconds);
        return (acknowledged.sum() - before) * 1e9 / (System.nanoTime() - start);
    }

    private void connect(AwsIotEmulator aws, EventLoopGroup group, int connections) throws Exception {
        SSLContext context = TlsClient.context(aws.serverAuthority().certificate(), aws.issueDevice("device"));
        CountDownLatch connected = new CountDownLatch(connections);
        int port = aws.port(GatewayPort.MQTT_8883);
        for (int i = 0; i < connections; i++) {
            String clientId = "device-" + i;
            new Bootstrap()
                    .group(group)
                    .channel(NioSocketChannel.class)
                    .handler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel channel) {
                            SSLEngine engine = context.createSSLEngine("localhost", port);
                            engine.setUseClientMode(true);
                            // The JDK sends no name without a dot by itself.
                            SSLParameters parameters = engine.getSSLParameters();
                            parameters.setServerNames(List.of(new SNIHostName("localhost")));
                            engine.setSSLParameters(parameters);
                            channel.pipeline()
                                    .addLast(
                                            new SslHandler(engine),
                                            new MqttDecoder(),
                                            MqttEncoder.INSTANCE,
                                            new Device(clientId, connected));
                        }
                    })
                    .connect("127.0.0.1", port)
                    .sync();
        }
        if (!connected.await(2, TimeUnit.MINUTES)) {
            throw new IllegalStateException(connected.getCount() + " devices are not connected");
        }
    }

    /** Publishes a message, waits for its PUBACK, and publishes the next one. */
    private final class Device extends SimpleChannelInboundHandler<MqttMessage> {
        private final String clientId;
        private final CountDownLatch connected;

        Device(String clientId, CountDownLatch connected) {
            this.clientId = clientId;
            this.connected = connected;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            context.writeAndFlush(MqttMessageBuilders.connect()
                    .protocolVersion(MqttVersion.MQTT_3_1_1)
                    .clientId(clientId)
                    .cleanSession(true)
                    .keepAlive(1_200)
                    .build());
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, MqttMessage message) {
            if (message.fixedHeader().messageType() == MqttMessageType.CONNACK) {
                connected.countDown();
            } else {
                acknowledged.increment();
            }
            context.writeAndFlush(MqttMessageBuilders.publish()
                    .topicName("load/" + clientId)
                    .messageId(1)
                    .qos(MqttQoS.AT_LEAST_ONCE)
                    .payload(Unpooled.wrappedBuffer(PAYLOAD))
                    .build());
        }
    }
}
