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

import io.cameliot.testinfra.net.LoopbackServer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Function;

/**
 * A TCP proxy on {@code 127.0.0.1} in front of one server. It forwards every byte, including TLS, until a test applies
 * a {@link NetworkFault} to the open connections, to future ones, or to all.
 * <pre>{@code
 * try (FaultProxy proxy = FaultProxy.to("127.0.0.1", emulator.port(GatewayPort.MQTT_8883)).start()) {
 *     String option = proxy.address();                       // connectTo=127.0.0.1:41234
 *     proxy.applyToAll(new Delay(Duration.ofMillis(100)));   // round trips of 200 ms from now on
 *     proxy.apply(new Reset());                              // resets the open connections
 *     proxy.applyToNext(1, new AfterBytes(Direction.TO_CLIENT, 2_000, new HalfOpen()));
 *     proxy.stop();                                          // connections are refused until start()
 * }
 * }</pre>
 *
 * <p>Methods that apply or clear faults return when the change is in effect.
 */
public final class FaultProxy implements AutoCloseable {

    /** A number of connections that is never reached. */
    public static final int ALWAYS = Integer.MAX_VALUE;

    private final InetSocketAddress upstream;
    private final ProxyCounters counters = new ProxyCounters();
    /**
     * Guards the fields below: a connection is either open when a fault is applied, or finds it among the planned ones.
     */
    private final Object lock = new Object();

    private final Set<ProxiedConnection> open = new LinkedHashSet<>();
    private final List<PlannedFault> planned = new ArrayList<>();
    private int port;
    private LoopbackServer server;
    private ScheduledExecutorService timer;

    private FaultProxy(InetSocketAddress upstream, int port) {
        this.upstream = upstream;
        this.port = port;
    }

    /**
     * Creates a proxy on a free port.
     *
     * @param host the server's host
     * @param port the server's port
     * @return the proxy, not started yet
     */
    public static FaultProxy to(String host, int port) {
        return to(host, port, 0);
    }

    /**
     * Creates a proxy on a given port.
     *
     * @param host the server's host; resolved for each connection
     * @param port the server's port
     * @param proxyPort the port of {@code 127.0.0.1} to listen on, or 0 for a free one
     * @return the proxy, not started yet
     */
    public static FaultProxy to(String host, int port, int proxyPort) {
        return new FaultProxy(InetSocketAddress.createUnresolved(host, port), proxyPort);
    }

