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
package io.cameliot.azure.dps;

import org.apache.camel.spi.Metadata;

/** The headers of the azure-dps component. */
public final class DpsConstants {

    @Metadata(
            label = "common",
            description =
                    "Registration id of the device. On a message to the producer it takes the place of the URI's, so"
                            + " that one endpoint registers many devices.",
            javaType = "String")
    public static final String REGISTRATION_ID = "CamelAzureDpsRegistrationId";

    @Metadata(
            label = "producer",
            description = "Whether to register although assignmentStore knows the device.",
            javaType = "Boolean")
    public static final String FORCE_REGISTRATION = "CamelAzureDpsForceRegistration";

    @Metadata(
            label = "common",
            description = "Id of the device in its IoT hub; it can differ from the registration id.",
            javaType = "String")
    public static final String DEVICE_ID = "CamelAzureDpsDeviceId";

    @Metadata(
            label = "common",
            description = "Host name of the IoT hub that the device was assigned to.",
            javaType = "String")
    public static final String ASSIGNED_HUB = "CamelAzureDpsAssignedHub";

    @Metadata(label = "common", description = "Status of the registration: assigned.", javaType = "String")
    public static final String STATUS = "CamelAzureDpsStatus";

    @Metadata(
            label = "common",
            description = "How the device came to its hub: initialAssignment, deviceDataMigrated, deviceDataReset or"
                    + " reprovisionedToInitialAssignment.",
            javaType = "String")
    public static final String SUBSTATUS = "CamelAzureDpsSubstatus";

    @Metadata(label = "common", description = "Id of the operation that assigned the device.", javaType = "String")
    public static final String OPERATION_ID = "CamelAzureDpsOperationId";

    private DpsConstants() {}
}
