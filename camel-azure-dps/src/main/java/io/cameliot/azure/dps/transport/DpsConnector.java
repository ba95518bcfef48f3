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
package io.cameliot.azure.dps.transport;

import io.cameliot.azure.dps.attestation.DeviceCredential;
import io.cameliot.azure.dps.registration.RegistrationEvent;
import java.util.function.Consumer;

/** Opens connections to the service. */
@FunctionalInterface
public interface DpsConnector {

    /**
     * Starts to connect and returns at once.
     *
     * @param registrationId the device; it is also the MQTT client identifier
     * @param credential the credential that the device presents
     * @param events receives {@code Connected} or {@code ConnectFailed} first, on any thread; must not block
     */
    DpsConnection open(String registrationId, DeviceCredential credential, Consumer<RegistrationEvent> events);
}
