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
package io.cameliot.awsiot.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SerialQueueTest {

    private final ExecutorService pool = Executors.newCachedThreadPool();

    @AfterEach
    void endThreads() {
        pool.shutdownNow();
    }

    @Test
    void runsNothingBeforeItIsStarted() {
        List<String> done = new ArrayList<>();
        SerialQueue queue = new SerialQueue(Runnable::run);
        queue.add(() -> done.add("one"));
        assertThat(done).isEmpty();

        queue.start();

        assertThat(done).containsExactly("one");
    }

    @Test
    void runsWhatIsAddedUnderALockInThatOrderAndOneAtATimeWhoeverStartsIt() {
        SerialQueue queue = new SerialQueue(pool);
        List<Integer> done = new ArrayList<>(); // by one task at a time
        AtomicInteger added = new AtomicInteger();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        Object lock = new Object();
        for (int thread = 0; thread < 8; thread++) {
            pool.execute(() -> {
                for (int i = 0; i < 1000; i++) {
                    synchronized (lock) {
                        int number = added.getAndIncrement();
                        queue.add(() -> {
                            if (running.incrementAndGet() > 1) {
                                overlaps.incrementAndGet();
                            }
                            done.add(number);
                            running.decrementAndGet();
                        });
                    }
                    queue.start();
                }
            });
        }
        CountDownLatch last = new CountDownLatch(1);
        await().until(() -> added.get() == 8000);
        queue.add(last::countDown);
        queue.start();

        await().until(() -> last.getCount() == 0);
        assertThat(overlaps).hasValue(0);
        assertThat(done).isEqualTo(IntStream.range(0, 8000).boxed().toList());
    }

    @Test
    void goesOnAfterATaskThatFails() {
        List<String> done = new ArrayList<>();
        SerialQueue queue = new SerialQueue(Runnable::run);
        queue.add(() -> {
            throw new NoClassDefFoundError("com/example/Missing");
        });
        queue.add(() -> done.add("after"));

        queue.start();

        assertThat(done).containsExactly("after");
    }

    @Test
    void runsTheRestOnTheCallersThreadWhenThePoolHasEnded() {
        List<String> done = new ArrayList<>();
        SerialQueue queue = new SerialQueue(task -> {
            throw new RejectedExecutionException();
        });
        queue.add(() -> queue.add(() -> done.add("what it leads to")));
        queue.add(() -> done.add("what was left"));

        queue.start();

        assertThat(done).containsExactly("what was left", "what it leads to");
    }
}
