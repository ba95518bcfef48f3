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

/** An event in a registration. The transport and the timers report it to the {@link RegistrationMachine}. */
public sealed interface RegistrationEvent {

    /** The queue admitted the registration. */
    record Started() implements RegistrationEvent {}

    /**
     * The service accepted the connection (CONNACK 0). It refuses a wrong SAS token only in its answer to the register
     * request.
     */
    record Connected() implements RegistrationEvent {}

    /** The kind of a connect failure. It decides whether another attempt can succeed. */
    enum ConnectProblem {
        /** A fault of the network or the service that can disappear without a change. */
        TRANSIENT,
        /** The service refused the device's identity (CONNACK 4 and 5). Another credential may be accepted. */
        CREDENTIAL_REFUSED,
        /** A fault that needs a correction, such as an untrusted certificate or a missing key file. */
        PERMANENT
    }

    /** The attempt to connect failed. */
    record ConnectFailed(ConnectProblem problem, String reason, Throwable cause) implements RegistrationEvent {}

    /** The SUBACK arrived with the granted QoS, or {@code 0x80} for a refusal. */
    record Subscribed(int grantedQos) implements RegistrationEvent {}

    /** A message arrived. */
    record Answered(String topic, byte[] body) implements RegistrationEvent {}

    /** The connection was lost, or a packet could not be sent on it. */
    record ConnectionLost(String reason, Throwable cause) implements RegistrationEvent {}

    /** The answer that the current step waits for did not arrive within the request timeout. */
    record TimedOut() implements RegistrationEvent {}

    /** The pause of a {@link RegistrationAction.Pause} or {@link RegistrationAction.Backoff} is over. */
    record PauseOver() implements RegistrationEvent {}

    /** The timeout of the whole registration has expired. */
    record DeadlinePassed() implements RegistrationEvent {}

    /** The owner of the registration no longer needs it. */
    record Cancelled(String reason, Throwable cause) implements RegistrationEvent {}
}
