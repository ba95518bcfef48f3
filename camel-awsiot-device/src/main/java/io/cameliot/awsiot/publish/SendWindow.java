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

import io.cameliot.common.mqtt.ApplicationMessage;
import io.cameliot.common.mqtt.PublishRefusedException;
import io.cameliot.common.mqtt.session.MqttSession;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Tracks the messages in flight on the current connection, in the order in which they were sent. Whenever there is room
 * it takes the next message from its {@link MessageSource}s, from each in its order and from all in turn.
 *
 * <p>Thread-safe. No method blocks. It writes to the network and calls callbacks without the lock.
 */
public final class SendWindow {

    private final int size;
    private final PublishCounters counters;
    private final LongSupplier nanoTime;

    private final Object lock = new Object();
    private final List<MessageSource> sources = new ArrayList<>(); // guarded by lock
    private final Set<Outgoing> inFlight = new LinkedHashSet<>(); // guarded by lock
    private volatile int unacknowledged; // written under lock
    private int turn; // guarded by lock: the source to poll first
    private PublishChannel channel; // guarded by lock: null without a connection
    private int connection; // guarded by lock: the number of the connection
    private PubackBatch pubacks; // guarded by lock: those of the current connection
    private long heardAt; // guarded by lock
    private long heardOfSentAt; // guarded by lock

    /**
     * @param size largest number of QoS 1 messages in flight; the server may allow fewer
     */
    public SendWindow(int size, PublishCounters counters) {
        this(size, counters, System::nanoTime);
    }

    /**
     * @param nanoTime a clock like {@link System#nanoTime()}
     */
    SendWindow(int size, PublishCounters counters, LongSupplier nanoTime) {
        this.size = size;
        this.counters = counters;
        this.nanoTime = nanoTime;
    }

    void add(MessageSource source) {
        synchronized (lock) {
            sources.add(source);
        }
    }

    private List<MessageSource> sources() {
        synchronized (lock) {
            return List.copyOf(sources);
        }
    }

    /**
     * Starts to send on a new connection.
     *
     * @param number identifies the connection
     */
    public void open(int number, MqttSession connected) {
        open(number, PublishChannel.of(connected));
    }

    void open(int number, PublishChannel opened) {
        synchronized (lock) {
            long now = nanoTime.getAsLong();
            channel = opened;
            connection = number;
            heardAt = now;
            heardOfSentAt = now;
            pubacks = new PubackBatch(opened::schedule, this::unacknowledged, taken -> settle(opened, taken), nanoTime);
        }
        fill();
        sources().forEach(MessageSource::opened);
    }

    /**
     * Ends the sending on the connection and gives back the messages in flight, newest first, so that each source has
     * its order again.
     */
    public void close() {
        List<Outgoing> left;
        synchronized (lock) {
            channel = null;
            left = new ArrayList<>(inFlight);
            inFlight.clear();
            unacknowledged = 0;
        }
        for (int i = left.size() - 1; i >= 0; i--) {
            Outgoing message = left.get(i);
            if (message.isAcknowledged()) {
                // Its batch may never be settled, because the event loop may have ended before.
                message.taken();
            } else {
                message.givenBack();
            }
        }
        sources().forEach(MessageSource::ended);
    }

    boolean isOpen() {
        synchronized (lock) {
            return channel != null;
        }
    }

    /**
     * Sends a QoS 0 message without tracking it.
     *
     * @return false if the message was not sent, because there is no connection or its write buffer is full
     */
    boolean sendAtOnce(ApplicationMessage message) {
        PublishChannel written;
        synchronized (lock) {
            written = channel != null && channel.tryEnqueue(message) ? channel : null;
        }
        flush(written);
        return written != null;
    }

    /** Sends messages of the sources as far as there is room. */
    void fill() {
        List<Runnable> failed = new ArrayList<>(0);
        PublishChannel written;
        synchronized (lock) {
            written = sendNext(failed);
        }
        flush(written);
        failed.forEach(Runnable::run);
    }

    /**
     * Enqueues on the connection what may be sent. The lock is held, so that the order of the sources is the order on
     * the wire.
     *
     * @return the connection to flush without the lock; null if there is nothing to flush
     */
    private PublishChannel sendNext(List<Runnable> failed) {
        PublishChannel written = null;
        for (Outgoing message = poll(); message != null; message = poll()) {
            written = channel;
            send(message, failed);
        }
        return written;
    }

    private Outgoing poll() {
        if (channel == null) {
            return null;
        }
        boolean room = unacknowledged < Math.min(size, channel.receiveMaximum());
        for (int i = 0; i < sources.size(); i++) {
            int asked = (turn + i) % sources.size();
            Outgoing message = sources.get(asked).poll(room);
            if (message != null) {
                turn = (asked + 1) % sources.size();
                return message;
            }
        }
        return null;
    }

