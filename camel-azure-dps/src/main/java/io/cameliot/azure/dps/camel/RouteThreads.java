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
package io.cameliot.azure.dps.camel;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;

/** The threads on which the routes of one endpoint go on when a registration has ended. */
public final class RouteThreads implements Executor {

    /** So that routes that block do not take more threads, the longer the more devices come. */
    private static final int MOST = 10;

    private final CamelContext camelContext;
    private final ExecutorService threads;
    private final ScheduledExecutorService timer;

    /**
     * Threads that Camel manages.
     *
     * @param endpoint whose they are
     * @param most     how many are of use
     * @param timer    for tasks that run later; must not be blocked
     */
    public RouteThreads(Endpoint endpoint, int most, ScheduledExecutorService timer) {
        this.camelContext = endpoint.getCamelContext();
        this.threads = camelContext
                .getExecutorServiceManager()
                .newFixedThreadPool(endpoint, "AzureDpsResult", Math.min(MOST, most));
        this.timer = timer;
    }

    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    /** Runs a task later. */
    public Future<?> schedule(Runnable task, Duration delay) {
        return timer.schedule(() -> threads.execute(task), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends the threads, as soon as what they do is done or Camel's shutdown timeout is over. */
    public void close() {
        if (camelContext.getShutdownStrategy().hasTimeoutOccurred()) {
            // Camel has waited for the routes as long as it may; the endpoints are not to wait again, each after the
            // other.
            camelContext.getExecutorServiceManager().shutdownNow(threads);
        } else {
            camelContext.getExecutorServiceManager().shutdownGraceful(threads);
        }
    }
}
