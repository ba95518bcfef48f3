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

import io.cameliot.awsiot.outbox.store.AcceptedMessage;
import io.cameliot.awsiot.outbox.store.MessageReader;
import io.cameliot.awsiot.outbox.store.MessageStore;
import io.cameliot.awsiot.outbox.store.StoredMessage;
import io.cameliot.awsiot.publish.PublishException;
import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.awsiot.publish.PublishSession;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Sends the messages of an outbox in order over successive connections, and deletes each when it is acknowledged.
 *
 * <p>An MQTT 5 server says which message it refuses: see {@link Refusals}. An MQTT 3.1.1 server ends the connection:
 * see {@link Suspects}. A message that is refused for good, or cannot be read, is set aside for a while, so that it does
 * not block the others.
 *
 * <p>Not thread-safe except for {@link #connected}: confined to the worker of the outbox.
 */
final class Forwarder {

    /**
     * How long messages are set aside. Long enough not to delay other messages, short enough to notice that a policy
     * was corrected.
     */
    static final Duration ASIDE = Duration.ofMinutes(10);

    private final MessageStore store;
    private final int window;
    private final Supplier<Throwable> lastError;
    private final Runnable signal;
    private final LongSupplier nanoTime;
    private final LongSupplier currentTimeMillis;
    private final Refusals refusals;
    private final Suspects suspects;
    private final MessageReader reader;
    private final Queue<Runnable> events = new ConcurrentLinkedQueue<>();

    private final NavigableMap<Long, StoredMessage> kept = new TreeMap<>();
    private final NavigableMap<Long, StoredMessage> setAside = new TreeMap<>();
    private final Map<Long, Flight> inFlight = new LinkedHashMap<>();
    private PublishSession session;
    private long cursor;
    private long highestSent;
    private long retryAt;
    private boolean retryDue;
    private boolean sending = true;

    // Written by the worker, read by any thread.
    private volatile int depth;
    private volatile long forwarded;
    private volatile long setAsideCount;
    private volatile long expired;

    private record Flight(StoredMessage message, String topic, boolean suspect, boolean duplicate, PublishSession on) {}

    /**
     * @param name name of the outbox, as the beginning of a sentence
     * @param window largest number of messages that are submitted to the connection and not done
     * @param lastError returns why the last connection ended
     * @param signal called on any thread to ask for a {@link #run}
     * @param nanoTime a clock like {@link System#nanoTime()}
     * @param currentTimeMillis a clock like {@link System#currentTimeMillis()}, because expiry continues across restarts
     */
    Forwarder(
            String name,
            MessageStore store,
            int window,
            Supplier<Throwable> lastError,
            Runnable signal,
            LongSupplier nanoTime,
            LongSupplier currentTimeMillis) {
        this.store = store;
        this.window = window;
        this.lastError = lastError;
        this.signal = signal;
        this.nanoTime = nanoTime;
        this.currentTimeMillis = currentTimeMillis;
        this.refusals = new Refusals(name, nanoTime);
        this.suspects = new Suspects(name);
        this.reader = new MessageReader(name, ASIDE, nanoTime);
        store.recovered().forEach(this::add);
    }

    /** Sets the connection to send on. Callable from any thread. */
    void connected(PublishSession opened) {
        tell(() -> {
            endSession();
            session = opened;
        });
    }

    private void tell(Runnable event) {
        events.add(event);
        signal.run();
    }

    void add(StoredMessage message) {
        kept.put(message.number(), message);
        depth = kept.size() + setAside.size();
    }

    /** Processes the events since the last run, and sends the messages that may be sent. */
    void run() {
        refusals.endPauseIfDue();
        for (Runnable event = events.poll(); event != null; event = events.poll()) {
            event.run();
        }
        retryDue = !setAside.isEmpty() && retryAt - nanoTime.getAsLong() <= 0;
        if (retryDue) {
            if (!inFlight.isEmpty()) {
                return;
            }
            kept.putAll(setAside);
            setAside.clear();
            retryDue = false;
            refusals.retrying();
            reader.retrying();
            cursor = 0;
        }
        while (sending && session != null && !refusals.isHeldBack() && inFlight.size() < allowedInFlight()) {
            Map.Entry<Long, StoredMessage> next = kept.higherEntry(cursor);
            if (next == null || !inFlight.containsKey(next.getKey()) && !send(next.getValue())) {
                return;
            }
            cursor = Math.max(cursor, next.getKey());
        }
    }

    private int allowedInFlight() {
        boolean suspectInFlight =
                inFlight.size() == 1 && inFlight.values().iterator().next().suspect();
        return suspectInFlight || refusals.isCautious() || suspects.areSought() ? 1 : window;
    }

    /**
     * Sends a message, deletes it if it has expired, or sets it aside if it cannot be read.
     *
     * @return false if this message cannot be sent now
     */
    private boolean send(StoredMessage message) {
        AcceptedMessage accepted = reader.read(message);
        if (accepted == null) {
            boolean givenUp = reader.isGivenUp(message);
            if (givenUp) {
                setAside(message);
            }
            return givenUp;
        }
        PublishRequest request = accepted.at(currentTimeMillis.getAsLong(), nanoTime.getAsLong());
        if (request == null) {
            forget(message);
            expired++;
            return true;
        }
        boolean suspect = suspects.isSuspect(request.topic());
        if (suspect && !inFlight.isEmpty()) {
            return false;
        }
        boolean duplicate = !refusals.take(message.number()) && message.number() <= highestSent;
        highestSent = Math.max(highestSent, message.number());
        Flight flight = new Flight(message, request.topic(), suspect, duplicate, session);
        inFlight.put(message.number(), flight);
        session.publish(request, duplicate).whenComplete((receipt, failure) -> {
            refusals.heard(flight.on(), failure);
            tell(() -> completed(flight, failure));
        });
        return true;
    }

    private void completed(Flight flight, Throwable failure) {
        if (failure == null) {
            acknowledged(flight);
        } else if (failure instanceof CancellationException) {
            takenBack(flight);
        } else if (failure instanceof PublishException refusal && refusal.isRefusal()) {
            refused(flight, refusal);
        } else if (flight.on() == session) {
            endSession();
        }
    }

    private void acknowledged(Flight flight) {
        inFlight.remove(flight.message().number(), flight);
        suspects.acknowledged(flight.topic());
        refusals.acknowledged();
        if (forget(flight.message())) {
            forwarded++;
        }
    }

    /** Handles a refusal. It is ignored if the connection has ended, because the message is then resent anyway. */
    private void refused(Flight flight, PublishException refusal) {
        long number = flight.message().number();
        refusals.processed(flight.on(), refusal);
        if (!inFlight.remove(number, flight)) {
            return;
        }
        suspects.answered();
        if (refusal.isPassingRefusal()) {
            refusals.pause(number, refusal);
            cursor = Math.min(cursor, number - 1);
        } else {
            refusals.setAside(number, flight.topic(), refusal, ASIDE);
            setAside(flight.message());
        }
    }

    /** Handles a message that was not sent, so that none behind it is sent before it. */
    private void takenBack(Flight flight) {
        long number = flight.message().number();
        if (inFlight.remove(number, flight)) {
            refusals.unsent(number, flight.duplicate());
            cursor = Math.min(cursor, number - 1);
        }
    }

    /** Ends the session. Messages in flight are resent on the next connection. */
    private void endSession() {
        session = null;
        if (inFlight.isEmpty()) {
            return;
        }
        Flight first = inFlight.values().iterator().next();
        long number = first.message().number();
        if (suspects.lost(number, first.topic(), inFlight.size() == 1)) {
            suspects.setAside(number, first.topic(), lastError.get(), ASIDE);
            setAside(first.message());
        }
        inFlight.clear();
        cursor = 0;
    }

    private void setAside(StoredMessage message) {
        setAsideCount++;
        kept.remove(message.number());
        if (setAside.isEmpty()) {
            // Later messages that are set aside do not postpone the retry.
            retryAt = nanoTime.getAsLong() + ASIDE.toNanos();
        }
        setAside.put(message.number(), message);
        depth = kept.size() + setAside.size();
    }

    private boolean forget(StoredMessage message) {
        boolean here = kept.remove(message.number()) != null | setAside.remove(message.number()) != null;
        if (here) {
            refusals.take(message.number());
            store.remove(message);
            depth = kept.size() + setAside.size();
        }
        return here;
    }

    /**
     * Deletes the oldest message that is not in flight.
     *
     * @return false if all messages are in flight
     */
    boolean dropOldest() {
        Map.Entry<Long, StoredMessage> oldest = setAside.firstEntry();
        for (Map.Entry<Long, StoredMessage> candidate : kept.entrySet()) {
            if (!inFlight.containsKey(candidate.getKey())) {
                if (oldest == null || candidate.getKey() < oldest.getKey()) {
                    oldest = candidate;
                }
                break;
            }
        }
        return oldest != null && forget(oldest.getValue());
    }

    /** Sends no more messages, and takes back those that wait at the connection. */
    void stopSending() {
        sending = false;
        if (session != null) {
            session.takeBack();
        }
    }

    /** Returns whether no message is in flight, and none will be until one is added or a retry is due. */
    boolean isIdle() {
        return inFlight.isEmpty() && (!sending || kept.isEmpty());
    }

    /**
     * Tells the times at which {@link #run} is due though nothing else happens, in terms of {@link System#nanoTime()}. They
     * are for what the last run has left, and can be over by now.
     */
    void tellWhenDue(LongConsumer alarm) {
        if (reader.isFailing()) {
            alarm.accept(nanoTime.getAsLong() + MessageReader.RETRY.toNanos());
        }
        if (refusals.isPausing()) {
            alarm.accept(refusals.pausedUntil());
        }
        if (!setAside.isEmpty() && !retryDue) {
            alarm.accept(retryAt);
        }
    }

    /** Returns the number of messages in the outbox, including those set aside. */
    int depth() {
        return depth;
    }

    int inFlight() {
        return inFlight.size();
    }

    long forwardedCount() {
        return forwarded;
    }

    long expiredCount() {
        return expired;
    }

    long setAsideCount() {
        return setAsideCount;
    }
}
