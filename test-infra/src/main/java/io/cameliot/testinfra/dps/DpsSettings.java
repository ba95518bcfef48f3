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
package io.cameliot.testinfra.dps;

import io.cameliot.testinfra.dps.service.DpsQuotas;
import io.cameliot.testinfra.dps.service.Enrollment;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** What a {@link DpsEmulatorBuilder} collected. */
record DpsSettings(
        String idScope,
        List<String> serverNames,
        List<String> hubs,
        int mqttPort,
        int webSocketPort,
        int hubPort,
        List<String> tlsVersions,
        Duration retryAfter,
        DpsQuotas quotas,
        Clock clock,
        TestCertificateAuthority serverAuthority,
        List<Enrollment> enrollments) {

    DpsSettings {
        serverNames = List.copyOf(serverNames);
        enrollments = List.copyOf(enrollments);
    }

    void requireKnownHub(Enrollment enrollment) {
        enrollment.hub().filter(hub -> !hubs.contains(hub)).ifPresent(hub -> {
            throw new IllegalArgumentException(
                    "Enrollment '" + enrollment.id() + "' names hub '" + hub + "', the emulator has " + hubs);
        });
    }
}
