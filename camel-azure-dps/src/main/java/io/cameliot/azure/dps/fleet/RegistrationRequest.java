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
package io.cameliot.azure.dps.fleet;

import io.cameliot.azure.dps.attestation.DeviceCredential;
import io.cameliot.common.fleet.RunOwner;
import java.util.List;

/**
 * A request to register a device.
 *
 * @param registrationId the device
 * @param credentials its credentials in the order in which they are tried
 * @param body the body of the register request
 * @param owner the owner, by which the registration can be cancelled
 */
public record RegistrationRequest(
        String registrationId, List<DeviceCredential> credentials, byte[] body, RunOwner owner) {

    @Override
    public String toString() {
        return "RegistrationRequest[" + registrationId + "]";
    }
}
