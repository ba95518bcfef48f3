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

/** Where a consumer of jobs stands. */
enum JobStep {
    /** It has not been subscribed yet to what tells of new jobs. */
    NEW,
    /** It has asked for the next job. */
    ASKING,
    /** It could not ask for the next job, and tries again later. */
    PAUSED,
    /** There is no job to run. */
    WAITING,
    /** A job is in the route. */
    RUNNING,
    /** A job has left the route, and its outcome is on its way. */
    REPORTING,
    /** The outcome could not be reported, which is tried again later. */
    UNREPORTED,
    /** It has ended. */
    STOPPED;

    /** Whether a job waits for its end. */
    boolean isBusy() {
        return this == RUNNING || this == REPORTING || this == UNREPORTED;
    }
}
