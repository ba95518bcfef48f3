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

import io.cameliot.common.transport.TlsFailures;
import io.cameliot.common.transport.TlsTarget;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.concurrent.Future;
import java.io.EOFException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One attempt to connect, in stages: name resolution, addresses, proxy, TLS, WebSocket. Each stage adds its handler to
 * the pipeline when the previous one has finished, so that it can explain its own failures. Runs on the event loop of
 * the connection, except {@link #start} and {@link #resolve}.
 */
final class ConnectionAttempt {

    private final TlsTarget target;
    private final EventLoop eventLoop;
    private final Executor workers;
    private final Consumer<ChannelPipeline> application;
    private final CompletableFuture<Channel> connected;
    private final long deadline;
    private Channel channel;
    private AttemptRecorder recorder;

    ConnectionAttempt(
            TlsTarget target,
            EventLoop eventLoop,
            Executor workers,
            Consumer<ChannelPipeline> application,
            CompletableFuture<Channel> connected) {
        this.target = target;
        this.eventLoop = eventLoop;
        this.workers = workers;
        this.application = application;
        this.connected = connected;
        this.deadline = System.nanoTime() + target.timeout().toNanos();
    }

    void start() {
        try {
            Future<?> limit = eventLoop.schedule(
                    () -> fail(new SocketTimeoutException("Not connected in time")),
                    target.timeout().toNanos(),
                    TimeUnit.NANOSECONDS);
            connected.whenComplete((opened, failure) -> {
                limit.cancel(false);
                if (failure != null) {
                    eventLoop.execute(this::abort);
                }
            });
            workers.execute(this::resolve);
        } catch (RejectedExecutionException e) {
            connected.completeExceptionally(e);
        }
    }

    private void abort() {
        if (channel != null) {
            TransportConnector.abort(channel);
        }
    }

    /** Runs on a worker, because name resolution blocks. */
    private void resolve() {
        try {
            InetAddress[] candidates =
                    InetAddress.getAllByName(target.address().dialled().host());
            eventLoop.execute(() -> proceed(() -> dial(candidates, 0, null)));
        } catch (UnknownHostException | RuntimeException e) {
            fail(e);
        }
    }

    private void dial(InetAddress[] candidates, int next, Throwable failure) {
        if (next == candidates.length) {
            fail(TlsFailures.explainDial(failure, target));
            return;
        }
        if (eventLoop.isShuttingDown()) {
            fail(new RejectedExecutionException("The event loop has ended"));
            return;
        }
        NioSocketChannel socket;
        try {
            socket = new NioSocketChannel();
        } catch (ChannelException e) {
            // Too many open files, for example. The bootstrap would report it on a thread of its own.
            fail(TlsFailures.explainDial(e, target));
            return;
        }
        InetSocketAddress address = new InetSocketAddress(
                candidates[next], target.address().dialled().port());
        recorder = new AttemptRecorder();
        ChannelFuture dialling = new Bootstrap()
                .group(eventLoop)
                .channelFactory(() -> socket)
                .resolver(NoopAddressResolverGroup.INSTANCE)
                .option(ChannelOption.TCP_NODELAY, true)
                // An address that does not answer takes only its share of the time and leaves the rest to the other
                // addresses.
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        Math.min(Integer.MAX_VALUE, Math.max(1, remainingMillis() / (candidates.length - next))))
                // A failed write must not close the channel: the server's reason for ending the connection may still be
                // unread.
                .option(ChannelOption.AUTO_CLOSE, false)
                .handler(initializer(address))
                .connect(
                        target.address().proxy() == null
                                ? address
                                : ProxyStage.destination(target.address().destination()));
        channel = dialling.channel();
        dialling.addListener(dialled -> proceed(() -> {
            if (!dialled.isSuccess()) {
                if (failure != null) {
                    dialled.cause().addSuppressed(failure);
                }
                dial(candidates, next + 1, dialled.cause());
            } else if (target.address().proxy() == null) {
                handshake();
            }
        }));
    }

    private ChannelHandler initializer(InetSocketAddress address) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel opened) {
                opened.pipeline().addLast(recorder);
                if (target.address().proxy() != null) {
                    ProxyStage.add(opened.pipeline(), target, address, ConnectionAttempt.this::fail)
                            .connectFuture()
                            .addListener(tunnel -> proceed(() -> proxied(tunnel)));
                }
                opened.pipeline().addLast(new FailureHandler());
            }
        };
    }

    private void proxied(Future<? super Channel> tunnel) {
        if (tunnel.isSuccess()) {
            recorder.begin();
            handshake();
        }
    }

    private void handshake() {
        SslHandler tls = TlsStage.handler(target, workers);
        channel.pipeline().addAfter(channel.pipeline().context(recorder).name(), "tls", tls);
        tls.handshakeFuture()
                .addListener(handshaken -> proceed(() -> {
                    if (!handshaken.isSuccess()) {
                        fail(TlsStage.explain(handshaken.cause(), target, recorder));
                    } else if (target.webSocket() == null) {
                        handOver();
                    } else {
                        upgrade();
                    }
                }));
    }

    private void upgrade() {
        WebSocketStage webSocket = new WebSocketStage(target);
        channel.pipeline()
                .addBefore(channel.pipeline().context(FailureHandler.class).name(), null, webSocket);
        webSocket
                .upgraded()
                .whenComplete((nothing, failure) -> proceed(() -> {
                    if (failure == null) {
                        handOver();
                    } else {
                        fail(failure);
                    }
                }));
    }

    private void handOver() {
        channel.pipeline().remove(recorder);
        application.accept(channel.pipeline());
        channel.pipeline().remove(FailureHandler.class);
        if (!connected.complete(channel)) {
            abort();
        }
    }

    /** Runs the next step unless the attempt has ended. Netty would only log an exception that a listener throws. */
    private void proceed(Runnable step) {
        if (connected.isDone()) {
            return;
        }
        try {
            step.run();
        } catch (RuntimeException | LinkageError e) {
            fail(e);
        }
    }

    private long remainingMillis() {
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
    }

    private void fail(Throwable failure) {
        connected.completeExceptionally(TlsFailures.explain(failure, target));
    }

    /** The last handler of the pipeline during an attempt. It reports the failures that no stage has explained. */
    private final class FailureHandler extends ChannelInboundHandlerAdapter {

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            Throwable written = recorder.writeFailure();
            fail(written == null ? new EOFException("The connection was closed") : written);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            fail(failure);
        }
    }
}
