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
package io.cameliot.common.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RouteThreadsTest {

    private static final int TASKS = 2_000; // more than Camel lets wait by default

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private RouteThreads threads;

    @BeforeEach
    void create() {
        // A wait for its own end would take this long.
        camel.getExecutorServiceManager().setShutdownAwaitTermination(60_000);
        threads = new RouteThreads(camel.getEndpoint("mock:any"), "RouteThreadsTest", 2, timer);
    }

    @AfterEach
    void end() {
        timer.shutdownNow();
        camel.stop();
    }

    /** The caller runs the devices of all routes. */
    @Test
    void runNoTaskOnTheThreadOfTheirCallerHoweverManyWait() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(TASKS);
        Set<Thread> used = ConcurrentHashMap.newKeySet();
        threads.execute(() -> await(blocked));
        threads.execute(() -> await(blocked));

        for (int i = 0; i < TASKS; i++) {
            threads.execute(() -> {
                used.add(Thread.currentThread());
                done.countDown();
            });
        }
        blocked.countDown();

        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(used).doesNotContain(Thread.currentThread());
        threads.close();
    }

    /** Otherwise an exchange that gets its result then would never be completed. */
    @Test
    void refuseTasksAfterTheirEnd() {
        threads.close();

        assertThatThrownBy(() -> threads.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void doNotWaitForTheThreadThatClosesThem() throws Exception {
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        CompletableFuture<String> queued = new CompletableFuture<>();
        CountDownLatch blocked = new CountDownLatch(1);
        threads.execute(() -> await(blocked));
        threads.execute(() -> {
            threads.execute(() -> queued.complete("done"));
            threads.close();
            interrupted.complete(Thread.currentThread().isInterrupted());
        });

        assertThat(interrupted.get(20, TimeUnit.SECONDS)).isFalse();
        assertThat(queued.get(20, TimeUnit.SECONDS)).isEqualTo("done");
        blocked.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
