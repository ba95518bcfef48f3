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
package io.cameliot.testinfra.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cameliot.testinfra.fault.NetworkFault.AfterBytes;
import io.cameliot.testinfra.fault.NetworkFault.Corrupt;
import io.cameliot.testinfra.fault.NetworkFault.Delay;
import io.cameliot.testinfra.fault.NetworkFault.Slow;
import io.cameliot.testinfra.net.LoopbackServer;
import io.cameliot.testinfra.net.ServerTls;
import io.cameliot.testinfra.net.TlsClient;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The proxy in front of a TLS server that sends back what it receives. */
class FaultProxyTlsTest {

    private static final byte[] HELLO = {1, 2, 3, 4, 5};
    private static final TestCertificateAuthority AUTHORITY = TestCertificateAuthority.create("Fault proxy test CA");

    private final LoopbackServer server = new LoopbackServer("echo", false);

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void forwardsTlsUnchanged() throws Exception {
        try (FaultProxy proxy = proxy("TLSv1.3")) {
            proxy.applyToAll(new Delay(Duration.ofMillis(5)));
            proxy.applyToAll(new Slow(100_000));
            try (SSLSocket socket = connect(proxy)) {
                assertEchoes(socket);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, TO_SERVER", "TLSv1.2, TO_CLIENT", "TLSv1.3, TO_SERVER", "TLSv1.3, TO_CLIENT"})
    void breaksATlsConnectionByACorruptByte(String version, Direction direction) throws Exception {
        try (FaultProxy proxy = proxy(version);
                SSLSocket socket = connect(proxy)) {
            assertEchoes(socket);

            proxy.apply(new Corrupt(direction));

            socket.getOutputStream().write(HELLO);
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SSLException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void breaksATlsHandshakeByACorruptByte(Direction direction) throws Exception {
        try (FaultProxy proxy = proxy("TLSv1.3")) {
            proxy.applyToNext(1, new AfterBytes(direction, 100, new Corrupt(direction)));

            assertThatThrownBy(() -> connect(proxy)).isInstanceOf(SSLException.class);

            try (SSLSocket socket = connect(proxy)) {
                assertEchoes(socket);
            }
        }
    }

    private FaultProxy proxy(String version) {
        SslContext tls = ServerTls.showing(AUTHORITY.issueServer("localhost"))
                .protocols(List.of(version))
                .build();
        int port = server.bind(0, new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(tls.newHandler(channel.alloc()), new Echo());
            }
        });
        return FaultProxy.to("localhost", port).start();
    }

    private static SSLSocket connect(FaultProxy proxy) throws IOException {
        return TlsClient.trusting(AUTHORITY.certificate()).connect("127.0.0.1", proxy.port(), "localhost");
    }

    private static void assertEchoes(SSLSocket socket) throws IOException {
        socket.getOutputStream().write(HELLO);
        assertThat(socket.getInputStream().readNBytes(HELLO.length)).isEqualTo(HELLO);
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.writeAndFlush(message);
        }

        /** A record with a wrong checksum. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
