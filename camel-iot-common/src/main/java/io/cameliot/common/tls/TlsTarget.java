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
package io.cameliot.common.tls;

import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;

/**
 * Where a TLS connection goes and what it is to look like.
 *
 * @param hostOption the option that names the host, for error messages
 * @param host the server's name: SNI, host name check, and the address unless {@code connectTo} is given
 * @param port the server's port
 * @param connectTo address to dial instead; null dials {@code host:port}
 * @param sslContext key and trust
 * @param tlsVersions the protocol versions to offer, e.g. {@code TLSv1.2}; empty offers the JDK's
 * @param alpn the application protocol to offer (RFC 7301); null offers none
 * @param timeout bound of name resolution apart, for the whole of connecting: all addresses and the TLS handshake
 */
public record TlsTarget(
        String hostOption,
        String host,
        int port,
        HostAndPort connectTo,
        SSLContext sslContext,
        List<String> tlsVersions,
        String alpn,
        Duration timeout) {

    public TlsTarget {
        tlsVersions = List.copyOf(tlsVersions);
    }

    /** The address that is dialled. */
    public HostAndPort dialled() {
        return connectTo != null ? connectTo : new HostAndPort(host, port);
    }

    /** The option that names {@link #dialled()}, for messages. */
    String dialledOption() {
        return connectTo != null ? "connectTo" : hostOption;
    }

    /** For messages: what is connected to, and through which address where that differs. */
    @Override
    public String toString() {
        String server = new HostAndPort(host, port).toString();
        return connectTo == null ? server : server + " (connectTo " + connectTo + ")";
    }
}
