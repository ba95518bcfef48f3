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
package io.cameliot.testinfra.awsiot.command;

import java.util.Arrays;
import java.util.Optional;

/** The states of a command's execution ("Command execution status"). */
public enum CommandState {
    /** Sent, and not heard of since. */
    CREATED,
    /** The device works on it. */
    IN_PROGRESS,
    /** Done. */
    SUCCEEDED,
    /** Not done. */
    FAILED,
    /** Not even tried. */
    REJECTED,
    /** Not done in time, says the cloud or the device. */
    TIMED_OUT;

    static Optional<CommandState> reportable(String name) {
        return Arrays.stream(values())
                .filter(state -> state != CREATED && state.name().equals(name))
                .findFirst();
    }

    boolean isUnfinished() {
        return this == CREATED || this == IN_PROGRESS;
    }
}
