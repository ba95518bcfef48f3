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
package io.cameliot.azure.dps.store;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * Stores the assignments of devices, so that they do not register again after a restart ("Best practices for
 * large-scale deployments" in the DPS documentation). It stores no keys.
 */
public interface AssignmentStore {

    /** Returns the location of the store, for messages. */
    String location();

    /**
     * Loads the assignment of a device.
     *
     * @return the assignment; empty if there is none or it is unreadable
     */
    Optional<StoredAssignment> load(String idScope, String registrationId);

    /**
     * Returns when the assignment of a device was saved, by the clock of this machine at that time.
     *
     * @return the time; empty if there is no assignment or its time is unreadable
     */
    Optional<Instant> savedAt(String idScope, String registrationId);

    /**
     * Saves an assignment and replaces an earlier one.
     *
     * @throws IOException if writing fails; the earlier assignment is unchanged then
     */
    void save(String idScope, String registrationId, StoredAssignment assignment) throws IOException;
}
