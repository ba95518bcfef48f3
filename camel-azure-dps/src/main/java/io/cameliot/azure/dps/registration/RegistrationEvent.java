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

/** What happens to a registration. The transport and the timers report it to the {@link RegistrationMachine}. */
public sealed interface RegistrationEvent {

    /** The registration's turn has come. */
    record Started() implements RegistrationEvent {}

    /** The service accepted the connection (CONNACK 0), which says nothing yet of a SAS token. */
    record Connected() implements RegistrationEvent {}

    /** Why there is no connection, which decides whether another try can help. */
    enum ConnectProblem {
        /** It can pass: the network, the service. */
        TRANSIENT,
        /** The service refused who the device says it is (CONNACK 4 and 5): another credential may do. */
        CREDENTIAL_REFUSED,
        /** It stays: a certificate that is not trusted, a key file that is missing. */
        PERMANENT
    }

    /** The connection did not come about. */
    record ConnectFailed(ConnectProblem problem, String reason, Throwable cause) implements RegistrationEvent {}

    /** The SUBACK came with the granted QoS, or {@code 0x80} for a refusal. */
    record Subscribed(int grantedQos) implements RegistrationEvent {}

    /** A message came. */
    record Answered(String topic, byte[] body) implements RegistrationEvent {}

    /** The connection was lost, or a packet could not be sent on it. */
    record ConnectionLost(String reason, Throwable cause) implements RegistrationEvent {}

    /** The answer that the current step waits for did not come within the time for one answer. */
    record TimedOut() implements RegistrationEvent {}

    /** The pause that was asked for is over. */
    record PauseOver() implements RegistrationEvent {}

    /** The time for the whole registration is over. */
    record DeadlinePassed() implements RegistrationEvent {}

    /** Nobody waits for the registration any more. */
    record Cancelled(String reason) implements RegistrationEvent {}
}
