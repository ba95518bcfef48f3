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
package io.cameliot.testinfra.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.socksx.v5.DefaultSocks5CommandResponse;
import io.netty.handler.codec.socksx.v5.DefaultSocks5InitialResponse;
import io.netty.handler.codec.socksx.v5.DefaultSocks5PasswordAuthResponse;
import io.netty.handler.codec.socksx.v5.Socks5AddressType;
import io.netty.handler.codec.socksx.v5.Socks5AuthMethod;
import io.netty.handler.codec.socksx.v5.Socks5CommandRequest;
import io.netty.handler.codec.socksx.v5.Socks5CommandRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5CommandStatus;
import io.netty.handler.codec.socksx.v5.Socks5CommandType;
import io.netty.handler.codec.socksx.v5.Socks5InitialRequest;
import io.netty.handler.codec.socksx.v5.Socks5InitialRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5Message;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthRequest;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthStatus;
import io.netty.handler.codec.socksx.v5.Socks5ServerEncoder;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A SOCKS 5 connection until its tunnel is open (RFC 1928, 1929). */
final class Socks5Handler extends SimpleChannelInboundHandler<Socks5Message> {

    private static final Logger LOG = LoggerFactory.getLogger(Socks5Handler.class);

    private final ProxyRules rules;

    Socks5Handler(ProxyRules rules) {
        this.rules = rules;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, Socks5Message message) {
        if (message.decoderResult().isFailure()) {
            LOG.info(
                    "{} is closed: no SOCKS 5 ({})",
                    context.channel(),
                    message.decoderResult().cause().toString());
            context.close();
        } else if (message instanceof Socks5InitialRequest request) {
            chooseMethod(context, request);
        } else if (message instanceof Socks5PasswordAuthRequest request) {
            checkPassword(context, request);
        } else if (message instanceof Socks5CommandRequest request) {
            openTunnel(context, request);
        }
    }

    private void chooseMethod(ChannelHandlerContext context, Socks5InitialRequest request) {
        Socks5AuthMethod method = rules.requiresUser() ? Socks5AuthMethod.PASSWORD : Socks5AuthMethod.NO_AUTH;
        if (!request.authMethods().contains(method)) {
            LOG.info("{} refused: it offers {}, and {} is wanted", context.channel(), request.authMethods(), method);
            context.writeAndFlush(new DefaultSocks5InitialResponse(Socks5AuthMethod.UNACCEPTED))
                    .addListener(ChannelFutureListener.CLOSE);
            return;
        }
        replaceDecoder(
                context,
                Socks5InitialRequestDecoder.class,
                rules.requiresUser() ? new Socks5PasswordAuthRequestDecoder() : new Socks5CommandRequestDecoder());
        context.writeAndFlush(new DefaultSocks5InitialResponse(method));
    }

    private void checkPassword(ChannelHandlerContext context, Socks5PasswordAuthRequest request) {
        if (!rules.accepts(request.username(), request.password())) {
            LOG.info("{} refused: user name or password is wrong", context.channel());
            context.writeAndFlush(new DefaultSocks5PasswordAuthResponse(Socks5PasswordAuthStatus.FAILURE))
                    .addListener(ChannelFutureListener.CLOSE);
            return;
        }
        replaceDecoder(context, Socks5PasswordAuthRequestDecoder.class, new Socks5CommandRequestDecoder());
        context.writeAndFlush(new DefaultSocks5PasswordAuthResponse(Socks5PasswordAuthStatus.SUCCESS));
    }

    private static void replaceDecoder(
            ChannelHandlerContext context, Class<? extends ChannelHandler> done, ChannelHandler next) {
        context.pipeline().addAfter(context.pipeline().context(done).name(), null, next);
        context.pipeline().remove(done);
    }

    private void openTunnel(ChannelHandlerContext context, Socks5CommandRequest request) {
        if (request.type() != Socks5CommandType.CONNECT) {
            refuse(context, Socks5CommandStatus.COMMAND_UNSUPPORTED);
            return;
        }
        if (rules.refuses(request.dstAddr())) {
            refuse(context, Socks5CommandStatus.FORBIDDEN);
            return;
        }
        InetSocketAddress address;
        try {
            address = rules.resolve(request.dstAddr(), request.dstPort());
        } catch (UnknownHostException e) {
            refuse(context, Socks5CommandStatus.HOST_UNREACHABLE);
            return;
        }
        new Bootstrap()
                .group(context.channel().eventLoop())
                .channel(NioSocketChannel.class)
                .option(ChannelOption.AUTO_READ, false)
                .handler(new Relay(context.channel()))
                .connect(address)
                .addListener((ChannelFuture connected) -> {
                    if (connected.isSuccess()) {
                        rules.opened(ProxyRules.target(request.dstAddr(), request.dstPort()));
                        relay(context, connected.channel());
                    } else {
                        refuse(
                                context,
                                connected.cause() instanceof ConnectException
                                        ? Socks5CommandStatus.CONNECTION_REFUSED
                                        : Socks5CommandStatus.FAILURE);
                    }
                });
    }

    private void relay(ChannelHandlerContext context, Channel server) {
        context.channel().config().setAutoRead(false);
        InetSocketAddress bound = (InetSocketAddress) server.localAddress();
        context.writeAndFlush(new DefaultSocks5CommandResponse(
                        Socks5CommandStatus.SUCCESS, Socks5AddressType.IPv4, "127.0.0.1", bound.getPort()))
                .addListener(sent -> {
                    if (!sent.isSuccess()) {
                        server.close(); // the client has left
                        return;
                    }
                    context.pipeline().remove(Socks5CommandRequestDecoder.class);
                    context.pipeline().remove(Socks5ServerEncoder.class);
                    context.pipeline().replace(this, null, new Relay(server));
                    context.channel().read();
                    server.read();
                });
    }

    private static void refuse(ChannelHandlerContext context, Socks5CommandStatus status) {
        LOG.info("{} refused: {}", context.channel(), status);
        context.writeAndFlush(new DefaultSocks5CommandResponse(status, Socks5AddressType.IPv4))
                .addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.info("{} is closed: {}", context.channel(), cause.toString());
        context.close();
    }

    /** Forwards bytes to the other side and reads more only after they are written. */
    private static final class Relay extends ChannelInboundHandlerAdapter {

        private final Channel peer;

        Relay(Channel peer) {
            this.peer = peer;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            peer.writeAndFlush(bytes).addListener(written -> {
                if (written.isSuccess()) {
                    context.channel().read();
                } else {
                    context.close();
                }
            });
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            peer.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
