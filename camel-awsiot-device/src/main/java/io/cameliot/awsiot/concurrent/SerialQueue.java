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
package io.cameliot.awsiot.concurrent;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after the other on a pool, in the order in which they were added. Adding and starting are separate
 * steps. A caller can add tasks under its lock, in the order of its decisions, and start them after it has released the
 * lock.
 */
public final class SerialQueue {

    private static final Logger LOG = LoggerFactory.getLogger(SerialQueue.class);

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final SerialTask running;

    public SerialQueue(Executor pool) {
        this.running = new SerialTask(untilItEnds(pool), this::runAll);
    }

    /**
     * Returns an executor that runs tasks on the caller's thread once the pool has ended, so that waiting callers are
     * still answered.
     */
    private static Executor untilItEnds(Executor pool) {
        return task -> {
            try {
                pool.execute(task);
            } catch (RejectedExecutionException e) {
                task.run();
            }
        };
    }

    /** Adds a task, to run after the next {@link #start}. An exception of the task is logged. */
    public void add(Runnable task) {
        tasks.add(task);
    }

    /** Starts all added tasks. Must be called with no lock held. */
    public void start() {
        if (!tasks.isEmpty()) {
            running.signal();
        }
    }

    private void runAll() {
        for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
            try {
                next.run();
            } catch (Throwable e) {
                // The remaining tasks must run nevertheless, or the connection would never be closed.
                LOG.error("A task that must not fail did", e);
            }
        }
    }
}
