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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.MiscPEMGenerator;
import org.bouncycastle.openssl.PEMEncryptor;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemObjectGenerator;
import org.bouncycastle.util.io.pem.PemWriter;

/** Encodes certificates and keys as PEM. */
public final class Pem {
    /** Low on purpose: the keys exist for one test, and the JDK's default would take noticeable time. */
    private static final int PBKDF2_ITERATIONS = 2048;

    private static final ASN1ObjectIdentifier PKCS8_CIPHER = PKCS8Generator.AES_256_CBC;
    private static final int P256_BITS = 256;
    private static final String TRADITIONAL_CIPHER = "AES-256-CBC";

    private Pem() {}

    /**
     * Certificates as PEM.
     *
     * @param certificates in the order in which they are to stand
     * @return one {@code CERTIFICATE} block each
     */
    public static String certificates(List<X509Certificate> certificates) {
        StringWriter text = new StringWriter();
        for (X509Certificate certificate : certificates) {
            try {
                text.write(write(new PemObject("CERTIFICATE", certificate.getEncoded())));
            } catch (CertificateEncodingException e) {
                throw new IllegalArgumentException(
                        "The certificate of " + certificate.getSubjectX500Principal() + " cannot be encoded", e);
            }
        }
        return text.toString();
    }

    static List<X509Certificate> readCertificates(String pem) throws GeneralSecurityException {
        List<X509Certificate> certificates = new ArrayList<>();
        CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
                .forEach(certificate -> certificates.add((X509Certificate) certificate));
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("No certificate");
        }
        return certificates;
    }

    /** Reads an unencrypted PKCS#8 key. */
    static PrivateKey readPrivateKey(String pem, X509Certificate certificate) throws GeneralSecurityException {
        byte[] encoded = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        return KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
                .generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }

    static String privateKey(PrivateKey key, KeyFormat format) {
        return write(
                format == KeyFormat.PKCS8
                        ? new PKCS8Generator(info(key), null)
                        : new MiscPEMGenerator(traditional(key, format)));
    }

    static String privateKey(PrivateKey key, KeyFormat format, char[] password) {
        if (password.length == 0) {
            throw new IllegalArgumentException("An encrypted key needs a password of one character or more");
        }
        return write(
                format == KeyFormat.PKCS8
                        ? new PKCS8Generator(info(key), pkcs8Encryptor(password))
                        : new MiscPEMGenerator(traditional(key, format), traditionalEncryptor(password)));
    }

    private static OutputEncryptor pkcs8Encryptor(char[] password) {
        try {
            return new JceOpenSSLPKCS8EncryptorBuilder(PKCS8_CIPHER)
                    .setProvider(new BouncyCastleProvider())
                    .setIterationCount(PBKDF2_ITERATIONS)
                    .setPassword(password)
                    .build();
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("The private key cannot be encrypted", e);
        }
    }

    private static PEMEncryptor traditionalEncryptor(char[] password) {
        return new JcePEMEncryptorBuilder(TRADITIONAL_CIPHER)
                .setProvider(new BouncyCastleProvider())
                .build(password);
    }

    private static PrivateKeyInfo traditional(PrivateKey key, KeyFormat format) {
        String wanted = format == KeyFormat.PKCS1 ? "RSA" : "EC";
        if (!key.getAlgorithm().equals(wanted)) {
            throw new IllegalArgumentException("Format " + format + " holds " + wanted + " keys, but this key is "
                    + key.getAlgorithm() + ": use PKCS8 or another key type");
        }
        PrivateKeyInfo info = info(key);
        return format == KeyFormat.SEC1 ? withParameters(info) : info;
    }

    /**
     * Adds the curve to the key. Within PKCS#8 the JDK puts it only into the algorithm identifier; a separate SEC 1 key
     * must contain it.
     */
    private static PrivateKeyInfo withParameters(PrivateKeyInfo info) {
        AlgorithmIdentifier algorithm = info.getPrivateKeyAlgorithm();
        try {
            ECPrivateKey key = ECPrivateKey.getInstance(info.parsePrivateKey());
            return new PrivateKeyInfo(algorithm, new ECPrivateKey(P256_BITS, key.getKey(), algorithm.getParameters()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PrivateKeyInfo info(PrivateKey key) {
        return PrivateKeyInfo.getInstance(key.getEncoded());
    }

    private static String write(PemObjectGenerator object) {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
