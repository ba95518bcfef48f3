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
package io.cameliot.common.fleet;

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
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Provisions the devices of one endpoint: a limited number at a time, while the others wait. All work runs on one
 * thread, which never blocks; another executor completes the results.
 *
 * @param <O> the type of an outcome
 */
public final class FleetScheduler<O> {

    private static final Logger LOG = LoggerFactory.getLogger(FleetScheduler.class);

    /** A batch of devices is over when none has come for this time. */
    private static final Duration BATCH_PAUSE = Duration.ofSeconds(10);

    private static final String STOPPED = "Cancelled, because the endpoint is stopped";

    private final SchedulerThread thread;
    private final Executor results;
    private final FleetProgress<O> progress;

    // Only the scheduler's thread uses these fields.
    private final AdmissionQueue<DeviceRun<O>> queue;
    private final Set<DeviceRun<O>> runs = new LinkedHashSet<>();
    private final Set<Delayed> delayed = new LinkedHashSet<>();
    private Future<?> wakeUp = CompletableFuture.completedFuture(null);
    private Future<?> batchEnd = CompletableFuture.completedFuture(null);
    private boolean closing;

    private volatile int active;
    private volatile int waiting;

    /** An outcome that its owner is to get later ({@link DeviceRun#handOverDelay}). */
    private record Delayed(RunOwner owner, Runnable handOver) {}

    /**
     * Creates a scheduler without runs.
     *
     * @param places the maximum number of runs at a time
     * @param perMinute the maximum number of starts per minute, evenly spread; 0 for no limit
     * @param executor an executor with a single thread
     * @param results completes the futures, so that the user's routes continue on its threads
     * @param progress says how far the fleet is; this scheduler logs that at INFO
     */
    public FleetScheduler(
            int places, int perMinute, ScheduledExecutorService executor, Executor results, FleetProgress<O> progress) {
        this.thread = new SchedulerThread(executor);
        this.results = results;
        this.progress = progress;
        this.queue = new AdmissionQueue<>(places, perMinute);
    }

    /**
     * Starts a run as soon as the queue admits it.
     *
     * @param created creates the run for the thread on which it runs
     * @return completes with the outcome, never exceptionally
     */
    public CompletableFuture<O> submit(Function<SchedulerThread, DeviceRun<O>> created) {
        DeviceRun<O> run = created.apply(thread);
        CompletableFuture<O> result = new CompletableFuture<>();
        run.outcome().thenAccept(outcome -> ended(run, () -> handOver(result, outcome)));
        if (!thread.execute(() -> enter(run))) {
            run.cancel(STOPPED);
        }
        return result;
    }

    private void ended(DeviceRun<O> run, Runnable handOver) {
        Duration delay = run.handOverDelay();
        if (delay.isZero() || closing) {
            handOver.run();
            return;
        }
        Delayed later = new Delayed(run.owner(), handOver);
        delayed.add(later);
        thread.schedule(() -> handOver(later), delay);
    }

    private void handOver(Delayed later) {
        if (delayed.remove(later)) {
            later.handOver().run();
        }
    }

    private void handOver(CompletableFuture<O> result, O outcome) {
        try {
            results.execute(() -> result.complete(outcome));
        } catch (RejectedExecutionException e) {
            LOG.debug("The threads for results have ended", e);
            result.complete(outcome);
        }
    }

    private void enter(DeviceRun<O> run) {
        if (closing) {
            run.cancel(STOPPED);
            return;
        }
        if (run.owner().stopping().getAsBoolean()) {
            // The stop has cancelled the runs that it knew.
            run.cancel(RunOwner.STOPPED);
            return;
        }
        batchEnd.cancel(false);
        progress.arrived(thread.now());
        runs.add(run);
        queue.add(run.deviceId(), run);
        run.closed().thenRun(() -> thread.execute(() -> leave(run)));
        admit();
    }

    private void admit() {
        Optional<DeviceRun<O>> next = queue.admit(thread.now(), FleetScheduler::isOver);
        while (next.isPresent()) {
            next.get().start();
            next = queue.admit(thread.now(), FleetScheduler::isOver);
        }
        wakeUp.cancel(false);
        queue.nextStart().ifPresent(time -> wakeUp = thread.schedule(this::admit, time.minus(thread.now())));
        active = queue.admitted();
        waiting = queue.waiting();
    }

    private static boolean isOver(DeviceRun<?> run) {
        return run.outcome().isDone();
    }

    private void leave(DeviceRun<O> run) {
        runs.remove(run);
        if (run.isStarted()) {
            queue.leave(run.deviceId());
        } else {
            queue.withdraw(run.deviceId(), run);
        }
        admit();
        if (!closing) {
            account(run.outcome().join());
        }
    }

    private void account(O outcome) {
        progress.ended(outcome, thread.now(), active, waiting).ifPresent(LOG::info);
        if (runs.isEmpty()) {
            batchEnd = thread.schedule(() -> progress.endBatch().ifPresent(LOG::info), BATCH_PAUSE);
        }
    }

    /** Cancels the runs of the matching owners. The futures of the callers complete soon afterwards. */
    public void cancel(Predicate<RunOwner> owner, String reason) {
        thread.execute(() -> cancelNow(owner, reason));
    }

    private void cancelNow(Predicate<RunOwner> owner, String reason) {
        List.copyOf(runs).stream().filter(run -> owner.test(run.owner())).forEach(run -> run.cancel(reason));
        List.copyOf(delayed).stream().filter(later -> owner.test(later.owner())).forEach(this::handOver);
    }

    /**
     * Cancels all runs and accepts no more. The caller may end the threads afterwards.
     *
     * @param timeout the maximum time to wait until the connections are closed
     */
    public void close(Duration timeout) {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        thread.execute(() -> {
            closing = true;
            batchEnd.cancel(false);
            cancelNow(owner -> true, STOPPED);
            CompletableFuture.allOf(runs.stream().map(DeviceRun::closed).toArray(CompletableFuture[]::new))
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

    /** Returns the number of runs under way, each with at most one connection. */
    public int active() {
        return active;
    }

    /** Returns the number of waiting runs. */
    public int waiting() {
        return waiting;
    }
}
