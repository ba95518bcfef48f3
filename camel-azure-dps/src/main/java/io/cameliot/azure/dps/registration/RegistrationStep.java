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

/** The step of a registration, which is the event that it waits for. */
public enum RegistrationStep {
    /** Waits for a free place among the concurrent registrations. */
    QUEUED("waiting for its turn"),
    /** Waits for the TLS connection and the CONNACK. */
    CONNECT("waiting for the connection (CONNACK)"),
    /** Waits for the SUBACK of the response topics. */
    SUBSCRIBE("waiting for the subscription (SUBACK)"),
    /** Waits for the answer to the register request. */
    REGISTER("waiting for the answer to the register request"),
    /** Waits for the answer to a request for the operation's status. */
    POLL("waiting for the answer to a poll of the operation"),
    /** Waits for the time of the next request with the connection open. */
    PAUSE("pausing before the next request"),
    /** Waits for the time of the next attempt to connect. */
    BACKOFF("pausing before the next connection"),
    /** The registration has ended. */
    FINISHED("finished");

    private final String description;

    RegistrationStep(String description) {
        this.description = description;
    }

    /** Returns the current activity as text that continues a sentence after "while". */
    public String description() {
        return description;
    }
}
