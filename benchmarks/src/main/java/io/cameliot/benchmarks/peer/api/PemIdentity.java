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
package io.cameliot.benchmarks.peer.api;

import io.cameliot.benchmarks.server.PemFiles;
import io.cameliot.benchmarks.server.ServerAddress;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The key and trust managers of a client that does not accept PEM files. */
public record PemIdentity(KeyManagerFactory keys, TrustManagerFactory trust) {

    private static final char[] NO_PASSWORD = {};

    public static PemIdentity of(ServerAddress server, String identity) {
        try {
            KeyStore keyStore = emptyStore();
            keyStore.setKeyEntry(
                    "identity", PemFiles.privateKey(server.privateKey(identity)), NO_PASSWORD, new X509Certificate[] {
                        PemFiles.certificate(server.certificate(identity))
                    });
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(keyStore, NO_PASSWORD);
            return new PemIdentity(keys, trust(server));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("This JDK cannot use the identity " + identity, e);
        }
    }

    public SSLContext context() {
        try {
            return context("TLS", keys.getKeyManagers(), trust);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK has no TLS", e);
        }
    }

    /**
     * Creates a context without a client certificate.
     *
     * @param protocol as for {@link SSLContext#getInstance(String)}
     */
    public static SSLContext trustOnly(ServerAddress server, String protocol) {
        try {
            return context(protocol, null, trust(server));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("This JDK cannot use " + server.authority(), e);
        }
    }

    private static SSLContext context(String protocol, KeyManager[] keys, TrustManagerFactory trust)
            throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance(protocol);
        context.init(keys, trust.getTrustManagers(), null);
        return context;
    }

    private static TrustManagerFactory trust(ServerAddress server) throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        store.setCertificateEntry("authority", PemFiles.certificate(server.authority()));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust;
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        // PKCS #12 would derive a key from the password with ten thousand hashes for each device of a fleet.
        KeyStore store = KeyStore.getInstance("JKS");
        store.load(null, null);
        return store;
    }
}
