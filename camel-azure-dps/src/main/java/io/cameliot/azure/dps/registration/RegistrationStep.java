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
package io.cameliot.azure.dps.registration;

/** Where a registration stands: what it waits for. */
public enum RegistrationStep {
    /** For a place among the registrations at a time. */
    QUEUED("waiting for its turn"),
    /** For the TLS connection and the CONNACK. */
    CONNECT("waiting for the connection (CONNACK)"),
    /** For the SUBACK of the response topics. */
    SUBSCRIBE("waiting for the subscription (SUBACK)"),
    /** For the answer to the register request. */
    REGISTER("waiting for the answer to the register request"),
    /** For the answer to a request for the operation's status. */
    POLL("waiting for the answer to a poll of the operation"),
    /** For the time of the next request on a standing connection. */
    PAUSE("pausing before the next request"),
    /** For the time of the next attempt to connect. */
    BACKOFF("pausing before the next connection"),
    /** For nothing more. */
    FINISHED("finished");

    private final String description;

    RegistrationStep(String description) {
        this.description = description;
    }

    /** What the registration does, to go after "while". */
    public String description() {
        return description;
    }
}
