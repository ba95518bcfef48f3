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
import java.io.StringWriter;
import java.security.KeyPair;
import java.security.PublicKey;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** Creates certificate signing requests as devices do. */
public final class SigningRequests {
    private SigningRequests() {}

    public static String of(KeyPair keys, String subject) {
        return of(keys, keys.getPublic(), subject);
    }

    static String of(KeyPair signer, PublicKey subjectKey, String subject) {
        String algorithm = signer.getPrivate().getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
        StringWriter pem = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(pem)) {
            ContentSigner signature = new JcaContentSignerBuilder(algorithm).build(signer.getPrivate());
            writer.writeObject(
                    new JcaPKCS10CertificationRequestBuilder(new X500Name(subject), subjectKey).build(signature));
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
        return pem.toString();
    }
}
