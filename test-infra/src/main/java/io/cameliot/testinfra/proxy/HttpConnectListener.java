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

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLSession;
import org.littleshoot.proxy.ActivityTrackerAdapter;
import org.littleshoot.proxy.FlowContext;
import org.littleshoot.proxy.HttpFilters;
import org.littleshoot.proxy.HttpFiltersAdapter;
import org.littleshoot.proxy.HttpFiltersSourceAdapter;
import org.littleshoot.proxy.HttpProxyServer;
import org.littleshoot.proxy.HttpProxyServerBootstrap;
import org.littleshoot.proxy.ProxyAuthenticator;
import org.littleshoot.proxy.impl.DefaultHttpProxyServer;
import org.littleshoot.proxy.impl.ThreadPoolConfiguration;

/** HTTP CONNECT with LittleProxy. */
final class HttpConnectListener implements ForwardProxy.Listener {

    private static final Duration IDLE_TIMEOUT = Duration.ofHours(1);

    private final HttpProxyServer server;

    HttpConnectListener(ProxyRules rules) {
        HttpProxyServerBootstrap bootstrap = DefaultHttpProxyServer.bootstrap()
                .withName("http-proxy")
                .withAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withIdleConnectionTimeout(IDLE_TIMEOUT)
                .withThreadPoolConfiguration(new ThreadPoolConfiguration()
                        .withAcceptorThreads(1)
                        .withClientToProxyWorkerThreads(1)
                        .withProxyToServerWorkerThreads(1))
                .plusActivityTracker(new TunnelTracker(rules))
                .withServerResolver(rules::resolve)
                .withFiltersSource(new HttpFiltersSourceAdapter() {
                    @Override
                    public HttpFilters filterRequest(HttpRequest request, ChannelHandlerContext context) {
                        return new TunnelFilter(request, context, rules);
                    }
                });
        server =
                (rules.requiresUser() ? bootstrap.withProxyAuthenticator(new Authenticator(rules)) : bootstrap).start();
    }

    @Override
    public int port() {
        return server.getListenAddress().getPort();
    }

    @Override
    public void close() {
        server.abort();
    }

    private record Authenticator(ProxyRules rules) implements ProxyAuthenticator {
        @Override
        public boolean authenticate(String user, String password) {
            return rules.accepts(user, password);
        }

        @Override
        public String getRealm() {
            return "factory";
        }
    }

    private static final class TunnelFilter extends HttpFiltersAdapter {

        private final ProxyRules rules;

        TunnelFilter(HttpRequest request, ChannelHandlerContext context, ProxyRules rules) {
            super(request, context);
            this.rules = rules;
        }

        @Override
        public HttpResponse clientToProxyRequest(HttpObject object) {
            String target = originalRequest.uri();
            if (!rules.refuses(target.substring(0, Math.max(0, target.lastIndexOf(':'))))) {
                return null;
            }
            HttpResponse refusal = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.FORBIDDEN);
            refusal.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0).set(HttpHeaderNames.CONNECTION, "close");
            return refusal;
        }
    }

    /**
     * Records a tunnel when the client receives the success response, of which LittleProxy's filters are not notified.
     */
    private static final class TunnelTracker extends ActivityTrackerAdapter {

        private final ProxyRules rules;
        private final Map<InetSocketAddress, String> asked = new ConcurrentHashMap<>();

        TunnelTracker(ProxyRules rules) {
            this.rules = rules;
        }

        @Override
        public void requestReceivedFromClient(FlowContext flow, HttpRequest request) {
            asked.put(flow.getClientAddress(), request.uri());
        }

        @Override
        public void responseSentToClient(FlowContext flow, HttpResponse response) {
            if (response.status().equals(HttpResponseStatus.OK)) {
                rules.opened(asked.get(flow.getClientAddress()));
            }
        }

        @Override
        public void clientDisconnected(InetSocketAddress client, SSLSession session) {
            asked.remove(client);
        }
    }
}
