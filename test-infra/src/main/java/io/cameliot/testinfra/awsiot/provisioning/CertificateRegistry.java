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
package io.cameliot.testinfra.awsiot.provisioning;

import io.cameliot.testinfra.awsiot.auth.DeviceCertificates;
import io.cameliot.testinfra.awsiot.provisioning.CertificateDescription.Purpose;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The registry of certificates. It does not contain certificates that a test issued by other means, and therefore
 * neither admits nor refuses them.
 */
public final class CertificateRegistry {
    /** The time within which a new certificate must be registered. */
    public static final Duration OWNERSHIP_TOKEN_VALIDITY = Duration.ofHours(1);
    /** The lifetime of a claim that was issued for a trusted user. */
    public static final Duration TEMPORARY_CLAIM_VALIDITY = Duration.ofMinutes(5);

    private static final int TOKEN_BYTES = 192;

    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    /** The certificates by id, oldest first. */
    private final Map<String, CertificateDescription> certificates = new LinkedHashMap<>();
    /** The certificate id by the ownership token that proves the ownership of that certificate. */
    private final Map<String, String> ownedByToken = new HashMap<>();

    CertificateRegistry(InstantSource clock) {
        this.clock = clock;
    }

    synchronized void addClaim(X509Certificate certificate, Optional<Duration> validity) {
        add(certificate, Purpose.CLAIM, CertificateState.ACTIVE, validity);
    }

    /**
     * Adds a certificate that waits for its registration.
     *
     * @return the ownership token
     */
    synchronized String addPending(X509Certificate certificate) {
        String id = add(
                certificate,
                Purpose.DEVICE,
                CertificateState.PENDING_ACTIVATION,
                Optional.of(OWNERSHIP_TOKEN_VALIDITY));
        byte[] secret = new byte[TOKEN_BYTES];
        random.nextBytes(secret);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        ownedByToken.put(token, id);
        return token;
    }

    private String add(
            X509Certificate certificate, Purpose purpose, CertificateState state, Optional<Duration> validity) {
        String id = DeviceCertificates.certificateId(certificate);
        certificates.put(
                id,
                new CertificateDescription(
                        id, certificate, purpose, state, validity.map(clock.instant()::plus), Optional.empty()));
        return id;
    }

    /**
     * Returns the certificate that belongs to an ownership token.
     *
     * @throws ProvisioningRejectedException if no certificate with this token waits for its registration
     */
    synchronized CertificateDescription pending(String ownershipToken) throws ProvisioningRejectedException {
        return Optional.ofNullable(ownedByToken.get(ownershipToken))
                .flatMap(this::find)
                .filter(owned -> owned.state() == CertificateState.PENDING_ACTIVATION)
                .orElseThrow(ProvisioningRejectedException::invalidToken);
    }

    /**
     * Activates a certificate. The token is invalid afterwards.
     *
     * @throws ProvisioningRejectedException if the certificate no longer waits for its registration
     */
    synchronized CertificateDescription activate(String ownershipToken, String thingName)
            throws ProvisioningRejectedException {
        CertificateDescription active = pending(ownershipToken).registered(thingName);
        certificates.put(active.certificateId(), active);
        return active;
    }

    /**
     * Returns whether the TLS handshake of a client with this certificate may succeed.
     *
     * @param certificateId the certificate's id
     * @return false if the registry contains the certificate and it is not active
     */
    public boolean admits(String certificateId) {
        return find(certificateId)
                .map(found -> found.state() == CertificateState.ACTIVE)
                .orElse(true);
    }

    /**
     * Returns the present description of a certificate.
     *
     * @param certificateId the certificate's id
     * @return empty if the registry does not contain it
     */
    public synchronized Optional<CertificateDescription> find(String certificateId) {
        return Optional.ofNullable(certificates.get(certificateId)).map(found -> found.asOf(clock.instant()));
    }

    /**
     * Returns the present descriptions of all certificates.
     *
     * @return oldest first
     */
    public synchronized List<CertificateDescription> all() {
        Instant now = clock.instant();
        return certificates.values().stream().map(found -> found.asOf(now)).toList();
    }

    /**
     * Returns the device certificates that were created and never registered.
     *
     * @return oldest first: {@link CertificateState#PENDING_ACTIVATION} and {@link CertificateState#EXPIRED} ones
     */
    public List<CertificateDescription> orphans() {
        return all().stream()
                .filter(found ->
                        found.purpose() == Purpose.DEVICE && found.thingName().isEmpty())
                .filter(found -> found.state() != CertificateState.DELETED)
                .toList();
    }

    /** Expires all certificates that wait for their registration. */
    public synchronized void expirePending() {
        certificates.replaceAll((id, found) ->
                found.state() == CertificateState.PENDING_ACTIVATION ? found.in(CertificateState.EXPIRED) : found);
    }

    /**
     * Deletes a certificate. The registry keeps its description.
     *
     * @param certificateId the certificate's id
     * @throws IllegalArgumentException if the registry does not contain it
     */
    public synchronized void delete(String certificateId) {
        CertificateDescription found = find(certificateId)
                .orElseThrow(() -> new IllegalArgumentException("There is no certificate " + certificateId));
        certificates.put(certificateId, found.in(CertificateState.DELETED));
    }
}
