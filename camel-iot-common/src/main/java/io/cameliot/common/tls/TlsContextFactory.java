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

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.apache.camel.CamelContext;

/**
 * Makes the {@link SSLContext} that a {@link TlsConfiguration} describes.
 *
 * <p>Call {@link #create()} once when the route is built, to find bad options, and again at each connection attempt, to
 * take up renewed files. Every failure is an {@link IllegalArgumentException} that names the option to mend and holds no
 * secret.
 */
public final class TlsContextFactory {

    private static final char[] NO_PASSWORD = {};

    private final CamelContext camelContext;
    private final TlsConfiguration configuration;
    private final TlsFiles files;
    private final ClientKeyLoader keyLoader;

    /**
     * @param configuration copied: later changes do not matter
     */
    public TlsContextFactory(CamelContext camelContext, TlsConfiguration configuration) {
        this.camelContext = camelContext;
        this.configuration = configuration.copy();
        this.files = new TlsFiles(camelContext);
        this.keyLoader = new ClientKeyLoader(this.configuration, files);
    }

    /**
     * Reads the files and makes the context.
     *
     * @throws IllegalArgumentException if a file is missing, unreadable or expired, or does not fit the others
     */
    public SSLContext create() {
        try {
            if (configuration.getSslContextParameters() != null) {
                refuseOptionsBesideSslContextParameters();
                return configuration.getSslContextParameters().createSSLContext(camelContext);
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers(keyLoader.load()), trustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("The TLS options make no usable TLS context: " + e.getMessage(), e);
        }
    }

    /**
     * The certificate that the device shows.
     *
     * @return null where there is none, or where only {@code sslContextParameters} knows it
     * @throws IllegalArgumentException as {@link #create()}
     */
    public X509Certificate clientCertificate() {
        ClientKey key = configuration.getSslContextParameters() == null ? keyLoader.load() : null;
        return key == null ? null : key.leaf();
    }

    private void refuseOptionsBesideSslContextParameters() {
        if (configuration.getCaFile() != null
                || !configuration.clientCertificateOptions().isEmpty()) {
            throw new IllegalArgumentException(
                    "Option sslContextParameters stands for the certificate, key, key store and"
                            + " caFile options: give either the one or the others");
        }
    }

    private static KeyManager[] keyManagers(ClientKey key) throws GeneralSecurityException, IOException {
        if (key == null) {
            return null;
        }
        KeyStore store = emptyKeyStore();
        store.setKeyEntry("client", key.privateKey(), NO_PASSWORD, key.chain().toArray(new Certificate[0]));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private TrustManager[] trustManagers() throws GeneralSecurityException, IOException {
        if (configuration.getCaFile() == null) {
            return null;
        }
        List<X509Certificate> authorities = files.certificates("caFile", configuration.getCaFile());
        KeyStore store = emptyKeyStore();
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry("ca" + i, authorities.get(i));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyStore emptyKeyStore() throws GeneralSecurityException, IOException {
        // Never leaves the memory. PKCS12 would derive a key from its password for milliseconds at each connection.
        KeyStore store = KeyStore.getInstance("JKS");
        store.load(null, null);
        return store;
    }

    /** Equal to another factory of the same options: both make contexts of the same identity. */
    @Override
    public boolean equals(Object other) {
        return other instanceof TlsContextFactory that
                && configuration.identity().equals(that.configuration.identity());
    }

    @Override
    public int hashCode() {
        return configuration.identity().hashCode();
    }
}
