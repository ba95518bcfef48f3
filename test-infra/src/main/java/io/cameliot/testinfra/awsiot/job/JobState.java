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
package io.cameliot.testinfra.awsiot.job;

import java.util.Arrays;
import java.util.Optional;

/** The states of a job's execution ("Job execution states"). */
public enum JobState {
    /** Waits for its thing. */
    QUEUED,
    /** Its thing works on it. */
    IN_PROGRESS,
    /** Done. */
    SUCCEEDED,
    /** Not done, says the thing. */
    FAILED,
    /** Not begun, or given up, says the thing. */
    REJECTED,
    /** Not done in time, says the cloud. */
    TIMED_OUT,
    /** No longer wanted, says the cloud. */
    CANCELED;

    public boolean isPending() {
        return this == QUEUED || this == IN_PROGRESS;
    }

    /** What a thing may report; the others are the cloud's. */
    static Optional<JobState> reportable(String name) {
        return Arrays.stream(values())
                .filter(state -> state.name().equals(name))
                .filter(state -> state != QUEUED && state != TIMED_OUT && state != CANCELED)
                .findFirst();
    }
}
