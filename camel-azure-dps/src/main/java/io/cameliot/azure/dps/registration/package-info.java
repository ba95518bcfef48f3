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
 * What a registration does next, and how it ends: {@link io.cameliot.azure.dps.registration.RegistrationMachine}, its events
 * and actions, a pure function without network, clock or thread.
 *
 * <p>For use by this component only. Knows the texts of {@link io.cameliot.azure.dps.wire} and the advice, and nothing that connects,
 * waits or runs.
 */
package io.cameliot.azure.dps.registration;
