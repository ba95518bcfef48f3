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
package io.cameliot.common.transport.connect;

import static io.cameliot.common.transport.connect.TestTls.HOST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cameliot.common.transport.ProxyAddress;
import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsConnectException.Reason;
import io.cameliot.common.transport.TlsTarget;
import io.cameliot.common.transport.WebSocketUpgrade;
import io.cameliot.common.transport.connect.TestConnections.Attempt;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.local.LocalChannel;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Timeouts, cancellation and the end of connections of a {@link TransportConnector}. */
@ExtendWith(LeakCheck.class)
class ConnectLifecycleTest {

    private static final byte[] PING = "ping".getBytes(StandardCharsets.US_ASCII);
    private static final Duration SHORT = Duration.ofMillis(300);

    @RegisterExtension
    final TestConnections connections = new TestConnections();

    @Test
    void aHandshakeThatStallsEndsWithinTheTimeout() {
        ScriptedServer server = connections.plain(
                connection -> connection.getInputStream().transferTo(OutputStream.nullOutputStream()));

        assertThat(connections.failure(TestTls.direct("localhost", server.port(), SHORT)))
                .hasMessageContaining("no answer within 300 ms")
                .hasMessageContaining("option endpoint")
                .returns(Reason.TIMEOUT, TlsConnectException::getReason);
    }

