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
package io.cameliot.testinfra.dps.fault;

/** The steps of a registration in the service at which a {@link DpsFault} can occur. */
public enum DpsStep {
    /** The TLS handshake. No registration id is known yet. */
    HANDSHAKE,
    /** CONNECT has arrived, CONNACK is due. */
    CONNECT,
    /** SUBSCRIBE has arrived, SUBACK is due. */
    SUBSCRIBE,
    /** The register request has arrived, its first answer is due. */
    REGISTER,
    /** A poll has arrived whose answer is {@code assigning} or an error. */
    POLL,
    /** A poll has arrived whose answer is the result. */
    RESULT
}
