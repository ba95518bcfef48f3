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
package io.cameliot.testinfra.dps.identity;

import io.cameliot.testinfra.dps.identity.Credentials.CertificateChain;
import io.cameliot.testinfra.dps.identity.Credentials.SasToken;
import io.cameliot.testinfra.dps.identity.EnrollmentAttestation.CertificateAuthorities;
import io.cameliot.testinfra.dps.identity.EnrollmentAttestation.DeviceCertificates;
import io.cameliot.testinfra.dps.identity.EnrollmentAttestation.SymmetricKeys;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Checks credentials against an attestation, for one resource at one time.
 *
 * @param resourceUri the resource that a token must be for
 * @param keyNames the accepted {@code skn} fields of a token; a token without the field is always accepted
 * @param now the time of the check
 */
public record CredentialCheck(String resourceUri, Set<String> keyNames, Instant now) {

    /**
     * Checks credentials.
     *
     * @param credentials the device's credentials
     * @param attestation the expected attestation with the device's own keys (derived, for a group)
     * @return the reason for a refusal, without secrets; empty if they match
     */
    public Optional<String> problem(Credentials credentials, EnrollmentAttestation attestation) {
        if (credentials instanceof SasToken sas && attestation instanceof SymmetricKeys symmetric) {
            return tokenProblem(sas.token(), symmetric.keys());
        }
        if (credentials instanceof CertificateChain chain) {
            if (attestation instanceof DeviceCertificates expected) {
                return certificateProblem(chain.leaf(), expected.certificates());
            }
            if (attestation instanceof CertificateAuthorities authorities) {
                return chainProblem(chain.chain(), authorities.certificates());
            }
        }
        return Optional.of("the device sent " + credentials + ", which is not what is enrolled: "
                + attestation.getClass().getSimpleName());
    }

    private Optional<String> tokenProblem(String text, List<EnrollmentKey> keys) {
        SharedAccessSignature token;
        try {
            token = SharedAccessSignature.parse(text);
        } catch (IllegalArgumentException e) {
            return Optional.of("the password is no SAS token: " + e.getMessage());
        }
        // The documentation requires a lower-case resource, but the vendor's clients send it unchanged.
        if (!token.resourceUri().equalsIgnoreCase(resourceUri)) {
            return Optional.of("the SAS token is for '" + token.resourceUri() + "', not for '" + resourceUri + "'");
        }
        if (token.keyName().filter(name -> !keyNames.contains(name)).isPresent()) {
            return Optional.of("the SAS token's skn is not one of " + keyNames);
        }
        if (token.isExpiredAt(now)) {
            return Optional.of("the SAS token is expired");
        }
        return keys.stream().anyMatch(token::isSignedBy)
                ? Optional.empty()
                : Optional.of("the SAS token is signed with another key");
    }

    private Optional<String> certificateProblem(X509Certificate leaf, List<X509Certificate> expected) {
        if (!expected.contains(leaf)) {
            return Optional.of("the certificate's thumbprint is not the enrolled one");
        }
        try {
            leaf.checkValidity(Date.from(now));
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            // An assumption: it is not documented whether the service checks the dates of a pinned certificate.
            return Optional.of("the certificate is expired or not yet valid");
        }
    }

    private Optional<String> chainProblem(List<X509Certificate> chain, List<X509Certificate> authorities) {
        try {
            X509CertSelector leaf = new X509CertSelector();
            leaf.setCertificate(chain.get(0));
            Set<TrustAnchor> anchors = authorities.stream()
                    .map(authority -> new TrustAnchor(authority, null))
                    .collect(Collectors.toSet());
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, leaf);
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            CertPathBuilder.getInstance("PKIX").build(parameters);
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            return Optional.of("the certificate chain does not lead to an enrolled authority: " + e.getMessage());
        }
    }
}
