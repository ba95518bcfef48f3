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

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;

/** The common name of a subject (RFC 5280, section 4.1.2.4). */
public final class CommonName {
    private CommonName() {}

    /**
     * Returns the common name of a certificate's subject.
     *
     * @param certificate a certificate
     * @return the first common name; empty if the subject has none
     */
    public static Optional<String> of(X509Certificate certificate) {
        try {
            return of(new JcaX509CertificateHolder(certificate).getSubject());
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("The certificate has no encoding", e);
        }
    }

    static Optional<String> of(X500Name subject) {
        return Stream.of(subject.getRDNs(BCStyle.CN))
                .flatMap(name -> Stream.of(name.getTypesAndValues()))
                .filter(attribute -> attribute.getType().equals(BCStyle.CN))
                .map(attribute -> text(attribute.getValue()))
                .findFirst();
    }

    /** IETFUtils escapes special characters (RFC 4514, section 2.4); a comparison needs the plain text. */
    private static String text(ASN1Encodable value) {
        return value instanceof ASN1String string ? string.getString() : IETFUtils.valueToString(value);
    }
}
