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
import java.io.StringWriter;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.bouncycastle.util.io.pem.PemObjectGenerator;
import org.bouncycastle.util.io.pem.PemWriter;

/** A new key pair of a device, and the signing request for its certificate (RFC 2986). */
public final class DeviceKeys {

    private final String privateKey;
    private final String signingRequest;

    /** The kind of a key. */
    public enum Algorithm {
        /** Elliptic curve P-256. */
        EC("EC", new ECGenParameterSpec("secp256r1"), "SHA256withECDSA"),
        /** RSA with 2048 bits. */
        RSA("RSA", new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4), "SHA256withRSA");

        private final String generator;
        private final AlgorithmParameterSpec parameters;
        private final String signature;

        Algorithm(String generator, AlgorithmParameterSpec parameters, String signature) {
            this.generator = generator;
            this.parameters = parameters;
            this.signature = signature;
        }
    }

    private DeviceKeys(String privateKey, String signingRequest) {
        this.privateKey = privateKey;
        this.signingRequest = signingRequest;
    }

    /**
     * Generates a key pair, which takes up to a second for RSA, and signs the request with it.
     *
     * @param subject the subject of the request, such as {@code CN=sensor-17}
     */
    public static DeviceKeys generate(Algorithm algorithm, X500Principal subject) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(
                    algorithm.generator, JdkProviders.of("KeyPairGenerator", algorithm.generator));
            generator.initialize(algorithm.parameters);
            KeyPair keys = generator.generateKeyPair();
            var signer = new JcaContentSignerBuilder(algorithm.signature)
                    .setProvider(JdkProviders.of("Signature", algorithm.signature))
                    .build(keys.getPrivate());
            var request = new JcaPKCS10CertificationRequestBuilder(subject, keys.getPublic()).build(signer);
            return new DeviceKeys(
                    pem(new JcaPKCS8Generator(keys.getPrivate(), null)), pem(new JcaMiscPEMGenerator(request)));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("No " + algorithm + " key can be generated", e);
        }
    }

    private static String pem(PemObjectGenerator content) throws IOException {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(content);
        }
        return text.toString();
    }

    /** Returns the private key in PKCS#8, as PEM. It is a secret. */
    public String privateKeyPem() {
        return privateKey;
    }

    /** Returns the certificate signing request as PEM. */
    public String signingRequestPem() {
        return signingRequest;
    }

    /** Shows no key. */
    @Override
    public String toString() {
        return "DeviceKeys[…]";
    }
}
