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

import io.cameliot.testinfra.event.TlsRule;
import io.cameliot.testinfra.net.TlsRefusedException.Alert;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsFrontHandlerTest {
    private static final TestCertificateAuthority AUTHORITY = TestCertificateAuthority.create("Server CA");
    private static final TestCertificateAuthority DEVICES = TestCertificateAuthority.create("Device CA");
    private static final IssuedCertificate DEVICE = DEVICES.issueDevice("sensor");
    private static final SslContext ALPHA =
            ServerTls.showing(AUTHORITY.issueServer("alpha.example.com")).build();
    private static final SslContext BETA = ServerTls.showing(AUTHORITY.issueServer("beta.example.com"))
            .requireClientCertificate(List.of(DEVICES.certificate()))
            .build();
    private static final SslContext GAMMA = ServerTls.showing(AUTHORITY.issueServer("gamma.example.com"))
            .applicationProtocols(List.of("one", "two"))
            .protocols(List.of("TLSv1.2"))
            .build();

    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final LoopbackServer server = new LoopbackServer("tls-front-test", false);
    private int port;

    @BeforeEach
    void listen() {
        port = server.bind(0, new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new TlsFrontHandler(new ByName()));
            }
        });
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void routesByServerName() throws IOException {
        TlsClient client = TlsClient.trusting(AUTHORITY.certificate());

        try (SSLSocket socket = client.connect("127.0.0.1", port, "alpha.example.com")) {
            assertThat(echo(socket)).isEqualTo("alpha.example.com []");
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
        }
    }

    @Test
    void readsTheOfferedAlpnNames() throws IOException {
        TlsClient client = TlsClient.trusting(AUTHORITY.certificate());

        try (SSLSocket socket = client.connect("127.0.0.1", port, "gamma.example.com", "zero", "two")) {
            assertThat(echo(socket)).isEqualTo("gamma.example.com [zero, two]");
            assertThat(socket.getApplicationProtocol()).isEqualTo("two");
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.2");
        }
    }

    @Test
    void refusesAnUnsupportedAlpnName() {
        TlsClient client = TlsClient.trusting(AUTHORITY.certificate());

        assertThatThrownBy(() -> client.connect("127.0.0.1", port, "gamma.example.com", "zero"))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("no_application_protocol");
        await().until(() -> !failures.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"other.example.com", "alpha.example.org"})
    void refusesAnUnknownServerName(String name) {
        TlsClient client = TlsClient.trusting(AUTHORITY.certificate());

        assertThatThrownBy(() -> client.connect("127.0.0.1", port, name))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("unrecognized_name");
        await().untilAsserted(
                        () -> assertThat(failures).singleElement().asString().contains(name));
    }

    @Test
    void refusesAClientWithoutServerName() {
        TlsClient client = TlsClient.trusting(AUTHORITY.certificate());

        assertThatThrownBy(() -> client.connect("127.0.0.1", port, null))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("unrecognized_name");
    }

    @Test
    void acceptsAClientCertificateOfItsAuthority() throws IOException {
        TlsClient client = TlsClient.trusting(AUTHORITY.certificate(), DEVICE);

        try (SSLSocket socket = client.connect("127.0.0.1", port, "beta.example.com")) {
            assertThat(echo(socket)).isEqualTo("beta.example.com []");
        }
    }

    @Test
    void refusesAClientWithoutCertificate() {
        TlsClient client = TlsClient.trusting(AUTHORITY.certificate());

        // In TLS 1.3 the client finishes before the server has checked it. The alert arrives with the first read, if
        // the connection is not closed while the client still writes.
        assertThatThrownBy(() -> {
                    try (SSLSocket socket = client.connect("127.0.0.1", port, "beta.example.com")) {
                        socket.getInputStream().read();
                    }
                })
                .isInstanceOfAny(SSLException.class, SocketException.class);
        await().untilAsserted(() -> assertThat(failures).hasSize(1));
    }

    @Test
    void refusesAClientThatDoesNotSpeakTls() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            // An alert may arrive first, but then the connection ends.
            socket.getInputStream().readAllBytes();
        }
        await().untilAsserted(() -> assertThat(failures).hasSize(1));
    }

    /** The server sends a line and closes. */
    private static String echo(SSLSocket socket) throws IOException {
        socket.getOutputStream().write('\n');
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    private final class ByName implements TlsRouter {
        @Override
        public TlsRoute route(ClientHello hello) throws TlsRefusedException {
            SslContext tls =
                    switch (hello.serverName().orElse("")) {
                        case "alpha.example.com" -> ALPHA;
                        case "beta.example.com" -> BETA;
                        case "gamma.example.com" -> GAMMA;
                        default ->
                            throw new TlsRefusedException(
                                    Alert.UNRECOGNIZED_NAME,
                                    TlsRule.SERVER_NAME_UNKNOWN,
                                    "Not served: " + hello.serverName());
                    };
            return new TlsRoute(tls, this::answerWithHello);
        }

        @Override
        public void handshakeFailed(Channel channel, Throwable cause) {
            failures.add(cause);
        }

        private void answerWithHello(ChannelPipeline pipeline) {
            pipeline.addLast(new SimpleChannelInboundHandler<ByteBuf>() {
                @Override
                protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
                    ClientHello hello =
                            context.channel().attr(ClientHello.ATTRIBUTE).get();
                    String line = hello.serverName().orElse("") + " " + hello.applicationProtocols();
                    context.writeAndFlush(
                            context.alloc().buffer().writeBytes(line.getBytes(StandardCharsets.US_ASCII)));
                    context.close();
                }
            });
        }
    }
}
