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
package io.cameliot.testinfra.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LoopbackServerTest {
    private static final int GREETING = 42;

    @Test
    void listensOnBothLoopbackAddresses() throws IOException {
        try (LoopbackServer server = new LoopbackServer("loopback-test", true)) {
            int port = server.bind(0, greet());

            assertThat(greetingFrom("127.0.0.1", port)).isEqualTo(GREETING);
            assertThat(greetingFrom("::1", port)).isEqualTo(GREETING);
        }
    }

    @Test
    void listensOnNoOtherAddress() throws IOException {
        Optional<String> outside = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .map(address -> address.getHostAddress())
                .findFirst();
        try (LoopbackServer server = new LoopbackServer("loopback-test", false)) {
            int port = server.bind(0, greet());

            // 127.0.0.2 is loopback too, but not bound: Linux would accept it if the server had bound the wildcard
            // address.
            assertThatThrownBy(() -> greetingFrom(outside.orElse("127.0.0.2"), port))
                    .isInstanceOf(SocketException.class);
        }
    }

    @Test
    void namesThePortThatIsInUse() {
        try (LoopbackServer server = new LoopbackServer("loopback-test", false)) {
            int port = server.bind(0, greet());

            assertThatThrownBy(() -> server.bind(port, greet()))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("port " + port);
        }
    }

    @Test
    void keepsItsPortsFromOthersUntilItIsClosed() throws IOException {
        try (LoopbackServer server = new LoopbackServer("loopback-test", true);
                LoopbackServer other = new LoopbackServer("loopback-test-other", false)) {
            int port = server.bind(0, greet());
            server.unbind();

            assertThatThrownBy(() -> other.bind(port, greet())).isInstanceOf(UncheckedIOException.class);
            try (Socket socket = new Socket()) {
                assertThatThrownBy(() -> socket.bind(new InetSocketAddress("127.0.0.1", port)))
                        .as("what the system does for an outgoing connection")
                        .isInstanceOf(BindException.class);
            }
            for (String loopback : List.of("127.0.0.1", "::1")) {
                assertThatThrownBy(() -> greetingFrom(loopback, port)).isInstanceOf(ConnectException.class);
            }
            assertThat(server.bind(port, greet())).isEqualTo(port);
            assertThat(greetingFrom("::1", port)).isEqualTo(GREETING);
            server.unbind();
            server.close();
            assertThat(other.bind(port, greet())).isEqualTo(port);
        }
    }

    @Test
    void bindsTheSamePortAgainAfterUnbinding() throws IOException {
        try (LoopbackServer server = new LoopbackServer("loopback-test", false)) {
            int port = server.bind(0, greet());
            try (Socket connected = new Socket("127.0.0.1", port)) {
                assertThat(connected.getInputStream().read()).isEqualTo(GREETING);

                server.unbind();

                assertThat(connected.getInputStream().read()).isEqualTo(-1);
                assertThatThrownBy(() -> greetingFrom("127.0.0.1", port)).isInstanceOf(SocketException.class);
                assertThat(server.bind(port, greet())).isEqualTo(port);
                assertThat(greetingFrom("127.0.0.1", port)).isEqualTo(GREETING);
            }
        }
    }

    @Test
    void endsItsThreadsWhenClosed() throws IOException {
        LoopbackServer server = new LoopbackServer("loopback-threads", false);
        int port = server.bind(0, greet());
        greetingFrom("127.0.0.1", port);
        assertThat(threads()).isPositive();

        server.close();

        await().atMost(Duration.ofSeconds(5)).until(() -> threads() == 0);
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("loopback-threads"))
                .count();
    }

    private static int greetingFrom(String address, int port) throws IOException {
        try (Socket socket = new Socket(address, port)) {
            socket.setSoTimeout(10_000);
            return socket.getInputStream().read();
        }
    }

    private static ChannelInitializer<Channel> greet() {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelActive(ChannelHandlerContext context) {
                        context.writeAndFlush(Unpooled.buffer().writeByte(GREETING));
                    }
                });
            }
        };
    }
}
