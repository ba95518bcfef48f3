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

import io.cameliot.testinfra.event.TlsRule;
import io.cameliot.testinfra.net.TlsRefusedException.Alert;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first handler of a connection: it reads the ClientHello, gets the route, performs the handshake and adds the
 * application's handlers. Bytes that are not TLS end the connection.
 */
public final class TlsFrontHandler extends AbstractSniHandler<TlsRoute> {
    private static final Logger LOG = LoggerFactory.getLogger(TlsFrontHandler.class);
    private static final int MAX_CLIENT_HELLO_BYTES = 16 * 1024;
    private static final long HANDSHAKE_TIMEOUT_MILLIS = 10_000;

    private final TlsRouter router;
    private List<String> applicationProtocols = List.of();
    private boolean refused;

    /**
     * Creates the handler of one connection.
     *
     * @param router selects the connection's route
     */
    public TlsFrontHandler(TlsRouter router) {
        super(MAX_CLIENT_HELLO_BYTES, HANDSHAKE_TIMEOUT_MILLIS);
        this.router = router;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        if (refused) {
            in.skipBytes(in.readableBytes());
        } else {
            super.decode(context, in, out);
        }
    }

    @Override
    protected Future<TlsRoute> lookup(ChannelHandlerContext context, ByteBuf clientHello) throws Exception {
        if (clientHello == null) {
            return context.executor()
                    .newFailedFuture(new TlsRefusedException(
                            Alert.HANDSHAKE_FAILURE,
                            TlsRule.NOT_TLS,
                            "The first bytes of the client are no ClientHello"));
        }
        applicationProtocols = AlpnExtension.read(clientHello);
        return super.lookup(context, clientHello);
    }

    @Override
    protected Future<TlsRoute> lookup(ChannelHandlerContext context, String serverName) {
        ClientHello hello = new ClientHello(Optional.ofNullable(serverName), applicationProtocols);
        context.channel().attr(ClientHello.ATTRIBUTE).set(hello);
        try {
            return context.executor().newSucceededFuture(router.route(hello));
        } catch (TlsRefusedException e) {
            return context.executor().newFailedFuture(e);
        }
    }

    @Override
    protected void onLookupComplete(ChannelHandlerContext context, String serverName, Future<TlsRoute> lookup) {
        if (lookup.isSuccess()) {
            TlsRoute route = lookup.getNow();
            SslHandler tls = route.tls().newHandler(context.alloc());
            tls.setHandshakeTimeoutMillis(HANDSHAKE_TIMEOUT_MILLIS);
            context.pipeline().addAfter(context.name(), null, new HandshakeEnd(router, route.application()));
            context.pipeline().replace(this, null, tls);
        } else if (lookup.cause() instanceof TlsRefusedException refusal) {
            LOG.info("{} refused: {}", context.channel(), refusal.getMessage());
            refused = true;
            router.handshakeFailed(context.channel(), refusal);
            context.writeAndFlush(alert(context, refusal)).addListener(ChannelFutureListener.CLOSE);
        } else {
            exceptionCaught(context, lookup.cause());
        }
    }

    private static ByteBuf alert(ChannelHandlerContext context, TlsRefusedException refusal) {
        // RFC 8446, section 5.1: type alert, legacy version 3.3, length; section 6: fatal, description.
        return context.alloc()
                .buffer()
                .writeByte(21)
                .writeShort(0x0303)
                .writeShort(2)
                .writeByte(2)
                .writeByte(refusal.alert().code());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.info("{} did not say hello: {}", context.channel(), cause.toString());
        if (!refused) {
            refused = true;
            router.handshakeFailed(context.channel(), cause);
        }
        context.close();
    }

    /** Waits for the end of the handshake and then adds the application's handlers. */
    private static final class HandshakeEnd extends ChannelInboundHandlerAdapter {
        private final TlsRouter router;
        private final Consumer<ChannelPipeline> application;

        HandshakeEnd(TlsRouter router, Consumer<ChannelPipeline> application) {
            this.router = router;
            this.application = application;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof SslHandshakeCompletionEvent completion) {
                if (completion.isSuccess()) {
                    handOver(context);
                } else {
                    LOG.info(
                            "{} failed its handshake: {}",
                            context.channel(),
                            completion.cause().toString());
                    router.handshakeFailed(context.channel(), completion.cause());
                    context.close();
                }
            } else {
                context.fireUserEventTriggered(event);
            }
        }

        private void handOver(ChannelHandlerContext context) {
            try {
                application.accept(context.pipeline());
                context.pipeline().remove(this);
            } catch (RuntimeException e) {
                LOG.error("{} cannot be served", context.channel(), e);
                context.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // The completion event has already reported the cause; the connection still has to be closed.
            LOG.trace("{} failed", context.channel(), cause);
            context.close();
        }
    }
}
