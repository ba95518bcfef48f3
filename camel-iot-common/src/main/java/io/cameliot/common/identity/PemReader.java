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

import io.cameliot.common.identity.PemText.Block;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Reader;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.EncryptionException;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.util.io.pem.PemHeader;
import org.bouncycastle.util.io.pem.PemObject;

/**
 * Reads certificates and private keys from PEM text. A text may contain both, and also parameters, public keys and
 * certificate requests, which are ignored. Every other block is refused by name.
 */
final class PemReader {

    /** For decryption only. It is not registered, so that the JVM's providers stay unchanged. */
    static final BouncyCastleProvider BOUNCY_CASTLE = new BouncyCastleProvider();

    private static final Set<String> CERTIFICATES = Set.of("CERTIFICATE", "X509 CERTIFICATE");

    private static final Set<String> KEYS =
            Set.of("PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY");

    /** Blocks that are ignored. */
    private static final Set<String> BESIDE = Set.of(
            "EC PARAMETERS",
            "DH PARAMETERS",
            "X9.42 DH PARAMETERS",
            "DSA PARAMETERS",
            "PUBLIC KEY",
            "RSA PUBLIC KEY",
            "CERTIFICATE REQUEST",
            "NEW CERTIFICATE REQUEST");

    private static final Map<String, String> ADVICE = Map.of(
            "TRUSTED CERTIFICATE", "its trust settings would be lost: make a plain certificate (openssl x509)",
            "PKCS7", "take the certificates out of it (openssl pkcs7 -print_certs)",
            "CMS", "take the certificates out of it (openssl pkcs7 -print_certs)",
            "X509 CRL", "revocation lists are not looked at: remove it",
            "OPENSSH PRIVATE KEY", "convert it to PKCS#8 (ssh-keygen -p -m PKCS8)");

    private PemReader() {}

