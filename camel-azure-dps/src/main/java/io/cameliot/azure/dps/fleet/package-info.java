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
 * The devices of one endpoint: {@link io.cameliot.azure.dps.fleet.DeviceFleet} remembers or registers them,
 * {@link io.cameliot.azure.dps.fleet.RegistrationScheduler} says whose turn it is, and
 * {@link io.cameliot.azure.dps.fleet.RegistrationRun} does what
 * {@link io.cameliot.azure.dps.registration.RegistrationMachine} decides.
 *
 * <p>For use by this component only. Knows no message, exchange or option.
 */
package io.cameliot.azure.dps.fleet;
