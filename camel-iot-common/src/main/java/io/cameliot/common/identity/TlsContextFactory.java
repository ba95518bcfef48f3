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
package io.cameliot.common.identity;

import io.cameliot.common.text.FailureText;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.apache.camel.CamelContext;

/**
 * Creates the {@link SSLContext} that a {@link TlsConfiguration} describes.
 *
 * <p>Call {@link #checkOptions()} when an endpoint is created. Call {@link #create()} when its route starts, to find
 * missing or invalid files, and again at each connection attempt, to use renewed ones. The files are read each time and
 * parsed only if their content has changed. Every failure is an {@link IllegalArgumentException} that names the option
 * to correct and contains no secret.
 *
 * <p>Connections without a client certificate share one context as long as the trusted CA certificates stay the same.
 * The next connection therefore resumes the TLS session (RFC 5077; RFC 8446, section 2.2), which saves both sides the
 * signatures: a server can resume only with the secret that was agreed on when its certificate was checked. With a
 * client certificate each context is new and nothing is resumed, because a session keeps the certificate with which it
 * began.
 */
public final class TlsContextFactory {

    private static final char[] NO_PASSWORD = {};

    /** JSSE finds one session for each host and port. By default it would keep 20,480 for a day. */
    private static final int SESSIONS = 8;

    /** Seconds until the server's certificate is checked again. JSSE's default is a day. */
    private static final int SESSION_SECONDS = 3600;

    private final CamelContext camelContext;
    private final TlsConfiguration configuration;
    private final SharedTrust trust;
    private final TlsFiles files;
    private final ClientKeyLoader keyLoader;
    private Anonymous anonymous; // guarded by this

    /** The context of connections without a client certificate, and the trust managers in it. */
    private record Anonymous(TrustManager[] trust, SSLContext context) {}

    /**
     * Creates a factory.
     *
     * @param configuration copied, so that later changes have no effect
     * @param trust shared with the other factories of the component
     */
    public TlsContextFactory(CamelContext camelContext, TlsConfiguration configuration, SharedTrust trust) {
        this.camelContext = camelContext;
        this.configuration = configuration.copy();
        this.trust = trust;
        this.files = new TlsFiles(camelContext);
        this.keyLoader = new ClientKeyLoader(this.configuration, files);
    }

    /**
     * Checks the options without reading a file: {@link #create()} reads them, because an earlier route may still be
     * about to write them.
     *
     * @throws IllegalArgumentException if options contradict each other, if one is missing, or if the base64 content of
     *     one cannot be used
     */
    public void checkOptions() {
        if (configuration.getSslContextParameters() != null) {
            refuseOptionsBesideSslContextParameters();
            return;
        }
        keyLoader.checkOptions();
        String caFile = configuration.getCaFile();
        TlsFiles.check("caFile", caFile);
        if (caFile != null && TlsFiles.isInline(caFile)) {
            TlsFiles.certificates("caFile", caFile, files.read("caFile", caFile));
        }
    }

    /**
     * Reads the files and creates the context.
     *
     * @throws IllegalArgumentException if a file is missing, unreadable or expired, or does not match the others
     */
    public SSLContext create() {
        try {
            if (configuration.getSslContextParameters() != null) {
                refuseOptionsBesideSslContextParameters();
                return configuration.getSslContextParameters().createSSLContext(camelContext);
            }
            ClientKey key = keyLoader.load();
            return key == null ? anonymous(trustManagers()) : context(keyManagers(key), trustManagers());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("The TLS options make no usable TLS context: " + FailureText.of(e), e);
        }
    }

    private synchronized SSLContext anonymous(TrustManager[] trusted) throws GeneralSecurityException {
        if (anonymous == null || anonymous.trust() != trusted) {
            SSLContext context = context(null, trusted);
            context.getClientSessionContext().setSessionCacheSize(SESSIONS);
            context.getClientSessionContext().setSessionTimeout(SESSION_SECONDS);
            anonymous = new Anonymous(trusted, context);
        }
        return anonymous.context();
    }

    private static SSLContext context(KeyManager[] keys, TrustManager[] trusted) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS", JdkProviders.of("SSLContext", "TLS"));
        context.init(keys, trusted, null);
        return context;
    }

    /**
     * Returns the device's certificate.
     *
     * @return null if there is none, or if only {@code sslContextParameters} contains it
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
        KeyStore store = emptyKeyStore();
        store.setKeyEntry("client", key.privateKey(), NO_PASSWORD, key.chain().toArray(new Certificate[0]));
        String algorithm = KeyManagerFactory.getDefaultAlgorithm();
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(algorithm, JdkProviders.of("KeyManagerFactory", algorithm));
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private TrustManager[] trustManagers() throws GeneralSecurityException, IOException {
        String caFile = configuration.getCaFile();
        if (caFile == null) {
            return trust.ofJdk();
        }
        byte[] pem = files.read("caFile", caFile);
        return trust.ofPem(pem, () -> TlsFiles.certificates("caFile", caFile, pem));
    }

    static KeyStore emptyKeyStore() throws GeneralSecurityException, IOException {
        // The store never leaves memory. PKCS12 would spend milliseconds per connection on deriving a key from the
        // password.
        KeyStore store = KeyStore.getInstance("JKS", JdkProviders.of("KeyStore", "JKS"));
        store.load(null, null);
        return store;
    }

    /** Factories with the same options are equal: their contexts have the same identity. */
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
