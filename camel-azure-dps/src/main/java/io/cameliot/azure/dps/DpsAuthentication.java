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

/** The methods by which a device proves its identity. The names are the values of option {@code authentication}. */
public enum DpsAuthentication {
    /** Key of an individual enrollment. */
    symmetricKey,
    /** Key derived from the key of an enrollment group. */
    groupKey,
    /** Token that the user had signed elsewhere. */
    sasToken,
    /** X.509 client certificate. */
    x509,
    /** TPM. It is refused, because the service does not offer it over MQTT. */
    tpm
}
