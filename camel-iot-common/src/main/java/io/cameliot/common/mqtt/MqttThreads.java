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
package io.cameliot.common.mqtt;

import io.cameliot.common.tls.IdleWatch;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;

/**
 * The Camel-managed threads that sessions run on: a cached pool, of which a session occupies one thread while something
 * comes, and a second while it has much to write, all idle sessions together one, and one timer thread for keep alive and
 * time limits.
 */
public final class MqttThreads {

    private final CamelContext camelContext;
    private final ExecutorService io;
    private final ScheduledExecutorService timer;
    private final Continuations continuations;
    private final IdleWatch idleWatch;

    private MqttThreads(CamelContext camelContext, ExecutorService io, ScheduledExecutorService timer) {
        this.camelContext = camelContext;
        this.io = io;
        this.timer = timer;
        this.continuations = new Continuations(io, timer);
        this.idleWatch = new IdleWatch(io);
    }

    /**
     * @param source what the pools are made for, as Camel's management shows it
     * @param name prefix of the thread names
     */
    public static MqttThreads create(CamelContext camelContext, Object source, String name) {
        ExecutorServiceManager pools = camelContext.getExecutorServiceManager();
        return new MqttThreads(
                camelContext,
                pools.newCachedThreadPool(source, name),
                pools.newScheduledThreadPool(source, name + "Timer", timerProfile(name)));
    }

    /** Each connection has time limits of its own: Camel's bound of 1000 tasks would be that of some hundred devices. */
    private static ThreadPoolProfile timerProfile(String name) {
        ThreadPoolProfile profile = new ThreadPoolProfile(name + "Timer");
        profile.setPoolSize(1);
        profile.setMaxPoolSize(1);
        profile.setMaxQueueSize(-1);
        profile.setRejectedPolicy(ThreadPoolRejectedPolicy.Abort);
        return profile;
    }

    /** Runs time limits; tasks must be short. */
    public ScheduledExecutorService timer() {
        return timer;
    }

    /** Fails an answer, on the timer's thread, that has not come when the time is over. */
    void limit(CompletableFuture<?> answer, Duration timeout, Exception timedOut) {
        Future<?> limit =
                timer.schedule(() -> answer.completeExceptionally(timedOut), timeout.toNanos(), TimeUnit.NANOSECONDS);
        answer.whenComplete((value, failure) -> limit.cancel(false));
    }

    /** For work that may block. */
    public ExecutorService io() {
        return io;
    }

    /** Watches sessions that hear nothing. */
    IdleWatch idleWatch() {
        return idleWatch;
    }

    /**
     * For what follows an outcome of a session and must not run on its threads: many short tasks, which share one thread
     * of the pool and run in order as long as none of them blocks. Those that do, get threads of their own.
     */
    public Executor continuations() {
        return continuations;
    }

    /** Ends all threads; sessions must be disconnected before. */
    public void shutdown() {
        camelContext.getExecutorServiceManager().shutdownNow(timer);
        camelContext.getExecutorServiceManager().shutdownGraceful(io);
    }
}
