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

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * How the devices of an enrollment prove their identity. Each kind has a primary and an optional secondary value; other
 * numbers are refused by an {@link IllegalArgumentException}.
 */
public sealed interface EnrollmentAttestation {

    /**
     * Shared access signatures, signed with one of these keys (individual enrollment) or with a key derived from one of
     * them (group).
     *
     * @param keys the primary key, then the secondary
     */
    record SymmetricKeys(List<EnrollmentKey> keys) implements EnrollmentAttestation {
        /** Checks and copies the list. */
        public SymmetricKeys {
            keys = oneOrTwo(keys);
        }
    }

    /**
     * The device's own X.509 certificate, for individual enrollments. Its thumbprint must match.
     *
     * @param certificates the primary certificate, then the secondary
     */
    record DeviceCertificates(List<X509Certificate> certificates) implements EnrollmentAttestation {
        /** Checks and copies the list. */
        public DeviceCertificates {
            certificates = oneOrTwo(certificates);
        }
    }

    /**
     * The root or intermediate certificates that issue the devices' certificates, for enrollment groups. A device must
     * send its chain up to one of them.
     *
     * @param certificates the primary certificate, then the secondary
     */
    record CertificateAuthorities(List<X509Certificate> certificates) implements EnrollmentAttestation {
        /** Checks and copies the list. */
        public CertificateAuthorities {
            certificates = oneOrTwo(certificates);
        }
    }

    private static <T> List<T> oneOrTwo(List<T> values) {
        if (values.isEmpty() || values.size() > 2) {
            throw new IllegalArgumentException("Give a primary and at most one secondary value");
        }
        return List.copyOf(values);
    }
}
