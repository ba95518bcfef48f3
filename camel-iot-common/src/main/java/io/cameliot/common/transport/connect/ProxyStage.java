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
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.socksx.SocksVersion;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.handler.proxy.ProxyHandler;
import io.netty.handler.proxy.Socks5ProxyHandler;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** The tunnel of a forward proxy: HTTP CONNECT (RFC 9110, section 9.3.6) or SOCKS 5 (RFC 1928, RFC 1929). */
final class ProxyStage {

    private static final String ANSWERS = "proxy-answers";

    private ProxyStage() {}

    /**
     * Adds the handlers that open the tunnel to the end of the pipeline.
     *
     * @param address where the proxy listens, resolved
     * @param onRefusal hears why the proxy opens none
     * @return the one whose {@link ProxyHandler#connectFuture()} says that there is a tunnel
     */
    static ProxyHandler add(
            ChannelPipeline pipeline, TlsTarget target, InetSocketAddress address, Consumer<Throwable> onRefusal) {
        ProxyAddress proxy = target.proxy();
        ProxyFailures failures = new ProxyFailures(target);
        ProxyHandler handler = handler(proxy, address);
        // The attempt has a time limit of its own.
        handler.setConnectTimeoutMillis(0);
        pipeline.addLast(new FirstByteCheck(
                proxy.scheme() == Scheme.HTTP ? 'H' : SocksVersion.SOCKS5.byteValue(),
                () -> onRefusal.accept(failures.isNone(null))));
        pipeline.addLast("proxy", handler);
        // Behind the codec that the handler has put before itself.
        pipeline.addBefore("proxy", ANSWERS, new ProxyAnswers(failures, proxy.hasUser(), onRefusal));
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

    /** Netty writes a character an octet, and cuts off what is larger: these are the octets of UTF-8. */
    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** What the proxy is asked for: a name goes to it unresolved. */
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
}
