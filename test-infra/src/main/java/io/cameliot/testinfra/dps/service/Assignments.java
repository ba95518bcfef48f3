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

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The records of the assigned devices. The hubs have the same devices. */
final class Assignments {

    private final String defaultHub;
    private final DeviceRegistry hubs;
    private final Map<String, Assignment> assignments = new LinkedHashMap<>();

    Assignments(String defaultHub, DeviceRegistry hubs) {
        this.defaultHub = defaultHub;
        this.hubs = hubs;
    }

    /** Assigns a device for the first time, or again according to its enrollment's reprovision policy. */
    synchronized Assignment assign(Device device, Enrollment enrollment, Instant now) {
        String wanted = enrollment.hub().orElse(defaultHub);
        Assignment before = assignments.get(device.key());
        Assignment assignment;
        if (before == null) {
            assignment = new Assignment(
                    device.registrationId(),
                    enrollment.deviceIdOf(device.registrationId()),
                    wanted,
                    now,
                    now,
                    "initialAssignment",
                    newEtag());
        } else if (before.assignedHub().equals(wanted) || enrollment.reprovisionPolicy() == ReprovisionPolicy.NEVER) {
            assignment = before.renewed(before.assignedHub(), "reprovisionedToInitialAssignment", now, newEtag());
        } else {
            hubs.remove(before.assignedHub(), before.deviceId());
            assignment = before.renewed(wanted, enrollment.reprovisionPolicy().substatusOfMove(), now, newEtag());
        }
        assignments.put(device.key(), assignment);
        hubs.put(assignment.assignedHub(), assignment.deviceId(), Enrollments.hubAttestation(enrollment, device));
        return assignment;
    }

    synchronized List<Assignment> all() {
        return new ArrayList<>(assignments.values());
    }

    synchronized void clear() {
        assignments.values().forEach(assignment -> hubs.remove(assignment.assignedHub(), assignment.deviceId()));
        assignments.clear();
    }

    /** An etag of the service is base64 of a quoted id. */
    static String newEtag() {
        byte[] quoted = ("\"" + UUID.randomUUID() + "\"").getBytes(StandardCharsets.UTF_8);
        return Base64.getEncoder().encodeToString(quoted);
    }
}
