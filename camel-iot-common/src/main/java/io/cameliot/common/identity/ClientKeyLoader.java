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
import io.cameliot.common.text.ForeignText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Loads the client certificate and its key from PEM files or from a key store, and checks that they are usable. The
 * files are read each time and parsed only if their content has changed.
 */
final class ClientKeyLoader {

    private static final int JKS_MAGIC = 0xFEEDFEED;

    private final TlsConfiguration configuration;
    private final TlsFiles files;
    private volatile Loaded last;

    /** The key parsed from the content with this fingerprint. */
    private record Loaded(String fingerprint, ClientKey key) {}

    ClientKeyLoader(TlsConfiguration configuration, TlsFiles files) {
        this.configuration = configuration;
        this.files = files;
    }

    /**
     * Checks the options without reading a file.
     *
     * @throws IllegalArgumentException names the option to correct
     */
    void checkOptions() {
        requireOptions();
        if (isInline()) {
            load();
        }
    }

    private void requireOptions() {
        if (configuration.getKeyStoreFile() != null) {
            refuseBesideKeyStore("certificateFile", configuration.getCertificateFile());
            refuseBesideKeyStore("privateKeyFile", configuration.getPrivateKeyFile());
            TlsFiles.check("keyStoreFile", configuration.getKeyStoreFile());
            requireKeyStorePassword();
        } else if (configuration.getCertificateFile() != null || configuration.getPrivateKeyFile() != null) {
            TlsFiles.check("certificateFile", required("certificateFile", configuration.getCertificateFile()));
            TlsFiles.check("privateKeyFile", required("privateKeyFile", configuration.getPrivateKeyFile()));
            refuseWithoutKeyStore("keyStorePassword", configuration.getKeyStorePassword());
            refuseWithoutKeyStore("keyAlias", configuration.getKeyAlias());
        } else if (!configuration.clientCertificateOptions().isEmpty()) {
            throw new IllegalArgumentException("Options " + new TreeSet<>(configuration.clientCertificateOptions())
                    + " are of no use without a key: set option keyStoreFile, or certificateFile and privateKeyFile");
        }
    }

    /** Whether the options contain the certificate and key themselves, so that there is no file to read. */
    private boolean isInline() {
        return Stream.of(
                        configuration.getKeyStoreFile(),
                        configuration.getCertificateFile(),
                        configuration.getPrivateKeyFile())
                .allMatch(location -> location == null || TlsFiles.isInline(location));
    }

    /**
     * Loads the current client certificate.
     *
     * @return null if the options name no client certificate
     * @throws IllegalArgumentException names the option to correct
     */
    ClientKey load() {
        requireOptions();
        if (configuration.getKeyStoreFile() != null) {
            byte[] store = files.read("keyStoreFile", configuration.getKeyStoreFile());
            return usable("keyStoreFile", () -> fromKeyStore(store), store);
        }
        if (configuration.getCertificateFile() != null) {
            byte[] certificates = files.read("certificateFile", configuration.getCertificateFile());
            byte[] key = files.read("privateKeyFile", configuration.getPrivateKeyFile());
            try {
                return usable("certificateFile", () -> fromPem(certificates, key), certificates, key);
            } finally {
                Arrays.fill(key, (byte) 0);
            }
        }
        return null;
    }

    private ClientKey usable(String option, Supplier<ClientKey> parser, byte[]... contents) {
        String fingerprint = TlsFiles.fingerprint(contents);
        Loaded known = last;
        if (known == null || !known.fingerprint().equals(fingerprint)) {
            known = new Loaded(fingerprint, parser.get());
            requireMatch(known.key());
            last = known;
        }
        requireValidity(option, known.key().leaf());
        return known.key();
    }

    private static void refuseBesideKeyStore(String option, String value) {
        if (value != null) {
            throw new IllegalArgumentException("Options keyStoreFile and " + option
                    + " exclude each other: give either the key store or PEM files");
        }
    }

    private static void refuseWithoutKeyStore(String option, String value) {
        if (value != null) {
            throw new IllegalArgumentException("Option " + option + " needs option keyStoreFile: remove it, or give the"
                    + " key store instead of certificateFile and privateKeyFile");
        }
    }

    private void requireKeyStorePassword() {
        if (configuration.getKeyStorePassword() == null) {
            throw new IllegalArgumentException(
                    "Option keyStorePassword is missing: give an empty one where the key store's is empty");
        }
    }

    private ClientKey fromPem(byte[] certificates, byte[] key) {
        List<X509Certificate> chain =
                TlsFiles.certificates("certificateFile", configuration.getCertificateFile(), certificates);
        String password = configuration.getPrivateKeyPassword();
        try {
            return new ClientKey(PemReader.privateKey(key, password == null ? null : password.toCharArray()), chain);
        } catch (IllegalArgumentException e) {
            throw TlsFiles.failure("privateKeyFile", configuration.getPrivateKeyFile(), FailureText.of(e), e);
        }
    }

