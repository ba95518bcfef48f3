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

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.greaterThan;

import io.cameliot.common.camel.PeriodicTasks.PeriodicTask;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PeriodicTasksTest {

    private static final Duration PERIOD = Duration.ofMillis(10);

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final PeriodicTasks tasks = new PeriodicTasks(timer);
    private final AtomicInteger runs = new AtomicInteger();

    @BeforeEach
    void removeWhatIsCancelled() {
        timer.setRemoveOnCancelPolicy(true);
    }

    @AfterEach
    void endTimer() {
        timer.shutdownNow();
    }

    @Test
    void runsATaskAgainAndAgain() {
        tasks.start(PERIOD, runs::incrementAndGet);

        await().untilAtomic(runs, greaterThan(3));
    }

    @Test
    void sharesATimerTaskAmongTasksOfOnePeriod() {
        for (int i = 0; i < 1000; i++) {
            tasks.start(Duration.ofHours(1), runs::incrementAndGet);
        }
        tasks.start(Duration.ofHours(2), runs::incrementAndGet);

        assertThat(timer.getQueue()).hasSize(2);
    }

    @Test
    void goesOnAfterAFailureOfOneTask() {
        tasks.start(PERIOD, () -> {
            throw new IllegalStateException("fails each time");
        });
        tasks.start(PERIOD, runs::incrementAndGet);

        await().untilAtomic(runs, greaterThan(3));
    }

    @Test
    void leavesNothingInTheTimerWhenTheLastTaskIsCancelled() {
        PeriodicTask first = tasks.start(PERIOD, runs::incrementAndGet);
        PeriodicTask second = tasks.start(PERIOD, runs::incrementAndGet);

        first.cancel();
        int before = runs.get();
        await().until(() -> runs.get() > before + 1);
        second.cancel();
        second.cancel();

        await().until(() -> timer.getQueue().isEmpty() && timer.getActiveCount() == 0);
    }

    @Test
    void startsATaskOfAPeriodWhoseTasksWereAllCancelled() {
        tasks.start(PERIOD, () -> {}).cancel();

        tasks.start(PERIOD, runs::incrementAndGet);

        await().untilAtomic(runs, greaterThan(1));
    }
}
