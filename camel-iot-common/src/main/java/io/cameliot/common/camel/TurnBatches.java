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
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Collects the tasks that an event loop submits in one turn and passes them to the continuations together. The two
 * threads then synchronize once, and not once for each answer of one read.
 */
final class TurnBatches implements Executor {

    private final Continuations continuations;
    private final List<Batch> batches = new ArrayList<>();

    TurnBatches(Continuations continuations, EventExecutorGroup eventLoops) {
        this.continuations = continuations;
        eventLoops.forEach(loop -> batches.add(new Batch(loop)));
    }

    @Override
    public void execute(Runnable task) {
        for (Batch batch : batches) {
            if (batch.loop.inEventLoop()) {
                batch.add(task);
                return;
            }
        }
        continuations.execute(task);
    }

    /** The tasks of one event loop's current turn. That event loop only. */
    private final class Batch {

        private final EventExecutor loop;
        private List<Runnable> gathered = new ArrayList<>();

        Batch(EventExecutor loop) {
            this.loop = loop;
        }

        void add(Runnable task) {
            gathered.add(task);
            if (gathered.size() == 1) {
                try {
                    loop.execute(this::handOver);
                } catch (RejectedExecutionException e) {
                    handOver();
                }
            }
        }

        private void handOver() {
            List<Runnable> tasks = gathered;
            gathered = new ArrayList<>();
            try {
                continuations.executeAll(tasks);
            } catch (RejectedExecutionException e) {
                // The component's threads have ended, but the tasks still have to run, so they run here.
                tasks.forEach(Callbacks::guard);
            }
        }
    }
}
