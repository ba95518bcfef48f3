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

import io.cameliot.testinfra.fault.NetworkFault.AfterBytes;
import io.cameliot.testinfra.fault.NetworkFault.Corrupt;
import io.cameliot.testinfra.fault.NetworkFault.Cut;
import io.cameliot.testinfra.fault.NetworkFault.Delay;
import io.cameliot.testinfra.fault.NetworkFault.HalfOpen;
import io.cameliot.testinfra.fault.NetworkFault.Reset;
import io.cameliot.testinfra.fault.NetworkFault.Slow;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection through a {@link FaultProxy}: one socket to the client, one to the server, and a pipe for each
 * direction.
 */
public final class ProxiedConnection {

    private static final Logger LOG = LoggerFactory.getLogger(ProxiedConnection.class);
    private static final int CONNECT_TIMEOUT_MILLIS = 10_000;
    /** The time between FIN and the close of a socket whose peer does not close. */
    private static final long LINGER_SECONDS = 1;

    private final Channel client;
    private final ProxyCounters counters;
    private final Consumer<ProxiedConnection> onClose;
    private final Pipe toServer;
    private final Pipe toClient;
    private ChannelFuture connecting;
    private volatile boolean open = true;

    ProxiedConnection(
            Channel client,
            ScheduledExecutorService timer,
            ProxyCounters counters,
            Consumer<ProxiedConnection> onClose) {
        this.client = client;
        this.counters = counters;
        this.onClose = onClose;
        Pipe.Listener listener = new Pipe.Listener() {
            @Override
            public void due(NetworkFault fault) {
                strike(fault);
            }

            @Override
            public void finished() {
                closeIfDone();
            }
        };
        this.toServer = new Pipe(Direction.TO_SERVER, timer, counters, listener);
        this.toClient = new Pipe(Direction.TO_CLIENT, timer, counters, listener);
    }

    /** Connects to the server and starts to relay, or ends at once if one of the faults requires it. */
    void start(InetSocketAddress upstream, List<NetworkFault> faults) {
        client.pipeline().addLast(new PipeEnds(this, toServer, toClient));
        faults.forEach(this::strike);
        if (!open) {
            return;
        }
        connecting = new Bootstrap()
                .group(client.eventLoop())
                .channel(NioSocketChannel.class)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .handler(new PipeEnds(this, toClient, toServer))
                .connect(upstream);
        Channel server = connecting.channel();
        connecting.addListener(connected -> {
            if (!connected.isSuccess()) {
                refuse(upstream, connected.cause());
            } else if (open) {
                toServer.open(client, server);
                toClient.open(server, client);
            }
        });
    }

    private void refuse(InetSocketAddress upstream, Throwable reason) {
        if (open) {
            LOG.info("Cannot connect to {}: {}", upstream, reason.toString());
            reset();
        }
    }

    /**
     * Applies a fault to this connection and returns when it is in effect.
     *
     * @param fault the fault; no effect if the connection is closed
     */
    public void apply(NetworkFault fault) {
        EventLoops.await(List.of(submit(fault)));
    }

    /** Removes all faults of this connection and returns when the removal is in effect. */
    public void clear() {
        EventLoops.await(List.of(submitClear()));
    }

    Future<?> submit(NetworkFault fault) {
        return EventLoops.submit(client.eventLoop(), () -> strike(fault));
    }

    Future<?> submitClear() {
        return EventLoops.submit(client.eventLoop(), () -> {
            toServer.clear();
            toClient.clear();
        });
    }

    Future<?> submitClose() {
        return EventLoops.submit(client.eventLoop(), this::close);
    }

    /**
     * The client's end of the connection.
     *
     * @return the client's address and port
     */
    public SocketAddress clientAddress() {
        return client.remoteAddress();
    }

    /**
     * The number of forwarded bytes.
     *
     * @param direction the direction
     * @return without the bytes that still wait
     */
    public long bytes(Direction direction) {
        return pipe(direction).passedBytes();
    }

    /**
     * Whether bytes can pass, now or after the faults are cleared.
     *
     * @return false if both sides or a fault have ended the connection
     */
    public boolean isOpen() {
        return open;
    }

    private Pipe pipe(Direction direction) {
        return direction == Direction.TO_SERVER ? toServer : toClient;
    }

    private void strike(NetworkFault fault) {
        if (!open) {
            return;
        }
        if (fault instanceof AfterBytes later) {
            pipe(later.direction()).after(later.bytes(), later.then());
        } else if (fault instanceof Corrupt corrupt) {
            pipe(corrupt.direction()).corruptNext();
        } else {
            LOG.debug("{} strikes the connection from {}", fault, client.remoteAddress());
            counters.faultStruck();
            if (fault instanceof Delay delay) {
                delay.directions().forEach(way -> pipe(way).delay(delay.oneWay().toNanos()));
            } else if (fault instanceof Slow slow) {
                slow.directions().forEach(way -> pipe(way).slow(slow.bytesPerSecond()));
            } else if (fault instanceof HalfOpen halfOpen) {
                halfOpen.directions().forEach(way -> pipe(way).hold());
                closeIfDone();
            } else if (fault instanceof Cut) {
                cut();
            } else if (fault instanceof Reset) {
                reset();
            }
        }
    }

    /** Reads and discards until each side has closed, because a socket that is closed with unread bytes sends RST. */
    private void cut() {
        closed();
        end(channel -> {
            channel.config().setAutoRead(true);
            Pipe.shutDownOutput(channel, () -> {});
            client.eventLoop().schedule(() -> channel.close(), LINGER_SECONDS, TimeUnit.SECONDS);
        });
    }

    private void reset() {
        closed();
        end(Pipe::reset);
    }

    /**
     * Ends the server's side after it is connected: the server may have accepted the connection before the proxy learns
     * it.
     */
    private void end(Consumer<Channel> how) {
        how.accept(client);
        if (connecting != null) {
            connecting.addListener(connected -> {
                if (connected.isSuccess()) {
                    how.accept(connecting.channel());
                }
            });
        }
    }

    private void closeIfDone() {
        if (open && toServer.isDone() && toClient.isDone()) {
            close();
        }
    }

    private void close() {
        closed();
        client.close();
        if (connecting != null) {
            connecting.channel().close();
        }
    }

    private void closed() {
        open = false;
        toServer.discard();
        toClient.discard();
        onClose.accept(this);
    }

    /** Called when a side has sent FIN or RST, or its socket is closed. */
    void ended(Channel channel, Pipe from, Pipe.End how) {
        from.end(how);
        if (!open) {
            channel.close();
        } else {
            closeIfDone();
        }
    }
}
