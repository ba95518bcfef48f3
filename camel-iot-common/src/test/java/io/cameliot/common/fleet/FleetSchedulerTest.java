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
package io.cameliot.common.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FleetSchedulerTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final FleetScheduler<String> scheduler =
            new FleetScheduler<>(1, 0, executor, Runnable::run, new FleetProgress<>("fleet", done -> true));

    @AfterEach
    void end() {
        scheduler.close(TIMEOUT);
        executor.shutdownNow();
    }

    @Test
    void handsAnOutcomeOverWhenItsDelayIsOver() {
        CompletableFuture<String> result = scheduler.submit(thread -> new Run("a", Duration.ofMillis(50)));

        assertThat(result).succeedsWithin(TIMEOUT).isEqualTo("a");
    }

    @Test
    void givesThePlaceOfARunToTheNextWhileItsOutcomeIsDelayed() {
        CompletableFuture<String> delayed = scheduler.submit(thread -> new Run("a", Duration.ofHours(1)));

        assertThat(scheduler.submit(thread -> new Run("b", Duration.ZERO))).succeedsWithin(TIMEOUT);
        assertThat(delayed).isNotDone();
    }

    @Test
    void handsADelayedOutcomeOverAtOnceWhenItsOwnerStops() {
        CompletableFuture<String> stopped = scheduler.submit(thread -> new Run("a", Duration.ofHours(1)));
        CompletableFuture<String> other = scheduler.submit(thread -> new Run("b", Duration.ofHours(1)));

        scheduler.cancel(owner -> owner.service().equals("a"), "Stopped");

        assertThat(stopped).succeedsWithin(TIMEOUT).isEqualTo("a");
        assertThat(other).isNotDone();
    }

    @Test
    void handsDelayedOutcomesOverBeforeItIsClosed() {
        CompletableFuture<String> delayed = scheduler.submit(thread -> new Run("a", Duration.ofHours(1)));

        scheduler.close(TIMEOUT);

        assertThat(delayed).isCompletedWithValue("a");
    }

    /** A run that is over as soon as it starts. */
    private static final class Run implements DeviceRun<String> {

        private final String deviceId;
        private final Duration delay;
        private final CompletableFuture<String> outcome = new CompletableFuture<>();
        private final CompletableFuture<Void> closed = new CompletableFuture<>();

        Run(String deviceId, Duration delay) {
            this.deviceId = deviceId;
            this.delay = delay;
        }

        @Override
        public String deviceId() {
            return deviceId;
        }

        @Override
        public RunOwner owner() {
            return new RunOwner(deviceId, Set.of(), () -> false);
        }

        @Override
        public void start() {
            cancel("It is over");
        }

        @Override
        public boolean isStarted() {
            return outcome.isDone();
        }

        @Override
        public void cancel(String reason) {
            outcome.complete(deviceId);
            closed.complete(null);
        }

        @Override
        public CompletableFuture<String> outcome() {
            return outcome;
        }

        @Override
        public Duration handOverDelay() {
            return delay;
        }

        @Override
        public CompletableFuture<Void> closed() {
            return closed;
        }
    }
}
