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

import io.cameliot.testinfra.pki.IssuedCertificate;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/** Builds the server side of TLS. The defaults are TLS 1.2 and 1.3, no client certificate and no ALPN. */
public final class ServerTls {
    private static final char[] NO_PASSWORD = new char[0];

    private final SslContextBuilder builder;

    private ServerTls(IssuedCertificate identity) {
        builder = SslContextBuilder.forServer(keyManagers(identity))
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2");
    }

    private static KeyManagerFactory keyManagers(IssuedCertificate identity) {
        try {
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            // The store never leaves memory. PKCS12 would spend milliseconds on deriving a key from the password.
            factory.init(identity.keyStore(NO_PASSWORD, "JKS"), NO_PASSWORD);
            return factory;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The server's key cannot be used", e);
        }
    }

    /**
     * Creates a builder with the server's certificate.
     *
     * @param identity key and chain
     * @return a builder
     */
    public static ServerTls showing(IssuedCertificate identity) {
        return new ServerTls(identity);
    }

    /**
     * Limits the TLS versions.
     *
     * @param versions JSSE's names, such as {@code TLSv1.2}
     * @return this
     */
    public ServerTls protocols(Collection<String> versions) {
        builder.protocols(Set.copyOf(versions));
        return this;
    }

    /**
     * Requires a valid client certificate of one of these authorities.
     *
     * @param authorities roots or intermediates; their names are sent to the client
     * @return this
     */
    public ServerTls requireClientCertificate(Collection<X509Certificate> authorities) {
        builder.clientAuth(ClientAuth.REQUIRE).trustManager(authorities);
        return this;
    }

    /**
     * Requires a client certificate that the trust manager accepts.
     *
     * @param judge called on the connection's event loop, so it must not block
     * @return this
     */
    public ServerTls requireClientCertificate(TrustManager judge) {
        builder.clientAuth(ClientAuth.REQUIRE).trustManager(judge);
        return this;
    }

    /**
     * Requests a client certificate but accepts clients without one. The trust manager must accept a certificate that
     * is sent.
     *
     * @param judge called on the connection's event loop, so it must not block
     * @return this
     */
    public ServerTls requestClientCertificate(TrustManager judge) {
        builder.clientAuth(ClientAuth.OPTIONAL).trustManager(judge);
        return this;
    }

    /**
     * Selects one of these ALPN names, and fails the handshake of a client that offers none of them (RFC 7301, section
     * 3.2). A client without ALPN is accepted.
     *
     * @param names in the order of the server's preference
     * @return this
     */
    public ServerTls applicationProtocols(List<String> names) {
        builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                Protocol.ALPN, SelectorFailureBehavior.FATAL_ALERT, SelectedListenerFailureBehavior.ACCEPT, names));
        return this;
    }

    /**
     * Builds a context. Can be called repeatedly and is cheap.
     *
     * @return a context for any number of connections; it resumes only the sessions of its own connections
     */
    public SslContext build() {
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new IllegalStateException("The server's TLS cannot be set up: " + e.getMessage(), e);
        }
    }
}
