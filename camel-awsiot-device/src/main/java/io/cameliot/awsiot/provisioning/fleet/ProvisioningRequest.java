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
package io.cameliot.awsiot.provisioning.fleet;

import io.cameliot.common.fleet.RunOwner;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A request to provision a device.
 *
 * @param serialNumber names the device's subdirectory; empty if the directory is that of one device
 * @param parameters the parameters of the template
 * @param reprovision whether to ask for a new identity although there is one
 * @param owner the owner, by which the provisioning can be cancelled
 */
public record ProvisioningRequest(
        Optional<String> serialNumber, Map<String, String> parameters, boolean reprovision, RunOwner owner) {

    /** The parameters that usually name the thing. */
    private static final String[] NAMING = {"ThingName", "SerialNumber"};

    public ProvisioningRequest {
        parameters = Map.copyOf(parameters);
    }

    /** Returns the id of the device among those of the endpoint. */
    String deviceId() {
        return serialNumber.orElse("");
    }

    /** Returns what is probably the name of the thing, to connect with while the name itself is unknown. */
    Optional<String> probableName() {
        return Stream.of(NAMING)
                .filter(parameters::containsKey)
                .map(parameters::get)
                .findFirst()
                .or(() -> serialNumber);
    }

    @Override
    public String toString() {
        return "ProvisioningRequest[" + serialNumber.orElse("") + "]";
    }
}
