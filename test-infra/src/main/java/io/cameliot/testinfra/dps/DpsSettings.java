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

import io.cameliot.testinfra.dps.quota.DpsQuotas;
import io.cameliot.testinfra.dps.service.Enrollment;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * What a {@link DpsEmulatorBuilder} collected.
 *
 * @param idScope the id scope of the instance
 * @param tls what its servers show to clients
 * @param ports where it listens
 * @param hubs the host names of the hubs
 * @param timing how fast it is
 * @param enrollments who may register from the beginning
 */
record DpsSettings(
        String idScope, Tls tls, Ports ports, List<String> hubs, Timing timing, List<Enrollment> enrollments) {

    DpsSettings {
        enrollments = List.copyOf(enrollments);
    }

    /**
     * What the servers show to clients.
     *
     * @param serverNames the names of the service
     * @param versions JSSE's names
     * @param authority issues the servers' certificates
     */
    record Tls(List<String> serverNames, List<String> versions, TestCertificateAuthority authority) {
        Tls {
            serverNames = List.copyOf(serverNames);
        }
    }

    /**
     * Where an emulator listens; 0 for a free port.
     *
     * @param mqtt MQTT of the service
     * @param webSocket MQTT over WebSocket of the service
     * @param hub MQTT of the hubs
     */
    record Ports(int mqtt, int webSocket, int hub) {}

    /**
     * How fast an emulator is.
     *
     * @param retryAfter how long a client is told to wait
     * @param quotas how many requests it takes
     * @param clock its time
     */
    record Timing(Duration retryAfter, DpsQuotas quotas, Clock clock) {}

    void requireKnownHub(Enrollment enrollment) {
        enrollment.hub().filter(hub -> !hubs.contains(hub)).ifPresent(hub -> {
            throw new IllegalArgumentException(
                    "Enrollment '" + enrollment.id() + "' names hub '" + hub + "', the emulator has " + hubs);
        });
    }
}
