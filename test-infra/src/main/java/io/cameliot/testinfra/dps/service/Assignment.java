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

import java.time.Instant;

/**
 * The service's record of a device that it has assigned to a hub.
 *
 * @param registrationId the registration id
 * @param deviceId the device's id at the hub
 * @param assignedHub the hub's host name
 * @param createdAt time of the first assignment
 * @param lastUpdatedAt time of the latest assignment
 * @param substatus {@code initialAssignment}, {@code reprovisionedToInitialAssignment} after another registration for
 *     the same hub, {@code deviceDataMigrated} or {@code deviceDataReset} after a move to another hub
 * @param etag the record's version, as base64 text
 */
public record Assignment(
        String registrationId,
        String deviceId,
        String assignedHub,
        Instant createdAt,
        Instant lastUpdatedAt,
        String substatus,
        String etag) {

    Assignment renewed(String hub, String newSubstatus, Instant now, String newEtag) {
        return new Assignment(registrationId, deviceId, hub, createdAt, now, newSubstatus, newEtag);
    }
}
