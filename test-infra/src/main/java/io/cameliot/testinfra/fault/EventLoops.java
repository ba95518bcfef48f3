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
package io.cameliot.testinfra.fault;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Submits tasks to event loops and waits for them. */
final class EventLoops {

    private static final long TIMEOUT_SECONDS = 10;

    private EventLoops() {}

    /**
     * Runs a task on an event loop. On a terminated one the connection has ended too, so that the task has nothing to
     * do.
     */
    static Future<?> submit(EventLoop eventLoop, Runnable task) {
        try {
            return eventLoop.submit(task);
        } catch (RejectedExecutionException ended) {
            return ImmediateEventExecutor.INSTANCE.newSucceededFuture(null);
        }
    }

    /**
     * Waits for tasks.
     *
     * @throws IllegalStateException if a task fails or takes longer than {@value #TIMEOUT_SECONDS} seconds
     */
    static void await(List<? extends Future<?>> submitted) {
        for (Future<?> future : submitted) {
            if (!future.awaitUninterruptibly(TIMEOUT_SECONDS, TimeUnit.SECONDS) || !future.isSuccess()) {
                throw new IllegalStateException("The fault proxy did not do what it was told", future.cause());
            }
        }
    }
}
