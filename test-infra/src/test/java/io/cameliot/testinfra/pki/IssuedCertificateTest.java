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

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.util.stream.Stream;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMDecryptorProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IssuedCertificateTest {
    private static final char[] PASSWORD = "correct horse".toCharArray();
    private static final Provider PROVIDER = new BouncyCastleProvider();

    private final TestCertificateAuthority authority = TestCertificateAuthority.create("Test Root CA");

    static Stream<Arguments> formats() {
        return Stream.of(
                arguments(KeyType.EC, KeyFormat.PKCS8, "PRIVATE KEY", "ENCRYPTED PRIVATE KEY"),
                arguments(KeyType.RSA, KeyFormat.PKCS8, "PRIVATE KEY", "ENCRYPTED PRIVATE KEY"),
                arguments(KeyType.RSA, KeyFormat.PKCS1, "RSA PRIVATE KEY", "RSA PRIVATE KEY"),
                arguments(KeyType.EC, KeyFormat.SEC1, "EC PRIVATE KEY", "EC PRIVATE KEY"));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void writesItsKeyUnencrypted(KeyType type, KeyFormat format, String label) throws Exception {
        IssuedCertificate device = authority.certificate("sensor").keyType(type).issue();

        String pem = device.privateKeyPem(format);

        assertThat(pem).startsWith("-----BEGIN " + label + "-----");
        assertThat(fits(read(pem), device)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void encryptsItsKey(KeyType type, KeyFormat format, String label, String encryptedLabel) throws Exception {
        IssuedCertificate device = authority.certificate("sensor").keyType(type).issue();

        String pem = device.privateKeyPem(format, PASSWORD);

        assertThat(pem)
                .startsWith("-----BEGIN " + encryptedLabel + "-----")
                .contains(format == KeyFormat.PKCS8 ? "" : "4,ENCRYPTED");
        assertThat(fits(read(pem), device)).isTrue();
    }

    @Test
    void refusesAFormatThatDoesNotSupportTheKey() {
        assertThatThrownBy(() -> authority.issueDevice("sensor").privateKeyPem(KeyFormat.PKCS1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PKCS1 holds RSA keys, but this key is EC");
    }

    @Test
    void refusesToEncryptWithoutPassword() {
        assertThatThrownBy(() -> authority.issueDevice("sensor").privateKeyPem(KeyFormat.PKCS8, new char[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PKCS12", "JKS"})
    void writesItselfIntoAKeyStore(String type) throws Exception {
        IssuedCertificate device = authority.createIntermediate("Fleet CA").issueDevice("sensor");

        KeyStore store = device.keyStore(PASSWORD, type);

        assertThat(store.getKey(IssuedCertificate.KEY_STORE_ALIAS, PASSWORD)).isEqualTo(device.privateKey());
        assertThat(store.getCertificateChain(IssuedCertificate.KEY_STORE_ALIAS))
                .containsExactlyElementsOf(device.chain());
    }

    @Test
    void writesChainAndKeyAsFiles(@TempDir Path directory) throws Exception {
        IssuedCertificate device = authority.createIntermediate("Fleet CA").issueDevice("sensor");

        IssuedCertificate.CertificateFiles files = device.writeTo(directory.resolve("pki"), "sensor");

        assertThat(files.certificate()).isEqualTo(directory.resolve("pki/sensor.cert.pem"));
        assertThat(files.privateKey()).isEqualTo(directory.resolve("pki/sensor.key.pem"));
        byte[] chain = Files.readString(files.certificate()).getBytes(StandardCharsets.US_ASCII);
        assertThat(CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(chain)))
                .hasSize(2)
                .first()
                .isEqualTo(device.certificate());
        assertThat(read(Files.readString(files.privateKey()))).isEqualTo(device.privateKey());
    }

    private static boolean fits(PrivateKey key, IssuedCertificate issued) throws Exception {
        byte[] message = "any".getBytes(StandardCharsets.US_ASCII);
        Signature signature =
                Signature.getInstance(key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
        signature.initSign(key);
        signature.update(message);
        byte[] signed = signature.sign();
        signature.initVerify(issued.certificate());
        signature.update(message);
        return signature.verify(signed);
    }

    private static PrivateKey read(String pem) throws Exception {
        JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            return converter.getPrivateKey(keyInfo(parser.readObject()));
        }
    }

    private static PrivateKeyInfo keyInfo(Object pem) throws Exception {
        if (pem instanceof PKCS8EncryptedPrivateKeyInfo encrypted) {
            return encrypted.decryptPrivateKeyInfo(new JceOpenSSLPKCS8DecryptorProviderBuilder()
                    .setProvider(PROVIDER)
                    .build(PASSWORD));
        }
        if (pem instanceof PEMEncryptedKeyPair encrypted) {
            PEMDecryptorProvider decryptor =
                    new JcePEMDecryptorProviderBuilder().setProvider(PROVIDER).build(PASSWORD);
            return encrypted.decryptKeyPair(decryptor).getPrivateKeyInfo();
        }
        if (pem instanceof PEMKeyPair pair) {
            return pair.getPrivateKeyInfo();
        }
        if (pem instanceof PrivateKeyInfo info) {
            return info;
        }
        throw new IOException("Not a private key: " + pem);
    }
}
