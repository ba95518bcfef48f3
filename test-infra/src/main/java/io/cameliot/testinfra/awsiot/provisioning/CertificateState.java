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
package io.cameliot.testinfra.awsiot.provisioning;

/** The state of a certificate of the account. */
public enum CertificateState {
    /** Created but not yet registered with a thing. TLS handshakes with it fail. */
    PENDING_ACTIVATION,
    /** The device may connect. */
    ACTIVE,
    /** Not registered in time, or a temporary claim at the end of its lifetime. AWS deletes such a certificate. */
    EXPIRED,
    /** Deleted by the test. */
    DELETED
}
