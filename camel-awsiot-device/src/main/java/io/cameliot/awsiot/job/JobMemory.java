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

/**
 * All that a {@link JobMachine} remembers.
 *
 * @param number of the latest request, pass through the route, or pause
 * @param failures of requests in a row
 * @param job the one that is in the route, or is being reported; null for none
 * @param outcome what is being reported; null for nothing
 * @param done the job that was the last to leave the route here; null for none
 * @param notified whether a job was announced since the request that is under way was made
 * @param suspended whether no further job is to be started
 */
record JobMemory(
        JobStep step,
        int number,
        int failures,
        JobExecution job,
        JobOutcome outcome,
        JobExecution.Key done,
        boolean notified,
        boolean suspended) {

    static final JobMemory INITIAL = new JobMemory(JobStep.NEW, 0, 0, null, null, null, false, false);

    JobMemory at(JobStep next) {
        return new JobMemory(next, number, failures, job, outcome, done, notified, suspended);
    }

    /** At a step of its own number. */
    JobMemory atNext(JobStep next) {
        return new JobMemory(next, number + 1, failures, job, outcome, done, notified, suspended);
    }

    JobMemory failed() {
        return new JobMemory(step, number, failures + 1, job, outcome, done, notified, suspended);
    }

    JobMemory answered() {
        return new JobMemory(step, number, 0, job, outcome, done, notified, suspended);
    }

    JobMemory running(JobExecution next) {
        return new JobMemory(JobStep.RUNNING, number + 1, 0, next, null, done, false, suspended);
    }

    JobMemory with(JobOutcome of) {
        return new JobMemory(step, number, failures, job, of, done, notified, suspended);
    }

    /** Without the job, which has left. */
    JobMemory withJobDone() {
        return new JobMemory(step, number, 0, null, null, job.key(), notified, suspended);
    }

    JobMemory notified(boolean whether) {
        return new JobMemory(step, number, failures, job, outcome, done, whether, suspended);
    }

    JobMemory suspended(boolean whether) {
        return new JobMemory(step, number, failures, job, outcome, done, notified, whether);
    }
}
