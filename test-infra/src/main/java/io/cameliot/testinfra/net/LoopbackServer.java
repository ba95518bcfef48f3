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

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Listeners on the loopback interface that start and stop together.
 *
 * <p>{@link #unbind()} closes listeners and connections but not the threads, and keeps the ports: connections to them are
 * refused, and nothing else can use them until they are bound again. {@link #close()} ends everything. Neither may be called on one of the server's own threads.
 */
public final class LoopbackServer implements AutoCloseable {
    private static final int THREADS = 2;
    private static final int BACKLOG = 1024;
    private static final int FREE_PORT_ATTEMPTS = 10;
    private static final int KEEP_ATTEMPTS = 100;
    private static final long KEEP_DELAY_MILLIS = 10;
    private static final long STOP_TIMEOUT_SECONDS = 5;

    private final boolean ipv6;
    private final EventLoopGroup eventLoops;
    private final ChannelGroup listeners = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);
    private final ChannelGroup connections = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);
    /** Sockets that are bound but do not listen, by their port, between {@link #unbind()} and the next bind. Guarded by this. */
    private final Map<Integer, List<SocketChannel>> kept = new HashMap<>();

    /**
     * Creates a server without listeners.
     *
     * @param name prefix of its threads' names
     * @param ipv6 whether to listen on {@code ::1} besides {@code 127.0.0.1}
     */
    public LoopbackServer(String name, boolean ipv6) {
        this.ipv6 = ipv6;
        this.eventLoops = new NioEventLoopGroup(THREADS, new DefaultThreadFactory(name, true));
    }

    /**
     * Adds a listener.
     *
     * @param port the port, or 0 for a free one
     * @param initializer initializes the pipeline of a new connection
     * @return the port
     * @throws UncheckedIOException if the port is in use, or if {@code ::1} is required and does not exist
     */
    public synchronized int bind(int port, ChannelInitializer<Channel> initializer) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(eventLoops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .handler(new ConnectionTracker())
                .childHandler(initializer);
        release(port);
        for (int attempt = 1; ; attempt++) {
            try {
                return bindAll(bootstrap, port);
            } catch (IOException e) {
                // A free port of 127.0.0.1 can be in use on ::1.
                if (port != 0 || !ipv6 || attempt == FREE_PORT_ATTEMPTS) {
                    throw new UncheckedIOException(
                            "Cannot listen on " + loopbackAddresses() + ", port " + port + ": " + e.getMessage(), e);
                }
            }
        }
    }

    private int bindAll(ServerBootstrap bootstrap, int port) throws IOException {
        List<Channel> bound = new ArrayList<>();
        int chosen = port;
        for (InetAddress address : loopbackAddresses()) {
            ChannelFuture future =
                    bootstrap.bind(new InetSocketAddress(address, chosen)).awaitUninterruptibly();
            if (!future.isSuccess()) {
                bound.forEach(channel -> channel.close().awaitUninterruptibly());
                throw future.cause() instanceof IOException e ? e : new IOException(future.cause());
            }
            bound.add(future.channel());
            chosen = ((InetSocketAddress) future.channel().localAddress()).getPort();
        }
        listeners.addAll(bound);
        return chosen;
    }

    private List<InetAddress> loopbackAddresses() {
        try {
            // Address literals, which need no resolver.
            InetAddress ipv4Loopback = InetAddress.getByName("127.0.0.1");
            return ipv6 ? List.of(ipv4Loopback, InetAddress.getByName("::1")) : List.of(ipv4Loopback);
        } catch (UnknownHostException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The threads of this server, for channels that belong to its connections.
     *
     * @return the event loops
     */
    public EventLoopGroup eventLoops() {
        return eventLoops;
    }

    /** Stops listening, keeps the ports, and closes every connection. Does nothing if nothing is bound. */
    public synchronized void unbind() {
        List<InetSocketAddress> addresses = listeners.stream()
                .map(listener -> (InetSocketAddress) listener.localAddress())
                .toList();
        disconnect();
        addresses.forEach(this::keep);
    }

    private void disconnect() {
        listeners.close().awaitUninterruptibly(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        connections.close().awaitUninterruptibly(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    /** Binds a socket that does not listen, so that the system gives the port to no other socket that asks for a free one. */
    private void keep(InetSocketAddress address) {
        for (int attempt = 1; ; attempt++) {
            try {
                kept.computeIfAbsent(address.getPort(), port -> new ArrayList<>())
                        .add(bound(address));
                return;
            } catch (IOException e) {
                // The selector releases the port a moment after the listener is closed.
                if (attempt == KEEP_ATTEMPTS) {
                    throw new UncheckedIOException("Cannot keep " + address + ": " + e.getMessage(), e);
                }
                pause();
            }
        }
    }

    private static SocketChannel bound(InetSocketAddress address) throws IOException {
        SocketChannel socket = SocketChannel.open();
        try {
            // Connections that have just ended do not count against the bind, but listeners are to count against the
            // socket.
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(address);
            return socket.setOption(StandardSocketOptions.SO_REUSEADDR, false);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(KEEP_DELAY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void release(int port) {
        List<SocketChannel> sockets = kept.remove(port);
        if (sockets != null) {
            sockets.forEach(LoopbackServer::close);
        }
    }

    private static void close(SocketChannel socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Stops listening, closes every connection and ends the threads, within {@value #STOP_TIMEOUT_SECONDS} seconds
     * each.
     */
    @Override
    public synchronized void close() {
        disconnect();
        List.copyOf(kept.keySet()).forEach(this::release);
        eventLoops
                .shutdownGracefully(0, STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    /** Records each accepted connection before its registration, so that {@link #unbind()} misses none. */
    @Sharable
    private final class ConnectionTracker extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object connection) {
            connections.add((Channel) connection);
            context.fireChannelRead(connection);
        }
    }
}
