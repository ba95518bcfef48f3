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

import io.cameliot.common.transport.ServerAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * The parameters of connections.
 *
 * @param address the address of the device gateway
 * @param alpn the ALPN name; null for none
 * @param clientId the client id of the claim's connections; empty to generate one for each
 * @param requestTimeout the time limit of one connection or answer
 */
public record ProvisioningServer(
        ServerAddress address, String alpn, Optional<String> clientId, Duration requestTimeout) {

    /**
     * Returns the client id of the claim's connection for one device, because devices that are provisioned at a time may
     * not share one; empty to generate one.
     */
    public Optional<String> clientId(Optional<String> serialNumber) {
        return clientId.map(id -> serialNumber.map(number -> id + "-" + number).orElse(id));
    }
}