    private void send(Outgoing message, List<Runnable> failed) {
        boolean duplicate = message.isSent() && message.qos() > 0;
        if (duplicate) {
            counters.resent().increment();
        }
        message.sending(nanoTime.getAsLong());
        inFlight.add(message);
        unacknowledged += message.qos();
        PublishChannel on = channel;
        PubackBatch batch = pubacks;
        try {
            on.enqueue(message.request().message(), duplicate, failure -> completed(on, message, batch, failure));
        } catch (Throwable e) {
            // The message would fail on the next connection too, and block all messages behind it.
            Runnable end = message.unsendable(e);
            if (end != null) {
                remove(message);
                failed.add(end);
            }
        }
    }

    /** Called without the lock, because waking an event loop takes a while. */
    private static void flush(PublishChannel written) {
        if (written != null) {
            written.flush();
        }
    }

    private void completed(PublishChannel on, Outgoing message, PubackBatch batch, IOException failure) {
        if (failure == null && message.qos() > 0) {
            message.acknowledge();
            batch.add(message);
        } else if (failure == null) {
            settle(on, List.of(message));
        } else if (failure instanceof PublishRefusedException refusal) {
            refused(on, message, refusal);
        }
        // Any other failure ends the connection, and close() gives the message back.
    }

    private void settle(PublishChannel on, List<Outgoing> taken) {
        List<Runnable> failed = new ArrayList<>(0);
        PublishChannel written;
        synchronized (lock) {
            long now = nanoTime.getAsLong();
            for (Outgoing message : taken) {
                // Messages of an earlier connection have left the window, or are in it again.
                if (on == channel && remove(message) && message.qos() > 0) {
                    heard(now, message);
                }
            }
            written = sendNext(failed);
        }
        flush(written);
        taken.forEach(Outgoing::taken);
        failed.forEach(Runnable::run);
    }

    /**
     * Handles a refusal. It is ignored if the message has left the window, because the message is then resent anyway.
     */
    private void refused(PublishChannel on, Outgoing message, PublishRefusedException refusal) {
        boolean removed;
        synchronized (lock) {
            removed = on == channel && remove(message);
            if (removed) {
                heard(nanoTime.getAsLong(), message);
            }
        }
        if (removed) {
            message.refused(refusal);
            fill();
        }
    }

    private boolean remove(Outgoing message) {
        boolean removed = inFlight.remove(message);
        if (removed) {
            unacknowledged -= message.qos();
        }
        return removed;
    }

    /** Records the arrival of a PUBACK or of a refusal. */
    private void heard(long now, Outgoing message) {
        heardAt = now;
        if (message.sentAt() - heardOfSentAt > 0) {
            heardOfSentAt = message.sentAt();
        }
    }

    /**
     * Returns the unacknowledged messages that match the condition. They stay in flight even if they fail now: until the
     * PUBACK or the end of the connection the server counts them towards its Receive Maximum (MQTT 5 section 3.3.4).
     */
    List<Outgoing> unacknowledged(Predicate<Outgoing> condition) {
        synchronized (lock) {
            return inFlight.stream()
                    .filter(message -> !message.isAcknowledged())
                    .filter(condition)
                    .toList();
        }
    }

    /**
     * Returns the connection if its server no longer acknowledges the oldest message in flight: the message is older
     * than the limit, and either later messages were acknowledged or none was within the limit. MQTT 3.1.1 lets a
     * client resend a message only on a new connection (section 4.4).
     *
     * @param limit longest time for a PUBACK while no other arrives; on a slow line the next PUBACK is that of the
     *     oldest message
     * @return the number of the connection
     */
    public OptionalInt silentFor(Duration limit) {
        synchronized (lock) {
            return isSilentFor(limit, nanoTime.getAsLong()) ? OptionalInt.of(connection) : OptionalInt.empty();
        }
    }

    private boolean isSilentFor(Duration limit, long now) {
        for (Outgoing message : inFlight) {
            if (message.qos() > 0 && !message.isAcknowledged()) {
                boolean late = now - message.sentAt() > limit.toNanos();
                boolean overtaken = heardOfSentAt - message.sentAt() > 0;
                return late && (overtaken || now - heardAt > limit.toNanos());
            }
        }
        return false;
    }

    /** Returns the number of messages that wait for a PUBACK. */
    private int unacknowledged() {
        return unacknowledged;
    }

    /** Returns the number of messages that were sent and wait for their PUBACK, including those that have timed out. */
    public int inFlight() {
        synchronized (lock) {
            return inFlight.size();
        }
    }
}
