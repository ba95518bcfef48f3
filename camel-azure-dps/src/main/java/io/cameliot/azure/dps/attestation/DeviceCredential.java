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
package io.cameliot.azure.dps.attestation;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A credential that a device presents to the service: a key, a token that the user had signed elsewhere, or a
 * certificate.
 */
public sealed interface DeviceCredential {

    /** Returns the option that the credential comes from. Messages name the option instead of its value. */
    String option();

    /**
     * Returns the MQTT password. Each connection gets a new one.
     *
     * @throws IllegalStateException if the credential is not valid for this device or at this time
     */
    String password(String idScope, String registrationId, Instant now);

    /** Returns the device's key, with which it can also connect to its IoT hub; empty if the credential has none. */
    default Optional<SymmetricKey> deviceKey() {
        return Optional.empty();
    }

    /**
     * The key of the device: the key of its individual enrollment, or the key derived from its enrollment group's key.
     *
     * @param timeToLive the validity of each token signed with the key
     */
    record OfKey(String option, SymmetricKey key, Duration timeToLive) implements DeviceCredential {

        @Override
        public String password(String idScope, String registrationId, Instant now) {
            return SasToken.forRegistration(idScope, registrationId, key, now.plus(timeToLive))
                    .text();
        }

        @Override
        public Optional<SymmetricKey> deviceKey() {
            return Optional.of(key);
        }
    }

    /** A token that the user had signed elsewhere. */
    record OfToken(String option, SasToken token) implements DeviceCredential {

        @Override
        public String password(String idScope, String registrationId, Instant now) {
            String resource = SasToken.registrationResource(idScope, registrationId);
            if (!token.resource().equalsIgnoreCase(resource)) {
                throw new IllegalStateException("Option " + option + " is a token for " + token.resource()
                        + ", but the device is " + resource + ". Give a token signed for this device.");
            }
            if (!now.isBefore(token.expiry())) {
                throw new IllegalStateException(
                        "Option " + option + " is a token that expired at " + token.expiry() + ". Give a newer one.");
            }
            return token.text();
        }
    }

    /** The client certificate of the TLS connection. The password is empty. */
    record OfCertificate(String option) implements DeviceCredential {

        @Override
        public String password(String idScope, String registrationId, Instant now) {
            return "";
        }
    }
}