    /**
     * Returns all certificates in the order of the text.
     *
     * @throws IllegalArgumentException if there is none or one cannot be read; the message does not name the option
     */
    static List<X509Certificate> certificates(byte[] pem) {
        List<Block> blocks = blocks(pem);
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks) {
            if (CERTIFICATES.contains(block.label())) {
                certificates.add(certificate(block));
            }
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException(
                    "it holds no PEM certificate (-----BEGIN CERTIFICATE-----)" + butHolds(blocks));
        }
        return certificates;
    }

    /**
     * Returns the private key.
     *
     * @param password null if the key is not encrypted
     * @throws IllegalArgumentException if there is none or more than one, if it cannot be read, or if the password is
     *     missing or wrong; the message does not name the file's option
     */
    static PrivateKey privateKey(byte[] pem, char[] password) {
        List<Block> blocks = blocks(pem);
        List<Block> keys =
                blocks.stream().filter(block -> KEYS.contains(block.label())).toList();
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(
                    "it holds no PEM private key (PKCS#8, PKCS#1 or SEC1)" + butHolds(blocks));
        }
        if (keys.size() > 1) {
            throw new IllegalArgumentException("it holds " + keys.size() + " private keys, " + names(keys)
                    + ": leave the one that belongs to the certificate");
        }
        Block block = keys.get(0);
        if (password == null && isEncrypted(block)) {
            throw new IllegalArgumentException("it is encrypted: set option privateKeyPassword");
        }
        try (PEMParser parser = parserOf(block)) {
            return key(privateKeyInfo(parser.readObject(), password));
        } catch (EncryptionException | PKCSException e) {
            throw new IllegalArgumentException("it cannot be decrypted: option privateKeyPassword is wrong", e);
        } catch (IOException | OperatorCreationException | GeneralSecurityException | RuntimeException e) {
            throw new IllegalArgumentException("it is not readable as a PEM private key: the block " + block, e);
        }
    }

    /** Returns whether a text holds a private key that needs a password. */
    static boolean isEncrypted(byte[] pem) {
        return PemText.blocks(pem).stream().anyMatch(PemReader::isEncrypted);
    }

    /** Bouncy Castle's parser for a block that has already been found. */
    private static PEMParser parserOf(Block block) {
        return new PEMParser(Reader.nullReader()) {
            @Override
            public PemObject readPemObject() {
                return block.content();
            }
        };
    }

    private static List<Block> blocks(byte[] pem) {
        List<Block> blocks = PemText.blocks(pem);
        for (Block block : blocks) {
            String label = block.label();
            if (!CERTIFICATES.contains(label) && !KEYS.contains(label) && !BESIDE.contains(label)) {
                String advice = ADVICE.getOrDefault(label, "remove it, or give another file");
                throw new IllegalArgumentException(
                        "it holds the block " + block + ", which is not supported: " + advice);
            }
        }
        return blocks;
    }

    private static String butHolds(List<Block> blocks) {
        if (blocks.isEmpty()) {
            return "";
        }
        boolean swapped = blocks.stream().anyMatch(b -> CERTIFICATES.contains(b.label()) || KEYS.contains(b.label()));
        return ", but " + names(blocks) + (swapped ? ": are certificateFile and privateKeyFile interchanged?" : "");
    }

    private static String names(List<Block> blocks) {
        return blocks.stream().map(Block::toString).collect(Collectors.joining(", "));
    }

    private static boolean isEncrypted(Block block) {
        return block.label().equals("ENCRYPTED PRIVATE KEY")
                || block.content().getHeaders().stream()
                        .anyMatch(header -> ((PemHeader) header).getValue().contains("ENCRYPTED"));
    }

    private static X509Certificate certificate(Block block) {
        try {
            CertificateFactory factory =
                    CertificateFactory.getInstance("X.509", JdkProviders.of("CertificateFactory", "X.509"));
            ByteArrayInputStream content =
                    new ByteArrayInputStream(block.content().getContent());
            X509Certificate certificate = (X509Certificate) factory.generateCertificate(content);
            if (content.available() > 0) {
                throw new CertificateException("there is more behind it");
            }
            return certificate;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "it is not readable as PEM: the block " + block + " holds no certificate", e);
        }
    }

    private static PrivateKey key(PrivateKeyInfo info) throws GeneralSecurityException, IOException {
        ASN1ObjectIdentifier oid = info.getPrivateKeyAlgorithm().getAlgorithm();
        // SunEC's key factory does not accept the object identifier.
        String algorithm = oid.equals(X9ObjectIdentifiers.id_ecPublicKey) ? "EC" : oid.getId();
        return KeyFactory.getInstance(algorithm, JdkProviders.of("KeyFactory", algorithm))
                .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
    }

    private static PrivateKeyInfo privateKeyInfo(Object entry, char[] password)
            throws IOException, OperatorCreationException, PKCSException {
        if (entry instanceof PrivateKeyInfo key) {
            return key;
        }
        if (entry instanceof PEMKeyPair pair) {
            return pair.getPrivateKeyInfo();
        }
        if (entry instanceof PEMEncryptedKeyPair encrypted) {
            return encrypted
                    .decryptKeyPair(new JcePEMDecryptorProviderBuilder()
                            .setProvider(BOUNCY_CASTLE)
                            .build(password))
                    .getPrivateKeyInfo();
        }
        if (entry instanceof PKCS8EncryptedPrivateKeyInfo encrypted) {
            return encrypted.decryptPrivateKeyInfo(new JceOpenSSLPKCS8DecryptorProviderBuilder()
                    .setProvider(BOUNCY_CASTLE)
                    .build(kdfPassword(encrypted, password)));
        }
        throw new IOException("No private key");
    }

    /**
     * Replaces an empty password, which Bouncy Castle refuses for PBKDF2, by one zero byte. The result is the same,
     * because HMAC pads its key with zeros (RFC 2104, section 2).
     */
    private static char[] kdfPassword(PKCS8EncryptedPrivateKeyInfo encrypted, char[] password) {
        boolean pbes2 = encrypted
                .toASN1Structure()
                .getEncryptionAlgorithm()
                .getAlgorithm()
                .equals(PKCSObjectIdentifiers.id_PBES2);
        return pbes2 && password.length == 0 ? new char[1] : password;
    }
}
