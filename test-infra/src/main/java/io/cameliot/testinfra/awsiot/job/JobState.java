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
    /** The thing has not started it. */
    QUEUED,
    /** The thing executes it. */
    IN_PROGRESS,
    /** The thing has executed it. */
    SUCCEEDED,
    /** The thing reports that it could not execute it. */
    FAILED,
    /** The thing reports that it has refused or given up the execution. */
    REJECTED,
    /** The cloud has ended it because of a time limit. */
    TIMED_OUT,
    /** The cloud has canceled it. */
    CANCELED;

    public boolean isPending() {
        return this == QUEUED || this == IN_PROGRESS;
    }

    /** The states that a thing may report. The cloud sets the others. */
    static Optional<JobState> reportable(String name) {
        return Arrays.stream(values())
                .filter(state -> state.name().equals(name))
                .filter(state -> state != QUEUED && state != TIMED_OUT && state != CANCELED)
                .findFirst();
    }
}
