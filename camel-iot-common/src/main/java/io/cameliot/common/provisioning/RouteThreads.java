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
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;

/** The threads on which one endpoint's routes continue after a device was provisioned. */
public final class RouteThreads implements Executor {

    /** The maximum number of threads. It bounds the threads of routes that block, however many devices there are. */
    private static final int MOST = 10;

    /** The owner of the current thread. */
    private static final ThreadLocal<RouteThreads> CURRENT = new ThreadLocal<>();

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
        this.threads = camelContext
                .getExecutorServiceManager()
                .newThreadPool(endpoint, name, profile(name, Math.min(MOST, most)));
        this.timer = timer;
    }

    /**
     * Returns a profile with a fixed number of threads and no limit of waiting tasks. By Camel's defaults the calling
     * thread, which runs all devices of the endpoint, would run a task when 1000 others wait, and after the end a task
     * would be dropped.
     */
    private static ThreadPoolProfile profile(String name, int size) {
        ThreadPoolProfile profile = new ThreadPoolProfile(name);
        profile.setPoolSize(size);
        profile.setMaxPoolSize(size);
        profile.setAllowCoreThreadTimeOut(false);
        profile.setMaxQueueSize(Integer.MAX_VALUE);
        profile.setRejectedPolicy(ThreadPoolRejectedPolicy.Abort);
        return profile;
    }

    /**
     * Runs a task on one of the threads.
     *
     * @throws RejectedExecutionException after {@link #close()}
     */
    @Override
    public void execute(Runnable task) {
        threads.execute(() -> run(task));
    }

    private void run(Runnable task) {
        CURRENT.set(this);
        try {
            task.run();
        } finally {
            CURRENT.remove();
        }
    }

    /** Runs a task after a delay, unless the threads have ended by then. */
    public Future<?> schedule(Runnable task, Duration delay) {
        return timer.schedule(() -> execute(task), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Ends the threads when their tasks are finished or Camel's shutdown timeout has passed. Waits for that, except on
     * one of the threads, where it would wait for itself: a producer that Camel stops after its message, as with
     * {@code cacheSize(-1)}, is stopped on the thread that completes the exchange.
     */
    public void close() {
        ExecutorServiceManager pools = camelContext.getExecutorServiceManager();
        if (CURRENT.get() == this) {
            // Not interrupted either: the flag can be that of an earlier stop of another route.
            pools.shutdown(threads);
        } else if (camelContext.getShutdownStrategy().hasTimeoutOccurred()) {
            // Camel has already waited for the routes as long as its timeout allows. Another wait per endpoint would
            // add up.
            pools.shutdownNow(threads);
        } else {
            pools.shutdownGraceful(threads);
        }
    }
}
