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

import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/** A certificate to be issued; see {@link TestCertificateAuthority#certificate(String)}. */
public final class CertificateRequest {
    private final Function<CertificateRequest, IssuedCertificate> issuer;
    private final String commonName;
    private KeyType keyType = KeyType.EC;
    private List<String> hostNames = List.of();
    private Validity validity = Validity.ofOneYear();

    CertificateRequest(String commonName, Function<CertificateRequest, IssuedCertificate> issuer) {
        this.commonName = commonName;
        this.issuer = issuer;
    }

    /**
     * Sets the type of the new key.
     *
     * @param type {@link KeyType#EC} if not set
     * @return this
     */
    public CertificateRequest keyType(KeyType type) {
        keyType = type;
        return this;
    }

    /**
     * Sets the host names of a server. Without host names the certificate is for a device.
     *
     * @param names DNS names (also wildcards such as {@code *.example.com}) and IP literals such as {@code 127.0.0.1}
     *     and {@code ::1}; they become the subject's alternative names
     * @return this
     */
    public CertificateRequest hostNames(String... names) {
        hostNames = List.of(names);
        return this;
    }

    /**
     * Sets the start of validity.
     *
     * @param instant five minutes ago if not set; truncated to seconds
     * @return this
     */
    public CertificateRequest validFrom(Instant instant) {
        validity = new Validity(instant, validity.until());
        return this;
    }

    /**
     * Sets the end of validity.
     *
     * @param instant in a year if not set; truncated to seconds
     * @return this
     */
    public CertificateRequest validUntil(Instant instant) {
        validity = new Validity(validity.from(), instant);
        return this;
    }

    /**
     * Generates the key and signs its certificate.
     *
     * @return both
     * @throws IllegalArgumentException if a host name is invalid, or if the validity ends before it starts
     */
    public IssuedCertificate issue() {
        if (!validity.from().isBefore(validity.until())) {
            throw new IllegalArgumentException(
                    "validFrom " + validity.from() + " must be before validUntil " + validity.until());
        }
        return issuer.apply(this);
    }

    String commonName() {
        return commonName;
    }

    KeyType keyType() {
        return keyType;
    }

    List<String> hostNames() {
        return hostNames;
    }

    Validity validity() {
        return validity;
    }
}
