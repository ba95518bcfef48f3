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
package io.cameliot.testinfra.awsiot.auth;

import io.cameliot.testinfra.net.FailedHandshakes.InactiveCertificateException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * The registry of device certificates. It accepts a valid certificate of a registered authority unless the certificate
 * was deactivated or the account says that it is not active.
 */
public final class DeviceCertificates implements X509TrustManager {
    private final List<X509Certificate> authorities = new CopyOnWriteArrayList<>();
    private final Set<String> deactivated = ConcurrentHashMap.newKeySet();
    private final Predicate<String> active;
    private volatile X509TrustManager chainValidator;

    /**
     * Creates a registry without authorities.
     *
     * @param active returns false for the id of a certificate that the account knows and that is not active
     */
    public DeviceCertificates(Predicate<String> active) {
        this.active = active;
    }

    /**
     * Registers an authority; from now on its certificates are accepted.
     *
     * @param authority root or intermediate
     */
    public synchronized void register(X509Certificate authority) {
        authorities.add(authority);
        chainValidator = validatorFor(authorities);
    }

    /**
     * Deactivates a certificate; from now on the handshakes of its device fail.
     *
     * @param certificate the device's certificate
     */
    public void deactivate(X509Certificate certificate) {
        deactivated.add(certificateId(certificate));
    }

    /**
     * The id that AWS IoT Core assigns to a certificate.
     *
     * @param certificate any certificate
     * @return the SHA-256 of its DER form, in lower case hex
     */
    public static String certificateId(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new IllegalStateException("The certificate has no fingerprint", e);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        try {
            chainValidator.checkClientTrusted(chain, authType);
        } catch (CertificateException e) {
            throw new CertificateException(
                    "The certificate of " + chain[0].getSubjectX500Principal() + ", issued by "
                            + chain[0].getIssuerX500Principal() + ", is refused: "
                            + e.getMessage().replaceAll("[a-z.]+[.][A-Za-z]+Exception: ", ""),
                    e);
        }
        String id = certificateId(chain[0]);
        if (deactivated.contains(id) || !active.test(id)) {
            throw new InactiveCertificateException("The certificate of " + chain[0].getSubjectX500Principal()
                    + " with the id " + id + " is " + (deactivated.contains(id) ? "deactivated" : "not active"));
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("Device certificates are for clients");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.toArray(X509Certificate[]::new);
    }

    private static X509TrustManager validatorFor(List<X509Certificate> authorities) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (X509Certificate authority : authorities) {
                store.setCertificateEntry(certificateId(authority), authority);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return Stream.of(factory.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .map(X509TrustManager.class::cast)
                    .findFirst()
                    .orElseThrow();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("The registered authorities cannot be used", e);
        }
    }
}
