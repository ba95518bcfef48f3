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

/** What a certificate of the account is good for. */
public enum CertificateState {
    /** Created, and not yet registered with a thing: its handshakes fail. */
    PENDING_ACTIVATION,
    /** Its device may connect. */
    ACTIVE,
    /** Not registered, or a temporary claim not used, within its time; AWS deletes it then. */
    EXPIRED,
    /** Deleted by hand. */
    DELETED
}
