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

import java.util.Map;

/**
 * What is reported of a command.
 *
 * @param reasonCode null for none
 * @param reasonDescription null for none; not without a reason code
 * @param result values as AWS IoT takes them, by name; null or empty for none
 */
public record CommandOutcome(
        Status status, String reasonCode, String reasonDescription, Map<String, Map<String, Object>> result) {

    static final CommandOutcome IN_PROGRESS = new CommandOutcome(Status.IN_PROGRESS, null, null, null);

    /** What a device can say of a command here. */
    public enum Status {
        IN_PROGRESS,
        SUCCEEDED,
        FAILED,
        REJECTED
    }

    public static CommandOutcome succeeded(Map<String, Map<String, Object>> result) {
        return new CommandOutcome(Status.SUCCEEDED, null, null, result);
    }
}
