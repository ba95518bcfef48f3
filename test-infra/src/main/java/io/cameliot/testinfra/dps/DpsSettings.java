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
import io.cameliot.testinfra.event.EventLog;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * The settings that a {@link DpsEmulatorBuilder} has collected.
 *
 * @param idScope the id scope of the instance
 * @param tls the server's TLS settings
 * @param ports the ports
 * @param hubs the host names of the hubs
 * @param timing times and quotas
 * @param enrollments the enrollments at the start
 * @param events where refusals and messages are recorded
 */
record DpsSettings(
        String idScope,
        Tls tls,
        Ports ports,
        List<String> hubs,
        Timing timing,
        List<Enrollment> enrollments,
        EventLog events) {

    DpsSettings {
        enrollments = List.copyOf(enrollments);
    }

    /**
     * The server's TLS settings.
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
     * The ports; 0 for a free port.
     *
     * @param mqtt MQTT of the service
     * @param webSocket MQTT over WebSocket of the service
     * @param hub MQTT of the hubs
     */
    record Ports(int mqtt, int webSocket, int hub) {}

    /**
     * Times and quotas.
     *
     * @param retryAfter the wait that the service requests from clients
     * @param quotas the limits of requests
     * @param clock the emulator's clock
     */
    record Timing(Duration retryAfter, DpsQuotas quotas, Clock clock) {}

    void requireKnownHub(Enrollment enrollment) {
        enrollment.hub().filter(hub -> !hubs.contains(hub)).ifPresent(hub -> {
            throw new IllegalArgumentException(
                    "Enrollment '" + enrollment.id() + "' names hub '" + hub + "', the emulator has " + hubs);
        });
    }
}
