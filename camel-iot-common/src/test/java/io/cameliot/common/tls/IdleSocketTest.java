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

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A {@link TlsSocket} whose reader goes away while nothing comes. */
@Timeout(60)
class IdleSocketTest {

    private static final int IDLE_MILLIS = 10;
    private static final byte[] MESSAGE = "a message of some length".getBytes(StandardCharsets.US_ASCII);

    @RegisterExtension
    final TestSockets sockets = new TestSockets();

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final IdleWatch watch = new IdleWatch(threads);

    @AfterEach
    void endThreads() throws Exception {
        threads.shutdown();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS))
                .as("the watch ends with the last connection")
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void losesNothingWhereverInARecordItGoesIdle(String version) throws Exception {
        TrickleRelay relay =
                sockets.track(new TrickleRelay(sockets.tls(TestTls.server(TestTls.HOST), ScriptedServer::echo)));
        relay.permit(TrickleRelay.UNLIMITED);
        TlsSocket socket = sockets.connect(TestTls.target(relay.port(), TestTls.client(), List.of(version), null));
        TestSockets.assertEchoes(socket);
        relay.hold();
        Reader reader = new Reader(socket);

        socket.getOutputStream().write(MESSAGE);
        socket.getOutputStream().flush();
        threads.execute(reader);
        for (int bytes = 1; reader.received.size() < MESSAGE.length; bytes++) {
            int parked = bytes;
            await().until(() -> reader.parked.get() >= parked || reader.received.size() == MESSAGE.length);
            relay.permit(1);
        }

        assertThat(reader.received.toByteArray()).isEqualTo(MESSAGE);
        assertThat(reader.parked).hasValueGreaterThan(MESSAGE.length);
        socket.close();
        assertThat(reader.end).succeedsWithin(10, TimeUnit.SECONDS);
    }

    @Test
    void answersPingsOfAWebSocketAndIsIdleAgain() throws Exception {
        CompletableFuture<RawWebSocket> opened = new CompletableFuture<>();
        BlockingQueue<Integer> opcodes = new LinkedBlockingQueue<>();
        ScriptedServer server = sockets.tls(TestTls.server(TestTls.HOST), connection -> {
            RawWebSocket peer = RawWebSocket.open(connection);
            // Comes with the answer, before anybody waits.
            peer.send(RawWebSocket.frame(0x82, MESSAGE));
            opened.complete(peer);
            while (true) {
                opcodes.add(peer.readFrame().opcode());
            }
        });
        TlsSocket socket = sockets.connect(
                TestTls.target(server.port()).withWebSocket(new WebSocketUpgrade("/mqtt", Map.of(), "mqtt")));
        Reader reader = new Reader(socket);
        threads.execute(reader);
        RawWebSocket peer = opened.get(10, TimeUnit.SECONDS);

        for (int round = 1; round <= 3; round++) {
            int parked = round;
            await().until(() -> reader.parked.get() >= parked);
            peer.send(RawWebSocket.frame(0x89, MESSAGE));
            assertThat(opcodes.poll(10, TimeUnit.SECONDS)).isEqualTo(0xA);
        }
        peer.send(RawWebSocket.frame(0x82, MESSAGE), RawWebSocket.frame(0x89, MESSAGE));

        await().until(() -> reader.received.size() == 2 * MESSAGE.length);
        socket.close();
        assertThat(reader.end).succeedsWithin(10, TimeUnit.SECONDS);
    }

    @Test
    void aClosedSocketIsNotParked() throws Exception {
        ScriptedServer server = sockets.tls(TestTls.server(TestTls.HOST), ScriptedServer::echo);
        TlsSocket socket = sockets.connect(TestTls.target(server.port()));
        TestSockets.assertEchoes(socket);
        socket.abort();

        assertThat(socket.park(watch, () -> {})).isFalse();
    }

    @Test
    void aSocketKeepsItsReaderWhereNoThreadWatches() throws Exception {
        ScriptedServer server = sockets.tls(TestTls.server(TestTls.HOST), ScriptedServer::echo);
        TlsSocket socket = sockets.connect(TestTls.target(server.port()));
        TestSockets.assertEchoes(socket);
        long before = Descriptors.selectors();
        threads.shutdown();

        assertThat(socket.park(watch, () -> {})).isFalse();

        assertThat(Descriptors.selectors()).isLessThanOrEqualTo(before);
        TestSockets.assertEchoes(socket);
    }

    @Test
    void givesItsSelectorsBackWithTheSocket() throws Exception {
        ScriptedServer server = sockets.tls(TestTls.server(TestTls.HOST), ScriptedServer::echo);
        long before = Descriptors.selectors();
        TlsSocket socket = sockets.connect(TestTls.target(server.port()));
        TestSockets.assertEchoes(socket);

        socket.close();

        assertThat(Descriptors.selectors()).isEqualTo(before);
        assertThat(Descriptors.connectedTo(server.port())).isZero();
    }

    /** A socket's reads and writes do not heed interrupts; a channel would be closed, and its selector never wait. */
    @Test
    void anInterruptEndsNoReadAndIsKept() throws Exception {
        ScriptedServer server = sockets.tls(TestTls.server(TestTls.HOST), ScriptedServer::echo);
        TlsSocket socket = sockets.connect(TestTls.target(server.port()));
        TestSockets.assertEchoes(socket);

        Thread.currentThread().interrupt();
        TestSockets.assertEchoes(socket);
        boolean kept = Thread.interrupted();

        assertThat(kept).isTrue();
    }

    /** Reads all there is, on one thread after the other. */
    private final class Reader implements Runnable {

        final ByteArrayOutputStream received = new ByteArrayOutputStream();
        final AtomicInteger parked = new AtomicInteger();
        final CompletableFuture<Void> end = new CompletableFuture<>();
        private final TlsSocket socket;
        private final byte[] buffer = new byte[5];

        Reader(TlsSocket socket) throws IOException {
            this.socket = socket;
            socket.setIdleTimeout(IDLE_MILLIS);
        }

        @Override
        public void run() {
            try {
                for (int count = 0; count >= 0; count = socket.getInputStream().read(buffer)) {
                    received.write(buffer, 0, count);
                }
                end.complete(null);
            } catch (SocketTimeoutException e) {
                park();
            } catch (IOException e) {
                end.complete(null);
            }
        }

        private void park() {
            parked.incrementAndGet();
            try {
                if (!socket.park(watch, this)) {
                    end.complete(null);
                }
            } catch (IOException e) {
                end.completeExceptionally(e);
            }
        }
    }
}
