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

import io.cameliot.common.transport.HostAndPort;
import io.cameliot.common.transport.ProxyAddress;
import io.cameliot.common.transport.ProxyAddress.Scheme;
import io.cameliot.common.transport.TlsTarget;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.socksx.SocksVersion;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.handler.proxy.ProxyHandler;
import io.netty.handler.proxy.Socks5ProxyHandler;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Opens a tunnel through a forward proxy: HTTP CONNECT (RFC 9110, section 9.3.6) or SOCKS 5 (RFC 1928, RFC 1929). */
final class ProxyStage {

    private static final String ANSWERS = "proxy-answers";

    private ProxyStage() {}

    /**
     * Adds the handlers that open the tunnel to the end of the pipeline.
     *
     * @param address the proxy's address, resolved
     * @param onRefusal receives the reason why there is no tunnel
     * @return the handler whose {@link ProxyHandler#connectFuture()} succeeds when the tunnel is open
     */
    static ProxyHandler add(
            ChannelPipeline pipeline, TlsTarget target, InetSocketAddress address, Consumer<Throwable> onRefusal) {
        ProxyAddress proxy = target.address().proxy();
        ProxyFailures failures = new ProxyFailures(target);
        ProxyHandler handler = handler(proxy, address);
        // The attempt has its own time limit.
        handler.setConnectTimeoutMillis(0);
        pipeline.addLast(new FirstByteCheck(
                proxy.scheme() == Scheme.HTTP ? 'H' : SocksVersion.SOCKS5.byteValue(),
                () -> onRefusal.accept(failures.isNone(null))));
        pipeline.addLast("proxy", handler);
        // The proxy handler has added its codec before itself; this handler belongs between the two.
        pipeline.addBefore("proxy", ANSWERS, new ProxyAnswers(failures, onRefusal));
        handler.connectFuture().addListener(tunnel -> {
            if (tunnel.isSuccess()) {
                pipeline.remove(ANSWERS);
                pipeline.remove(handler);
            } else {
                onRefusal.accept(failures.closed(tunnel.cause()));
            }
        });
        return handler;
    }

    private static ProxyHandler handler(ProxyAddress proxy, InetSocketAddress address) {
        return switch (proxy.scheme()) {
            case HTTP ->
                proxy.hasUser()
                        ? new HttpProxyHandler(address, proxy.user(), proxy.password())
                        : new HttpProxyHandler(address);
            case SOCKS5 ->
                proxy.hasUser()
                        ? new Socks5ProxyHandler(address, octets(proxy.user()), octets(proxy.password()))
                        : new Socks5ProxyHandler(address);
        };
    }

    /**
     * Netty writes one octet per character and truncates larger characters, so each character here is one octet of
     * UTF-8.
     */
    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** The destination to request from the proxy. A host name stays unresolved. */
    static InetSocketAddress destination(HostAndPort destination) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(destination.host());
        if (literal == null) {
            return InetSocketAddress.createUnresolved(destination.host(), destination.port());
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(literal), destination.port());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("An address has 4 or 16 octets", e);
        }
    }

    /** Reads the proxy's answers before Netty's handler, which reports a refusal late and only as text. */
    private static final class ProxyAnswers extends ChannelInboundHandlerAdapter {

        private final ProxyFailures failures;
        private final Consumer<Throwable> onRefusal;

        ProxyAnswers(ProxyFailures failures, Consumer<Throwable> onRefusal) {
            this.failures = failures;
            this.onRefusal = onRefusal;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            Throwable refusal = failures.refusal(message);
            if (refusal != null) {
                ReferenceCountUtil.release(message);
                onRefusal.accept(refusal);
            } else if (message instanceof HttpResponse answer) {
                // Any 2xx opens the tunnel and has no body (RFC 9110, section 9.3.6). Netty's handler accepts only 200.
                ReferenceCountUtil.release(answer);
                context.fireChannelRead(new DefaultFullHttpResponse(answer.protocolVersion(), HttpResponseStatus.OK));
            } else {
                context.fireChannelRead(message);
            }
        }
    }
}
