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

import io.cameliot.common.tls.TlsConnectException.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a {@link TlsSocket} waits and ends. */
class TlsSocketLifecycleTest {

    private static final byte[] PING = "ping".getBytes(StandardCharsets.US_ASCII);
    private static final Duration SHORT = Duration.ofMillis(300);

    @RegisterExtension
    final TestSockets sockets = new TestSockets();

    @Test
    void aHandshakeThatStallsEndsWithinTheTimeout() {
        ScriptedServer server =
                sockets.plain(connection -> connection.getInputStream().transferTo(OutputStream.nullOutputStream()));

        assertThat(sockets.failure(TestTls.direct("localhost", server.port(), SHORT)))
                .hasMessageContaining("no answer within 300 ms")
                .hasMessageContaining("option endpoint")
                .returns(Reason.TIMEOUT, TlsConnectException::getReason);
    }

    @Test
    void aHandshakeThatTricklesEndsWithinTheTimeout() {
        ScriptedServer server = sockets.plain(connection -> {
            // A record of 16 KB that takes 16,384 × 50 ms to come.
            connection.getOutputStream().write(new byte[] {0x16, 3, 3, 0x40, 0});
            while (true) {
                ScriptedServer.pause(50);
                connection.getOutputStream().write(2);
            }
        });

        assertThat(sockets.failure(TestTls.direct("localhost", server.port(), SHORT)))
                .returns(Reason.TIMEOUT, TlsConnectException::getReason);
    }

    @Test
    void aServerThatDoesNotAcceptEndsWithinTheTimeout() throws Exception {
        int port = sockets.blackHole("127.0.0.1", 0);

        assertThat(sockets.failure(TestTls.direct("localhost", port, SHORT)))
                .hasMessageContaining("no answer within 300 ms")
                .hasMessageContaining("firewall")
                .returns(Reason.TIMEOUT, TlsConnectException::getReason);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closingFromAnotherThreadEndsAHandshake(boolean orderly) throws Exception {
        CountDownLatch helloArrived = new CountDownLatch(1);
        ScriptedServer server = sockets.plain(connection -> {
            connection.getInputStream().read();
            helloArrived.countDown();
            connection.getInputStream().transferTo(OutputStream.nullOutputStream());
        });
        TlsSocket socket = sockets.socket(TestTls.target(server.port()));
        CompletableFuture<Throwable> outcome = CompletableFuture.supplyAsync(() -> TestSockets.failure(socket));

        assertThat(helloArrived.await(10, TimeUnit.SECONDS)).isTrue();
        if (orderly) {
            socket.close();
        } else {
            socket.abort();
        }

        assertThat(outcome.get(10, TimeUnit.SECONDS))
                .isInstanceOf(TlsConnectException.class)
                .hasMessageContaining("closed on this side");
    }

    @Test
    void connectingAClosedSocketDialsNobody() throws Exception {
        CountDownLatch accepted = new CountDownLatch(1);
        ScriptedServer server = sockets.plain(connection -> accepted.countDown());
        TlsSocket socket = new TlsSocket(TestTls.target(server.port()));

        socket.close();

        assertThat(TestSockets.failure(socket)).hasMessageContaining("closed on this side");
        assertThat(accepted.getCount()).isOne();
        assertThat(socket.isClosed()).isTrue();
        assertThat(socket.isConnected()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aReadTimeoutInTheMiddleOfARecordLosesNothing(String version) throws Exception {
        ScriptedServer server = sockets.tls(TestTls.server(HOST), ScriptedServer::echo);
        TrickleRelay relay = sockets.track(new TrickleRelay(server));
        relay.permit(TrickleRelay.UNLIMITED);
        TlsSocket socket = sockets.connect(TestTls.target(relay.port(), TestTls.client(), List.of(version), null));
        TestSockets.assertEchoes(socket);
        socket.setSoTimeout(20);
        assertThat(socket.getSoTimeout()).isEqualTo(20);
        relay.hold();

        socket.getOutputStream().write(PING);
        socket.getOutputStream().flush();
        byte[] received = new byte[PING.length];
        int timeouts = 0;
        for (int count = 0; count < received.length; ) {
            try {
                count += socket.getInputStream().read(received, count, received.length - count);
            } catch (SocketTimeoutException e) {
                timeouts++;
                relay.permit(3);
            }
        }

        assertThat(received).isEqualTo(PING);
        assertThat(timeouts).isGreaterThan(5);
    }

    @Test
    void readsTheEndOfTheStreamWhenTheServerCloses() throws Exception {
        ScriptedServer server = sockets.tls(
                TestTls.server(HOST), connection -> connection.getInputStream().read());
        TlsSocket socket = sockets.connect(TestTls.target(server.port()));

        socket.getOutputStream().write(1);
        socket.getOutputStream().flush();

        assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void onlyAnOrderlyCloseTellsTheServer(boolean orderly) throws Exception {
        TrickleRelay relay = sockets.track(new TrickleRelay(sockets.tls(TestTls.server(HOST), ScriptedServer::echo)));
        relay.permit(TrickleRelay.UNLIMITED);
        TlsSocket socket = sockets.connect(TestTls.target(relay.port()));
        TestSockets.assertEchoes(socket);
        long before = relay.fromClient();

        if (orderly) {
            socket.close();
        } else {
            socket.abort();
        }

        assertThat(relay.clientEnd().get(10, TimeUnit.SECONDS) > before)
                .as("sends the close_notify alert")
                .isEqualTo(orderly);
        assertThat(socket.isClosed()).isTrue();
        assertThatThrownBy(() -> socket.getOutputStream().write(1)).isInstanceOf(IOException.class);
    }

    @Test
    void closingEndsAReaderAndReturnsAtOnce() throws Exception {
        ScriptedServer server = sockets.tls(TestTls.server(HOST), ScriptedServer::echo);
        TlsSocket socket = sockets.connect(TestTls.target(server.port()));
        TestSockets.assertEchoes(socket);
        CountDownLatch reading = new CountDownLatch(1);
        CompletableFuture<Integer> end = CompletableFuture.supplyAsync(() -> {
            reading.countDown();
            try {
                return socket.getInputStream().read();
            } catch (IOException e) {
                return -1;
            }
        });
        assertThat(reading.await(10, TimeUnit.SECONDS)).isTrue();

        socket.close();

        assertThat(end.get(10, TimeUnit.SECONDS)).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closingDoesNotWaitForAWriterThatADeadPeerHoldsUp(boolean orderly) throws Exception {
        ScriptedServer server = sockets.tls(TestTls.server(HOST), connection -> {
            connection.startHandshake();
            ScriptedServer.stall();
        });
        TlsSocket socket = sockets.connect(TestTls.target(server.port()));
        HeldUpWriter writer = new HeldUpWriter(socket);
        CompletableFuture<IOException> outcome = CompletableFuture.supplyAsync(writer);
        await().until(writer::isHeldUp);

        if (orderly) {
            socket.close();
        } else {
            socket.abort();
        }

        assertThat(outcome.get(10, TimeUnit.SECONDS)).isNotNull();
    }
}
