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
package io.cameliot.awsiot.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The alarm of a timer that is busy, so that nothing rings before the test has set all times. */
class AlarmTest {

    private static final long HOUR = Duration.ofHours(1).toNanos();

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final CountDownLatch busy = new CountDownLatch(1);
    private final CountDownLatch rung = new CountDownLatch(1);
    private final Alarm alarm = new Alarm(timer, rung::countDown);
    private final long now = System.nanoTime();

    AlarmTest() {
        timer.execute(() -> {
            try {
                busy.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @AfterEach
    void close() {
        timer.shutdownNow();
    }

    @Test
    void ringsAtOnceForATimeInThePastThoughALaterOneIsSetAfterIt() throws Exception {
        alarm.set(now - 1);
        alarm.set(now + HOUR);

        assertRings();
    }

    @Test
    void ringsAtOnceForATimeInThePastThoughALaterOneIsSetBeforeIt() throws Exception {
        alarm.set(now + HOUR);
        alarm.set(now - 1);

        assertRings();
    }

    @Test
    void canBeSetToALaterTimeWhenItHasRung() throws Exception {
        alarm.set(now - 1);
        assertRings();

        alarm.set(now + HOUR);

        assertThat(timer.getQueue()).hasSize(1);
    }

    private void assertRings() throws InterruptedException {
        busy.countDown();
        assertThat(rung.await(10, TimeUnit.SECONDS)).isTrue();
    }
}
