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
package io.cameliot.awsiot.command;

import io.cameliot.awsiot.publish.PublishRequest;
import java.util.Map;

/**
 * The outcome of a command, as it is reported.
 *
 * @param reasonCode null for none
 * @param reasonDescription null for none; requires a reason code
 * @param result values by name, in the form that AWS IoT requires; null or empty for none
 */
public record CommandOutcome(
        Status status, String reasonCode, String reasonDescription, Map<String, Map<String, Object>> result) {

    static final CommandOutcome IN_PROGRESS = new CommandOutcome(Status.IN_PROGRESS, null, null, null);

    /** The states of a command that the component reports. */
    public enum Status {
        IN_PROGRESS,
        SUCCEEDED,
        FAILED,
        REJECTED
    }

    /**
     * Creates the outcome of a command that has succeeded.
     *
     * @throws IllegalArgumentException if the report of the result is too large for a message
     */
    public static CommandOutcome succeeded(Map<String, Map<String, Object>> result) {
        CommandOutcome outcome = new CommandOutcome(Status.SUCCEEDED, null, null, result);
        int bytes = CommandMessages.report(outcome).length;
        if (bytes > PublishRequest.MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException("The report of the command's result has " + bytes + " bytes: "
                    + PublishRequest.MAX_PAYLOAD + ". Leave a smaller body, such as the name of a stored file");
        }
        return outcome;
    }
}
