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
package io.cameliot.common.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PahoExecutorTest {

    private final ExecutorService io = Executors.newSingleThreadExecutor();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final PahoExecutor executor = new PahoExecutor(io, timer);

    @AfterEach
    void stop() {
        io.shutdownNow();
        timer.shutdownNow();
    }

    @Test
    void interruptsALoopOnlyWhileItRuns() throws Exception {
        CompletableFuture<PahoExecutor.Running> first = new CompletableFuture<>();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        executor.execute(() -> {
            first.complete(PahoExecutor.current());
            interrupted.complete(isInterruptedWithin(10_000));
        });

        first.get(10, TimeUnit.SECONDS).interrupt();

        assertThat(interrupted.get(20, TimeUnit.SECONDS)).isTrue();
        CountDownLatch running = new CountDownLatch(1);
        CompletableFuture<Boolean> nextInterrupted = new CompletableFuture<>();
        executor.execute(() -> {
            running.countDown();
            nextInterrupted.complete(isInterruptedWithin(200));
        });
        assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();

        first.get().interrupt();

        assertThat(nextInterrupted.get(10, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void givesTheThreadItsNameBack() throws Exception {
        CompletableFuture<String> before = new CompletableFuture<>();
        CompletableFuture<String> after = new CompletableFuture<>();
        executor.execute(() -> {
            before.complete(Thread.currentThread().getName());
            Thread.currentThread().setName("MQTT Rec: sensor-17");
        });
        executor.execute(() -> after.complete(Thread.currentThread().getName()));

        assertThat(after.get(10, TimeUnit.SECONDS)).isEqualTo(before.get(10, TimeUnit.SECONDS));
        assertThat(PahoExecutor.current()).isNull();
    }

    private static boolean isInterruptedWithin(long millis) {
        try {
            return new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }
}
