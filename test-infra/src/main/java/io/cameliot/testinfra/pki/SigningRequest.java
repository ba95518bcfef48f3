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
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/**
 * A certificate signing request (PKCS#10, RFC 2986). A device sends it to get a certificate without revealing its
 * private key.
 *
 * @param commonName the common name of the subject, empty if it has none
 * @param publicKey the public key for the certificate; the sender has the private key
 */
public record SigningRequest(String commonName, PublicKey publicKey) {
    private static final int RSA_BITS = 2048;
    private static final int EC_BITS = 256;

    /**
     * Parses a request and checks that it is signed with its own key.
     *
     * @param pem one {@code CERTIFICATE REQUEST} block
     * @return the request
     * @throws IllegalArgumentException if the text is not a request, if its signature is wrong, or if its key is
     *     neither RSA of 2,048 bits or more nor on a curve of 256 bits or more
     */
    public static SigningRequest parse(String pem) {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            if (!(parser.readObject() instanceof PKCS10CertificationRequest request)) {
                throw new IllegalArgumentException("There is no CERTIFICATE REQUEST block");
            }
            PublicKey key = new JcaPKCS10CertificationRequest(request).getPublicKey();
            checkStrength(key);
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw new IllegalArgumentException("The request is not signed by its own key");
            }
            return new SigningRequest(CommonName.of(request.getSubject()).orElse(""), key);
        } catch (IOException | GeneralSecurityException | OperatorCreationException | PKCSException e) {
            throw new IllegalArgumentException("The request cannot be read: " + e.getMessage(), e);
        }
    }

    private static void checkStrength(PublicKey key) {
        boolean strong = key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() >= RSA_BITS
                || key instanceof ECPublicKey ec
                        && ec.getParams().getCurve().getField().getFieldSize() >= EC_BITS;
        if (!strong) {
            throw new IllegalArgumentException("The key is " + key.getAlgorithm()
                    + " and must be RSA of 2048 bits or more, or on P-256 or a longer curve");
        }
    }
}
