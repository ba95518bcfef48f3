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

import io.cameliot.awsiot.outbox.store.OutboxException;
import io.cameliot.awsiot.publish.PublishRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * The messages that were offered to an outbox and are not accepted yet, in order.
 *
 * <p>Not thread-safe except for {@link #add} and {@link #count}: confined to the worker of the outbox.
 */
final class Offers {

    private static final int BATCH_MESSAGES = 1_000;
    private static final int BATCH_BYTES = 1 << 20;

    private final long timeoutNanos;
    private final Queue<Offer> incoming = new ConcurrentLinkedQueue<>();
    private final Deque<Offer> waiting = new ArrayDeque<>();
    private volatile int count;

    /**
     * @param timeout how long an offer waits for room
     */
    Offers(Duration timeout) {
        this.timeoutNanos = timeout.toNanos();
    }

    /**
     * An offered message.
     *
     * @param done completes when the message is accepted
     * @param deadline when the offer times out, in terms of {@link System#nanoTime()}
     */
    record Offer(PublishRequest request, CompletableFuture<Void> done, long deadline) {}

    /** Adds an offer for the worker. */
    Offer add(PublishRequest request) {
        Offer offer = new Offer(request, new CompletableFuture<>(), System.nanoTime() + timeoutNanos);
        incoming.add(offer);
        return offer;
    }

    /** Moves the added offers to the worker's queue. */
    void takeIn() {
        for (Offer offer = incoming.poll(); offer != null; offer = incoming.poll()) {
            waiting.addLast(offer);
        }
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Removes and returns the oldest offers to write together, limited by the room and by the batch size. */
    List<Offer> nextBatch(int room) {
        List<Offer> batch = new ArrayList<>();
        int limit = Math.min(BATCH_MESSAGES, room);
        long bytes = 0;
        while (batch.size() < limit && bytes < BATCH_BYTES && !waiting.isEmpty()) {
            Offer offer = waiting.removeFirst();
            bytes += offer.request().payload().length;
            batch.add(offer);
        }
        return batch;
    }

    /** Fails the offers that have timed out. */
    void failLate(Supplier<OutboxException> reason) {
        long now = System.nanoTime();
        while (!waiting.isEmpty() && waiting.getFirst().deadline() - now <= 0) {
            waiting.removeFirst().done().completeExceptionally(reason.get());
        }
    }

    void failAll(Supplier<OutboxException> reason) {
        waiting.forEach(offer -> offer.done().completeExceptionally(reason.get()));
        waiting.clear();
    }

    /** Returns the deadline of the oldest offer, in terms of {@link System#nanoTime()}. There must be one. */
    long nextDeadline() {
        return waiting.getFirst().deadline();
    }

    /** Updates {@link #count}. */
    void publishCount() {
        count = waiting.size();
    }

    /** Returns the number of waiting offers at the last update. Readable by any thread. */
    int count() {
        return count;
    }
}
