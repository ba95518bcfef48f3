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
package io.cameliot.testinfra.dps.service;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;

/** The description of a certificate in a registration's result. */
final class CertificateInfo {

    private CertificateInfo() {}

    static ObjectNode of(X509Certificate certificate, DateTimeFormatter timestamp) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("subjectName", certificate.getSubjectX500Principal().getName())
                .put("sha1Thumbprint", thumbprint(certificate, "SHA-1"))
                .put("sha256Thumbprint", thumbprint(certificate, "SHA-256"))
                .put("issuerName", certificate.getIssuerX500Principal().getName())
                .put("notBeforeUtc", timestamp.format(certificate.getNotBefore().toInstant()))
                .put("notAfterUtc", timestamp.format(certificate.getNotAfter().toInstant()))
                .put("serialNumber", certificate.getSerialNumber().toString(16).toUpperCase(Locale.ROOT))
                .put("version", certificate.getVersion());
    }

    private static String thumbprint(X509Certificate certificate, String algorithm) {
        try {
            byte[] digest = MessageDigest.getInstance(algorithm).digest(certificate.getEncoded());
            return HexFormat.of().withUpperCase().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + algorithm, e);
        }
    }
}
