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
package io.cameliot.awsiot.provisioning.flow;

import java.util.List;
import java.util.Optional;

/** An event in a provisioning. Connections, files and timers report it to the {@link ProvisioningMachine}. */
public sealed interface ProvisioningEvent {

    /** The queue admitted the device. */
    record Started() implements ProvisioningEvent {}

    /**
     * The identity directory was read.
     *
     * @param identity the identity in use, if there is one
     * @param pending a certificate that an earlier run has left behind, if there is one
     */
    record Opened(Optional<StoredIdentity> identity, Optional<PendingCertificate> pending)
            implements ProvisioningEvent {}

    /** The server accepted the connection. */
    record Connected() implements ProvisioningEvent {}

    /** The kind of a connect failure. It decides whether another attempt can succeed. */
    enum ConnectProblem {
        /** A fault of the network or the service that can disappear without a change. */
        TRANSIENT,
        /**
         * The server itself closed the connection before its CONNACK, as AWS does to certificates that are not active:
         * by a close_notify. A connection that broke is {@link #TRANSIENT}.
         */
        CLOSED,
        /** The server refused the certificate or the client id. */
        REFUSED,
        /** The server refused the certificate or what the CONNECT asks for, because the policy does not allow it. */
        NOT_AUTHORIZED,
        /** A fault that needs a correction, such as an untrusted server or a missing file. */
        PERMANENT
    }

    /** The attempt to connect failed. */
    record ConnectFailed(ConnectProblem problem, String reason, Throwable cause) implements ProvisioningEvent {

        /** Returns whether the server may have refused the certificate or the client id. */
        boolean isRefusal() {
            return problem == ConnectProblem.CLOSED
                    || problem == ConnectProblem.REFUSED
                    || problem == ConnectProblem.NOT_AUTHORIZED;
        }
    }

    /** The SUBACK arrived with the granted QoS of each filter, or its reason code from {@code 0x80}. */
    record Subscribed(List<Integer> granted) implements ProvisioningEvent {}

    /** A message arrived. */
    record Answered(String topic, byte[] body) implements ProvisioningEvent {

        /** Shows no body: it can hold a key and a token. */
        @Override
        public String toString() {
            return "Answered[" + topic + "]";
        }
    }

    /**
     * The connection was lost, or a packet could not be sent on it.
     *
     * @param notAuthorized whether the server said that the policy does not allow what was sent
     */
    record ConnectionLost(boolean notAuthorized, String reason, Throwable cause) implements ProvisioningEvent {}

    /** Certificate and key are on the disk. */
    record Stored() implements ProvisioningEvent {}

    /** The name of the thing is on the disk. */
    record Recorded() implements ProvisioningEvent {}

    /** The new identity is in use. */
    record Committed(StoredIdentity identity) implements ProvisioningEvent {}

    /**
     * The files could not be read or written, or no key could be made.
     *
     * @param passing whether another attempt can succeed, because another process uses the directory
     */
    record FilesFailed(boolean passing, String reason, Throwable cause) implements ProvisioningEvent {}

    /** The answer that the step waits for did not arrive in time. */
    record TimedOut() implements ProvisioningEvent {}

    /** The pause of {@link ProvisioningAction.Backoff} is over. */
    record PauseOver() implements ProvisioningEvent {}

    /** The time limit of the whole provisioning has expired. */
    record DeadlinePassed() implements ProvisioningEvent {}

    /** The owner no longer needs the result. */
    record Cancelled(String reason, Throwable cause) implements ProvisioningEvent {}
}
