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
package io.cameliot.testinfra.pki;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * A certificate authority for tests. It exists in memory only, is created in a few milliseconds, and is trusted only
 * where a test configures it.
 * <pre>{@code
 * TestCertificateAuthority authority = TestCertificateAuthority.create("Test Root CA");
 * IssuedCertificate server = authority.issueServer("localhost", "127.0.0.1");
 * IssuedCertificate device = authority.issueDevice("sensor-17");
 * }</pre>
 */
public final class TestCertificateAuthority {
    private final KeyType keyType;
    private final PrivateKey privateKey;
    /** This authority first; without the root unless this authority is the root. */
    private final List<X509Certificate> path;

    private TestCertificateAuthority(KeyType keyType, PrivateKey privateKey, List<X509Certificate> path) {
        this.keyType = keyType;
        this.privateKey = privateKey;
        this.path = path;
    }

    /**
     * Creates a self-signed root authority with an EC key.
     *
     * @param commonName its name
     * @return a new authority
     */
    public static TestCertificateAuthority create(String commonName) {
        return create(commonName, KeyType.EC);
    }

    /**
     * Creates a self-signed root authority.
     *
     * @param commonName its name
     * @param keyType the type of its own key; issued certificates may have another type
     * @return a new authority
     */
    public static TestCertificateAuthority create(String commonName, KeyType keyType) {
        KeyPair pair = keyType.generate();
        X509Certificate certificate =
                CertificateSigner.selfSigned(keyType, pair.getPrivate()).signAuthority(commonName, pair.getPublic());
        return new TestCertificateAuthority(keyType, pair.getPrivate(), List.of(certificate));
    }

    /**
     * Creates a self-signed root authority from its certificate and key, so that it lasts longer than one JVM.
     *
     * @param identity the certificate of the authority and its key, as {@link #identity} returns them
     * @return the same authority again
     */
    public static TestCertificateAuthority of(IssuedCertificate identity) {
        return new TestCertificateAuthority(
                KeyType.valueOf(identity.privateKey().getAlgorithm()), identity.privateKey(), identity.chain());
    }

    /**
     * Returns the authority's own key and certificate, to keep them.
     *
     * @return a secret; whoever has it can issue certificates
     */
    public IssuedCertificate identity() {
        return new IssuedCertificate(privateKey, path);
    }

    /**
     * Creates an intermediate authority, whose certificate this one signs. The chains of its certificates contain that
     * certificate.
     *
     * @param commonName its name
     * @return a new authority with a key of the same type
     */
    public TestCertificateAuthority createIntermediate(String commonName) {
        KeyPair pair = keyType.generate();
        X509Certificate certificate = signer().signAuthority(commonName, pair.getPublic());
        return new TestCertificateAuthority(keyType, pair.getPrivate(), below(certificate));
    }

    /**
     * The certificate of this authority.
     *
     * @return the certificate to trust, or to present as an intermediate
     */
    public X509Certificate certificate() {
        return path.get(0);
    }

    /**
     * The certificate of this authority as PEM.
     *
     * @return one {@code CERTIFICATE} block
     */
    public String certificatePem() {
        return Pem.certificates(List.of(certificate()));
    }

    /**
     * Writes the certificate of this authority as PEM.
     *
     * @param file the file; its directory is created if missing, and an existing file is replaced
     * @return the file
     * @throws UncheckedIOException if it cannot be written
     */
    public Path writeCertificate(Path file) {
        try {
            if (file.getParent() != null) {
                Files.createDirectories(file.getParent());
            }
            return Files.writeString(file, certificatePem());
        } catch (IOException e) {
            throw new UncheckedIOException("The certificate of the authority cannot be written to " + file, e);
        }
    }

    /**
     * Issues a server certificate with an EC key.
     *
     * @param hostNames DNS names and IP literals; the first is also the common name
     * @return the key and its chain
     * @throws IllegalArgumentException if there is no host name
     */
    public IssuedCertificate issueServer(String... hostNames) {
        if (hostNames.length == 0) {
            throw new IllegalArgumentException("A server certificate needs at least one host name");
        }
        return certificate(hostNames[0]).hostNames(hostNames).issue();
    }

    /**
     * Issues a device (client) certificate with an EC key.
     *
     * @param commonName the subject's common name; for Azure DPS the registration id
     * @return the key and its chain
     */
    public IssuedCertificate issueDevice(String commonName) {
        return certificate(commonName).issue();
    }

    /**
     * Creates a request for a certificate with any settings.
     *
     * @param commonName the subject's common name
     * @return a request; {@link CertificateRequest#issue()} signs it
     */
    public CertificateRequest certificate(String commonName) {
        return new CertificateRequest(commonName, this::issue);
    }

    /**
     * Issues a device (client) certificate for a key that the device keeps.
     *
     * @param request the device's request
     * @param commonName the subject's common name, independent of the request
     * @return the certificate and its chain, as {@link IssuedCertificate#chain()}
     */
    public List<X509Certificate> issueDevice(SigningRequest request, String commonName) {
        return below(signer().signLeaf(certificate(commonName), request.publicKey()));
    }

    private IssuedCertificate issue(CertificateRequest request) {
        KeyPair pair = request.keyType().generate();
        return new IssuedCertificate(pair.getPrivate(), below(signer().signLeaf(request, pair.getPublic())));
    }

    private CertificateSigner signer() {
        return CertificateSigner.of(keyType, privateKey, certificate());
    }

    private List<X509Certificate> below(X509Certificate certificate) {
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(certificate);
        path.stream().filter(authority -> !isRoot(authority)).forEach(chain::add);
        return List.copyOf(chain);
    }

    private static boolean isRoot(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    /** Names the authority and omits its key. */
    @Override
    public String toString() {
        return "TestCertificateAuthority[" + certificate().getSubjectX500Principal() + "]";
    }
}
