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
package io.cameliot.testinfra.awsiot.server;

import io.cameliot.testinfra.awsiot.auth.DeviceCertificates;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.event.TlsRule;
import io.cameliot.testinfra.net.ClientHello;
import io.cameliot.testinfra.net.ServerTls;
import io.cameliot.testinfra.net.TlsRefusedException;
import io.cameliot.testinfra.net.TlsRefusedException.Alert;
import io.cameliot.testinfra.net.TlsRoute;
import io.cameliot.testinfra.net.TlsRouter;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/** Selects, for one port and by SNI and ALPN, the server's certificate and whether the client must present one. */
final class GatewayRouter implements TlsRouter {
    private final GatewayPort port;
    private final Endpoints endpoints;
    private final BiConsumer<AccessMethod, ChannelPipeline> application;
    private final BiConsumer<Channel, Throwable> handshakeFailures;
    /**
     * Settings for a new context per connection: AWS resumes no TLS session, and a resumed session would accept a
     * certificate that was deactivated or has expired since.
     */
    private final Map<Route, ServerTls> settings = new ConcurrentHashMap<>();

    /**
     * The settings that the handshakes of all ports share.
     *
     * @param certificates the server's certificate by endpoint name, in lower case
     * @param credentialsEndpoint the endpoint among them that is the credentials provider
     * @param devices verifies client certificates
     * @param tlsVersions JSSE's names
     */
    record Endpoints(
            Map<String, IssuedCertificate> certificates,
            String credentialsEndpoint,
            DeviceCertificates devices,
            Collection<String> tlsVersions) {}

    private record Route(String endpoint, AccessMethod method) {}

    GatewayRouter(
            GatewayPort port,
            Endpoints endpoints,
            BiConsumer<AccessMethod, ChannelPipeline> application,
            BiConsumer<Channel, Throwable> handshakeFailures) {
        this.port = port;
        this.endpoints = endpoints;
        this.application = application;
        this.handshakeFailures = handshakeFailures;
    }

    @Override
    public TlsRoute route(ClientHello hello) throws TlsRefusedException {
        String endpoint =
                hello.serverName().map(name -> name.toLowerCase(Locale.ROOT)).orElse("");
        boolean credentials = endpoint.equals(endpoints.credentialsEndpoint());
        if (!endpoints.certificates().containsKey(endpoint) || credentials && port != GatewayPort.MULTIPLEXED_443) {
            throw new TlsRefusedException(
                    Alert.UNRECOGNIZED_NAME,
                    endpoint.isEmpty() ? TlsRule.SERVER_NAME_MISSING : TlsRule.SERVER_NAME_UNKNOWN,
                    endpoint.isEmpty()
                            ? "The client sends no server name (SNI)"
                            : "The server name (SNI) " + endpoint + " is not an endpoint of this account on port "
                                    + port.wellKnownPort() + ". It has "
                                    + endpoints.certificates().keySet());
        }
        AccessMethod method = (credentials
                        ? Optional.of(AccessMethod.CREDENTIALS)
                        : AccessMethod.of(port, hello.applicationProtocols()))
                .orElseThrow(() -> new TlsRefusedException(
                        Alert.NO_APPLICATION_PROTOCOL,
                        TlsRule.ALPN_NOT_SERVED,
                        "None of the ALPN names " + hello.applicationProtocols() + " is served on port "
                                + port.wellKnownPort() + ". It serves " + AccessMethod.namesOn(port)));
        ServerTls tls = settings.computeIfAbsent(new Route(endpoint, method), this::settings);
        return new TlsRoute(tls.build(), pipeline -> application.accept(method, pipeline));
    }

    @Override
    public void handshakeFailed(Channel channel, Throwable cause) {
        handshakeFailures.accept(channel, cause);
    }

    private ServerTls settings(Route route) {
        ServerTls tls = ServerTls.showing(endpoints.certificates().get(route.endpoint()))
                .protocols(endpoints.tlsVersions());
        if (route.method().requiresClientCertificate()) {
            tls.requireClientCertificate(endpoints.devices());
        }
        if (port == GatewayPort.MULTIPLEXED_443 && route.method() != AccessMethod.CREDENTIALS) {
            tls.applicationProtocols(List.of(route.method().applicationProtocol()));
        }
        return tls;
    }
}
