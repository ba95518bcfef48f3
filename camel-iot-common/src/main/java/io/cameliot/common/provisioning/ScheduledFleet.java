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
package io.cameliot.common.provisioning;

import io.cameliot.common.fleet.DeviceRun;
import io.cameliot.common.fleet.FleetScheduler;
import io.cameliot.common.fleet.RunOwner;
import io.cameliot.common.fleet.SchedulerThread;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A fleet whose devices a {@link FleetScheduler} starts. The component owns the threads of the connections. The endpoint
 * has its own threads for routes, so that slow routes do not delay other endpoints.
 *
 * @param <O> the type of an outcome
 */
public abstract class ScheduledFleet<O> implements EndpointFleet {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final FleetScheduler<O> scheduler;
    private final RouteThreads routes;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Creates a fleet without devices.
     *
     * @param scheduler starts the devices; the fleet closes it
     * @param routes the threads of the routes, which the fleet closes
     */
    protected ScheduledFleet(FleetScheduler<O> scheduler, RouteThreads routes) {
        this.scheduler = scheduler;
        this.routes = routes;
    }

    /**
     * Starts a run as soon as there is a place for it.
     *
     * @return completes with the outcome, on a thread where routes may continue, never exceptionally
     */
    protected final CompletableFuture<O> submit(Function<SchedulerThread, DeviceRun<O>> run) {
        return scheduler.submit(run);
    }

    @Override
    public final void execute(Runnable task) {
        routes.execute(task);
    }

    @Override
    public final Future<?> schedule(Runnable task, Duration delay) {
        return routes.schedule(task, delay);
    }

    @Override
    public final void cancel(Predicate<RunOwner> owner, String reason) {
        scheduler.cancel(owner, reason);
    }

    @Override
    public final void close() {
        if (!closed.getAndSet(true)) {
            scheduler.close(CLOSE_TIMEOUT);
            routes.close();
        }
    }

    @Override
    public final int active() {
        return scheduler.active();
    }

    @Override
    public final int waiting() {
        return scheduler.waiting();
    }
}
