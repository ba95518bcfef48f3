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
package io.cameliot.awsiot.connection;

import io.cameliot.common.mqtt.PublishRefusedException;
import io.cameliot.common.mqtt.session.MqttSession;
import io.cameliot.common.retry.Backoff;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The messages on their way out, in order: at most a window of them is in flight, the others wait. What was submitted
 * and in flight when a connection ended goes out again, first and as a duplicate, on the next one, until its time is
 * over. What a forwarder keeps (see {@link #setForwarder}) is given back to it instead.
 *
 * <p>Callers of {@link #submit} are held back while a thousand messages wait, so that memory stays bounded.
 */
final class PublishQueue {

    private static final int MAX_WAITING = 1000;

    /** The time between two tries of a message that the server refuses for now. */
    private static final Duration MIN_RETRY_DELAY = Duration.ofMillis(500);

    private static final Duration MAX_RETRY_DELAY = Duration.ofSeconds(20);

    private static final CompletableFuture<PublishReceipt> DONE =
            CompletableFuture.completedFuture(PublishReceipt.ACKNOWLEDGED);

    private final int window;
    private final long timeoutNanos;
    private final ConnectionCounters counters;
    private final ScheduledExecutorService timer;
    private final Semaphore room;
    private final Object lock = new Object();
    private final Deque<Entry> waiting = new ArrayDeque<>(); // guarded by lock
    private final Set<Entry> inFlight = new LinkedHashSet<>(); // guarded by lock
    private final Set<Entry> putOff = new LinkedHashSet<>(); // guarded by lock: refused, to be sent again after a while
    private int unacknowledged; // guarded by lock: those in flight that wait for a PUBACK
    private MqttSession session; // guarded by lock
    private long heardAt; // guarded by lock: when the last PUBACK came
    private long heardOfSentAt; // guarded by lock: when the latest of the acknowledged messages was sent
    private Consumer<PublishSession> forwarder; // guarded by lock
    private boolean closed; // guarded by lock

    /**
     * @param window how many messages of QoS 1 may be in flight; the server may allow less
     * @param timeout bound of each message
     * @param timer has refused messages sent again
     */
    PublishQueue(int window, Duration timeout, ConnectionCounters counters, ScheduledExecutorService timer) {
        this.counters = counters;
        this.timer = timer;
        this.window = window;
        this.timeoutNanos = timeout.toNanos();
        this.room = new Semaphore(window + MAX_WAITING);
    }

    /**
     * Takes the message, and sends it now or when a connection and the window allow.
     *
     * @return completes when the message is done, on the client's own thread
     */
    CompletableFuture<PublishReceipt> submit(PublishRequest request) {
        if (request.qos() == 0 && sendAtOnce(request)) {
            counters.sentAtOnce().increment();
            return DONE;
        }
        counters.published().increment();
        PublishException noRoom = acquireRoom(request);
        if (noRoom != null) {
            counters.failed().increment();
            return CompletableFuture.failedFuture(noRoom);
        }
        Entry entry = Entry.submitted(request, System.nanoTime() + timeoutNanos);
        boolean accepted;
        synchronized (lock) {
            accepted = !closed;
            if (accepted) {
                waiting.addLast(entry);
                sendWaiting();
            }
        }
        if (!accepted) {
            finish(entry, new PublishException(request, "the connection is closed", null));
        }
        return entry.done;
    }

    /** Without the cost of keeping account of the message. */
    private boolean sendAtOnce(PublishRequest request) {
        synchronized (lock) {
            return session != null && waiting.isEmpty() && session.tryPublish(request.message());
        }
    }

    private PublishException acquireRoom(PublishRequest request) {
        try {
            return room.tryAcquire(timeoutNanos, TimeUnit.NANOSECONDS)
                    ? null
                    : new PublishException(request, "no room in the queue within publishTimeout", null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new PublishException(request, "interrupted", e);
        }
    }

    /**
     * Gives the publishing side of each connection, the present one included, to someone who keeps messages.
     *
     * @param listener is called on any thread and must return at once; null for none
     */
    void setForwarder(Consumer<PublishSession> listener) {
        MqttSession present;
        synchronized (lock) {
            forwarder = listener;
            present = session;
        }
        if (listener != null && present != null) {
            listener.accept(new Forwarding(present));
        }
    }

    /** A connection is up: sends what was in flight on the one before, then what waits. */
    void attach(MqttSession connected) {
        Consumer<PublishSession> listener;
        synchronized (lock) {
            session = connected;
            listener = forwarder;
            heardAt = System.nanoTime();
            heardOfSentAt = heardAt;
            sendWaiting();
        }
        if (listener != null) {
            listener.accept(new Forwarding(connected));
        }
    }

    /**
     * The connection ended: what was in flight waits again, at the head and in order, and what belongs to the forwarder
     * goes back to it.
     */
    void detach() {
        List<Entry> forwarded = new ArrayList<>();
        synchronized (lock) {
            session = null;
            List<Entry> again = new ArrayList<>(inFlight);
            inFlight.clear();
            unacknowledged = 0;
            for (int i = again.size() - 1; i >= 0; i--) {
                waiting.addFirst(again.get(i));
            }
            waiting.removeIf(entry -> entry.isForwarded() && forwarded.add(entry));
        }
        forwarded.forEach(Entry::giveBack);
    }

    /**
     * Fails the messages whose time is over.
     *
     * @param state what the connection is doing, for the message
     */
    void expire(String state, Throwable lastError) {
        List<Entry> expired = new ArrayList<>();
        long now = System.nanoTime();
        synchronized (lock) {
            removeExpired(inFlight.iterator(), now, expired);
            unacknowledged -= expired.stream().mapToInt(Entry::qos).sum();
            removeExpired(waiting.iterator(), now, expired);
            removeExpired(putOff.iterator(), now, expired);
        }
        for (Entry entry : expired) {
            String missing = entry.refusal != null ? "not taken" : entry.sent ? "no PUBACK" : "not sent";
            finish(
                    entry,
                    new PublishException(
                            entry.request,
                            missing + " within publishTimeout (" + state + ")",
                            entry.refusal != null ? entry.refusal : lastError));
        }
    }

    /**
     * The connection, if the oldest message in flight is acknowledged no more: nothing was for so long, or messages sent
     * after it were. MQTT 3.1.1 lets a client send a message again only on a new connection (section 4.4).
     *
     * @param limit how long a PUBACK may take while no other comes; on a slow line the next one is that of the oldest
     * @return null as long as there is nothing to complain about
     */
    MqttSession withoutPubAckFor(Duration limit) {
        synchronized (lock) {
            if (session == null || unacknowledged == 0) {
                return null;
            }
            Entry oldest = inFlight.stream()
                    .filter(entry -> entry.qos() > 0)
                    .findFirst()
                    .orElseThrow();
            long now = System.nanoTime();
            boolean late = now - oldest.sentAt > limit.toNanos();
            boolean overtaken = heardOfSentAt - oldest.sentAt > 0;
            return late && (overtaken || now - heardAt > limit.toNanos()) ? session : null;
        }
    }

    private static void removeExpired(Iterator<Entry> entries, long now, List<Entry> expired) {
        while (entries.hasNext()) {
            Entry entry = entries.next();
            if (!entry.isForwarded() && entry.deadline - now <= 0) {
                entries.remove();
                expired.add(entry);
            }
        }
    }

    /** Fails all messages and takes no more. */
    void close() {
        List<Entry> open;
        synchronized (lock) {
            closed = true;
            session = null;
            open = new ArrayList<>(inFlight);
            open.addAll(waiting);
            open.addAll(putOff);
            inFlight.clear();
            putOff.clear();
            unacknowledged = 0;
            waiting.clear();
        }
        for (Entry entry : open) {
            if (entry.isForwarded()) {
                entry.giveBack();
            } else {
                finish(entry, new PublishException(entry.request, "the connection was closed", null));
            }
        }
    }

    int inFlight() {
        synchronized (lock) {
            return inFlight.size();
        }
    }

    int waiting() {
        synchronized (lock) {
            return waiting.size() + putOff.size();
        }
    }

    /** Sends under the lock, so that the order of submission is the order on the wire. */
    private void sendWaiting() {
        while (session != null
                && !waiting.isEmpty()
                && (unacknowledged < Math.min(window, session.server().receiveMaximum())
                        || waiting.getFirst().qos() == 0)) {
            send(waiting.removeFirst());
        }
    }

    private void send(Entry entry) {
        PublishRequest request = entry.request;
        boolean duplicate = entry.sent && request.qos() > 0;
        if (duplicate) {
            counters.resent().increment();
        }
        entry.sent = true;
        entry.sentAt = System.nanoTime();
        MqttSession on = session;
        inFlight.add(entry);
        unacknowledged += entry.qos();
        try {
            on.publish(request.message(), duplicate, failure -> {
                if (failure == null) {
                    onPublished(on, entry);
                } else if (failure instanceof PublishRefusedException refusal) {
                    onRefused(on, entry, refusal);
                }
                // With any other failure the connection is ending: detach() puts the message back in its place.
            });
        } catch (Throwable e) {
            // What cannot be sent once cannot be sent on the next connection, and would hold up all that wait behind
            // it.
            // A forwarder's message stays in flight: it goes back to its keeper when the PUBACK does not come.
            if (!entry.isForwarded()) {
                land(entry);
                finish(entry, new PublishException(request, "it cannot be sent", e));
            }
        }
    }

    private void land(Entry entry) {
        if (inFlight.remove(entry)) {
            unacknowledged -= entry.qos();
        }
    }

    private void onPublished(MqttSession on, Entry entry) {
        synchronized (lock) {
            land(entry);
            if (session == on) {
                heardAt = entry.qos() > 0 ? System.nanoTime() : heardAt;
                if (entry.qos() > 0 && entry.sentAt - heardOfSentAt > 0) {
                    heardOfSentAt = entry.sentAt;
                }
                sendWaiting();
            }
        }
        finish(entry, null);
    }

    private void onRefused(MqttSession on, Entry entry, PublishRefusedException refusal) {
        boolean again = !entry.isForwarded() && AwsReasons.isPassing(refusal.getReasonCode());
        synchronized (lock) {
            land(entry);
            entry.refusal = refusal;
            // The server has done with it: what is sent again is no duplicate (MQTT 5 section 4.4).
            entry.sent = false;
            if (again) {
                putOff.add(entry);
            }
            if (session == on) {
                heardAt = System.nanoTime();
                sendWaiting();
            }
        }
        if (again) {
            sendAgain(entry);
        } else {
            finish(entry, refused(entry.request, refusal));
        }
    }

    private void sendAgain(Entry entry) {
        Duration delay = entry.backoff().next();
        try {
            timer.schedule(
                    () -> {
                        synchronized (lock) {
                            if (putOff.remove(entry)) {
                                waiting.addFirst(entry);
                                sendWaiting();
                            }
                        }
                    },
                    delay.toMillis(),
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            finish(entry, refused(entry.request, entry.refusal));
        }
    }

    private static PublishException refused(PublishRequest request, PublishRefusedException refusal) {
        String advice = AwsReasons.publish(refusal.getReasonCode(), request.topic(), request.retained());
        return new PublishException(request, advice.isEmpty() ? "not taken" : "not taken, " + advice, refusal);
    }

    private void finish(Entry entry, PublishException failure) {
        boolean first = failure == null
                ? entry.done.complete(PublishReceipt.ACKNOWLEDGED)
                : entry.done.completeExceptionally(failure);
        if (first) {
            (failure == null ? counters.acknowledged() : counters.failed()).increment();
            if (!entry.isForwarded()) {
                room.release();
            }
        }
    }

    /** One connection, for the forwarder. */
    private final class Forwarding implements PublishSession {

        private final MqttSession on;

        Forwarding(MqttSession on) {
            this.on = on;
        }

        @Override
        public CompletableFuture<PublishReceipt> publish(PublishRequest request, boolean duplicate) {
            Entry entry = Entry.forwarded(request, duplicate);
            boolean accepted;
            synchronized (lock) {
                accepted = session == on;
                if (accepted) {
                    if (!duplicate) {
                        counters.published().increment();
                    }
                    waiting.addLast(entry);
                    sendWaiting();
                }
            }
            if (!accepted) {
                entry.giveBack();
            }
            return entry.done;
        }
    }

    private static final class Entry {

        private final PublishRequest request;
        private final CompletableFuture<PublishReceipt> done = new CompletableFuture<>();
        private final boolean forwarded;
        private final long deadline;
        private boolean sent; // guarded by lock
        private long sentAt; // guarded by lock
        private PublishRefusedException refusal; // guarded by lock: why it was not taken the last time
        private Backoff backoff; // of whoever puts it off, one at a time

        private Entry(PublishRequest request, boolean forwarded, boolean sent, long deadline) {
            this.request = request;
            this.forwarded = forwarded;
            this.sent = sent;
            this.deadline = deadline;
        }

        /**
         * @param deadline when its time is over, by {@link System#nanoTime()}
         */
        static Entry submitted(PublishRequest request, long deadline) {
            return new Entry(request, false, false, deadline);
        }

        /** An entry for one connection; its time is the forwarder's business. */
        static Entry forwarded(PublishRequest request, boolean sentBefore) {
            return new Entry(request, true, sentBefore, 0);
        }

        int qos() {
            return request.qos();
        }

        Backoff backoff() {
            if (backoff == null) {
                backoff = new Backoff(MIN_RETRY_DELAY, MAX_RETRY_DELAY, ThreadLocalRandom.current());
            }
            return backoff;
        }

        boolean isForwarded() {
            return forwarded;
        }

        void giveBack() {
            done.completeExceptionally(new PublishException(request, "the connection ended", null));
        }
    }
}
