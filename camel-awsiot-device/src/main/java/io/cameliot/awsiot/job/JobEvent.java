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
 * An event of a consumer of jobs. The number identifies the request, route run or pause that the event belongs to. A
 * late event of an earlier one changes nothing.
 */
sealed interface JobEvent {

    /** The connection is up and the subscription to new jobs is granted. */
    record Subscribed() implements JobEvent {}

    /** Another job is at the head of the queue ({@code notify-next}), or was when the message was sent. */
    record Notified() implements JobEvent {}

    /**
     * AWS IoT has started a job, or has returned the job that was in progress.
     *
     * @param job null if there is none
     */
    record Started(int number, JobExecution job) implements JobEvent {}

    /** AWS IoT has not answered the request for a job, or has refused it. */
    record NotStarted(int number, ReportFailure kind, Throwable cause) implements JobEvent {}

    /** The route has finished a job. */
    record Routed(int number, JobOutcome outcome) implements JobEvent {}

    /** The route has finished a job whose outcome the consumer does not report. */
    record LeftOpen(int number) implements JobEvent {}

    /** AWS IoT has accepted the outcome. */
    record Reported(int number) implements JobEvent {}

    /** AWS IoT has not answered the report of the outcome, or has refused it. */
    record NotReported(int number, ReportFailure kind, Throwable cause) implements JobEvent {}

    /** The requested pause is over. */
    record PauseOver(int number) implements JobEvent {}

    /** The consumer must not start further jobs. */
    record Suspended() implements JobEvent {}

    /** The consumer may start jobs again. */
    record Resumed() implements JobEvent {}

    /** The consumer has ended. A job that was not reported stays in progress. */
    record Stopped() implements JobEvent {}
}
