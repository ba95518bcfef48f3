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

/**
 * The effect of a device's further registrations after its enrollment has been changed to another hub.
 *
 * @see <a href="https://learn.microsoft.com/azure/iot-dps/concepts-device-reprovision">Device reprovisioning</a>
 */
public enum ReprovisionPolicy {
    /** The device moves to the other hub with its data. The service's default. */
    MIGRATE_DATA("deviceDataMigrated"),
    /** The device moves to the other hub and starts with the enrollment's initial state. */
    RESET_DATA("deviceDataReset"),
    /** The device stays at its first hub. */
    NEVER(null);

    private final String substatusOfMove;

    ReprovisionPolicy(String substatusOfMove) {
        this.substatusOfMove = substatusOfMove;
    }

    /** The substatus of a device that has moved to another hub under this policy. */
    String substatusOfMove() {
        return substatusOfMove;
    }
}
