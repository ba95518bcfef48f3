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
import io.cameliot.common.mqtt.session.MqttSession;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The messages on their way out, in order: as many as the window allows are in flight, the others wait. What was submitted
 * and in flight when a connection ended goes out again, first and as a duplicate, on the next one, until its time is
 * over. What a forwarder keeps (see {@link #setForwarder}) is given back to it instead.
 *
 * <p>No method blocks, and none writes with the lock held.
 */
public final class PublishQueue {

    private static final CompletableFuture<PublishReceipt> DONE =
            CompletableFuture.completedFuture(PublishReceipt.ACKNOWLEDGED);

    private final long timeoutNanos;
    private final PublishCounters counters;
    private final ScheduledExecutorService timer;
    private final WaitingRoom room = new WaitingRoom();
    private final Object lock = new Object();
    private final SendWindow window; // guarded by lock
    private final Deque<Outgoing> waiting = new ArrayDeque<>(); // guarded by lock
    private final Set<Outgoing> putOff =
            new LinkedHashSet<>(); // guarded by lock: refused, to be sent again after a while
    private PubackBatch pubacks; // guarded by lock: of the present session
    private Consumer<PublishSession> forwarder; // guarded by lock
    private boolean closed; // guarded by lock

    /**
     * @param window how many messages of QoS 1 may be in flight; the server may allow less
     * @param timeout bound of each message
     * @param timer has refused messages sent again
     */
    public PublishQueue(int window, Duration timeout, PublishCounters counters, ScheduledExecutorService timer) {
        this.window = new SendWindow(window);
        this.timeoutNanos = timeout.toNanos();
        this.counters = counters;
        this.timer = timer;
    }

    /**
     * Takes the message, and sends it now or when a connection and the window allow.
     *
     * @return completes when the message is done, on the client's own thread
     */
    public CompletableFuture<PublishReceipt> submit(PublishRequest request) {
        if (request.qos() == 0 && sendAtOnce(request)) {
            counters.sentAtOnce().increment();
            return DONE;
        }
        counters.published().increment();
        Outgoing message = Outgoing.submitted(request, System.nanoTime() + timeoutNanos);
        PublishException noRoom = room.enter(request);
        if (noRoom != null) {
            finish(message, noRoom);
        } else if (!enqueue(message, null)) {
            finish(message, message.failure("the connection is closed", null));
        }
        return message.done();
    }

    /** Without the cost of keeping account of the message. */
    private boolean sendAtOnce(PublishRequest request) {
        MqttSession written;
        synchronized (lock) {
            MqttSession session = window.session();
            written = session != null && waiting.isEmpty() && session.tryEnqueue(request.message()) ? session : null;
        }
        flush(written);
        return written != null;
    }

    /**
     * @param on the only session it is for; null for any
     * @return false if the queue, or that session, has ended
     */
    private boolean enqueue(Outgoing message, MqttSession on) {
        MqttSession written = null;
        boolean accepted;
        synchronized (lock) {
            accepted = on == null ? !closed : on == window.session();
            if (accepted) {
                waiting.addLast(message);
                written = sendWaiting();
            }
        }
        flush(written);
        return accepted;
    }

    /**
     * Gives the publishing side of each connection, the present one included, to someone who keeps messages.
     *
     * @param listener is called on any thread and must return at once; null for none
     */
    public void setForwarder(Consumer<PublishSession> listener) {
        MqttSession present;
        synchronized (lock) {
            forwarder = listener;
            present = window.session();
        }
        if (listener != null && present != null) {
            listener.accept(forwarding(present));
        }
    }

    private PublishSession forwarding(MqttSession on) {
        return (request, duplicate) -> {
            Outgoing message = Outgoing.forwarded(request, duplicate);
            if (!duplicate) {
                counters.published().increment();
            }
            if (!enqueue(message, on)) {
                message.giveBack();
            }
            return message.done();
        };
    }

    /** A connection is up: sends what was in flight on the one before, then what waits. */
    public void attach(MqttSession connected) {
        Consumer<PublishSession> listener;
        MqttSession written;
        synchronized (lock) {
            window.open(connected, System.nanoTime());
            pubacks = new PubackBatch(connected::schedule, window::unacknowledged, this::settle, System::nanoTime);
            listener = forwarder;
            written = sendWaiting();
        }
        flush(written);
        if (listener != null) {
            listener.accept(forwarding(connected));
        }
    }

    /**
     * The connection ended: what was in flight waits again, at the head and in order, and what belongs to the forwarder
     * goes back to it.
     */
    public void detach() {
        List<Outgoing> forwarded = new ArrayList<>();
        List<Outgoing> taken = new ArrayList<>();
        synchronized (lock) {
            List<Outgoing> again = window.close();
            for (int i = again.size() - 1; i >= 0; i--) {
                Outgoing message = again.get(i);
                if (message.isAcknowledged()) {
                    taken.add(message);
                } else {
                    waiting.addFirst(message);
                }
            }
            waiting.removeIf(message -> message.isForwarded() && forwarded.add(message));
        }
        forwarded.forEach(Outgoing::giveBack);
        // Their batch may never be settled: the event loop that would do it can end before.
        taken.forEach(message -> finish(message, null));
    }

    /**
     * Fails the messages whose time is over.
     *
     * @param state what the connection is doing, for the message
     */
    public void expire(String state, Throwable lastError) {
        List<Outgoing> late;
        long now = System.nanoTime();
        synchronized (lock) {
            late = new ArrayList<>(window.removeIf(message -> message.isLate(now) && !message.isAcknowledged()));
            waiting.removeIf(message -> message.isLate(now) && late.add(message));
            putOff.removeIf(message -> message.isLate(now) && late.add(message));
        }
        for (Outgoing message : late) {
            PublishRefusedException refusal = message.refusal();
            String missing = refusal != null ? "not taken" : message.isSent() ? "no PUBACK" : "not sent";
            finish(
                    message,
                    message.failure(
                            missing + " within publishTimeout (" + state + ")", refusal != null ? refusal : lastError));
        }
    }

    /**
     * The connection, if the server acknowledges no more: see {@link SendWindow#isSilentFor}.
     *
     * @return null as long as there is nothing to complain about
     */
    public MqttSession withoutPubAckFor(Duration limit) {
        synchronized (lock) {
            return window.isSilentFor(limit, System.nanoTime()) ? window.session() : null;
        }
    }

    /** Fails all messages and takes no more. */
    public void close() {
        List<Outgoing> open;
        synchronized (lock) {
            closed = true;
            open = new ArrayList<>(window.close());
            open.addAll(waiting);
            open.addAll(putOff);
            putOff.clear();
            waiting.clear();
        }
        for (Outgoing message : open) {
            if (message.isAcknowledged()) {
                finish(message, null);
            } else if (message.isForwarded()) {
                message.giveBack();
            } else {
                finish(message, message.failure("the connection was closed", null));
            }
        }
    }

    public int inFlight() {
        synchronized (lock) {
            return window.size();
        }
    }

    public int waiting() {
        synchronized (lock) {
            return waiting.size() + putOff.size();
        }
    }

    /**
     * Gives the session what may go out, with the lock held, so that the order of submission is the order on the wire.
     *
     * @return the session to be flushed without the lock; null if there is nothing to flush
     */
    private MqttSession sendWaiting() {
        MqttSession written = null;
        while (!waiting.isEmpty() && window.hasRoomFor(waiting.getFirst())) {
            written = window.session();
            send(waiting.removeFirst(), written, pubacks);
        }
        return written;
    }

    /** Without the lock: to wake an event loop takes a while. */
    private static void flush(MqttSession written) {
        if (written != null) {
            written.flush();
        }
    }

    private void send(Outgoing message, MqttSession on, PubackBatch batch) {
        boolean duplicate = message.isSent() && message.qos() > 0;
        if (duplicate) {
            counters.resent().increment();
        }
        message.sending(System.nanoTime());
        window.add(message);
        try {
            on.enqueue(message.request().message(), duplicate, failure -> completed(on, message, batch, failure));
        } catch (Throwable e) {
            // What cannot be sent once cannot be sent on the next connection, and would hold up all that wait behind
            // it.
            // A forwarder's message stays in flight: it goes back to its keeper when the PUBACK does not come.
            if (!message.isForwarded()) {
                window.remove(message);
                finish(message, message.failure("it cannot be sent", e));
            }
        }
    }

    private void completed(MqttSession on, Outgoing message, PubackBatch batch, IOException failure) {
        if (failure == null && message.qos() > 0) {
            message.acknowledge();
            batch.add(message);
        } else if (failure == null) {
            settle(List.of(message));
        } else if (failure instanceof PublishRefusedException refusal) {
            refused(on, message, refusal);
        }
        // With any other failure the connection is ending: detach() puts the message back in its place.
    }

    private void settle(List<Outgoing> taken) {
        MqttSession written;
        synchronized (lock) {
            long now = System.nanoTime();
            for (Outgoing message : taken) {
                // Those of an earlier session have left the window.
                if (window.remove(message) && message.qos() > 0) {
                    window.heard(now, message);
                }
            }
            written = sendWaiting();
        }
        flush(written);
        taken.forEach(message -> finish(message, null));
    }

    private void refused(MqttSession on, Outgoing message, PublishRefusedException refusal) {
        // What has failed meanwhile, because its time was over, is not to arrive after all.
        boolean again =
                !message.isForwarded() && !message.done().isDone() && AwsReasons.isPassing(refusal.getReasonCode());
        MqttSession written;
        synchronized (lock) {
            if (window.remove(message)) {
                window.heard(System.nanoTime(), message);
            }
            message.refuse(refusal);
            if (again) {
                putOff.add(message);
            }
            written = sendWaiting();
        }
        flush(written);
        if (again) {
            sendAgain(message);
        } else {
            finish(message, refused(message));
        }
    }

    private void sendAgain(Outgoing message) {
        try {
            timer.schedule(() -> putBack(message), message.nextRetryDelay().toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            finish(message, refused(message));
        }
    }

    private void putBack(Outgoing message) {
        MqttSession written = null;
        synchronized (lock) {
            if (putOff.remove(message)) {
                waiting.addFirst(message);
                written = sendWaiting();
            }
        }
        flush(written);
    }

    private static PublishException refused(Outgoing message) {
        PublishRequest request = message.request();
        PublishRefusedException refusal = message.refusal();
        String advice = AwsReasons.publish(refusal.getReasonCode(), request.topic(), request.retained());
        return message.failure(advice.isEmpty() ? "not taken" : "not taken, " + advice, refusal);
    }

    private void finish(Outgoing message, PublishException failure) {
        boolean first = failure == null
                ? message.done().complete(PublishReceipt.ACKNOWLEDGED)
                : message.done().completeExceptionally(failure);
        if (first) {
            (failure == null ? counters.acknowledged() : counters.failed()).increment();
            if (!message.isForwarded()) {
                room.leave(message.request());
            }
        }
    }
}
