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
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.IPAddress;

/** Signs certificates with the RFC 5280 extensions that TLS implementations require. */
final class CertificateSigner {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SERIAL_NUMBER_BITS = 127;

    private final KeyType keyType;
    private final PrivateKey privateKey;
    private final Optional<X509Certificate> issuer;

    private CertificateSigner(KeyType keyType, PrivateKey privateKey, Optional<X509Certificate> issuer) {
        this.keyType = keyType;
        this.privateKey = privateKey;
        this.issuer = issuer;
    }

    static CertificateSigner selfSigned(KeyType keyType, PrivateKey privateKey) {
        return new CertificateSigner(keyType, privateKey, Optional.empty());
    }

    static CertificateSigner of(KeyType keyType, PrivateKey privateKey, X509Certificate issuer) {
        return new CertificateSigner(keyType, privateKey, Optional.of(issuer));
    }

    X509Certificate signAuthority(String commonName, PublicKey publicKey) {
        return sign(commonName, Validity.ofOneYear(), publicKey, builder -> {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        });
    }

    X509Certificate signLeaf(CertificateRequest request, PublicKey publicKey) {
        List<String> hostNames = request.hostNames();
        KeyPurposeId purpose = hostNames.isEmpty() ? KeyPurposeId.id_kp_clientAuth : KeyPurposeId.id_kp_serverAuth;
        return sign(request.commonName(), request.validity(), publicKey, builder -> {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(
                    Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
            if (!hostNames.isEmpty()) {
                builder.addExtension(Extension.subjectAlternativeName, false, subjectAlternativeNames(hostNames));
            }
        });
    }

    private X509Certificate sign(String commonName, Validity validity, PublicKey publicKey, Extensions extensions) {
        X500Name subject = new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, commonName)
                .build();
        X500Name issuerName = issuer.map(certificate -> X500Name.getInstance(
                        certificate.getSubjectX500Principal().getEncoded()))
                .orElse(subject);
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuerName,
                new BigInteger(SERIAL_NUMBER_BITS, RANDOM).setBit(SERIAL_NUMBER_BITS),
                Date.from(validity.from()),
                Date.from(validity.until()),
                subject,
                publicKey);
        try {
            JcaX509ExtensionUtils utils = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.subjectKeyIdentifier, false, utils.createSubjectKeyIdentifier(publicKey));
            if (issuer.isPresent()) {
                builder.addExtension(
                        Extension.authorityKeyIdentifier,
                        false,
                        utils.createAuthorityKeyIdentifier(issuer.get().getPublicKey()));
            }
            extensions.addTo(builder);
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder(keyType.signatureAlgorithm()).build(privateKey)));
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException("The certificate of " + commonName + " cannot be signed", e);
        }
    }

    private static GeneralNames subjectAlternativeNames(List<String> hostNames) {
        return new GeneralNames(hostNames.stream()
                .map(name ->
                        new GeneralName(IPAddress.isValid(name) ? GeneralName.iPAddress : GeneralName.dNSName, name))
                .toArray(GeneralName[]::new));
    }

    @FunctionalInterface
    private interface Extensions {
        void addTo(JcaX509v3CertificateBuilder builder) throws IOException;
    }
}
