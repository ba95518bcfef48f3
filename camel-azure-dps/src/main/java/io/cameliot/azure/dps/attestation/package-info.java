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
 * The credentials by which a device proves its identity ("attestation" in the DPS documentation): symmetric keys, keys
 * derived from an enrollment group's key, SAS tokens and their signatures, client certificates.
 *
 * <p>Only this component uses it, except for {@link io.cameliot.azure.dps.attestation.SasToken} and {@link
 * io.cameliot.azure.dps.attestation.SymmetricKey}, which the benchmarks measure. This package does not depend on
 * connections, registrations or Camel.
 */
package io.cameliot.azure.dps.attestation;