    /**
     * Starts to listen, after {@link #stop()} on the same port and with the remaining faults for future connections.
     * Does nothing if the proxy already listens.
     *
     * @return this
     * @throws UncheckedIOException if the port is in use
     */
    public synchronized FaultProxy start() {
        if (timer == null) {
            boolean first = server == null;
            if (first) {
                server = new LoopbackServer("fault-proxy", false);
            }
            ScheduledThreadPoolExecutor delays =
                    new ScheduledThreadPoolExecutor(1, new DefaultThreadFactory("fault-proxy-timer", true));
            delays.setRemoveOnCancelPolicy(true);
            try {
                port = server.bind(port, new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel client) {
                        accept(client, delays);
                    }
                });
                timer = delays;
            } finally {
                if (timer == null) {
                    delays.shutdownNow();
                    if (first) {
                        closeServer();
                    }
                }
            }
        }
        return this;
    }

    /**
     * Stops listening, so that connections are refused, and closes the open ones. The proxy keeps its port. Does nothing if
     * the proxy is stopped.
     */
    public synchronized void stop() {
        if (timer != null) {
            submit(connections(), ProxiedConnection::submitClose);
            server.unbind();
            // Connections that were accepted in the meantime.
            submit(connections(), ProxiedConnection::submitClose);
            timer.shutdownNow();
            timer = null;
        }
    }

    /** Stops the proxy, ends its threads and frees its port. */
    @Override
    public synchronized void close() {
        stop();
        if (server != null) {
            closeServer();
        }
    }

    private void closeServer() {
        server.close();
        server = null;
    }

    /**
     * The port of the proxy.
     *
     * @return a port of {@code 127.0.0.1}; 0 before the first start if a free one is requested
     */
    public synchronized int port() {
        return port;
    }

    /**
     * The proxy's address in the form of the option {@code connectTo}.
     *
     * @return such as {@code 127.0.0.1:41234}
     */
    public String address() {
        return "127.0.0.1:" + port();
    }

    /**
     * Applies a fault to the open connections.
     *
     * @param fault the fault
     */
    public void apply(NetworkFault fault) {
        submit(connections(), connection -> connection.submit(fault));
    }

    /**
     * Applies a fault to future connections from their start. A connection gets all faults that wait for the next
     * connections, in the order of these calls.
     *
     * @param connections their number, or {@link #ALWAYS}
     * @param fault the fault
     * @throws IllegalArgumentException if {@code connections} is less than one
     */
    public void applyToNext(int connections, NetworkFault fault) {
        synchronized (lock) {
            planned.add(new PlannedFault(fault, connections));
        }
    }

    /**
     * Applies a fault to the open connections and to all future ones.
     *
     * @param fault the fault
     */
    public void applyToAll(NetworkFault fault) {
        List<ProxiedConnection> now;
        synchronized (lock) {
            planned.add(new PlannedFault(fault, ALWAYS));
            now = List.copyOf(open);
        }
        submit(now, connection -> connection.submit(fault));
    }

    /** Removes all faults from open and future connections. Closed connections stay closed. */
    public void clear() {
        List<ProxiedConnection> now;
        synchronized (lock) {
            planned.clear();
            now = List.copyOf(open);
        }
        submit(now, ProxiedConnection::submitClear);
    }

    private static void submit(List<ProxiedConnection> connections, Function<ProxiedConnection, Future<?>> task) {
        EventLoops.await(connections.stream().map(task).toList());
    }

    /**
     * The open connections.
     *
     * @return in the order in which they were accepted
     */
    public List<ProxiedConnection> connections() {
        synchronized (lock) {
            return List.copyOf(open);
        }
    }

    /**
     * The number of accepted connections, including closed ones and those that a fault ended at once.
     *
     * @return a number that never decreases
     */
    public long accepted() {
        return counters.accepted();
    }

    /**
     * The number of times that faults have taken effect, counted per connection.
     *
     * @return a number that never decreases
     */
    public long struck() {
        return counters.struck();
    }

    /**
     * The number of bytes that all connections, including closed ones, have forwarded.
     *
     * @param direction the direction
     * @return a number that never decreases
     */
    public long bytes(Direction direction) {
        return counters.bytes(direction);
    }

    private void accept(Channel client, ScheduledExecutorService delays) {
        client.config().setOption(ChannelOption.AUTO_READ, false);
        client.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        ProxiedConnection connection = new ProxiedConnection(client, delays, counters, this::remove);
        List<NetworkFault> faults;
        synchronized (lock) {
            open.add(connection);
            counters.connectionAccepted(); // whoever sees the number finds the connection
            faults = planned.stream().map(PlannedFault::fault).toList();
            planned.forEach(PlannedFault::use);
            planned.removeIf(PlannedFault::isUsedUp);
        }
        connection.start(upstream, faults);
    }

    private void remove(ProxiedConnection connection) {
        synchronized (lock) {
            open.remove(connection);
        }
    }

    /** A fault and the number of future connections that it applies to. */
    private static final class PlannedFault {

        private final NetworkFault fault;
        private int connections;

        PlannedFault(NetworkFault fault, int connections) {
            if (connections < 1) {
                throw new IllegalArgumentException(
                        "A fault must happen to at least one connection, not to " + connections);
            }
            this.fault = fault;
            this.connections = connections;
        }

        NetworkFault fault() {
            return fault;
        }

        void use() {
            if (connections != ALWAYS) {
                connections--;
            }
        }

        boolean isUsedUp() {
            return connections == 0;
        }
    }
}
