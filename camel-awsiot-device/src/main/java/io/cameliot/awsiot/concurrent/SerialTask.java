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

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one task on a pool whenever it is signalled, never twice at the same time, and always once more after the last
 * signal.
 */
public final class SerialTask {

    private static final Logger LOG = LoggerFactory.getLogger(SerialTask.class);

    private final Executor executor;
    private final Runnable task;
    private final AtomicInteger signals = new AtomicInteger();

    public SerialTask(Executor executor, Runnable task) {
        this.executor = executor;
        this.task = task;
    }

    /**
     * @throws RejectedExecutionException if the pool has ended
     */
    public void signal() {
        if (signals.getAndIncrement() == 0) {
            try {
                executor.execute(this::run);
            } catch (RejectedExecutionException e) {
                signals.set(0);
                throw e;
            }
        }
    }

    private void run() {
        int seen;
        do {
            seen = signals.get();
            try {
                task.run();
            } catch (Throwable e) {
                // Errors must be caught too: without the countdown below the task would never run again.
                LOG.error("A task that must not fail did", e);
            }
        } while (signals.addAndGet(-seen) != 0);
    }
}