    /** The event loop takes the pipeline apart when the connection ends, and another thread may abort it just then. */
    @Test
    void abortingAConnectionThatEndsDoesNotFail() throws Exception {
        LocalChannel channel = new LocalChannel();
        EventLoopGroup loops = new DefaultEventLoopGroup(1);
        AtomicBoolean done = new AtomicBoolean();
        try {
            loops.register(channel).sync();
            CountDownLatch begun = new CountDownLatch(1);
            channel.eventLoop().execute(() -> {
                begun.countDown();
                while (!done.get()) {
                    channel.pipeline().addLast(new ChannelHandlerAdapter() {}).removeLast();
                }
            });
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

            assertThatCode(() -> {
                        for (int i = 0; i < 300_000; i++) {
                            TransportConnector.abort(channel);
                        }
                    })
                    .doesNotThrowAnyException();
        } finally {
            done.set(true);
            loops.shutdownGracefully(0, 20, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    void aHandshakeThatTricklesEndsWithinTheTimeout() {
        ScriptedServer server = connections.plain(connection -> {
            // A record of 16 KB that takes 16,384 × 50 ms to arrive.
            connection.getOutputStream().write(new byte[] {0x16, 3, 3, 0x40, 0});
            while (true) {
                ScriptedServer.pause(50);
                connection.getOutputStream().write(2);
            }
        });

        assertThat(connections.failure(TestTls.direct("localhost", server.port(), SHORT)))
                .returns(Reason.TIMEOUT, TlsConnectException::getReason);
    }

    @Test
    void aServerThatDoesNotAcceptEndsWithinTheTimeout() throws Exception {
        int port = connections.blackHole("127.0.0.1", 0);

        assertThat(connections.failure(TestTls.direct("localhost", port, SHORT)))
                .hasMessageContaining("no answer within 300 ms")
                .hasMessageContaining("firewall")
                .returns(Reason.TIMEOUT, TlsConnectException::getReason);
    }

    /** A stage of an attempt at which the peer is silent. */
    enum Stage {
        DIAL {
            @Override
            Silence begin(TestConnections connections) throws Exception {
                int port = connections.blackHole("127.0.0.1", 0);
                return new Silence(TestTls.target(port), port, new CountDownLatch(0));
            }
        },
        HTTP_PROXY {
            @Override
            Silence begin(TestConnections connections) {
                return proxy(connections, "http");
            }
        },
        SOCKS_PROXY {
            @Override
            Silence begin(TestConnections connections) {
                return proxy(connections, "socks5");
            }
        },
        HANDSHAKE {
            @Override
            Silence begin(TestConnections connections) {
                CountDownLatch reached = new CountDownLatch(1);
                int port = connections
                        .plain(connection -> awaitEnd(connection, reached))
                        .port();
                return new Silence(TestTls.target(port), port, reached);
            }
        },
        UPGRADE {
            @Override
            Silence begin(TestConnections connections) {
                CountDownLatch reached = new CountDownLatch(1);
                int port = connections
                        .tls(TestTls.server(HOST), connection -> awaitEnd(connection, reached))
                        .port();
                TlsTarget target = TestTls.target(port).withWebSocket(new WebSocketUpgrade("/mqtt", Map.of(), "mqtt"));
                return new Silence(target, port, reached);
            }
        };

        /** The target, and a latch that opens when the attempt has reached the stage. */
        record Silence(TlsTarget target, int port, CountDownLatch reached) {}

        abstract Silence begin(TestConnections connections) throws Exception;

        private static Silence proxy(TestConnections connections, String scheme) {
            CountDownLatch reached = new CountDownLatch(1);
            int port = connections
                    .plain(connection -> awaitEnd(connection, reached))
                    .port();
            ProxyAddress proxy = ProxyAddress.parse(scheme + "://127.0.0.1:" + port, "options");
            return new Silence(TestTls.through(proxy, TestTls.target(1)), port, reached);
        }

        private static void awaitEnd(Socket connection, CountDownLatch reached) throws IOException {
            connection.getInputStream().read();
            reached.countDown();
            connection.getInputStream().transferTo(OutputStream.nullOutputStream());
        }
    }

    @ParameterizedTest
    @EnumSource
    void cancellingFromAnotherThreadEndsAnAttemptAtOnce(Stage stage) throws Exception {
        Stage.Silence silence = stage.begin(connections);
        long fillers = Descriptors.connectedTo(silence.port());
        Attempt attempt = connections.start(silence.target());
        assertThat(silence.reached().await(10, TimeUnit.SECONDS)).isTrue();
        await().until(() -> Descriptors.connectedTo(silence.port()) > fillers);

        attempt.connected().cancel(false);

        await().atMost(Duration.ofSeconds(5)).until(() -> Descriptors.connectedTo(silence.port()) == fillers);
    }

    @ParameterizedTest
    @EnumSource
    void releasesEverythingWhenAnAttemptEnds(Stage stage) throws Exception {
        Stage.Silence silence = stage.begin(connections);
        AtomicReference<TlsTarget> target = new AtomicReference<>(silence.target());
        Attempt attempt = connections.start(target.get());
        WeakReference<Object> left = new WeakReference<>(attempt.connected());
        assertThat(silence.reached().await(10, TimeUnit.SECONDS)).isTrue();
        attempt.connected().cancel(false);
        connections.forget();
        attempt = null;

        await().untilAsserted(() -> {
            System.gc();
            assertThat(left.get()).as("a timer or a handler holds the attempt").isNull();
        });
    }

    @Test
    void dialsNothingAfterItWasCancelled() throws Exception {
        CountDownLatch accepted = new CountDownLatch(1);
        ScriptedServer server = connections.plain(connection -> accepted.countDown());
        BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
        TransportConnector held = new TransportConnector(connections.eventLoops(), work::add);
        Attempt attempt = connections.start(held, TestTls.target(server.port()), pipeline -> {});

        attempt.connected().cancel(false);
        work.take().run();
        connections.eventLoops().submit(() -> {}).get(10, TimeUnit.SECONDS);

        assertThat(accepted.await(200, TimeUnit.MILLISECONDS)).isFalse();
    }

    @Test
    void failsAtOnceWhenTheEventLoopHasEnded() throws Exception {
        ScriptedServer server = connections.tls(TestTls.server(HOST), ScriptedServer::echo);
        connections.eventLoops().shutdownGracefully(0, 5, TimeUnit.SECONDS).await(10, TimeUnit.SECONDS);

        assertThat(connections.start(TestTls.target(server.port())).connected()).failsWithin(5, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @EnumSource
    void failsAtOnceWhenTheEventLoopEnds(Stage stage) throws Exception {
        Stage.Silence silence = stage.begin(connections);
        Attempt attempt = connections.start(silence.target());
        assertThat(silence.reached().await(10, TimeUnit.SECONDS)).isTrue();

        connections.eventLoops().shutdownGracefully(0, 5, TimeUnit.SECONDS);

        assertThat(attempt.connected()).failsWithin(10, TimeUnit.SECONDS);
    }

    @Test
    void failsAtOnceWhenTheWorkersHaveEnded() throws Exception {
        ScriptedServer server = connections.tls(TestTls.server(HOST), ScriptedServer::echo);
        connections.workers().shutdown();

        assertThat(connections.start(TestTls.target(server.port())).connected()).failsWithin(5, TimeUnit.SECONDS);
    }

    /** Name resolution can block and cannot be interrupted. */
    @Test
    void aNameServiceThatStallsEndsWithinTheTimeout() {
        TransportConnector stalled = new TransportConnector(connections.eventLoops(), task -> {});

        assertThat(connections
                        .start(stalled, TestTls.direct("localhost", 1, SHORT), pipeline -> {})
                        .failure())
                .hasMessageContaining("no answer within 300 ms")
                .returns(Reason.TIMEOUT, TlsConnectException::getReason);
    }

    @Test
    void failsWithTheExceptionOfTheApplication() {
        ScriptedServer server = connections.tls(TestTls.server(HOST), ScriptedServer::echo);
        TransportConnector connector = new TransportConnector(connections.eventLoops(), connections.workers());

        Attempt attempt = connections.start(connector, TestTls.target(server.port()), pipeline -> {
            throw new IllegalStateException("no handlers today");
        });

        assertThat(attempt.connected())
                .failsWithin(10, TimeUnit.SECONDS)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("no handlers today");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void losesNothingWhenTheNetworkPausesWithinARecord(String version) throws Exception {
        ScriptedServer server = connections.tls(TestTls.server(HOST), ScriptedServer::echo);
        TrickleRelay relay = connections.track(new TrickleRelay(server));
        relay.permit(TrickleRelay.UNLIMITED);
        TestConnection client =
                connections.connect(TestTls.target(relay.port(), TestTls.client(), List.of(version), null));
        TestConnections.assertEchoes(client);
        relay.hold();
        ReadCounter reads = new ReadCounter();
        client.channel().pipeline().addFirst(reads);

        client.write(PING);
        CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> {
            try {
                return client.readNBytes(PING.length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        for (int bytes = 1; !received.isDone(); bytes++) {
            relay.permit(1);
            int read = bytes;
            await().until(() -> reads.count.get() >= read || received.isDone());
        }

        assertThat(received).isCompletedWithValueMatching(bytes -> Arrays.equals(bytes, PING));
        assertThat(reads.count).hasValueGreaterThan(PING.length);
    }

    private static final class ReadCounter extends ChannelInboundHandlerAdapter {

        private final AtomicInteger count = new AtomicInteger();

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            count.incrementAndGet();
            context.fireChannelRead(message);
        }
    }

    @Test
    void readsTheEndOfTheStreamWhenTheServerCloses() throws Exception {
        ScriptedServer server = connections.tls(
                TestTls.server(HOST), connection -> connection.getInputStream().read());
        TestConnection client = connections.connect(TestTls.target(server.port()));

        client.write((byte) 1);

        assertThat(client.read()).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sendsACloseNotifyOnlyOnAnOrderlyClose(boolean orderly) throws Exception {
        TrickleRelay relay =
                connections.track(new TrickleRelay(connections.tls(TestTls.server(HOST), ScriptedServer::echo)));
        relay.permit(TrickleRelay.UNLIMITED);
        TestConnection client = connections.connect(TestTls.target(relay.port()));
        TestConnections.assertEchoes(client);
        long before = relay.fromClient();

        if (orderly) {
            client.close();
        } else {
            client.abort();
        }

        assertThat(relay.clientEnd().get(10, TimeUnit.SECONDS) > before)
                .as("sends the close_notify alert")
                .isEqualTo(orderly);
        assertThat(client.isOpen()).isFalse();
        assertThatThrownBy(() -> client.write((byte) 1)).isInstanceOf(IOException.class);
    }

    @Test
    void closingEndsAReaderAndReturnsImmediately() throws Exception {
        ScriptedServer server = connections.tls(TestTls.server(HOST), ScriptedServer::echo);
        TestConnection client = connections.connect(TestTls.target(server.port()));
        TestConnections.assertEchoes(client);
        CountDownLatch reading = new CountDownLatch(1);
        CompletableFuture<Integer> end = CompletableFuture.supplyAsync(() -> {
            reading.countDown();
            try {
                return client.read();
            } catch (IOException e) {
                return -1;
            }
        });
        assertThat(reading.await(10, TimeUnit.SECONDS)).isTrue();

        client.close();

        assertThat(end.get(10, TimeUnit.SECONDS)).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closesAtOnceWhileAWriterIsBlockedByADeadPeer(boolean orderly) throws Exception {
        ScriptedServer server = connections.tls(TestTls.server(HOST), connection -> {
            connection.startHandshake();
            ScriptedServer.stall();
        });
        TestConnection client = connections.connect(TestTls.target(server.port()));
        HeldUpWriter writer = new HeldUpWriter(client);
        CompletableFuture<IOException> outcome = CompletableFuture.supplyAsync(writer);
        await().until(writer::isHeldUp);

        if (orderly) {
            client.close();
        } else {
            client.abort();
        }

        assertThat(outcome.get(10, TimeUnit.SECONDS)).isNotNull();
    }
}
