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
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A private key and its certificate chain.
 *
 * @param privateKey the private key
 * @param chain the certificate itself first, then the intermediate authorities without the root, as in a TLS handshake
 */
public record IssuedCertificate(PrivateKey privateKey, List<X509Certificate> chain) {
    /** The only alias in a store of {@link #keyStore}. */
    public static final String KEY_STORE_ALIAS = "identity";

    public IssuedCertificate {
        chain = List.copyOf(chain);
    }

    /**
     * The certificate itself, without its chain.
     *
     * @return the first of {@link #chain()}
     */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    /**
     * The chain as PEM.
     *
     * @return one {@code CERTIFICATE} block each, in the order of {@link #chain()}
     */
    public String chainPem() {
        return Pem.certificates(chain);
    }

    /**
     * The private key as unencrypted PEM.
     *
     * @param format the format
     * @return one block
     * @throws IllegalArgumentException if the format does not support keys of this type
     */
    public String privateKeyPem(KeyFormat format) {
        return Pem.privateKey(privateKey, format);
    }

    /**
     * The private key as encrypted PEM: PKCS#8 with PBES2 and AES-256, the two other formats with the encryption that
     * OpenSSL calls traditional ({@code Proc-Type: 4,ENCRYPTED}, RFC 1421), which old tools still write.
     *
     * @param format the format
     * @param password the encryption password, at least one character
     * @return one block
     * @throws IllegalArgumentException if the format does not support keys of this type, or if the password is empty
     */
    public String privateKeyPem(KeyFormat format, char[] password) {
        return Pem.privateKey(privateKey, format, password);
    }

    /**
     * The key and its chain in a new key store.
     *
     * @param password the password of the key
     * @param type such as {@code PKCS12} or {@code JKS}
     * @return a store with the single entry {@link #KEY_STORE_ALIAS}
     * @throws IllegalArgumentException if the JDK does not support the type
     */
    public KeyStore keyStore(char[] password, String type) {
        try {
            KeyStore store = KeyStore.getInstance(type);
            store.load(null, null);
            store.setKeyEntry(KEY_STORE_ALIAS, privateKey, password, chain.toArray(X509Certificate[]::new));
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("No key store of type " + type + " can be made", e);
        }
    }

    /**
     * Writes the chain and the key as PEM files, the key as unencrypted PKCS#8.
     *
     * @param directory the directory, created if missing
     * @param baseName {@code <baseName>.cert.pem} and {@code <baseName>.key.pem} are written; existing files are
     *     replaced
     * @return the paths of both files
     * @throws UncheckedIOException if they cannot be written
     */
    public CertificateFiles writeTo(Path directory, String baseName) {
        try {
            Files.createDirectories(directory);
            return new CertificateFiles(
                    Files.writeString(directory.resolve(baseName + ".cert.pem"), chainPem()),
                    Files.writeString(directory.resolve(baseName + ".key.pem"), privateKeyPem(KeyFormat.PKCS8)));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Certificate and key of " + baseName + " cannot be written to " + directory, e);
        }
    }

    /**
     * Reads what {@link #writeTo} has written.
     *
     * @param directory the directory
     * @param baseName the base name of both files
     * @return the key and its chain
     * @throws UncheckedIOException if a file cannot be read
     * @throws IllegalArgumentException if a file does not hold what its name says
     */
    public static IssuedCertificate read(Path directory, String baseName) {
        Path certificate = directory.resolve(baseName + ".cert.pem");
        Path key = directory.resolve(baseName + ".key.pem");
        try {
            List<X509Certificate> chain = Pem.readCertificates(Files.readString(certificate));
            return new IssuedCertificate(Pem.readPrivateKey(Files.readString(key), chain.get(0)), chain);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Certificate and key of " + baseName + " cannot be read from " + directory, e);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // The cause is not kept: its message may quote the key.
            throw new IllegalArgumentException(certificate + " and " + key + " are no certificate and its key in PEM");
        }
    }

    /** Names the certificate and omits the key, so that a failed assertion does not print it. */
    @Override
    public String toString() {
        return "IssuedCertificate[" + certificate().getSubjectX500Principal() + "]";
    }

    /**
     * The files of a certificate chain and its key.
     *
     * @param certificate PEM file of the chain
     * @param privateKey PEM file of the key
     */
    public record CertificateFiles(Path certificate, Path privateKey) {}
}
