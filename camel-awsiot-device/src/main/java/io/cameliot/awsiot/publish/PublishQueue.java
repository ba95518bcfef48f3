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
package io.cameliot.awsiot.publish;

import io.cameliot.awsiot.failure.AwsReasons;
import io.cameliot.common.mqtt.PublishRefusedException;
import io.cameliot.common.retry.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Messages of exchanges that wait to be sent, in the order of submission, for a connection or for room in the {@link
 * SendWindow}. When a connection ends, its messages in flight return to the head of the queue and are resent as
 * duplicates, except those of {@link #submitUntil}. A message fails after {@code publishTimeout}, counted from its
 * submission.
 *
 * <p>Thread-safe. No method blocks.
 */
public final class PublishQueue {

    private static final CompletableFuture<PublishReceipt> DONE =
            CompletableFuture.completedFuture(PublishReceipt.ACKNOWLEDGED);

    /** The smallest delay between two attempts to send a message that the server refuses temporarily. */
    private static final Duration MIN_RETRY_DELAY = Duration.ofMillis(500);

    private static final Duration MAX_RETRY_DELAY = Duration.ofSeconds(20);

    private final SendWindow window;
    private final long timeoutNanos;
    private final PublishCounters counters;
    private final ScheduledExecutorService timer;
    private final WaitingRoom room = new WaitingRoom();
    private final Deque<Submitted> waiting = new ConcurrentLinkedDeque<>();
    private final Set<Submitted> putOff = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param window sends the messages
     * @param timeout time limit of each message
     * @param timer schedules the resending of refused messages
     */
    public PublishQueue(SendWindow window, Duration timeout, PublishCounters counters, ScheduledExecutorService timer) {
        this.window = window;
        this.timeoutNanos = timeout.toNanos();
        this.counters = counters;
        this.timer = timer;
        window.add(this::poll);
    }

    /**
     * Submits a message. It is sent now, or when a connection and the window allow.
     *
     * @return completes with the outcome of the message, possibly on a thread of the MQTT client
     */
    public CompletableFuture<PublishReceipt> submit(PublishRequest request) {
        // Earlier messages of the caller are already sent or wait here, and must not be overtaken.
        if (request.qos() == 0 && waiting.isEmpty() && window.sendAtOnce(request.message())) {
            counters.sentAtOnce().increment();
            return DONE;
        }
        return submit(new Submitted(request, null));
    }

    /**
     * Submits a message that is sent only until its sender no longer needs it. At that time it is withdrawn if it waits.
     * If it is in flight, it stays there until its PUBACK arrives or the connection ends. It is never resent.
     *
     * @param end completes when the sender no longer needs the message: normally if the server must have received it
     *     before, else exceptionally. The sender must complete it when the connection ends, because a message without a
     *     PUBACK has its outcome only then.
     * @return completes with the outcome of the message, possibly on a thread of the MQTT client; fails if the message
     *     is withdrawn or its PUBACK is lost
     */
    public CompletableFuture<PublishReceipt> submitUntil(CompletableFuture<?> end, PublishRequest request) {
        Submitted message = new Submitted(request, end);
        CompletableFuture<PublishReceipt> done = submit(message);
        end.whenComplete((nothing, failure) -> message.endReached());
        return done;
    }

    private CompletableFuture<PublishReceipt> submit(Submitted message) {
        counters.published().increment();
        PublishException noRoom = room.enter(message.request());
        if (noRoom != null) {
            message.finish(noRoom);
        } else {
            waiting.addLast(message);
            if (!message.failIfClosed("the connection is closed")) {
                window.fill();
            }
        }
        return message.done();
    }

    private Outgoing poll(boolean roomInWindow) {
        for (Submitted first = waiting.peekFirst(); first != null; first = waiting.peekFirst()) {
            if (first.done().isDone()) {
                // Its time was over, or its PUBACK arrived, while the connection was being given up.
                waiting.remove(first);
                first.leaveRoom();
            } else if (first.hasEnded()) {
                // The completion of its end finishes it, without the lock of the window.
                first.takeOut();
            } else if (!roomInWindow && first.qos() > 0) {
                return null;
            } else if (waiting.remove(first)) {
                return first;
            }
        }
        return null;
    }

    /**
     * Fails the messages whose time limit has passed. Those in flight keep their place in the window.
     *
     * @param state the state of the connection, for the exception's message
     * @param lastError why there is no connection; null if there is one or none failed
     */
    public void expire(Supplier<String> state, Throwable lastError) {
        long now = System.nanoTime();
        window.unacknowledged(message -> isLate(message, now) && !message.done().isDone())
                .forEach(message -> ((Submitted) message).expireInFlight(state.get(), lastError));
        // The queue is ordered by deadline, so the first message in time ends the search.
        for (Submitted first = waiting.peekFirst(); isLate(first, now); first = waiting.peekFirst()) {
            if (waiting.remove(first)) {
                first.expire(state.get(), lastError);
            }
        }
        for (Submitted message : putOff) {
            if (isLate(message, now) && putOff.remove(message)) {
                message.expire(state.get(), lastError);
            }
        }
    }

    private static boolean isLate(Outgoing message, long now) {
        return message instanceof Submitted submitted && submitted.deadline - now <= 0;
    }

    /** Fails all waiting messages and accepts no more. Must be called after the window is closed. */
    public void close() {
        closed = true;
        List<Submitted> open = new ArrayList<>(waiting);
        open.addAll(putOff);
        open.forEach(message -> message.failIfClosed("the connection was closed"));
    }

    /** Returns the number of messages that wait for a connection, for room in the window, or for a retry. */
    public int waiting() {
        return waiting.size() + putOff.size();
    }

    /** A message submitted to this queue. */
    private final class Submitted extends Outgoing {

        private final long deadline = System.nanoTime() + timeoutNanos;
        /** See {@link #submitUntil}; null for a message that is sent until it has an outcome. */
        private final CompletableFuture<?> end;

        private volatile PublishRefusedException refusal;
        private volatile boolean takenOut; // whether it neither waits nor is in flight, and waits for its end
        private final AtomicBoolean leftRoom = new AtomicBoolean();
        private Backoff backoff;

        Submitted(PublishRequest request, CompletableFuture<?> end) {
            super(request, false);
            this.end = end;
        }

        boolean hasEnded() {
            return end != null && end.isDone();
        }

        /** Takes this message out of the queue for good. {@link #endReached} finishes it. */
        void takeOut() {
            // In this order, so that endReached, which may run now, finds it in the queue or taken out.
            takenOut = true;
            waiting.remove(this);
        }

        /**
         * Finishes this message because its sender no longer needs it. One in flight that the server may not have received
         * has its outcome later: with the PUBACK, or with the end of the connection.
         */
        void endReached() {
            boolean idle = waiting.remove(this) | putOff.remove(this) | takenOut;
            if (isSent() && !end.isCompletedExceptionally()) {
                finish(null);
            } else if (idle) {
                finish(failure("withdrawn", null));
            }
        }

        @Override
        void taken() {
            finish(null);
        }

        @Override
        void refused(PublishRefusedException reason) {
            if (done().isDone()) {
                // It has timed out.
                leaveRoom();
                return;
            }
            setNeverSent();
            refusal = reason;
            if (!AwsReasons.isPassing(reason.getReasonCode())) {
                finish(failure(reason));
                return;
            }
            putOff.add(this);
            try {
                timer.schedule(this::sendAgain, nextRetryDelay().toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                putOff.remove(this);
                finish(failure(reason));
            }
            failIfClosed("the connection was closed");
            if (hasEnded()) {
                endReached();
            }
        }

        private Duration nextRetryDelay() {
            if (backoff == null) {
                backoff = new Backoff(MIN_RETRY_DELAY, MAX_RETRY_DELAY, ThreadLocalRandom.current());
            }
            return backoff.next();
        }

        private void sendAgain() {
            if (putOff.remove(this)) {
                waitAgain();
                window.fill();
            }
        }

        @Override
        void givenBack() {
            if (end == null) {
                waitAgain();
                return;
            }
            takenOut = true;
            if (end.isDone()) {
                endReached();
            }
        }

        private void waitAgain() {
            waiting.addFirst(this);
            failIfClosed("the connection was closed");
            if (hasEnded()) {
                endReached();
            }
        }

        @Override
        Runnable unsendable(Throwable cause) {
            return () -> finish(failure("it cannot be sent", cause));
        }

        void expire(String state, Throwable lastError) {
            finish(late(state, lastError));
        }

        /** Fails this message, which keeps its room: the connection holds it until it is written or the connection ends. */
        void expireInFlight(String state, Throwable lastError) {
            complete(late(state, lastError));
        }

        private PublishException late(String state, Throwable lastError) {
            String missing = refusal != null ? "not taken" : isSent() && qos() > 0 ? "no PUBACK" : "not sent";
            return failure(missing + " within publishTimeout (" + state + ")", refusal != null ? refusal : lastError);
        }

        /**
         * Fails this message if it waits in a closed queue. Of several threads that find it there, the one that removes
         * it fails it.
         *
         * @return whether the queue is closed
         */
        boolean failIfClosed(String reason) {
            if (closed && (waiting.remove(this) | putOff.remove(this))) {
                finish(failure(reason, null));
            }
            return closed;
        }

        void finish(PublishException failure) {
            complete(failure);
            leaveRoom();
        }

        private void complete(PublishException failure) {
            boolean first = failure == null
                    ? done().complete(PublishReceipt.ACKNOWLEDGED)
                    : done().completeExceptionally(failure);
            if (first) {
                (failure == null ? counters.acknowledged() : counters.failed()).increment();
            }
        }

        void leaveRoom() {
            if (leftRoom.compareAndSet(false, true)) {
                room.leave(request());
            }
        }
    }
}
