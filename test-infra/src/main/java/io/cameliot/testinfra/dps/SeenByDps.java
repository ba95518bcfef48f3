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

import io.cameliot.testinfra.dps.journal.DpsConnect;
import io.cameliot.testinfra.dps.journal.DpsJournal;
import io.cameliot.testinfra.dps.journal.DpsRequest;
import io.cameliot.testinfra.dps.journal.DpsStatistics;
import io.cameliot.testinfra.dps.service.Assignment;
import io.cameliot.testinfra.dps.service.Enrollment;
import io.cameliot.testinfra.dps.service.ProvisioningService;
import io.cameliot.testinfra.event.EventLog;
import java.util.List;

/** What an emulator has recorded of its clients: connections, requests, assignments, refusals. */
public abstract class SeenByDps {

    private final DpsJournal journal = new DpsJournal();

    SeenByDps() {}

    abstract ProvisioningService service();

    DpsJournal journal() {
        return journal;
    }

    /**
     * Returns what was refused by the service and its hubs, and the latest messages to the hubs.
     *
     * @return the log, which the emulator goes on writing
     */
    public abstract EventLog events();

    /**
     * Returns the enrollments.
     *
     * @return individual ones, then groups
     */
    public List<Enrollment> enrollments() {
        return service().enrollments();
    }

    /**
     * Returns the assigned devices.
     *
     * @return the assignments, in the order of the first registrations
     */
    public List<Assignment> assignedDevices() {
        return service().assignments();
    }

    /**
     * Returns the latest 10,000 CONNECT packets.
     *
     * @return the connections in the order of arrival
     */
    public List<DpsConnect> connections() {
        return journal.connections();
    }

    /**
     * Returns the latest 10,000 requests.
     *
     * @return the requests in the order of the decisions
     */
    public List<DpsRequest> requests() {
        return journal.requests();
    }

    /**
     * Returns the requests of one device among the latest 10,000 of all devices.
     *
     * @param registrationId the device
     * @return the requests in the order of the decisions
     */
    public List<DpsRequest> requests(String registrationId) {
        return journal.requests().stream()
                .filter(request -> request.registrationId().equalsIgnoreCase(registrationId))
                .toList();
    }

    /**
     * Returns the counts since the start or the last reset.
     *
     * @return the counts
     */
    public DpsStatistics statistics() {
        return journal.statistics();
    }
}
