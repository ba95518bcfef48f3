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

import io.cameliot.awsiot.report.ReportFailure;

/**
 * What happens to a consumer of jobs. The number says of which request, pass through the route, or pause: late news of an earlier one
 * changes nothing.
 */
sealed interface JobEvent {

    /** There is a connection, and new jobs are heard of on it. */
    record Subscribed() implements JobEvent {}

    /** There is another job at the head of the queue ({@code notify-next}), or there was one when this was sent. */
    record Notified() implements JobEvent {}

    /**
     * AWS IoT has started a job, or has returned the one that was in progress.
     *
     * @param job null if there is none
     */
    record Started(int number, JobExecution job) implements JobEvent {}

    /** AWS IoT has not answered the request for a job, or has refused it. */
    record NotStarted(int number, ReportFailure kind, Throwable cause) implements JobEvent {}

    /** The route is through with a job. */
    record Routed(int number, JobOutcome outcome) implements JobEvent {}

    /** The route is through with a job, of which nothing is to be reported here. */
    record LeftOpen(int number) implements JobEvent {}

    /** AWS IoT has taken the outcome. */
    record Reported(int number) implements JobEvent {}

    /** AWS IoT has not answered to the outcome, or has refused it. */
    record NotReported(int number, ReportFailure kind, Throwable cause) implements JobEvent {}

    /** The pause that was asked for is over. */
    record PauseOver(int number) implements JobEvent {}

    /** No further job is to be started. */
    record Suspended() implements JobEvent {}

    /** Jobs are to be started again. */
    record Resumed() implements JobEvent {}

    /** Whatever is under way is given up; a job that has not been reported stays in progress. */
    record Stopped() implements JobEvent {}
}
