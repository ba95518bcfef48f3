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
 * The state of a {@link JobMachine}.
 *
 * @param number number of the latest request, route run, or pause
 * @param failures number of consecutive failed requests
 * @param current the job in the route or being reported
 * @param done the last job that left the route; null for none, or if AWS IoT has had no job since
 * @param notified whether a job was announced since the current request was sent
 * @param suspended whether the consumer must not start further jobs
 */
record JobMemory(
        JobStep step,
        int number,
        int failures,
        Current current,
        JobExecution.Key done,
        boolean notified,
        boolean suspended) {

    static final JobMemory INITIAL = new JobMemory(JobStep.NEW, 0, 0, Current.NONE, null, false, false);

    /**
     * A job from its start to the answer to its report.
     *
     * @param job null for none
     * @param outcome the outcome being reported; null before
     * @param unanswered whether a report of the outcome got no answer
     */
    record Current(JobExecution job, JobOutcome outcome, boolean unanswered) {

        static final Current NONE = new Current(null, null, false);
    }

    JobExecution job() {
        return current.job();
    }

    JobOutcome outcome() {
        return current.outcome();
    }

    JobMemory at(JobStep next) {
        return new JobMemory(next, number, failures, current, done, notified, suspended);
    }

    /** Returns a memory at a step with a new number. */
    JobMemory atNext(JobStep next) {
        return new JobMemory(next, number + 1, failures, current, done, notified, suspended);
    }

    JobMemory failed() {
        return new JobMemory(step, number, failures + 1, current, done, notified, suspended);
    }

    JobMemory answered() {
        return new JobMemory(step, number, 0, current, done, notified, suspended);
    }

    JobMemory running(JobExecution next) {
        return new JobMemory(JobStep.RUNNING, number + 1, 0, new Current(next, null, false), done, false, suspended);
    }

    JobMemory with(JobOutcome of) {
        return new JobMemory(step, number, failures, new Current(job(), of, false), done, notified, suspended);
    }

    JobMemory withUnanswered() {
        return new JobMemory(step, number, failures, new Current(job(), outcome(), true), done, notified, suspended);
    }

    /** Returns a memory without the job, which has left the route. */
    JobMemory withJobDone() {
        return new JobMemory(step, number, 0, Current.NONE, job().key(), notified, suspended);
    }

    JobMemory withNoneDone() {
        return new JobMemory(step, number, failures, current, null, notified, suspended);
    }

    JobMemory notified(boolean whether) {
        return new JobMemory(step, number, failures, current, done, whether, suspended);
    }

    JobMemory suspended(boolean whether) {
        return new JobMemory(step, number, failures, current, done, notified, whether);
    }
}
