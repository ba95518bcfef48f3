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
import java.util.Optional;

/**
 * Remembers which device is assigned where, so that a restart does not register again ("Best practices for large-scale
 * deployments" in the DPS documentation). It holds no keys.
 */
public interface AssignmentStore {

    /** Where it remembers, to be shown. */
    String location();

    /**
     * The assignment of a device.
     *
     * @return empty if there is none, or none that can be read
     */
    Optional<StoredAssignment> load(String idScope, String registrationId);

    /**
     * Remembers an assignment in place of an earlier one.
     *
     * @throws IOException if it could not be written; the earlier one is intact then
     */
    void save(String idScope, String registrationId, StoredAssignment assignment) throws IOException;
}
