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
package io.cameliot.azure.dps.fleet;

import io.cameliot.azure.dps.registration.RegistrationOutcome;
import io.cameliot.azure.dps.registration.RegistrationOutcome.NotAssigned;
import io.cameliot.azure.dps.transport.DpsConnector;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers the devices of one endpoint: a limited number at a time, while the others wait. All work runs on one
 * thread, which never blocks; another executor completes the results.
 */
public final class RegistrationScheduler {

    private static final Logger LOG = LoggerFactory.getLogger(RegistrationScheduler.class);

    private static final String STOPPED = "Cancelled, because the endpoint is stopped";

    private final RegistrationLimits limits;
    private final DpsConnector connector;
    private final SchedulerThread thread;
    private final Executor results;

    // Only the scheduler's thread uses these fields.
    private final AdmissionQueue<RegistrationRun> queue;
    private final Set<RegistrationRun> runs = new LinkedHashSet<>();
    private Future<?> wakeUp = CompletableFuture.completedFuture(null);
    private boolean closing;

    private volatile int active;
    private volatile int waiting;

    /**
     * Creates a scheduler without registrations.
     *
     * @param executor an executor with a single thread
     * @param results completes the futures, so that the user's routes continue on its threads
     */
    public RegistrationScheduler(
            RegistrationLimits limits, DpsConnector connector, ScheduledExecutorService executor, Executor results) {
        this.limits = limits;
        this.connector = connector;
        this.thread = new SchedulerThread(executor);
        this.results = results;
        this.queue = new AdmissionQueue<>(
                limits.admission().places(), limits.admission().perMinute());
    }

    /**
     * Registers a device as soon as the queue admits it.
     *
     * @return completes with the outcome, never exceptionally
     */
    public CompletableFuture<RegistrationOutcome> register(RegistrationRequest request) {
        RegistrationRun run = new RegistrationRun(request, limits, connector, thread);
        CompletableFuture<RegistrationOutcome> result = new CompletableFuture<>();
        run.outcome().thenAccept(outcome -> handOver(result, outcome));
        return thread.execute(() -> enter(run))
                ? result
                : CompletableFuture.completedFuture(NotAssigned.beforeStart(STOPPED));
    }

    private void handOver(CompletableFuture<RegistrationOutcome> result, RegistrationOutcome outcome) {
        try {
            results.execute(() -> result.complete(outcome));
        } catch (RejectedExecutionException e) {
            LOG.debug("The threads for results have ended", e);
            result.complete(outcome);
        }
    }

    private void enter(RegistrationRun run) {
        if (closing) {
            run.cancel(STOPPED);
            return;
        }
        runs.add(run);
        queue.add(run.request().registrationId(), run);
        run.closed().thenRun(() -> thread.execute(() -> leave(run)));
        admit();
    }

    private void admit() {
        Optional<RegistrationRun> next = queue.admit(thread.now(), RegistrationScheduler::isOver);
        while (next.isPresent()) {
            next.get().start();
            next = queue.admit(thread.now(), RegistrationScheduler::isOver);
        }
        wakeUp.cancel(false);
        queue.nextStart().ifPresent(time -> wakeUp = thread.schedule(this::admit, time.minus(thread.now())));
        active = queue.admitted();
        waiting = queue.waiting();
    }

    private static boolean isOver(RegistrationRun run) {
        return run.outcome().isDone();
    }

    private void leave(RegistrationRun run) {
        runs.remove(run);
        if (run.isStarted()) {
            queue.leave(run.request().registrationId());
        }
        admit();
    }

    /** Cancels the registrations of the matching owners. The futures of the callers complete soon afterwards. */
    public void cancel(Predicate<RegistrationOwner> owner, String reason) {
        thread.execute(() -> cancelNow(owner, reason));
    }

    private void cancelNow(Predicate<RegistrationOwner> owner, String reason) {
        List.copyOf(runs).stream()
                .filter(run -> owner.test(run.request().owner()))
                .forEach(run -> run.cancel(reason));
    }

    /**
     * Cancels all registrations and accepts no more. The caller may end the threads afterwards.
     *
     * @param timeout the maximum time to wait until the connections are closed
     */
    public void close(Duration timeout) {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        thread.execute(() -> {
            closing = true;
            cancelNow(owner -> true, STOPPED);
            CompletableFuture.allOf(runs.stream().map(RegistrationRun::closed).toArray(CompletableFuture[]::new))
                    .thenRun(() -> closed.complete(null));
        });
        try {
            closed.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Not every connection was closed within {} ms", timeout.toMillis(), e);
        }
    }

    /** Returns the number of registrations in progress, each with at most one connection. */
    public int active() {
        return active;
    }

    /** Returns the number of waiting registrations. */
    public int waiting() {
        return waiting;
    }
}
