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
package io.cameliot.testinfra.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.net.HttpReply;
import io.cameliot.testinfra.net.LoopbackServer;
import io.cameliot.testinfra.net.Pipelines;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardProxyTest {

    private final LoopbackServer server = new LoopbackServer("origin", false);
    private int origin;

    @BeforeEach
    void listen() {
        origin = server.bind(0, new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                Pipelines.addHttp(channel.pipeline(), 1024);
                channel.pipeline().addLast(new SimpleChannelInboundHandler<FullHttpRequest>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
                        new HttpReply(200, Map.of(), "origin").send(context, false);
                    }
                });
            }
        });
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void opensAnHttpTunnelToTheRoutedAddress() throws Exception {
        try (ForwardProxy proxy =
                ForwardProxy.http().route("service.test", 443, origin).start()) {
            assertThat(proxy.uri()).isEqualTo("http://127.0.0.1:" + proxy.port());
            assertThat(connect(proxy, "service.test:443", "")).endsWith("origin");
            assertThat(proxy.targets()).containsExactly("service.test:443");
        }
    }

    @ParameterizedTest
    @CsvSource({"'', 407", "user:wrong, 407", "user:pass word, 200"})
    void refusesOtherUsersThanTheRequiredOne(String credentials, String status) throws Exception {
        try (ForwardProxy proxy =
                ForwardProxy.http().requireUser("user", "pass word").start()) {
            assertThat(proxy.uri()).startsWith("http://user:pass%20word@");
            assertThat(connect(proxy, "127.0.0.1:" + origin, credentials)).startsWith("HTTP/1.1 " + status);
            assertThat(proxy.targets()).hasSize(status.equals("200") ? 1 : 0);
        }
    }

    @Test
    void refusesHttpTunnelsToAHost() throws Exception {
        try (ForwardProxy proxy = ForwardProxy.http().refuse("service.test").start()) {
            assertThat(connect(proxy, "service.test:443", "")).startsWith("HTTP/1.1 403");
            assertThat(proxy.targets()).isEmpty();
        }
    }

    /** Uses the JDK's own SOCKS 5 client. */
    @Test
    void opensASocksTunnelToTheRoutedAddress() throws Exception {
        try (ForwardProxy proxy =
                        ForwardProxy.socks5().route("service.test", 443, origin).start();
                Socket socket = socks(proxy)) {
            assertThat(proxy.uri()).isEqualTo("socks5://127.0.0.1:" + proxy.port());
            socket.connect(InetSocketAddress.createUnresolved("service.test", 443), 10_000);
            assertThat(get(socket)).endsWith("origin");
            assertThat(proxy.targets()).containsExactly("service.test:443");
        }
    }

    @Test
    void refusesSocksTunnelsToAHost() throws Exception {
        try (ForwardProxy proxy = ForwardProxy.socks5().refuse("service.test").start();
                Socket socket = socks(proxy)) {
            assertThatThrownBy(() -> socket.connect(InetSocketAddress.createUnresolved("service.test", 443), 10_000))
                    .hasMessageContaining("SOCKS");
            assertThat(proxy.targets()).isEmpty();
        }
    }

    /** The target takes the proxy's connection only when there is room again in its queue, and the client has left by then. */
    @Test
    void closesASocksTunnelWhoseClientLeavesBeforeItIsOpen() throws Exception {
        List<Socket> queued = new ArrayList<>();
        try (ForwardProxy proxy = ForwardProxy.socks5().start();
                ServerSocket target = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            fillQueue(target, queued);
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
                askForSocksTunnel(client, target.getLocalPort());
                client.shutdownOutput();
                client.setSoTimeout(10_000);
                assertThat(client.getInputStream().read()).isEqualTo(-1);
            }

            target.setSoTimeout(10_000);
            for (int i = 1; i < queued.size(); i++) {
                target.accept().close();
            }
            try (Socket tunnel = target.accept()) {
                tunnel.setSoTimeout(10_000);
                assertThat(tunnel.getInputStream().read()).isEqualTo(-1);
            }
        } finally {
            for (Socket socket : queued) {
                socket.close();
            }
        }
    }

    /** Connects until the system takes no more connections; the last socket is the one that it has not taken. */
    private static void fillQueue(ServerSocket target, List<Socket> queued) throws IOException {
        while (queued.size() < 100) {
            Socket socket = new Socket();
            queued.add(socket);
            try {
                socket.connect(target.getLocalSocketAddress(), 300);
            } catch (SocketTimeoutException e) {
                return;
            }
        }
        throw new AssertionError("The system queues more than it was asked to");
    }

    private static void askForSocksTunnel(Socket client, int port) throws IOException {
        client.getOutputStream().write(new byte[] {5, 1, 0});
        assertThat(client.getInputStream().readNBytes(2)).containsExactly(5, 0);
        client.getOutputStream().write(new byte[] {5, 1, 0, 1, 127, 0, 0, 1, (byte) (port >> 8), (byte) port});
    }

    @Test
    void endsItsThreadsWhenClosed() throws Exception {
        for (ForwardProxy.Builder builder : new ForwardProxy.Builder[] {ForwardProxy.http(), ForwardProxy.socks5()}) {
            ForwardProxy proxy = builder.start();
            new Socket(InetAddress.getLoopbackAddress(), proxy.port()).close();
            proxy.close();
        }

        await().atMost(10, TimeUnit.SECONDS).until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread ->
                        thread.getName().contains("Proxy") || thread.getName().contains("proxy")));
    }

    private static Socket socks(ForwardProxy proxy) {
        return new Socket(
                new Proxy(Proxy.Type.SOCKS, new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port())));
    }

    private static String connect(ForwardProxy proxy, String target, String credentials) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
            String authorization = credentials.isEmpty()
                    ? ""
                    : "Proxy-Authorization: Basic "
                            + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)) + "\r\n";
            write(socket, "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n" + authorization + "\r\n");
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream()));
            StringBuilder head = new StringBuilder();
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                head.append(line).append('\n');
            }
            return head.indexOf(" 200 ") < 0 ? head.toString() : head + get(socket);
        }
    }

    private static String get(Socket socket) throws IOException {
        write(socket, "GET / HTTP/1.1\r\nHost: service.test\r\n\r\n");
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }
}
