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

import io.cameliot.common.camel.OptionAdvice;
import io.cameliot.common.transport.ConnectAdvice;
import io.cameliot.common.transport.ConnectFault;
import io.cameliot.common.transport.HostAndPort;
import io.cameliot.common.transport.ProxyAddress;
import io.cameliot.common.transport.ServerAddress;
import io.cameliot.common.transport.TlsOffer;
import io.cameliot.common.transport.TlsTarget;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** TLS contexts of both sides, and targets to dial. */
public final class TestTls {

    public static final String HOST = "device-gateway.test";
    /** The advice of a component that has an option for the MQTT version. */
    static final ConnectAdvice ADVICE = new OptionAdvice("endpoint", "port") {
        @Override
        public String on(ConnectFault fault, TlsTarget target) {
            return fault == ConnectFault.NO_MQTT_5 ? ": change option mqttVersion" : super.on(fault, target);
        }
    };

    public static final TestCertificateAuthority AUTHORITY = TestCertificateAuthority.create("Server CA");
    public static final TestCertificateAuthority STRANGER = TestCertificateAuthority.create("Unknown CA");

    private static final char[] NO_PASSWORD = {};

    private TestTls() {}

    /**
     * Creates a context.
     *
     * @param identity identity of this side, or null
     * @param authority authority that this side trusts, or null
     */
    public static SSLContext context(IssuedCertificate identity, X509Certificate authority) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers(identity), trustManagers(authority), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public static SSLContext server(String... hostNames) {
        return context(AUTHORITY.issueServer(hostNames), AUTHORITY.certificate());
    }

    public static SSLContext client() {
        return context((IssuedCertificate) null, AUTHORITY.certificate());
    }

    /** A target named {@link #HOST}, which cannot be resolved; {@code connectTo} is its address. */
    public static TlsTarget target(int port) {
        return target(port, client(), List.of(), null);
    }

    public static TlsTarget target(int port, SSLContext context, List<String> versions, String alpn) {
        return new TlsTarget(
                new ServerAddress(HOST, 8883, new HostAndPort("127.0.0.1", port), null),
                new TlsOffer(context, versions, alpn),
                null,
                Duration.ofSeconds(20),
                ADVICE);
    }

    /** A target that is dialled by its name. */
    public static TlsTarget direct(String host, int port, Duration timeout) {
        return target(new ServerAddress(host, port, null, null), timeout);
    }

    /** Returns a target whose client trusts the test's certificate authority. */
    public static TlsTarget target(ServerAddress address, Duration timeout) {
        return new TlsTarget(address, TlsOffer.of(client()), null, timeout, ADVICE);
    }

    /** Returns the same target, but through a forward proxy. */
    static TlsTarget through(ProxyAddress proxy, TlsTarget target) {
        ServerAddress server = target.address();
        return new TlsTarget(
                new ServerAddress(server.host(), server.port(), server.connectTo(), proxy),
                target.tls(),
                target.webSocket(),
                target.timeout(),
                target.advice());
    }

    private static KeyManager[] keyManagers(IssuedCertificate identity) throws GeneralSecurityException {
        if (identity == null) {
            return null;
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(identity.keyStore(NO_PASSWORD, "JKS"), NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static TrustManager[] trustManagers(X509Certificate authority)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("authority", authority);
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }
}
