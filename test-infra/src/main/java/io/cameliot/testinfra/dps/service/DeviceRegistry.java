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

import io.cameliot.testinfra.dps.identity.EnrollmentAttestation;

/** The hubs, in which the service creates the assigned devices. */
public interface DeviceRegistry {

    /**
     * Creates a device or replaces the attestation of an existing one.
     *
     * @param hub the hub's host name
     * @param deviceId the device's id
     * @param attestation how the device authenticates at the hub: its keys (derived, for a group) or its certificate
     */
    void put(String hub, String deviceId, EnrollmentAttestation attestation);

    /**
     * Removes a device that has moved to another hub.
     *
     * @param hub the hub's host name
     * @param deviceId the device's id
     */
    void remove(String hub, String deviceId);
}
