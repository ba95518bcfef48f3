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

import java.time.Duration;

/**
 * The next action of a registration. Each action except {@link Finish} and {@link Ignore} leads to one or more events.
 */
public sealed interface RegistrationAction {

    /** Connects with the credential at an index. An existing connection is closed first. */
    record Connect(int credential) implements RegistrationAction {}

    /** Subscribes to the response topics with QoS 1. */
    record Subscribe() implements RegistrationAction {}

    /** Publishes the register request. */
    record Register(int requestId) implements RegistrationAction {}

    /** Publishes a request for the status of the operation. */
    record Poll(int requestId, String operationId) implements RegistrationAction {}

    /** Waits and keeps the connection open. */
    record Pause(Duration time) implements RegistrationAction {}

    /** Closes the connection and waits. */
    record Backoff(Duration time) implements RegistrationAction {}

    /** Ends the registration. */
    record Finish(RegistrationOutcome outcome) implements RegistrationAction {}

    /** Does nothing: the event does not change the state, and the registration still waits for the same event. */
    record Ignore() implements RegistrationAction {}
}
