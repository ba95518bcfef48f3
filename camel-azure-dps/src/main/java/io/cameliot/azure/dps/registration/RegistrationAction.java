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

/** What is to be done next for a registration. Each action but the last two leads to one or more events. */
public sealed interface RegistrationAction {

    /** Connects with the credential at an index; a connection that still stands is dropped first. */
    record Connect(int credential) implements RegistrationAction {}

    /** Subscribes to the response topics with QoS 1. */
    record Subscribe() implements RegistrationAction {}

    /** Publishes the register request. */
    record Register(int requestId) implements RegistrationAction {}

    /** Publishes a request for the operation's status. */
    record Poll(int requestId, String operationId) implements RegistrationAction {}

    /** Waits while the connection stays. */
    record Pause(Duration time) implements RegistrationAction {}

    /** Drops the connection and waits. */
    record Backoff(Duration time) implements RegistrationAction {}

    /** Ends the registration. */
    record Finish(RegistrationOutcome outcome) implements RegistrationAction {}

    /** Does nothing: what came changes nothing, and what is awaited is still awaited. */
    record Ignore() implements RegistrationAction {}
}
