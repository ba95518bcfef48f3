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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server on loopback that runs a script per connection, each on its own thread. When a script ends, normally or not,
 * its connection is closed.
 */
public final class ScriptedServer implements AutoCloseable {

    /** The server's behaviour on one connection. */
    @FunctionalInterface
    public interface Script<S extends Socket> {
        void serve(S connection) throws Exception;
    }

    private static final Logger LOG = LoggerFactory.getLogger(ScriptedServer.class);

    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

    private ScriptedServer(String address, Script<Socket> script) {
        try {
            listener = new ServerSocket(0, 50, InetAddress.getByName(address));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(() -> accept(script));
    }

    public static ScriptedServer plain(Script<Socket> script) {
        return new ScriptedServer("127.0.0.1", script);
    }

    public static ScriptedServer tls(SSLContext context, Script<SSLSocket> script) {
        return tls("127.0.0.1", context, parameters -> {}, script);
    }

    public static ScriptedServer tls(
            String address, SSLContext context, Consumer<SSLParameters> change, Script<SSLSocket> script) {
        return new ScriptedServer(address, connection -> {
            SSLSocket layered = (SSLSocket) context.getSocketFactory().createSocket(connection, null, 0, true);
            layered.setUseClientMode(false);
            SSLParameters parameters = layered.getSSLParameters();
            change.accept(parameters);
            layered.setSSLParameters(parameters);
            try (layered) {
                script.serve(layered);
            }
        });
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Sends everything back until the client closes. */
    public static void echo(Socket connection) throws IOException {
        connection.getInputStream().transferTo(connection.getOutputStream());
    }

    /** Relays bytes to and from a port of this machine. */
    public static void relay(Socket connection, int port) throws Exception {
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
            CompletableFuture<Void> back = CompletableFuture.runAsync(() -> copy(server, connection));
            copy(connection, server);
            back.join();
        }
    }

    public static void copy(Socket from, Socket to) {
        try (to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            LOG.debug("{} has ended", from, e);
        }
    }

    /** Waits for this time, or until the server is closed. */
    public static void pause(long millis) throws InterruptedException {
        new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    }

    /** Waits until the server is closed. */
    public static void stall() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    private void accept(Script<Socket> script) {
        while (!listener.isClosed()) {
            try {
                Socket connection = listener.accept();
                connections.add(connection);
                threads.execute(() -> serve(connection, script));
            } catch (IOException | RejectedExecutionException e) {
                LOG.debug("{} accepted no connection", listener, e);
            }
        }
    }

    private static void serve(Socket connection, Script<Socket> script) {
        try (connection) {
            script.serve(connection);
        } catch (Exception e) {
            LOG.debug("The script on {} ended early", connection, e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            listener.close();
            for (Socket connection : connections) {
                connection.close();
            }
            if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("A script goes on after its server was closed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
