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
package io.cameliot.common.mqtt.session;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Protects the threads of a session from exceptions in callbacks and listeners, and limits the wait for answers. */
public final class Callbacks {

    private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);

    private Callbacks() {}

    static void complete(PublishCallback callback, IOException failure) {
        guard(() -> callback.completed(failure));
    }

    /** Fails a future that is not complete after the timeout. */
    static void limit(
            CompletableFuture<?> answer, ScheduledExecutorService timer, Duration timeout, Exception timedOut) {
        Future<?> limit =
                timer.schedule(() -> answer.completeExceptionally(timedOut), timeout.toNanos(), TimeUnit.NANOSECONDS);
        answer.whenComplete((value, failure) -> limit.cancel(false));
    }

    public static void guard(Runnable callback) {
        try {
            callback.run();
        } catch (Throwable e) {
            // Errors too: they would end the thread and its remaining work.
            LOG.error("A listener of an MQTT session failed", e);
        }
    }
}
