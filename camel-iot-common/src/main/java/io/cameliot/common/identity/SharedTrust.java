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

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Trust managers that the connections of a component share. Equal CA certificates, compared by content and not by file
 * name, have the same trust managers, so that a thousand devices parse and hold them once.
 *
 * <p>A component owns one instance and passes it to each {@link TlsContextFactory}.
 */
public final class SharedTrust {

    /**
     * Applications usually have one bundle of CA certificates, and two during a renewal. Evicted bundles are parsed
     * again.
     */
    private static final int CAPACITY = 16;

    private final Map<Object, TrustManager[]> byContent = new LinkedHashMap<>(CAPACITY, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, TrustManager[]> eldest) {
            return size() > CAPACITY;
        }
    };

    /**
     * Returns the trust managers of the certificates in a PEM file.
     *
     * @param parser parses the content
     */
    synchronized TrustManager[] ofPem(byte[] content, Supplier<List<X509Certificate>> parser)
            throws GeneralSecurityException, IOException {
        String fingerprint = TlsFiles.fingerprint(content);
        TrustManager[] known = byContent.get(fingerprint);
        if (known == null) {
            known = trusting(parser.get());
            byContent.put(fingerprint, known);
        }
        return known;
    }

    /** Returns the trust managers of the JDK's CA certificates. The JDK checks whether its file has changed. */
    synchronized TrustManager[] ofJdk() throws GeneralSecurityException {
        TrustManager[] fresh = managers(null);
        TrustManager[] known = byContent.putIfAbsent(issuers(fresh), fresh);
        return known == null ? fresh : known;
    }

    private static Set<X509Certificate> issuers(TrustManager[] managers) {
        return Arrays.stream(managers)
                .filter(X509TrustManager.class::isInstance)
                .flatMap(manager -> Arrays.stream(((X509TrustManager) manager).getAcceptedIssuers()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static TrustManager[] trusting(List<X509Certificate> authorities)
            throws GeneralSecurityException, IOException {
        KeyStore store = TlsContextFactory.emptyKeyStore();
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry("ca" + i, authorities.get(i));
        }
        return managers(store);
    }

    /**
     * Creates trust managers.
     *
     * @param store null for the JDK's
     */
    private static TrustManager[] managers(KeyStore store) throws GeneralSecurityException {
        String algorithm = TrustManagerFactory.getDefaultAlgorithm();
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(algorithm, JdkProviders.of("TrustManagerFactory", algorithm));
        factory.init(store);
        return factory.getTrustManagers();
    }
}
