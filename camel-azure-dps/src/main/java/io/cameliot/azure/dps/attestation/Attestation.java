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
import java.util.List;

/**
 * The method by which devices prove their identity ("attestation" in the DPS documentation). One attestation serves all
 * devices of an endpoint.
 */
@FunctionalInterface
public interface Attestation {

    /** Returns the credentials of one device in the order in which they are tried. There is at least one. */
    List<DeviceCredential> credentialsOf(String registrationId);

    /** A key and the option that contains it. */
    record NamedKey(String option, SymmetricKey key) {}

    /**
     * Returns the attestation by the keys of an individual enrollment: the primary key and optionally the secondary
     * one.
     */
    static Attestation symmetricKeys(List<NamedKey> keys, Duration timeToLive) {
        List<DeviceCredential> credentials = keys.stream()
                .<DeviceCredential>map(key -> new DeviceCredential.OfKey(key.option(), key.key(), timeToLive))
                .toList();
        return registrationId -> credentials;
    }

    /**
     * Returns the attestation by the keys of an enrollment group. Each device signs with a key derived from its
     * registration id.
     */
    static Attestation groupKeys(List<NamedKey> keys, Duration timeToLive) {
        return registrationId -> keys.stream()
                .<DeviceCredential>map(key ->
                        new DeviceCredential.OfKey(key.option(), key.key().derive(registrationId), timeToLive))
                .toList();
    }

    /** Returns the attestation by a token that the user had signed elsewhere. */
    static Attestation token(String option, SasToken token) {
        List<DeviceCredential> credentials = List.of(new DeviceCredential.OfToken(option, token));
        return registrationId -> credentials;
    }

    /** Returns the attestation by the client certificate of the TLS connection. */
    static Attestation certificate(String option) {
        List<DeviceCredential> credentials = List.of(new DeviceCredential.OfCertificate(option));
        return registrationId -> credentials;
    }
}
