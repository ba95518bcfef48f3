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

import io.cameliot.testinfra.dps.identity.CredentialCheck;
import io.cameliot.testinfra.dps.identity.Credentials.CertificateChain;
import io.cameliot.testinfra.dps.identity.EnrollmentAttestation;
import io.cameliot.testinfra.dps.identity.EnrollmentAttestation.DeviceCertificates;
import io.cameliot.testinfra.dps.identity.EnrollmentAttestation.SymmetricKeys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The enrollment list. Finds the enrollment of a device. */
final class Enrollments {

    private final String idScope;
    private final Map<String, Enrollment> individuals = new ConcurrentHashMap<>();
    private final Map<String, Enrollment> groups = new ConcurrentHashMap<>();

    Enrollments(String idScope) {
        this.idScope = idScope;
    }

    void put(Enrollment enrollment) {
        if (enrollment.isGroup()) {
            groups.put(enrollment.id(), enrollment);
        } else {
            individuals.put(RegistrationIds.key(enrollment.id()), enrollment);
        }
    }

    void replaceAll(List<Enrollment> enrollments) {
        individuals.clear();
        groups.clear();
        enrollments.forEach(this::put);
    }

    List<Enrollment> all() {
        return Stream.concat(individuals.values().stream(), groups.values().stream())
                .toList();
    }

    /**
     * Finds the enrollment of a device and authenticates the device. An individual enrollment has priority over groups.
     *
     * @throws RefusedException if there is none, or if its attestation does not accept the device
     */
    Enrollment authenticate(Device device, Instant now) throws RefusedException {
        Enrollment individual = individuals.get(device.key());
        List<Enrollment> candidates = individual == null ? groupsFor(device) : List.of(individual);
        if (candidates.isEmpty()) {
            throw new RefusedException(
                    DpsError.ENROLLMENT_NOT_FOUND,
                    "no enrollment covers '" + device.registrationId() + "' with " + device.credentials());
        }
        CredentialCheck check = new CredentialCheck(
                idScope + "/registrations/" + device.registrationId(), Set.of("", "registration"), now);
        List<String> problems = new ArrayList<>();
        for (Enrollment candidate : candidates) {
            Optional<String> problem = check.problem(device.credentials(), deviceAttestation(candidate, device));
            if (problem.isEmpty()) {
                return candidate;
            }
            problems.add(candidate + ": " + problem.get());
        }
        throw new RefusedException(
                device.credentials() instanceof CertificateChain ? DpsError.INVALID_CERTIFICATE : DpsError.UNAUTHORIZED,
                String.join("; ", problems));
    }

    private List<Enrollment> groupsFor(Device device) {
        boolean certificate = device.credentials() instanceof CertificateChain;
        return groups.values().stream()
                .filter(group -> certificate != group.attestation() instanceof SymmetricKeys)
                .toList();
    }

    /** The attestation of a device at this service. The keys of a group are derived for the device. */
    private static EnrollmentAttestation deviceAttestation(Enrollment enrollment, Device device) {
        if (enrollment.isGroup() && enrollment.attestation() instanceof SymmetricKeys group) {
            // It is not documented whether the service derives from the lower-case id. The vendor's clients derive from
            // the id as given, and so does this.
            return new SymmetricKeys(group.keys().stream()
                    .map(key -> key.deriveDeviceKey(device.registrationId()))
                    .toList());
        }
        return enrollment.attestation();
    }

    /** The attestation of an assigned device at its hub, which knows a certificate by its thumbprint. */
    static EnrollmentAttestation hubAttestation(Enrollment enrollment, Device device) {
        return device.credentials() instanceof CertificateChain chain
                ? new DeviceCertificates(List.of(chain.leaf()))
                : deviceAttestation(enrollment, device);
    }
}
