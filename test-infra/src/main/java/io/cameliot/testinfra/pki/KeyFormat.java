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
package io.cameliot.testinfra.pki;

/** The usual PEM formats of private keys. */
public enum KeyFormat {
    /** {@code PRIVATE KEY}, or {@code ENCRYPTED PRIVATE KEY} with a password (RFC 5958); all key types. */
    PKCS8,
    /** {@code RSA PRIVATE KEY} (RFC 8017, appendix A.1.2); RSA only. AWS IoT Core issues this format. */
    PKCS1,
    /** {@code EC PRIVATE KEY} (RFC 5915, after SEC 1); EC only. */
    SEC1
}
