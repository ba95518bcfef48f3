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

/** The steps of a consumer of jobs. */
enum JobStep {
    /** It is not subscribed yet to announcements of new jobs. */
    NEW,
    /** It has asked for the next job. */
    ASKING,
    /** It could not ask for the next job and tries again later. */
    PAUSED,
    /** There is no job to run. */
    WAITING,
    /** A job is in the route. */
    RUNNING,
    /** A job has left the route, and the report of its outcome is in flight. */
    REPORTING,
    /** The report of the outcome failed and is tried again later. */
    UNREPORTED,
    /** It has ended. */
    STOPPED;

    /** Returns whether a job has not ended yet. */
    boolean isBusy() {
        return this == RUNNING || this == REPORTING || this == UNREPORTED;
    }
}
