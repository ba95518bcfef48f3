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

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.testinfra.awsiot.job.QueuedExecution.StepTimer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The jobs of all things ("AWS IoT Jobs" in the Developer Guide). {@link #timePassed()} times out the overdue
 * executions; it is called before each request and after a test has advanced the clock.
 *
 * <p>Assumptions about undocumented behaviour: an unexpected version is rejected before an impossible state; a queued
 * execution accepts any report; the step timer of a start-next applies only if it starts an execution.
 */
public final class JobQueues {
    private static final String NEXT = "$next";

    private final InstantSource clock;
    private final Map<String, ThingQueue> queues = new TreeMap<>();

    public JobQueues(InstantSource clock) {
        this.clock = clock;
    }

    /** GetPendingJobExecutions. */
    public synchronized ObjectNode getPending(String thing, JobRequest request) {
        ObjectNode answer = JobAnswers.begin(request.clientToken(), now());
        answer.set("inProgressJobs", JobAnswers.summaries(queue(thing).pending(JobState.IN_PROGRESS)));
        answer.set("queuedJobs", JobAnswers.summaries(queue(thing).pending(JobState.QUEUED)));
        return answer;
    }

    /** StartNextPendingJobExecution. Returns an execution that is already in progress unchanged. */
    public synchronized ObjectNode startNext(String thing, JobRequest request) throws JobRejectedException {
        Optional<Map<String, String>> details = request.statusDetails();
        StepTimer timer = request.stepTimer();
        Optional<QueuedExecution> head = queue(thing).head();
        Optional<QueuedExecution> started = head.map(execution -> execution.state() == JobState.IN_PROGRESS
                ? execution
                : execution.changed(JobState.IN_PROGRESS, details, timer, now()));
        started.ifPresent(queue(thing)::replace); // the head stays the same, so there is no notification
        ObjectNode answer = JobAnswers.begin(request.clientToken(), now());
        started.ifPresent(execution -> answer.set("execution", JobAnswers.execution(execution, true, now())));
        return answer;
    }

    /**
     * DescribeJobExecution.
     *
     * @param jobId a job, or {@code $next}
     */
    public synchronized ObjectNode describe(String thing, String jobId, JobRequest request)
            throws JobRejectedException {
        boolean withDocument = request.flag("includeJobDocument", true);
        OptionalLong number = request.executionNumber();
        ObjectNode answer = JobAnswers.begin(request.clientToken(), now());
        Optional<QueuedExecution> found =
                jobId.equals(NEXT) ? queue(thing).head() : Optional.of(existing(thing, jobId, number));
        if (found.isPresent() && !found.get().state().isPending()) {
            throw JobRejectedException.terminal(found.get());
        }
        found.ifPresent(execution -> answer.set("execution", JobAnswers.execution(execution, withDocument, now())));
        return answer;
    }

    /** UpdateJobExecution, the only request that can cause notifications. */
    public synchronized JobReply update(String thing, String jobId, JobRequest request) throws JobRejectedException {
        JobState wanted = request.status();
        Optional<Map<String, String>> details = request.statusDetails();
        StepTimer timer = request.stepTimer();
        boolean withState = request.flag("includeJobExecutionState", false);
        boolean withDocument = request.flag("includeJobDocument", false);
        OptionalLong expected = request.expectedVersion();
        OptionalLong number = request.executionNumber();
        QueuedExecution execution = existing(thing, jobId, number);
        if (expected.isPresent() && expected.getAsLong() != execution.version()) {
            throw JobRejectedException.version(execution, expected.getAsLong());
        }
        if (!execution.state().isPending()) {
            throw JobRejectedException.transition(execution, wanted);
        }
        QueuedExecution changed = execution.changed(wanted, details, timer, now());
        List<QueueNews> news = change(queue(thing), queue -> queue.replace(changed));
        ObjectNode answer = JobAnswers.begin(request.clientToken(), now());
        if (withState) {
            answer.set("executionState", JobAnswers.state(changed));
        }
        if (withDocument) {
            answer.set("jobDocument", changed.job().document());
        }
        return new JobReply(answer, news);
    }

    /** Creates the body of a rejecting answer. */
    public ObjectNode rejection(JobRejectedException reason, Optional<String> clientToken) {
        ObjectNode answer =
                JobAnswers.begin(clientToken, now()).put("code", reason.code()).put("message", reason.getMessage());
        reason.execution().ifPresent(execution -> answer.set("executionState", JobAnswers.state(execution)));
        return answer;
    }

    /**
     * CreateJob: queues an execution for each thing. A thing that has had the job before gets the next execution
     * number.
     */
    public synchronized List<QueueNews> create(JobDefinition job, Collection<String> things) {
        return things.stream()
                .flatMap(thing -> change(queue(thing), queue -> queue.add(job, now())).stream())
                .toList();
    }

    /**
     * CancelJob.
     *
     * @param force whether to cancel executions in progress too
     */
    public synchronized List<QueueNews> cancel(String jobId, boolean force) {
        return changeAll(execution -> execution.job().id().equals(jobId)
                        && (execution.state() == JobState.QUEUED
                                || force && execution.state().isPending())
                ? ended(execution, JobState.CANCELED)
                : execution);
    }

    /** DeleteJob: removes its executions in any state. */
    public synchronized List<QueueNews> delete(String jobId) {
        return queues.values().stream()
                .flatMap(queue -> change(queue, changed -> changed.remove(jobId)).stream())
                .toList();
    }

    /**
     * Times out an execution, independently of the clock.
     *
     * @throws NoSuchElementException if there is no pending execution
     */
    public synchronized List<QueueNews> timeOut(String thing, String jobId) {
        QueuedExecution execution = execution(thing, jobId)
                .filter(found -> found.state().isPending())
                .orElseThrow(() -> new NoSuchElementException("No pending execution of " + jobId + " on " + thing));
        return change(queue(thing), queue -> queue.replace(ended(execution, JobState.TIMED_OUT)));
    }

    /** Times out all overdue executions. */
    public synchronized List<QueueNews> timePassed() {
        Instant now = now();
        return changeAll(execution -> execution.isOverdue(now) ? ended(execution, JobState.TIMED_OUT) : execution);
    }

    /** Returns the latest execution of a job on a thing. */
    public synchronized Optional<QueuedExecution> execution(String thing, String jobId) {
        return queue(thing).latest(jobId);
    }

    /** All executions of a thing in the order of queueing. */
    public synchronized List<QueuedExecution> executions(String thing) {
        return queue(thing).all();
    }

    private QueuedExecution ended(QueuedExecution execution, JobState state) {
        return execution.changed(state, Optional.empty(), StepTimer.STOPPED, now());
    }

    private QueuedExecution existing(String thing, String jobId, OptionalLong number) throws JobRejectedException {
        ThingQueue queue = queue(thing);
        Optional<QueuedExecution> found =
                number.isPresent() ? queue.find(jobId, number.getAsLong()) : queue.latest(jobId);
        return found.orElseThrow(() -> JobRejectedException.notFound(jobId));
    }

    private List<QueueNews> changeAll(UnaryOperator<QueuedExecution> change) {
        return queues.values().stream()
                .flatMap(queue -> change(queue, changed -> changed.replaceAll(change)).stream())
                .toList();
    }

    private List<QueueNews> change(ThingQueue queue, Consumer<ThingQueue> change) {
        List<QueuedExecution> before = queue.pending();
        change.accept(queue);
        return queue.newsSince(before, now()).stream().toList();
    }

    /** The names of the things that have an execution. */
    public synchronized List<String> things() {
        return queues.entrySet().stream()
                .filter(queue -> !queue.getValue().all().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    private ThingQueue queue(String thing) {
        return queues.computeIfAbsent(thing, ThingQueue::new);
    }

    private Instant now() {
        return clock.instant();
    }
}
