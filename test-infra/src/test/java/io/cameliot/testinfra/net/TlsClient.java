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
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Plain JSSE sockets to a loopback server. The test determines the contents of the ClientHello. */
public final class TlsClient {
    private static final char[] NO_PASSWORD = new char[0];
    private static final int TIMEOUT_MILLIS = 10_000;

    private final SSLContext context;

    private TlsClient(SSLContext context) {
        this.context = context;
    }

    public static TlsClient trusting(X509Certificate authority) {
        return new TlsClient(context(authority, null));
    }

    public static TlsClient trusting(X509Certificate authority, IssuedCertificate identity) {
        return new TlsClient(context(authority, identity));
    }

    /** A client context that trusts one authority and, unless null, presents an identity. */
    public static SSLContext context(X509Certificate authority, IssuedCertificate identity) {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("authority", authority);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(identity == null ? null : keyManagers(identity), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyManager[] keyManagers(IssuedCertificate identity) throws GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(identity.keyStore(NO_PASSWORD, "JKS"), NO_PASSWORD);
        return keys.getKeyManagers();
    }

    /**
     * Connects and performs the handshake with host name check.
     *
     * @param address the address to dial, such as {@code 127.0.0.1}
     * @param serverName the SNI host name, or null for none
     * @param applicationProtocols the ALPN names; without names ALPN is not used
     */
    public SSLSocket connect(String address, int port, String serverName, String... applicationProtocols)
            throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(address, port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(
                serverName == null ? List.<SNIServerName>of() : List.<SNIServerName>of(new SNIHostName(serverName)));
        parameters.setApplicationProtocols(applicationProtocols);
        if (serverName != null) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
