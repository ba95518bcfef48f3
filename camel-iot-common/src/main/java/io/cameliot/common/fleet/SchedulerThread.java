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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread on which all runs of an endpoint run, and their clock. */
public final class SchedulerThread {

    private static final Logger LOG = LoggerFactory.getLogger(SchedulerThread.class);

    private final ScheduledExecutorService executor;
    private final long origin = System.nanoTime();

    SchedulerThread(ScheduledExecutorService executor) {
        this.executor = executor;
    }

    /** Returns the time since this object was created. */
    public Duration now() {
        return Duration.ofNanos(System.nanoTime() - origin);
    }

    /** Submits a task. Returns false and drops the task if the thread has ended. */
    public boolean execute(Runnable task) {
        try {
            executor.execute(guarded(task));
            return true;
        } catch (RejectedExecutionException e) {
            LOG.debug("Dropped a task that came after the end", e);
            return false;
        }
    }

    /** Runs a task after a delay, unless the thread ends first. */
    public Future<?> schedule(Runnable task, Duration delay) {
        try {
            return executor.schedule(guarded(task), TimeUnit.NANOSECONDS.convert(delay), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("Dropped a task that came after the end", e);
            return CompletableFuture.completedFuture(null);
        }
    }

    /** Logs a throwable of a task. Without this, it would be lost in a future that nothing reads. */
    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (Throwable e) {
                LOG.error("A step of the provisioning of a device failed; it will end with its timeout", e);
            }
        };
    }
}
