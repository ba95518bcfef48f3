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
package io.cameliot.common.tls;

import static io.cameliot.common.tls.TestTls.HOST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cameliot.common.tls.RawWebSocket.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A {@link TlsSocket} that gathers writes; its ways of ending are those of TlsSocketLifecycleTest too. */
class TlsSocketGatheringTest {

    private static final WebSocketUpgrade UPGRADE = new WebSocketUpgrade("/mqtt", Map.of(), "mqtt");

    @RegisterExtension
    final TestSockets sockets = new TestSockets(true);

    @Test
    void anOrderlyCloseFirstWritesWhatWasFlushed() throws Exception {
        CountDownLatch closing = new CountDownLatch(1);
        CompletableFuture<byte[]> received = new CompletableFuture<>();
        ScriptedServer server = sockets.tls(TestTls.server(HOST), connection -> {
            connection.startHandshake();
            closing.await();
            received.complete(connection.getInputStream().readAllBytes());
        });
        TlsSocket socket = sockets.connect(TestTls.target(server.port()));

        byte[] sent = sendMany(socket, 1_000);
        CompletableFuture<Void> close = CompletableFuture.runAsync(() -> close(socket));
        closing.countDown();

        assertThat(received.get(10, TimeUnit.SECONDS)).isEqualTo(sent);
        close.get(10, TimeUnit.SECONDS);
        assertThat(sockets.threadCount()).isZero();
    }

    @Test
    void theCloseFrameOfAWebSocketIsTheLast() throws Exception {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        CompletableFuture<Integer> lastOpcode = new CompletableFuture<>();
        ScriptedServer server = sockets.tls(TestTls.server(HOST), connection -> {
            RawWebSocket peer = RawWebSocket.open(connection);
            Frame frame = peer.readFrame();
            for (; frame.opcode() == 2; frame = peer.readFrame()) {
                received.writeBytes(frame.payload());
            }
            lastOpcode.complete(frame.opcode());
        });
        TlsSocket socket = sockets.connect(TestTls.target(server.port()).withWebSocket(UPGRADE));

        byte[] sent = sendMany(socket, 1_000);
        socket.close();

        assertThat(lastOpcode.get(10, TimeUnit.SECONDS)).isEqualTo(8);
        assertThat(received.toByteArray()).isEqualTo(sent);
    }

    @Test
    void answersPingsBesidesTheWrites() throws Exception {
        CompletableFuture<Integer> pongs = new CompletableFuture<>();
        ScriptedServer server = sockets.tls(TestTls.server(HOST), connection -> {
            RawWebSocket peer = RawWebSocket.open(connection);
            int pong = 0;
            for (int i = 0; i < 200; i++) {
                peer.send(RawWebSocket.frame(0x89, new byte[0]), RawWebSocket.frame(0x82, new byte[1]));
            }
            for (Frame frame = peer.readFrame(); frame.opcode() != 8; frame = peer.readFrame()) {
                pong += frame.opcode() == 0xA ? 1 : 0;
            }
            pongs.complete(pong);
        });
        TlsSocket socket = sockets.connect(TestTls.target(server.port()).withWebSocket(UPGRADE));
        CompletableFuture<byte[]> writer = CompletableFuture.supplyAsync(() -> sendMany(socket, 5_000));

        assertThat(socket.getInputStream().readNBytes(200)).hasSize(200);
        writer.get(10, TimeUnit.SECONDS);
        socket.close();

        // Of pings that come while a pong waits, only the latest needs an answer (RFC 6455, section 5.5.3).
        assertThat(pongs.get(10, TimeUnit.SECONDS)).isBetween(1, 200);
    }

    @Test
    void aBrokenConnectionReachesTheWriter() throws Exception {
        ScriptedServer server = sockets.tls(TestTls.server(HOST), connection -> {
            connection.startHandshake();
            connection.getInputStream().read();
        });
        TlsSocket socket = sockets.connect(TestTls.target(server.port()));

        assertThat(new HeldUpWriter(socket).get()).isNotNull();
        assertThatThrownBy(() -> socket.getOutputStream().flush()).isInstanceOf(IOException.class);
        await().until(() -> sockets.threadCount() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "garbage\n"})
    void aFailedAttemptTakesNoThread(String answer) {
        ScriptedServer server =
                sockets.tls(TestTls.server(HOST), connection -> new RawWebSocket(connection).answer(answer));

        assertThat(sockets.failure(TestTls.target(server.port()).withWebSocket(UPGRADE)))
                .isNotNull();
        assertThat(sockets.threadCount()).isZero();
    }

    @Test
    void takesNoThreadWhileItHasLittleToWrite() throws Exception {
        ScriptedServer server = sockets.tls(TestTls.server(HOST), ScriptedServer::echo);
        TlsSocket socket = sockets.connect(TestTls.target(server.port()));

        TestSockets.assertEchoes(socket);

        assertThat(sockets.threadsEver()).isZero();
    }

    @Test
    void closesWithoutThreadsToo() throws Exception {
        ScriptedServer server = sockets.tls(TestTls.server(HOST), ScriptedServer::echo);
        TlsSocket socket = sockets.track(new TlsSocket(TestTls.target(server.port()), task -> {
            throw new RejectedExecutionException("shut down");
        }));
        socket.connect(null);
        TestSockets.assertEchoes(socket);

        socket.close();

        assertThat(socket.isClosed()).isTrue();
    }

    private static byte[] sendMany(TlsSocket socket, int messages) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Random random = new Random(messages);
        try {
            OutputStream out = socket.getOutputStream();
            for (int i = 0; i < messages; i++) {
                byte[] message = new byte[random.nextInt(300)];
                random.nextBytes(message);
                out.write(message);
                out.flush();
                all.writeBytes(message);
            }
            return all.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void close(TlsSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