    private ClientKey fromKeyStore(byte[] content) {
        String file = configuration.getKeyStoreFile();
        KeyStore store;
        try {
            store = keyStore(content, configuration.getKeyStorePassword().toCharArray());
        } catch (GeneralSecurityException | IOException e) {
            String reason = e.getCause() instanceof UnrecoverableKeyException
                    ? "option keyStorePassword is wrong"
                    : "it is not readable as a PKCS12 or JKS key store";
            throw TlsFiles.failure("keyStoreFile", file, reason, e);
        }
        try {
            return keyEntry(store);
        } catch (UnrecoverableKeyException e) {
            throw TlsFiles.failure(
                    "keyStoreFile", file, "its key cannot be decrypted: option privateKeyPassword is wrong", e);
        } catch (GeneralSecurityException e) {
            throw TlsFiles.failure("keyStoreFile", file, "its key cannot be used: " + FailureText.of(e), e);
        }
    }

    /**
     * Reads a key store.
     *
     * @throws IOException if the store cannot be read; its cause is an {@link UnrecoverableKeyException} if the
     *     password is wrong
     */
    private static KeyStore keyStore(byte[] content, char[] password) throws GeneralSecurityException, IOException {
        if (isJks(content)) {
            return keyStore("JKS", JdkProviders.of("KeyStore", "JKS"), content, password);
        }
        try {
            return keyStore("PKCS12", JdkProviders.of("KeyStore", "PKCS12"), content, password);
        } catch (IOException e) {
            // The JDK's key store takes its ciphers from the first provider. If that is Bouncy Castle, which derives
            // keys differently, it reports a wrong password. Bouncy Castle's key store uses its own ciphers.
            try {
                return keyStore("PKCS12", PemReader.BOUNCY_CASTLE, content, password);
            } catch (IOException again) {
                e.addSuppressed(again);
                throw e;
            }
        }
    }

    private static KeyStore keyStore(String type, Provider provider, byte[] content, char[] password)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(type, provider);
        store.load(new ByteArrayInputStream(content), password);
        return store;
    }

    private static boolean isJks(byte[] content) {
        return content.length >= Integer.BYTES && ByteBuffer.wrap(content).getInt() == JKS_MAGIC;
    }

    private ClientKey keyEntry(KeyStore store) throws GeneralSecurityException {
        String alias = configuration.getKeyAlias();
        List<String> aliases = keyAliases(store);
        if (alias == null) {
            if (aliases.size() != 1) {
                throw new IllegalArgumentException("Option keyAlias is missing: the key store of keyStoreFile holds "
                        + aliases.size() + " keys " + ForeignText.escaped(aliases.toString()));
            }
            alias = aliases.get(0);
        }
        String password = configuration.getPrivateKeyPassword() != null
                ? configuration.getPrivateKeyPassword()
                : configuration.getKeyStorePassword();
        Key key = store.getKey(alias, password.toCharArray());
        Certificate[] chain = store.getCertificateChain(alias);
        if (!(key instanceof PrivateKey privateKey) || chain == null) {
            throw new IllegalArgumentException("Option keyAlias: the key store of keyStoreFile has no private key '"
                    + alias + "' with a certificate; it has " + ForeignText.escaped(aliases.toString()));
        }
        return new ClientKey(
                privateKey,
                Arrays.stream(chain).map(X509Certificate.class::cast).toList());
    }

    private static List<String> keyAliases(KeyStore store) throws KeyStoreException {
        List<String> aliases = new ArrayList<>();
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias)) {
                aliases.add(alias);
            }
        }
        return aliases;
    }

    private static void requireValidity(String option, X509Certificate leaf) {
        Date now = new Date();
        if (now.after(leaf.getNotAfter())) {
            throw new IllegalArgumentException(
                    "Option " + option + ": the certificate " + leaf.getSubjectX500Principal() + " expired on "
                            + leaf.getNotAfter().toInstant() + ": renew it, or correct the clock");
        }
        if (now.before(leaf.getNotBefore())) {
            throw new IllegalArgumentException(
                    "Option " + option + ": the certificate " + leaf.getSubjectX500Principal() + " is valid only from "
                            + leaf.getNotBefore().toInstant() + " on: correct the clock");
        }
    }

    private static void requireMatch(ClientKey key) {
        if (!key.matches()) {
            throw new IllegalArgumentException(
                    "Options certificateFile and privateKeyFile do not fit together: the private key is not that of"
                            + " the certificate "
                            + key.leaf().getSubjectX500Principal());
        }
    }

    private static String required(String option, String value) {
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException("Option " + option + " is missing");
        }
        return value;
    }
}
