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

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;

/** The threads on which one endpoint's routes continue after a device was provisioned. */
public final class RouteThreads implements Executor {

    /** The maximum number of threads. It bounds the threads of routes that block, however many devices there are. */
    private static final int MOST = 10;

    private final CamelContext camelContext;
    private final ExecutorService threads;
    private final ScheduledExecutorService timer;

    /**
     * Creates threads that Camel manages.
     *
     * @param endpoint the owner of the threads
     * @param name the prefix of their names
     * @param most the number of threads that can be busy at the same time
     * @param timer starts delayed tasks; tasks never block it
     */
    public RouteThreads(Endpoint endpoint, String name, int most, ScheduledExecutorService timer) {
        this.camelContext = endpoint.getCamelContext();
        this.threads =
                camelContext.getExecutorServiceManager().newFixedThreadPool(endpoint, name, Math.min(MOST, most));
        this.timer = timer;
    }

    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    /** Runs a task after a delay. */
    public Future<?> schedule(Runnable task, Duration delay) {
        return timer.schedule(() -> threads.execute(task), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends the threads when their tasks are finished or Camel's shutdown timeout has passed. */
    public void close() {
        if (camelContext.getShutdownStrategy().hasTimeoutOccurred()) {
            // Camel has already waited for the routes as long as its timeout allows. Another wait per endpoint would
            // add up.
            camelContext.getExecutorServiceManager().shutdownNow(threads);
        } else {
            camelContext.getExecutorServiceManager().shutdownGraceful(threads);
        }
    }
}
