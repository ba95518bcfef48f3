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

import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAKey;
import java.security.spec.ECPoint;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.jcajce.provider.asymmetric.util.EC5Util;
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
     * Whether the private key belongs to the leaf certificate. RSA and elliptic curve keys are compared mathematically,
     * which takes a small part of the time of a signature and its verification.
     */
    boolean matches() {
        PublicKey publicKey = leaf().getPublicKey();
        if (privateKey instanceof RSAKey rsa && publicKey instanceof RSAKey other) {
            return rsa.getModulus().equals(other.getModulus());
        }
        if (privateKey instanceof ECPrivateKey ec && publicKey instanceof ECPublicKey other) {
            // Without a known curve the keys cannot be compared. JSSE supports fewer curves than Bouncy Castle.
            return curve(other)
                    .map(curve -> point(curve, ec).equals(other.getW()))
                    .orElse(true);
        }
        // JSSE presents no other kind of key to a server.
        return privateKey.getAlgorithm().equals(publicKey.getAlgorithm());
    }

    /** Bouncy Castle's shared instance of the curve, which caches the multiples of its generator. */
    private static Optional<X9ECParameters> curve(ECPublicKey key) {
        ASN1Encodable parameters = SubjectPublicKeyInfo.getInstance(key.getEncoded())
                .getAlgorithm()
                .getParameters();
        return parameters instanceof ASN1ObjectIdentifier name
                ? Optional.ofNullable(CustomNamedCurves.getByOID(name))
                : Optional.empty();
    }

    /** Computes the public key of a private key. */
    private static ECPoint point(X9ECParameters curve, ECPrivateKey key) {
        return EC5Util.convertPoint(new FixedPointCombMultiplier().multiply(curve.getG(), key.getS()));
    }

    @Override
    public String toString() {
        return "ClientKey[" + leaf().getSubjectX500Principal() + "]";
    }
}
