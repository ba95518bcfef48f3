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
package io.cameliot.common.camel;

import io.cameliot.common.mqtt.session.Callbacks;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs many short tasks in order on one thread of a pool, because waking a thread for each task costs more than most
 * tasks. A task may still block, even until a later one has run: when a task has run for more than a millisecond,
 * another thread takes over, and the first one helps as long as its tasks stay that slow. Without tasks no thread is
 * occupied.
 */
final class Continuations implements Executor {

    static final long STUCK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger(Continuations.class);

    private static final long CHECK_MILLIS = 5;

    private final Executor pool;
    private final ScheduledExecutorService timer;
    private final long stuckNanos;
    private final Queue<Runnable> tasks = new ArrayDeque<>(); // guarded by this
    private Drainer lead; // guarded by this; null if there is none or it has ended
    private int drainers; // guarded by this
    private boolean checking; // guarded by this

    /**
     * Creates an executor.
     *
     * @param pool provides the threads, without a limit
     * @param timer checks whether tasks wait behind a stuck one
     */
    Continuations(Executor pool, ScheduledExecutorService timer) {
        this(pool, timer, STUCK_NANOS);
    }

    Continuations(Executor pool, ScheduledExecutorService timer, long stuckNanos) {
        this.pool = pool;
        this.timer = timer;
        this.stuckNanos = stuckNanos;
    }

    /**
     * Runs a task.
     *
     * @throws RejectedExecutionException if the pool provides no thread and none is running
     */
    @Override
    public void execute(Runnable task) {
        executeAll(List.of(task));
    }

    /**
     * Adds all tasks in their order, or none of them.
     *
     * @throws RejectedExecutionException as {@link #execute}
     */
    synchronized void executeAll(List<Runnable> added) {
        tasks.addAll(added);
        if (lead == null || lead.isStuck()) {
            replaceLead(added);
        } else if (!checking) {
            check();
        }
    }

    private void replaceLead(List<Runnable> added) {
        Drainer replaced = lead;
        lead = new Drainer();
        try {
            start(lead);
        } catch (RejectedExecutionException e) {
            lead = replaced;
            if (drainers == 0) {
                tasks.removeAll(added);
                throw e;
            }
            LOG.debug("No further thread is available: tasks wait for busy threads", e);
        }
    }

    private void start(Drainer drainer) {
        drainers++;
        try {
            pool.execute(drainer);
        } catch (RejectedExecutionException e) {
            drainers--;
            throw e;
        }
    }

    /** Schedules the next check for a stuck task while tasks wait. */
    private void check() {
        try {
            timer.schedule(this::checkNow, CHECK_MILLIS, TimeUnit.MILLISECONDS);
            checking = true;
        } catch (RejectedExecutionException e) {
            LOG.debug("The timer has ended", e);
        }
    }

    private synchronized void checkNow() {
        checking = false;
        if (tasks.isEmpty()) {
            return;
        }
        if (lead == null || lead.isStuck()) {
            help();
        }
        check();
    }

    /** Doubles the threads, so that a backlog of blocking tasks is soon finished. */
    private void help() {
        int wanted = Math.min(Math.max(1, drainers), tasks.size());
        try {
            for (int i = 0; i < wanted; i++) {
                Drainer drainer = new Drainer();
                start(drainer);
                lead = drainer;
            }
        } catch (RejectedExecutionException e) {
            LOG.debug("No further thread is available: tasks wait for busy threads", e);
        }
    }

    private final class Drainer implements Runnable {

        // All guarded by Continuations.this.
        private boolean running; // false until a thread of the pool has started
        private long taskStarted;
        private boolean slow = true;

        boolean isStuck() {
            return running && System.nanoTime() - taskStarted > stuckNanos;
        }

        @Override
        public void run() {
            for (Runnable task = first(); task != null; task = next()) {
                Callbacks.guard(task);
            }
        }

        private Runnable first() {
            synchronized (Continuations.this) {
                return take();
            }
        }

        private Runnable next() {
            synchronized (Continuations.this) {
                slow = isStuck();
                return take();
            }
        }

        /** Takes the next task; ends this drainer when it returns null. */
        private Runnable take() {
            // If the previous task was fast, the lead alone is enough.
            Runnable task = lead == this || lead == null || slow ? tasks.poll() : null;
            running = true;
            taskStarted = System.nanoTime();
            if (task == null) {
                drainers--;
                if (lead == this) {
                    lead = null;
                }
            } else if (lead == null) {
                lead = this;
            }
            return task;
        }
    }
}
