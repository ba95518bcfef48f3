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

import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAKey;
import java.security.spec.ECPoint;
import java.util.List;
import org.bouncycastle.jcajce.provider.asymmetric.util.EC5Util;
import org.bouncycastle.jce.spec.ECParameterSpec;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/**
 * A client certificate with its private key.
 *
 * @param privateKey the private key of the first certificate
 * @param chain the certificates, leaf first
 */
record ClientKey(PrivateKey privateKey, List<X509Certificate> chain) {

    ClientKey {
        chain = List.copyOf(chain);
    }

    X509Certificate leaf() {
        return chain.get(0);
    }

    /**
     * Whether the private key is that of the leaf certificate. RSA and elliptic curve keys are compared by what both
     * halves have in common: a signature and its verification would take longer than the handshake does without.
     */
    boolean matches() {
        PublicKey publicKey = leaf().getPublicKey();
        if (privateKey instanceof RSAKey rsa && publicKey instanceof RSAKey other) {
            return rsa.getModulus().equals(other.getModulus());
        }
        if (privateKey instanceof ECPrivateKey ec && publicKey instanceof ECPublicKey other) {
            return point(ec).equals(other.getW());
        }
        // JSSE shows the server no other kinds of keys.
        return privateKey.getAlgorithm().equals(publicKey.getAlgorithm());
    }

    /** The public key that belongs to the private one. */
    private static ECPoint point(ECPrivateKey key) {
        ECParameterSpec curve = EC5Util.convertSpec(key.getParams());
        return EC5Util.convertPoint(new FixedPointCombMultiplier().multiply(curve.getG(), key.getS()));
    }

    @Override
    public String toString() {
        return "ClientKey[" + leaf().getSubjectX500Principal() + "]";
    }
}
