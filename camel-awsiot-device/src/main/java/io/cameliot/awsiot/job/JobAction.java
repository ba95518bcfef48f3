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
package io.cameliot.awsiot.job;

import java.time.Duration;

/** An action for a consumer of jobs. Actions are performed one after the other, in the order of the decisions. */
sealed interface JobAction {

    /** Asks for the next job. Results in one Started or NotStarted. */
    record Ask(int number) implements JobAction {}

    /** Gives a job to the route. Results in one Routed or LeftOpen. */
    record Run(int number, JobExecution job) implements JobAction {}

    /** Reports the outcome of a job. Results in one Reported or NotReported. */
    record Report(int number, JobExecution.Key job, JobOutcome outcome) implements JobAction {}

    /**
     * Waits. Results in PauseOver.
     *
     * @param cause the failure that causes the wait
     */
    record Pause(int number, Duration time, Throwable cause) implements JobAction {}

    /**
     * Logs that a job had ended before its report: canceled, timed out or deleted, or by an earlier report.
     *
     * @param unanswered whether an earlier report got no answer
     */
    record Note(JobExecution.Key job, boolean unanswered, Throwable cause) implements JobAction {}

    /** Warns the user of a problem that does not pass by itself. */
    record Complain(Throwable cause) implements JobAction {}
}
