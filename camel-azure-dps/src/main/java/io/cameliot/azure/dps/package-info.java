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
 * Camel component {@code azure-dps:} for the Azure IoT Hub Device Provisioning Service.
 *
 * <p>This package contains the component, endpoint, producer, consumer, options, headers and results. It is the only
 * package for use from outside. A registration passes through the other packages, none of which depends on this one:
 *
 * <pre>
 *     producer, consumer ─► fleet ─► registration (decides)
 *                                 ─► transport    (connects) ─► attestation (proves) ─► wire
 *                                 ─► store        (remembers)
 * </pre>
 *
 * <p>{@link io.cameliot.azure.dps.camel} contains their Camel-specific code, {@link io.cameliot.azure.dps.advice} the
 * advice to the user on failures.
 */
package io.cameliot.azure.dps;
