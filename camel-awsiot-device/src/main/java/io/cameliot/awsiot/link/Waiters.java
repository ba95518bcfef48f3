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
package io.cameliot.awsiot.link;

import io.cameliot.awsiot.link.machine.ConnectionAction;
import io.cameliot.awsiot.link.machine.ConnectionMachine;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * The futures of callers that wait for a connection, by the numbers that the {@link ConnectionMachine} uses for them.
 */
final class Waiters {

    private final AtomicInteger latest = new AtomicInteger();
    private final Map<Integer, CompletableFuture<Void>> futures = new ConcurrentHashMap<>();

    /**
     * @param register receives the number of the new waiter
     */
    CompletableFuture<Void> add(IntConsumer register) {
        int number = latest.incrementAndGet();
        CompletableFuture<Void> future = new CompletableFuture<>();
        futures.put(number, future);
        register.accept(number);
        return future;
    }

    void answer(ConnectionAction.Answer answer) {
        for (Integer number : answer.waiters()) {
            CompletableFuture<Void> future = futures.remove(number);
            if (answer.failure() == null) {
                future.complete(null);
            } else {
                future.completeExceptionally(answer.failure());
            }
        }
    }
}
