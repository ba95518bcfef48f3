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
package io.cameliot.awsiot.testing;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Two things that happen at the same time, in an order that is chance. */
public final class Race {

    private Race() {}

    /** Runs both and returns when both are over. */
    public static void run(Runnable here, Executor elsewhere, Runnable there) throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        CompletableFuture<Void> running = CompletableFuture.runAsync(
                () -> {
                    pass(start);
                    there.run();
                },
                elsewhere);
        pass(start);
        here.run();
        running.get(10, TimeUnit.SECONDS);
    }

    private static void pass(CyclicBarrier start) {
        try {
            start.await(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
