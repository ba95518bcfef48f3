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

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * What Paho asks for as one scheduled pool, made of two: its long-running loops go to a pool that grows, which a
 * scheduled pool cannot, and its timers to a shared timer thread.
 */
final class PahoExecutor extends AbstractExecutorService implements ScheduledExecutorService {

    private static final ThreadLocal<Running> CURRENT = new ThreadLocal<>();

    private final ExecutorService io;
    private final ScheduledExecutorService timer;

    PahoExecutor(ExecutorService io, ScheduledExecutorService timer) {
        this.io = io;
        this.timer = timer;
    }

    @Override
    public void execute(Runnable loop) {
        io.execute(() -> {
            Thread thread = Thread.currentThread();
            String name = thread.getName();
            Running running = new Running(thread);
            CURRENT.set(running);
            try {
                loop.run();
            } finally {
                CURRENT.remove();
                running.end();
                // Paho names the thread after its client.
                thread.setName(name);
            }
        });
    }

    /** The loop that runs on this thread, null if there is none. */
    static Running current() {
        return CURRENT.get();
    }

    /**
     * A loop that can be interrupted for as long as it runs: its thread may belong to another session's loop afterwards,
     * and Paho's sending loop ends for good when it is interrupted before its CONNECT is there.
     */
    static final class Running {

        private Thread thread; // null after the end, guarded by this

        private Running(Thread thread) {
            this.thread = thread;
        }

        synchronized void interrupt() {
            if (thread != null) {
                thread.interrupt();
            }
        }

        private synchronized void end() {
            thread = null;
        }
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return timer.schedule(command, delay, unit);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        return timer.schedule(callable, delay, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        return timer.scheduleAtFixedRate(command, initialDelay, period, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        return timer.scheduleWithFixedDelay(command, initialDelay, delay, unit);
    }

    /** The pools belong to {@link MqttThreads}; Paho does not end them. */
    @Override
    public void shutdown() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Runnable> shutdownNow() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isShutdown() {
        return io.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return io.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return io.awaitTermination(timeout, unit);
    }
}
