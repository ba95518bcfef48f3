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

import io.cameliot.awsiot.provisioning.wire.CreatedCertificate;
import io.cameliot.awsiot.provisioning.wire.RegisteredThing;
import java.time.Duration;
import java.util.Optional;

/** The next action of a provisioning. Each one except {@link Finish} and {@link Ignore} leads to one or more events. */
public sealed interface ProvisioningAction {

    /** Reads the identity directory and keeps other processes out of it. */
    record Open() implements ProvisioningAction {}

    /** Connects with the claim certificate. An existing connection is closed first. */
    record ConnectClaim() implements ProvisioningAction {}

    /**
     * Connects with the certificate that waits in the directory. An existing connection is closed first.
     *
     * @param thingName the client id; empty if the name of the thing is unknown
     * @param resume whether the session of the client id is kept, because the device may be running
     */
    record ConnectDevice(Optional<String> thingName, boolean resume) implements ProvisioningAction {}

    /** Subscribes to the answers of both requests. */
    record Subscribe() implements ProvisioningAction {}

    /** Asks for a certificate, with a signing request for the device's key if the device makes it. */
    record Create() implements ProvisioningAction {}

    /** Writes a certificate and its key to the disk. */
    record Store(CreatedCertificate created) implements ProvisioningAction {}

    /** Asks for the registration of the thing. */
    record Register(String ownershipToken) implements ProvisioningAction {

        /** Shows no token. */
        @Override
        public String toString() {
            return "Register[…]";
        }
    }

    /** Writes the name of the thing to the disk. */
    record Save(RegisteredThing thing) implements ProvisioningAction {}

    /**
     * Takes the certificate that waits in the directory into use.
     *
     * @param thing the thing; empty if its name is unknown
     */
    record Commit(Optional<RegisteredThing> thing) implements ProvisioningAction {}

    /** Closes the connection and waits. */
    record Backoff(Duration time) implements ProvisioningAction {}

    /** Ends the provisioning. */
    record Finish(ProvisioningOutcome outcome) implements ProvisioningAction {}

    /** Does nothing: the event does not change the state. */
    record Ignore() implements ProvisioningAction {}
}
