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

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;

/**
 * A snapshot of a registered certificate.
 *
 * @param certificateId the SHA-256 of its DER form, in lower case hex
 * @param certificate the certificate
 * @param purpose the kind of its owner
 * @param state its state
 * @param deadline the time of its expiry if it is not registered before; empty if it does not expire
 * @param thingName the thing that it was registered with
 */
public record CertificateDescription(
        String certificateId,
        X509Certificate certificate,
        Purpose purpose,
        CertificateState state,
        Optional<Instant> deadline,
        Optional<String> thingName) {
    /** The kind of a certificate's owner. */
    public enum Purpose {
        /** A claim certificate, which a batch of devices shares and uses only for provisioning. */
        CLAIM,
        /** The certificate of one device. */
        DEVICE
    }

    CertificateDescription asOf(Instant now) {
        return deadline.filter(end -> !now.isBefore(end)).isPresent() ? in(CertificateState.EXPIRED) : this;
    }

    /** Drops the deadline: a certificate that has left its first state does not expire. */
    CertificateDescription in(CertificateState next) {
        return new CertificateDescription(certificateId, certificate, purpose, next, Optional.empty(), thingName);
    }

    CertificateDescription registered(String thing) {
        return new CertificateDescription(
                certificateId, certificate, purpose, CertificateState.ACTIVE, Optional.empty(), Optional.of(thing));
    }
}
