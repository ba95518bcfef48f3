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

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.common.identity.DeviceKeys.Algorithm;
import java.io.StringReader;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeviceKeysTest {

    private static final X500Principal SENSOR = new X500Principal("CN=sensor-17");

    @Test
    void generatesKeysOnP256() throws Exception {
        ECPublicKey key = (ECPublicKey) publicKey(DeviceKeys.generate(Algorithm.EC, SENSOR));

        // FIPS 186-4, D.1.2.3
        assertThat(key.getParams().getOrder().toString(16))
                .isEqualTo("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    }

    @Test
    void generatesRsaKeysOf2048Bits() throws Exception {
        RSAPublicKey key = (RSAPublicKey) publicKey(DeviceKeys.generate(Algorithm.RSA, SENSOR));

        assertThat(key.getModulus().bitLength()).isEqualTo(2048);
        assertThat(key.getPublicExponent()).isEqualTo(65537);
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void signsTheRequestWithTheKeyThatItKeeps(Algorithm algorithm) throws Exception {
        DeviceKeys keys = DeviceKeys.generate(algorithm, SENSOR);
        PKCS10CertificationRequest request = request(keys);
        PublicKey publicKey = publicKey(keys);

        assertThat(request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(publicKey)))
                .isTrue();
        assertThat(request.getSubject()).hasToString("CN=sensor-17");
        PrivateKey privateKey = PemReader.privateKey(keys.privateKeyPem().getBytes(), null);
        assertThat(isPair(new KeyPair(publicKey, privateKey))).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void writesTheKeyAsPkcs8AndPutsItNowhereElse(Algorithm algorithm) {
        DeviceKeys keys = DeviceKeys.generate(algorithm, SENSOR);

        assertThat(keys.privateKeyPem().lines())
                .startsWith("-----BEGIN PRIVATE KEY-----")
                .endsWith("-----END PRIVATE KEY-----")
                .allMatch(line -> line.length() <= 64);
        assertThat(keys.signingRequestPem().lines())
                .startsWith("-----BEGIN CERTIFICATE REQUEST-----")
                .endsWith("-----END CERTIFICATE REQUEST-----");
        String secret = keys.privateKeyPem().lines().skip(1).findFirst().orElseThrow();
        assertThat(keys.signingRequestPem()).doesNotContain(secret);
        assertThat(keys.toString()).doesNotContain(secret).doesNotContain("BEGIN");
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void generatesAnotherKeyEachTime(Algorithm algorithm) {
        assertThat(DeviceKeys.generate(algorithm, SENSOR).privateKeyPem())
                .isNotEqualTo(DeviceKeys.generate(algorithm, SENSOR).privateKeyPem());
    }

    private static boolean isPair(KeyPair keys) throws Exception {
        Signature signature = Signature.getInstance(
                keys.getPrivate().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(new byte[] {1, 2, 3});
        byte[] signed = signature.sign();
        signature.initVerify(keys.getPublic());
        signature.update(new byte[] {1, 2, 3});
        return signature.verify(signed);
    }

    private static PublicKey publicKey(DeviceKeys keys) throws Exception {
        return new JcaPKCS10CertificationRequest(request(keys)).getPublicKey();
    }

    private static PKCS10CertificationRequest request(DeviceKeys keys) throws Exception {
        try (PEMParser parser = new PEMParser(new StringReader(keys.signingRequestPem()))) {
            return (PKCS10CertificationRequest) parser.readObject();
        }
    }
}
