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

import io.cameliot.common.text.ForeignText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.EncryptionException;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.util.encoders.DecoderException;

/**
 * Reads certificates and private keys from PEM text (RFC 7468), whatever else stands in it.
 */
final class PemReader {

    /** Used for decryption only and never registered, so that the JVM's own providers stay as they are. */
    private static final BouncyCastleProvider BOUNCY_CASTLE = new BouncyCastleProvider();

    private PemReader() {}

    /**
     * All certificates of the text in their order.
     *
     * @throws IllegalArgumentException if there is none or one cannot be read; the message does not name the option
     */
    static List<X509Certificate> certificates(byte[] pem) {
        List<X509Certificate> certificates = new ArrayList<>();
        JcaX509CertificateConverter converter = new JcaX509CertificateConverter();
        try (PEMParser parser = parser(pem)) {
            for (Object entry = parser.readObject(); entry != null; entry = parser.readObject()) {
                if (entry instanceof X509CertificateHolder holder) {
                    certificates.add(converter.getCertificate(holder));
                }
            }
        } catch (IOException | DecoderException | CertificateException e) {
            throw new IllegalArgumentException("it is not readable as PEM: " + ForeignText.shown(e.getMessage()));
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("it holds no PEM certificate (-----BEGIN CERTIFICATE-----)");
        }
        return certificates;
    }

    /**
     * The first private key of the text.
     *
     * @param password null if the key is not encrypted
     * @throws IllegalArgumentException if there is none, it cannot be read, or the password is missing or wrong; the
     *     message does not name the file's option
     */
    static PrivateKey privateKey(byte[] pem, char[] password) {
        try (PEMParser parser = parser(pem)) {
            for (Object entry = parser.readObject(); entry != null; entry = parser.readObject()) {
                PrivateKeyInfo key = privateKeyInfo(entry, password);
                if (key != null) {
                    return new JcaPEMKeyConverter().getPrivateKey(key);
                }
            }
        } catch (EncryptionException | PKCSException e) {
            throw new IllegalArgumentException("it cannot be decrypted: option privateKeyPassword is wrong", e);
        } catch (IOException | DecoderException | OperatorCreationException e) {
            throw new IllegalArgumentException("it is not readable as a PEM private key", e);
        }
        throw new IllegalArgumentException("it holds no PEM private key (PKCS#8, PKCS#1 or SEC1)");
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
            requirePassword(password);
            return encrypted
                    .decryptKeyPair(new JcePEMDecryptorProviderBuilder()
                            .setProvider(BOUNCY_CASTLE)
                            .build(password))
                    .getPrivateKeyInfo();
        }
        if (entry instanceof PKCS8EncryptedPrivateKeyInfo encrypted) {
            requirePassword(password);
            return encrypted.decryptPrivateKeyInfo(new JceOpenSSLPKCS8DecryptorProviderBuilder()
                    .setProvider(BOUNCY_CASTLE)
                    .build(password));
        }
        return null;
    }

    private static void requirePassword(char[] password) {
        if (password == null) {
            throw new IllegalArgumentException("it is encrypted: set option privateKeyPassword");
        }
    }

    private static PEMParser parser(byte[] pem) {
        return new PEMParser(new InputStreamReader(new ByteArrayInputStream(pem), StandardCharsets.UTF_8));
    }
}
