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
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ContinuationsTest {

    private static final long NEVER_STUCK = TimeUnit.HOURS.toNanos(1);

    private final ThreadPoolExecutor pool = (ThreadPoolExecutor) Executors.newCachedThreadPool();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Continuations continuations = new Continuations(pool, timer);

    @AfterEach
    void stop() throws InterruptedException {
        pool.shutdown();
        timer.shutdownNow();
        assertThat(pool.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void runsTasksInOrderOnOneThreadWhileNothingBlocks() throws Exception {
        Continuations patient = new Continuations(pool, timer, NEVER_STUCK);
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch done = new CountDownLatch(10_000);
        for (int i = 0; i < 10_000; i++) {
            int number = i;
            patient.execute(() -> {
                order.add(number);
                done.countDown();
            });
        }

        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(order).isEqualTo(IntStream.range(0, 10_000).boxed().toList());
        assertThat(pool.getLargestPoolSize()).isLessThanOrEqualTo(2);
    }

    @Test
    void runsALaterTaskWhileAnEarlierOneWaitsForIt() throws Exception {
        CountDownLatch later = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        continuations.execute(() -> {
            awaitQuietly(later);
            done.countDown();
        });
        continuations.execute(later::countDown);

        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void runsTheLastTaskWhileManyWaitForIt() throws Exception {
        CountDownLatch last = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(100);
        for (int i = 0; i < 100; i++) {
            continuations.execute(() -> {
                awaitQuietly(last);
                done.countDown();
            });
        }
        continuations.execute(last::countDown);

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        await().until(() -> pool.getActiveCount() == 0);
    }

    @Test
    void runsATaskThatAWaitingTaskHasSubmitted() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        continuations.execute(() -> {
            CountDownLatch own = new CountDownLatch(1);
            continuations.execute(own::countDown);
            awaitQuietly(own);
            done.countDown();
        });

        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void returnsToOneThreadWhenTasksNoLongerBlock() throws Exception {
        Continuations continuations = new Continuations(pool, timer, TimeUnit.MILLISECONDS.toNanos(300));
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(4);
        for (int i = 0; i < 4; i++) {
            continuations.execute(() -> {
                blocked.countDown();
                awaitQuietly(release);
            });
        }
        assertThat(blocked.await(20, TimeUnit.SECONDS)).isTrue();
        release.countDown();
        await().until(() -> pool.getActiveCount() == 0);

        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        CountDownLatch done = new CountDownLatch(2_000);
        for (int i = 0; i < 2_000; i++) {
            continuations.execute(() -> {
                threads.add(Thread.currentThread());
                done.countDown();
            });
        }

        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(threads.size()).isLessThan(4);
    }

    @Test
    void occupiesNoThreadWithoutTasks() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        continuations.execute(done::countDown);

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        await().until(() -> pool.getActiveCount() == 0);
    }

    @Test
    void runsTheOtherTasksWhenOneFails() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        continuations.execute(() -> {
            throw new IllegalStateException("a route's own fault");
        });
        continuations.execute(done::countDown);

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void losesNoTaskUnderLoad() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(4);
        for (int thread = 0; thread < 4; thread++) {
            pool.execute(() -> {
                for (int i = 0; i < 50_000; i++) {
                    continuations.execute(ran::incrementAndGet);
                }
                done.countDown();
            });
        }

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        await().until(() -> ran.get() == 200_000);
    }

    @Test
    void refusesTasksAfterThePoolHasEnded() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch ranBefore = new CountDownLatch(2);
        continuations.execute(() -> {
            awaitQuietly(release);
            ranBefore.countDown();
        });
        continuations.execute(ranBefore::countDown);
        pool.shutdown();
        release.countDown();

        assertThat(ranBefore.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(pool.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> continuations.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
