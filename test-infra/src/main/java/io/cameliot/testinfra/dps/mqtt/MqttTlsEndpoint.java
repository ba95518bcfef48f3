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
package io.cameliot.testinfra.dps.mqtt;

import io.cameliot.testinfra.event.Cloud;
import io.cameliot.testinfra.event.EventLog;
import io.cameliot.testinfra.event.TlsRule;
import io.cameliot.testinfra.net.ClientHello;
import io.cameliot.testinfra.net.FailedHandshakes;
import io.cameliot.testinfra.net.HttpReply;
import io.cameliot.testinfra.net.LoopbackServer;
import io.cameliot.testinfra.net.Pipelines;
import io.cameliot.testinfra.net.ServerTls;
import io.cameliot.testinfra.net.TlsFrontHandler;
import io.cameliot.testinfra.net.TlsRefusedException;
import io.cameliot.testinfra.net.TlsRefusedException.Alert;
import io.cameliot.testinfra.net.TlsRoute;
import io.cameliot.testinfra.net.TlsRouter;
import io.cameliot.testinfra.net.WebSocketMqttHandler;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A server that speaks MQTT over TLS, with or without WebSocket, under some names. It requests a client certificate but
 * does not require one, accepts any certificate, and refuses other server names.
 */
public final class MqttTlsEndpoint {

    private static final int MAX_HTTP_BODY_BYTES = 8 * 1024;
    private static final List<String> SUBPROTOCOLS = List.of("mqtt");

    private final Account account;
    private final Set<String> serverNames;
    private final SslContext tls;
    private final Handshakes handshakes;
    private final int maxPacketBytes;
    private final Function<MqttServerSession, MqttApplication> service;

    /**
     * Where refusals are recorded.
     *
     * @param cloud the cloud of the endpoint
     * @param events the log
     */
    public record Account(Cloud cloud, EventLog events) {}

    /** Can refuse handshakes, and is notified of failed ones. */
    public interface Handshakes {
        /** Refuses no handshake. */
        Handshakes UNDISTURBED = new Handshakes() {
            @Override
            public boolean refuse() {
                return false;
            }

            @Override
            public void failed(Throwable cause) {
                // No failure is recorded.
            }
        };

        /**
         * Called after the server name was accepted.
         *
         * @return true to refuse the handshake
         */
        boolean refuse();

        /**
         * Called for each connection whose handshake failed.
         *
         * @param cause the reason
         */
        void failed(Throwable cause);
    }

    /**
     * Creates an endpoint that does not listen yet.
     *
     * @param account where refusals are recorded
     * @param serverNames its names
     * @param tlsProtocols JSSE's names of the TLS versions
     * @param identity the certificate of the names, and its key
     * @param handshakes can refuse handshakes
     * @param maxPacketBytes bytes of the longest MQTT packet; a longer one closes the connection
     * @param service creates the service's side of a new connection
     */
    public MqttTlsEndpoint(
            Account account,
            Set<String> serverNames,
            List<String> tlsProtocols,
            IssuedCertificate identity,
            Handshakes handshakes,
            int maxPacketBytes,
            Function<MqttServerSession, MqttApplication> service) {
        this.account = account;
        this.serverNames = Set.copyOf(serverNames);
        this.tls = ServerTls.showing(identity)
                .protocols(tlsProtocols)
                .requestClientCertificate(new AnyCertificate())
                .build();
        this.handshakes = handshakes;
        this.maxPacketBytes = maxPacketBytes;
        this.service = service;
    }

    /**
     * Listens for MQTT over TLS.
     *
     * @param server provides the socket and the threads
     * @param port the port, 0 for a free one
     * @return the port
     */
    public int bindMqtt(LoopbackServer server, int port) {
        return bind(server, port, this::addMqtt);
    }

    /**
     * Listens for MQTT over WebSocket over TLS.
     *
     * @param server provides the socket and the threads
     * @param port the port, 0 for a free one
     * @param paths the paths of the WebSocket; others get 404
     * @return the port
     */
    public int bindWebSocket(LoopbackServer server, int port, Set<String> paths) {
        return bind(server, port, pipeline -> {
            Pipelines.addHttp(pipeline, MAX_HTTP_BODY_BYTES);
            pipeline.addLast(
                    new WebSocketMqttHandler(
                            SUBPROTOCOLS,
                            paths::contains,
                            MqttTlsEndpoint::rememberPath,
                            maxPacketBytes,
                            this::addMqtt),
                    new HttpNotFoundHandler());
        });
    }

    private static Optional<HttpReply> rememberPath(FullHttpRequest request, Channel channel) {
        channel.attr(Peer.WEB_SOCKET_PATH).set(new QueryStringDecoder(request.uri()).path());
        return Optional.empty();
    }

    private void addMqtt(ChannelPipeline pipeline) {
        Pipelines.addMqtt(pipeline, maxPacketBytes);
        pipeline.addLast(new MqttSessionHandler(account.cloud(), account.events(), service));
    }

    private int bind(LoopbackServer server, int port, Consumer<ChannelPipeline> application) {
        TlsRoute route = new TlsRoute(tls, application);
        TlsRouter router = new TlsRouter() {
            @Override
            public TlsRoute route(ClientHello hello) throws TlsRefusedException {
                checkServerName(hello);
                if (handshakes.refuse()) {
                    throw new TlsRefusedException(
                            Alert.HANDSHAKE_FAILURE, TlsRule.INJECTED_FAULT, "a fault breaks the handshake off");
                }
                return route;
            }

            @Override
            public void handshakeFailed(Channel channel, Throwable cause) {
                account.events().refusals().record(() -> FailedHandshakes.describe(account.cloud(), channel, cause));
                handshakes.failed(cause);
            }
        };
        return server.bind(port, new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new TlsFrontHandler(router));
            }
        });
    }

    private void checkServerName(ClientHello hello) throws TlsRefusedException {
        boolean served = hello.serverName()
                .map(name -> serverNames.contains(name.toLowerCase(Locale.ROOT)))
                // A client cannot send "localhost" or an address as SNI: JSSE omits such a name, and RFC 6066 has no
                // addresses.
                .orElseGet(() -> serverNames.stream().anyMatch(name -> !name.contains(".") || name.matches("[0-9.]+")));
        if (!served) {
            throw new TlsRefusedException(
                    Alert.UNRECOGNIZED_NAME,
                    hello.serverName().isPresent() ? TlsRule.SERVER_NAME_UNKNOWN : TlsRule.SERVER_NAME_MISSING,
                    "server name " + hello.serverName() + " is none of " + serverNames);
        }
    }
}
