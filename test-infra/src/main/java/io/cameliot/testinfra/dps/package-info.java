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
/**
 * An emulator of the Azure IoT Hub Device Provisioning Service, for tests:
 * {@link io.cameliot.testinfra.dps.DpsEmulator}.
 *
 * <p>The packages from the top layer to the bottom layer: this package has the emulator and its settings,
 * {@code session} a device's connection, {@code fault} the faults of a connection, {@code journal} records of what
 * devices did, {@code hub} the IoT hubs that devices are assigned to, {@code service} the provisioning service without
 * a network, {@code quota} its limits, {@code mqtt} the MQTT server of the service and the hubs, and {@code identity}
 * keys, tokens and attestations. No package depends on one named before it.
 */
package io.cameliot.testinfra.dps;
