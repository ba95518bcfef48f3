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

/** The step of a provisioning, which is the event that it waits for. */
public enum ProvisioningStep {
    /** Waits for a free place among the devices that are provisioned at a time. */
    QUEUED("waiting for its turn"),
    /** Waits for the content of the identity directory. */
    OPEN("reading the identity directory"),
    /** Waits for a connection with the claim certificate. */
    CONNECT("connecting with the claim certificate"),
    /** Waits for the SUBACK of the answers. */
    SUBSCRIBE("subscribing to the answers"),
    /** Waits for the certificate. */
    CREATE("waiting for the certificate"),
    /** Waits until certificate and key are on the disk. */
    STORE("storing the certificate and its key"),
    /** Waits for the answer to the registration of the thing. */
    REGISTER("waiting for the registration of the thing"),
    /** Waits until the name of the thing is on the disk. */
    RECORD("storing the name of the thing"),
    /** Waits for a connection with the device's own certificate. */
    PROVE("connecting with the device's own certificate"),
    /** Waits until the files have their final names. */
    COMMIT("taking the certificate into use"),
    /** Waits for the time of the next attempt, without a connection. */
    BACKOFF("pausing before the next attempt"),
    /** The provisioning has ended. */
    FINISHED("finished");

    private final String description;

    ProvisioningStep(String description) {
        this.description = description;
    }

    /** Returns the current activity as text that continues a sentence after "while". */
    public String description() {
        return description;
    }
}
