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
package io.cameliot.testinfra.awsiot.cloud;

import io.cameliot.testinfra.awsiot.job.JobDefinition;
import io.cameliot.testinfra.awsiot.job.QueuedExecution;
import io.cameliot.testinfra.awsiot.service.DeviceServices;
import java.util.Collection;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.UUID;

/** The jobs of the account. Things are notified by {@code notify} and {@code notify-next}. */
public final class Jobs {
    private final DeviceServices services;

    /** Called by the emulator. */
    public Jobs(DeviceServices services) {
        this.services = services;
    }

    /**
     * Queues a job for one thing.
     *
     * @param thing its name
     * @param document the job document, a JSON object
     * @return the job's id
     */
    public String create(String thing, String document) {
        return create(List.of(thing), document);
    }

    /**
     * Queues a job for several things.
     *
     * @param things their names
     * @param document the job document, a JSON object
     * @return the job's id
     */
    public String create(Collection<String> things, String document) {
        String id = "job-" + UUID.randomUUID();
        create(JobDefinition.of(id, document), things);
        return id;
    }

    /**
     * Queues a job with an id and an optional timeout for several things. A thing that has had the job before gets it
     * again with the next execution number, as in a retry.
     *
     * @param job such as {@code JobDefinition.of("job1", "{\"operation\":\"test\"}")}
     * @param things their names
     */
    public void create(JobDefinition job, Collection<String> things) {
        services.changeJobs(queues -> queues.create(job, things));
    }

    /** Cancels the executions of a job that are not in progress. */
    public void cancel(String jobId) {
        services.changeJobs(queues -> queues.cancel(jobId, false));
    }

    /** Cancels the executions of a job, including those in progress. */
    public void forceCancel(String jobId) {
        services.changeJobs(queues -> queues.cancel(jobId, true));
    }

    /** Deletes a job and its executions. */
    public void delete(String jobId) {
        services.changeJobs(queues -> queues.delete(jobId));
    }

    /**
     * Times out an execution of a job, independently of the clock.
     *
     * @throws NoSuchElementException if no execution is queued or in progress
     */
    public void timeOut(String thing, String jobId) {
        services.changeJobs(queues -> queues.timeOut(thing, jobId));
    }

    /**
     * The latest execution of a job on a thing, in its current state.
     *
     * @throws NoSuchElementException if there is none
     */
    public QueuedExecution execution(String thing, String jobId) {
        return services.jobs()
                .execution(thing, jobId)
                .orElseThrow(() -> new NoSuchElementException("No execution of " + jobId + " on " + thing));
    }

    /**
     * Returns all executions of a thing.
     *
     * @return in the order of queueing
     */
    public List<QueuedExecution> executions(String thing) {
        return services.jobs().executions(thing);
    }
}
