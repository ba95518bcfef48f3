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

import io.cameliot.common.transport.connect.TransportConnector;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;

/**
 * The Camel-managed threads of a component: a few event loops that run all its connections, a cached pool for work that
 * may block, and one timer thread.
 */
public final class MqttThreads {

    /** The maximum number of event loops. One serves thousands of idle connections and keeps at most one core busy. */
    private static final int LARGEST_GROUP = 4;

    private static final long QUIET_MILLIS = 0;
    private static final long SHUTDOWN_MILLIS = 5000;

    private static final ThreadLocal<Boolean> EVENT_LOOP = new ThreadLocal<>();

    private final CamelContext camelContext;
    private final ExecutorService io;
    private final ExecutorService eventLoopThreads;
    private final EventLoopGroup eventLoops;
    private final ScheduledExecutorService timer;
    private final PeriodicTasks periodic;
    private final Executor continuations;
    private final TransportConnector connector;

    private MqttThreads(CamelContext camelContext, Object source, String name) {
        ExecutorServiceManager pools = camelContext.getExecutorServiceManager();
        this.camelContext = camelContext;
        this.io = pools.newCachedThreadPool(source, name);
        this.eventLoopThreads = pools.newCachedThreadPool(source, name + "EventLoop");
        this.timer = pools.newScheduledThreadPool(source, name + "Timer", timerProfile(name));
        this.periodic = new PeriodicTasks(timer);
        Executor markedThreads = loop -> eventLoopThreads.execute(() -> runEventLoop(loop));
        this.eventLoops = new NioEventLoopGroup(
                Math.min(LARGEST_GROUP, Runtime.getRuntime().availableProcessors()), markedThreads);
        this.continuations = new TurnBatches(new Continuations(io, timer), eventLoops);
        this.connector = new TransportConnector(eventLoops, io);
    }

    /**
     * Creates the threads.
     *
     * @param source the owner of the pools in Camel's management
     * @param name prefix of the thread names
     */
    public static MqttThreads create(CamelContext camelContext, Object source, String name) {
        return new MqttThreads(camelContext, source, name);
    }

    /** Marks the thread for {@link #isEventLoop()} as long as it runs the event loop. */
    private static void runEventLoop(Runnable loop) {
        EVENT_LOOP.set(true);
        try {
            loop.run();
        } finally {
            EVENT_LOOP.remove();
        }
    }

    /**
     * Returns whether the current thread is an event loop of a component. Work that takes time there holds up all
     * connections of the loop.
     */
    public static boolean isEventLoop() {
        return EVENT_LOOP.get() != null;
    }

    /**
     * Without a queue limit: each connection has time limits, and Camel's default of 1000 tasks would be enough for
     * only a few hundred devices.
     */
    private static ThreadPoolProfile timerProfile(String name) {
        ThreadPoolProfile profile = new ThreadPoolProfile(name + "Timer");
        profile.setPoolSize(1);
        profile.setMaxPoolSize(1);
        profile.setMaxQueueSize(-1);
        profile.setRejectedPolicy(ThreadPoolRejectedPolicy.Abort);
        return profile;
    }

    /** Opens connections that run on the event loops. */
    public TransportConnector connector() {
        return connector;
    }

    /** Runs timeouts. Tasks must be short. */
    public ScheduledExecutorService timer() {
        return timer;
    }

    /** Runs the recurring checks of connections, on the thread of {@link #timer()}. */
    public PeriodicTasks periodic() {
        return periodic;
    }

    /** Runs work that may block. */
    public ExecutorService io() {
        return io;
    }

    /**
     * Runs what follows an event of a session and must not run on an event loop: many short tasks, which share one
     * thread of the pool and run in order as long as none of them blocks. Blocking tasks get their own threads.
     */
    public Executor continuations() {
        return continuations;
    }

    /**
     * Runs a task on {@link #continuations()}. Once the threads have ended the current thread runs it, so that nobody waits
     * forever.
     */
    public void continueWith(Runnable task) {
        try {
            continuations.execute(task);
        } catch (RejectedExecutionException e) {
            task.run();
        }
    }

    /** Closes all remaining connections and ends all threads. */
    public void shutdown() {
        eventLoops
                .shutdownGracefully(QUIET_MILLIS, SHUTDOWN_MILLIS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(SHUTDOWN_MILLIS);
        camelContext.getExecutorServiceManager().shutdownNow(eventLoopThreads);
        camelContext.getExecutorServiceManager().shutdownNow(timer);
        camelContext.getExecutorServiceManager().shutdownGraceful(io);
    }
}
