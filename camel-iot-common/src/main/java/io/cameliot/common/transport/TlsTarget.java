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
package io.cameliot.common.transport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;

/**
 * The destination and the properties of a TLS connection.
 *
 * @param hostOption the option that names the host, for error messages
 * @param host the server's name for SNI and the host name check, and its address unless {@code connectTo} is given
 * @param port the server's port
 * @param connectTo address to dial instead; null dials {@code host:port}
 * @param proxy forward proxy to the address; null dials it directly
 * @param sslContext key and trust
 * @param tlsVersions the protocol versions to offer, e.g. {@code TLSv1.2}; empty offers the JDK's
 * @param alpn the application protocol to offer (RFC 7301); null offers none
 * @param webSocket the upgrade to a WebSocket after the TLS handshake; null for plain TLS
 * @param timeout limit for the whole attempt: name resolution, all addresses, the proxy, the TLS handshake and the
 *     WebSocket upgrade
 */
public record TlsTarget(
        String hostOption,
        String host,
        int port,
        HostAndPort connectTo,
        ProxyAddress proxy,
        SSLContext sslContext,
        List<String> tlsVersions,
        String alpn,
        WebSocketUpgrade webSocket,
        Duration timeout) {

    public TlsTarget {
        tlsVersions = List.copyOf(tlsVersions);
    }

    /** Creates a target without proxy and WebSocket. */
    public TlsTarget(
            String hostOption,
            String host,
            int port,
            HostAndPort connectTo,
            SSLContext sslContext,
            List<String> tlsVersions,
            String alpn,
            Duration timeout) {
        this(hostOption, host, port, connectTo, null, sslContext, tlsVersions, alpn, null, timeout);
    }

    /** Returns the same target with another WebSocket upgrade; null for none. */
    public TlsTarget withWebSocket(WebSocketUpgrade upgrade) {
        return new TlsTarget(hostOption, host, port, connectTo, proxy, sslContext, tlsVersions, alpn, upgrade, timeout);
    }

    /** Returns the same target with another forward proxy; null for none. */
    public TlsTarget withProxy(ProxyAddress forwardProxy) {
        return new TlsTarget(
                hostOption, host, port, connectTo, forwardProxy, sslContext, tlsVersions, alpn, webSocket, timeout);
    }

    /**
     * The value of the {@code Host} header. It omits port 443, the default of HTTPS and WSS (RFC 9110, section 4.2.2;
     * RFC 6455, section 3). Signatures must cover exactly this text.
     */
    public String authority() {
        String withPort = new HostAndPort(host, port).toString();
        return port == 443 ? withPort.substring(0, withPort.lastIndexOf(':')) : withPort;
    }

    /** The address of the connection, which the proxy dials if there is one. */
    public HostAndPort destination() {
        return connectTo != null ? connectTo : new HostAndPort(host, port);
    }

    /** The address that this machine dials. */
    public HostAndPort dialled() {
        return proxy != null ? proxy.address() : destination();
    }

    /** The option that names {@link #destination()}, for messages. */
    public String destinationOption() {
        return connectTo != null ? "connectTo" : hostOption;
    }

    /** The option that names {@link #dialled()}, for messages. */
    public String dialledOption() {
        return proxy != null ? "proxy" : destinationOption();
    }

    /** Whether a host is an IPv4 or IPv6 address, which SNI does not allow (RFC 6066, section 3). */
    public static boolean isAddressLiteral(String host) {
        return host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9');
    }

    /** The target, with {@code connectTo} and the proxy if there are any, for messages. */
    @Override
    public String toString() {
        List<String> detours = new ArrayList<>();
        if (connectTo != null) {
            detours.add("connectTo " + connectTo);
        }
        if (proxy != null) {
            detours.add("proxy " + proxy);
        }
        return new HostAndPort(host, port) + (detours.isEmpty() ? "" : " (" + String.join(", ", detours) + ")");
    }
}
