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
import io.cameliot.awsiot.publish.WaitingRoom;
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
 * The messages that were offered to an outbox and are not accepted yet, in order. Their memory is limited by a {@link
 * WaitingRoom}, and their time by {@code publishTimeout}.
 *
 * <p>Not thread-safe except for {@link #add}, {@link #failUnwritten} and {@link #count}: confined to the worker of the
 * outbox.
 */
final class Offers {

    private static final int BATCH_MESSAGES = 1_000;
    private static final int BATCH_BYTES = 1 << 20;

    /** The worker fails an offer on time. It hangs in a write if it has not done so after this time. */
    static final Duration GRACE = Duration.ofSeconds(1);

    private final String outbox;
    private final OutboxSettings settings;
    private final Duration timeout;
    private final WaitingRoom room = new WaitingRoom();
    private final Queue<Offer> unfinished = new ConcurrentLinkedQueue<>(); // in order of their deadlines
    private final Queue<Offer> incoming = new ConcurrentLinkedQueue<>();
    private final Deque<Offer> waiting = new ArrayDeque<>();
    private volatile int count;

    /**
     * @param outbox name of the outbox, as the beginning of a sentence
     * @param timeout time limit of an offer
     */
    Offers(String outbox, OutboxSettings settings, Duration timeout) {
        this.outbox = outbox;
        this.settings = settings;
        this.timeout = timeout;
    }

    /**
     * An offered message.
     *
     * @param done completes when the message is accepted
     * @param deadline when the offer times out, in terms of {@link System#nanoTime()}
     */
    record Offer(PublishRequest request, CompletableFuture<Void> done, long deadline) {}

    /** Adds an offer for the worker. It fails at once if too much waits. */
    Offer add(PublishRequest request) {
        Offer offer = new Offer(request, new CompletableFuture<>(), System.nanoTime() + timeout.toNanos());
        boolean hasRoom = room.tryEnter(request);
        offer.done().whenComplete((nothing, failure) -> room.leave(request));
        if (hasRoom) {
            unfinished.add(offer);
            incoming.add(offer);
        } else {
            offer.done().completeExceptionally(hasNoRoom());
        }
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

    /**
     * Removes and returns the oldest offers to write together, limited by the room and by the batch size. Leaves out those
     * that have failed meanwhile.
     */
    List<Offer> nextBatch(int room) {
        List<Offer> batch = new ArrayList<>();
        int limit = Math.min(BATCH_MESSAGES, room);
        long bytes = 0;
        while (batch.size() < limit && bytes < BATCH_BYTES && !waiting.isEmpty()) {
            Offer offer = waiting.removeFirst();
            if (!offer.done().isDone()) {
                bytes += offer.request().payload().length;
                batch.add(offer);
            }
        }
        return batch;
    }

    /** Fails the offers that have timed out, because there was no room for them. */
    void failLate() {
        failLate(System.nanoTime(), this::isFull);
        while (!waiting.isEmpty() && waiting.getFirst().done().isDone()) {
            waiting.removeFirst();
        }
    }

    /**
     * Fails the offers that timed out {@link #GRACE} ago, those being written too: the worker would have failed them if
     * its disk answered. Callable from any thread.
     */
    void failUnwritten() {
        failLate(System.nanoTime() - GRACE.toNanos(), this::isNotWritten);
    }

    /** Fails the offers with a deadline up to now, and forgets those that are done. */
    private void failLate(long now, Supplier<OutboxException> reason) {
        for (Offer first = unfinished.peek();
                first != null && (first.done().isDone() || first.deadline() - now <= 0);
                first = unfinished.peek()) {
            if (!first.done().isDone()) {
                first.done().completeExceptionally(reason.get());
            }
            unfinished.remove(first);
        }
    }

    /** Fails the offers for which there is no room, with {@code outboxOverflow=reject}. */
    void rejectAll() {
        failAll(this::isFull);
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

    private OutboxException isFull() {
        String full = outbox + " is full: it has " + settings.maxMessages() + " messages (outboxMaxMessages), ";
        return new OutboxException(
                settings.overflow() == OutboxOverflow.reject
                        ? full + "and outboxOverflow=reject"
                        : full + "and there was no room within publishTimeout (" + timeout.toMillis()
                                + " ms, outboxOverflow=" + settings.overflow() + ")",
                null);
    }

    private OutboxException hasNoRoom() {
        return new OutboxException(
                outbox + " takes no more messages now: more than " + WaitingRoom.LARGEST_MEGABYTES
                        + " MB of them wait to be written or for room in it (outboxMaxMessages="
                        + settings.maxMessages()
                        + ", outboxOverflow=" + settings.overflow() + "). Let the route publish no faster than they are"
                        + " sent, or choose another outboxOverflow",
                null);
    }

    private OutboxException isNotWritten() {
        return new OutboxException(
                outbox + " could not write the message within publishTimeout (" + timeout.toMillis()
                        + " ms): outboxDirectory " + settings.directory() + " does not answer. If it answers later, the"
                        + " message may be sent all the same",
                null);
    }
}
