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

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsFailures;
import io.cameliot.common.transport.TlsTarget;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Connects, and closes in reverse order what a test has opened. All connections of a test share one event loop. After
 * the test its thread and those of the workers must end.
 */
final class TestConnections implements AfterEachCallback {

    private static final byte[] PING = "ping".getBytes(StandardCharsets.US_ASCII);
    private static final long LIMIT_SECONDS = 60;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final ExecutorService loopThreads = Executors.newCachedThreadPool();
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final EventLoopGroup eventLoops = new NioEventLoopGroup(1, loopThreads);
    private final TransportConnector connector = new TransportConnector(eventLoops, workers);

    /** A running attempt. */
    record Attempt(CompletableFuture<Channel> connected, Inbox inbox) {

        TestConnection await() throws IOException {
            try {
                return new TestConnection(connected.get(LIMIT_SECONDS, TimeUnit.SECONDS), inbox);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
            } catch (InterruptedException | TimeoutException e) {
                throw new IllegalStateException("The attempt does not end", e);
            }
        }

        TlsConnectException failure() {
            return catchThrowableOfType(TlsConnectException.class, this::await);
        }
    }

    private record AttemptEnd(CompletableFuture<Channel> connected) implements AutoCloseable {

        @Override
        public void close() {
            connected.cancel(false);
            if (!connected.isCompletedExceptionally()) {
                TransportConnector.abort(connected.join());
            }
        }
    }

    <T extends AutoCloseable> T track(T closeable) {
        opened.push(closeable);
        return closeable;
    }

    /** Excludes the attempts until now from the clean-up, and releases them. */
    void forget() {
        opened.removeIf(AttemptEnd.class::isInstance);
    }

    ScriptedServer tls(SSLContext context, ScriptedServer.Script<SSLSocket> script) {
        return track(ScriptedServer.tls(context, script));
    }

    ScriptedServer plain(ScriptedServer.Script<Socket> script) {
        return track(ScriptedServer.plain(script));
    }

    EventLoopGroup eventLoops() {
        return eventLoops;
    }

    ExecutorService workers() {
        return workers;
    }

    Attempt start(TlsTarget target) {
        return start(connector, target, pipeline -> {});
    }

    Attempt start(TransportConnector other, TlsTarget target, Consumer<ChannelPipeline> application) {
        Inbox inbox = new Inbox();
        Attempt attempt = new Attempt(
                other.connect(target, pipeline -> {
                    pipeline.addLast(inbox);
                    application.accept(pipeline);
                }),
                inbox);
        track(new AttemptEnd(attempt.connected()));
        return attempt;
    }

    TestConnection connect(TlsTarget target) throws IOException {
        return start(target).await();
    }

    /** Returns the failure to connect to the target. */
    TlsConnectException failure(TlsTarget target) {
        return start(target).failure();
    }

    /**
     * Returns the failure as {@link #failure}; the server may refuse only after the client's handshake has ended (TLS
     * 1.3).
     */
    TlsConnectException failureUntilTheFirstRead(TlsTarget target) {
        try {
            TestConnection client = connect(target);
            try {
                client.read();
                return null;
            } catch (IOException e) {
                return TlsFailures.explain(e, target);
            }
        } catch (IOException e) {
            return (TlsConnectException) e;
        }
    }

    static void assertEchoes(TestConnection client) throws IOException {
        assertEchoes(client, PING);
    }

    static void assertEchoes(TestConnection client, byte[] message) throws IOException {
        client.write(message);
        assertThat(client.readNBytes(message.length)).isEqualTo(message);
    }

    /**
     * An address that answers no SYN, because the queue of its listener is full.
     *
     * @param port 0 for a free one
     * @return the port
     */
    int blackHole(String address, int port) throws IOException {
        ServerSocket listener = track(new ServerSocket(port, 1, InetAddress.getByName(address)));
        while (true) {
            Socket filler = track(new Socket());
            try {
                filler.connect(listener.getLocalSocketAddress(), 200);
            } catch (SocketTimeoutException e) {
                return listener.getLocalPort();
            }
        }
    }

    /** A port that refuses connections: a socket is bound to it, so that no other can listen, and does not listen. */
    int closedPort() throws IOException {
        Socket bound = track(new Socket());
        bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return bound.getLocalPort();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        for (AutoCloseable closeable : opened) {
            closeable.close();
        }
        eventLoops.shutdownGracefully(0, LIMIT_SECONDS, TimeUnit.SECONDS);
        workers.shutdown();
        assertThat(eventLoops.awaitTermination(LIMIT_SECONDS, TimeUnit.SECONDS))
                .as("the event loop ends")
                .isTrue();
        loopThreads.shutdown();
        assertThat(loopThreads.awaitTermination(LIMIT_SECONDS, TimeUnit.SECONDS))
                .as("the event loop's thread ends")
                .isTrue();
        assertThat(workers.awaitTermination(LIMIT_SECONDS, TimeUnit.SECONDS))
                .as("the workers end")
                .isTrue();
    }
}
