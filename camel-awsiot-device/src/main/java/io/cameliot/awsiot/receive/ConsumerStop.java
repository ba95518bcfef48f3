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
package io.cameliot.awsiot.receive;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stop of one consumer. All consumers that Camel stops together begin to stop before the first one is waited for.
 * The time limits count from the beginning, so the consumers wait at the same time.
 */
public final class ConsumerStop {

    private static final Logger LOG = LoggerFactory.getLogger(ConsumerStop.class);

    /**
     * Long enough for a server that responds. The UNSUBSCRIBE has been sent by then, and takes effect without the
     * response.
     */
    static final Duration UNSUBACK_TIMEOUT = Duration.ofSeconds(2);

    public static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(10);

    private final long begun = System.nanoTime();
    private final BooleanSupplier forced;
    private final CompletableFuture<Void> unsubscribed;
    private final CompletableFuture<Void> processed;

    /**
     * @param forced whether the user's shutdown timeout is over
     * @param unsubscribed completes when the server has answered the UNSUBSCRIBE
     * @param processed completes when the route has processed all messages that have arrived
     */
    public ConsumerStop(
            BooleanSupplier forced, CompletableFuture<Void> unsubscribed, CompletableFuture<Void> processed) {
        this.forced = forced;
        this.unsubscribed = unsubscribed;
        this.processed = processed;
    }

    /**
     * @return false if the server has not answered in time
     */
    public boolean awaitUnsubscribed() {
        return await(unsubscribed, UNSUBACK_TIMEOUT);
    }

    /**
     * @return false if the route has not processed all messages in time
     */
    public boolean awaitProcessed() {
        return await(processed, DRAIN_TIMEOUT);
    }

    private boolean await(CompletableFuture<Void> done, Duration limit) {
        long left = forced.getAsBoolean() ? 0 : begun + limit.toNanos() - System.nanoTime();
        try {
            done.get(Math.max(0, left), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException | CancellationException e) {
            // Without a connection, the server discards the subscription with a clean session, or keeps it as
            // configured.
            LOG.debug("Not unsubscribed", e);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            // Camel's shutdown timeout is over, so the next consumers must not wait either.
            Thread.currentThread().interrupt();
            return done.isDone();
        }
    }
}
