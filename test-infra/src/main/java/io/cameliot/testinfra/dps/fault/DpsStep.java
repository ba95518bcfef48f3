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

/** The steps of a registration as the service sees them: where a {@link DpsFault} can strike. */
public enum DpsStep {
    /** The TLS handshake; no registration id is known yet. */
    HANDSHAKE,
    /** CONNECT came, CONNACK is due. */
    CONNECT,
    /** SUBSCRIBE came, SUBACK is due. */
    SUBSCRIBE,
    /** The register request came, its first answer is due. */
    REGISTER,
    /** A poll came that is due the answer {@code assigning}, or an error. */
    POLL,
    /** A poll came that is due the result. */
    RESULT
}
