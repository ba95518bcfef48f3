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

import io.netty.channel.DefaultEventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnBatchesTest {

    private final DefaultEventLoop loop = new DefaultEventLoop();
    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final List<Runnable> borrowed = new CopyOnWriteArrayList<>();
    private final Executor countedPool = task -> {
        borrowed.add(task);
        pool.execute(task);
    };
    private final TurnBatches batches = new TurnBatches(new Continuations(countedPool, timer), loop);

    @AfterEach
    void stop() throws InterruptedException {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(5, TimeUnit.SECONDS);
        pool.shutdownNow();
        timer.shutdownNow();
    }

    @Test
    void passesTheTasksOfOneTurnTogetherAndInOrder() {
        loop.execute(() -> {
            for (int i = 0; i < 100; i++) {
                String name = "task " + i;
                batches.execute(() -> done.add(name));
            }
            done.add("turn");
        });

        await().until(() -> done.size() == 101);
        assertThat(done.subList(0, 3)).containsExactly("turn", "task 0", "task 1");
        assertThat(done.get(100)).isEqualTo("task 99");
        assertThat(borrowed).hasSize(1);
    }

    @Test
    void runsNoTaskOnTheEventLoop() {
        List<Boolean> onLoop = new CopyOnWriteArrayList<>();

        loop.execute(() -> batches.execute(() -> onLoop.add(loop.inEventLoop())));

        await().until(() -> !onLoop.isEmpty());
        assertThat(onLoop).containsExactly(false);
    }

    @Test
    void passesTheTaskOfAnotherThreadAtOnce() {
        batches.execute(() -> done.add("task"));

        await().until(() -> !done.isEmpty());
        assertThat(borrowed).hasSize(1);
    }

    @Test
    void runsEachTaskWhenThePoolProvidesNoThread() {
        Executor ended = task -> {
            throw new RejectedExecutionException();
        };
        TurnBatches orphaned = new TurnBatches(new Continuations(ended, timer), loop);
        List<String> names = new ArrayList<>(List.of("one", "two"));

        loop.execute(() -> names.forEach(name -> orphaned.execute(() -> {
            done.add(name);
            throw new IllegalStateException("the task's own");
        })));

        await().until(() -> done.size() == 2);
        assertThat(done).containsExactly("one", "two");
    }
}
