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

import io.cameliot.awsiot.concurrent.SerialTask;
import io.cameliot.awsiot.link.DeviceConnection;
import io.cameliot.awsiot.link.machine.ConnectionState;
import io.cameliot.awsiot.outbox.Offers.Offer;
import io.cameliot.awsiot.outbox.store.AcceptedMessage;
import io.cameliot.awsiot.outbox.store.FileMessageStore;
import io.cameliot.awsiot.outbox.store.MemoryMessageStore;
import io.cameliot.awsiot.outbox.store.MessageStore;
import io.cameliot.awsiot.outbox.store.OutboxException;
import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.awsiot.publish.PublishSession;
import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.camel.PeriodicTasks.PeriodicTask;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Store and forward: accepts the messages of one identity at any time, and sends them when there is a connection. One
 * task on the component's pool does all the work. It writes all waiting offers together.
 *
 * <p>All methods return at once.
 */
public final class Outbox {

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    /**
     * When it closes, an outbox in memory has this time to send all its messages. A file outbox has {@link #DRAIN_FILE}
     * for its messages in flight.
     */
    private static final Duration DRAIN_MEMORY = Duration.ofSeconds(5);

    private static final Duration DRAIN_FILE = Duration.ofSeconds(2);

    private final DeviceConnection connection;
    private final OutboxSettings settings;
    private final MessageStore store;
    private final String name;
    private final Forwarder forwarder;
    private final Consumer<PublishSession> sessions;
    private final SerialTask worker;
    private final Alarm alarm;
    private final Drops drops;
    private final Offers offers;
    private final StoreWriter writer;
    private final OutboxCounters total;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile boolean closing;
    private volatile boolean unreachable;

    private long closeAt; // confined to the worker
    private OutboxStatus counted = OutboxStatus.NONE; // confined to the worker
    private volatile long accepted; // written by the worker

    /**
     * Opens the outbox. The caller must {@link #close} it before it closes the connection.
     *
     * @param total counters to which the outbox adds its counts
     * @throws OutboxException if the directory of the outbox is unusable, in use or damaged
     */
    static Outbox open(DeviceConnection connection, OutboxSettings settings, MqttThreads threads, OutboxCounters total)
            throws OutboxException {
        MessageStore store = settings.mode() == OutboxMode.file
                ? FileMessageStore.open(OutboxDirectory.of(settings.directory(), connection.clientId()))
                : new MemoryMessageStore();
        Outbox outbox = new Outbox(connection, settings, store, threads, total);
        connection.setForwarder(outbox.sessions);
        return outbox;
    }

    /**
     * @param store where the messages are; the outbox closes it
     */
    Outbox(
            DeviceConnection connection,
            OutboxSettings settings,
            MessageStore store,
            MqttThreads threads,
            OutboxCounters total) {
        this.total = total;
        this.connection = connection;
        this.settings = settings;
        this.store = store;
        this.name = "The outbox of client id " + connection.clientId();
        this.worker = new SerialTask(threads.io(), this::work);
        this.alarm = new Alarm(threads.timer(), this::signal);
        this.drops = new Drops(name, settings.maxMessages());
        this.offers = new Offers(name, settings, connection.settings().timing().publishTimeout());
        this.writer = new StoreWriter(name, settings.directory(), store);
        // Twice maxInflight: as many messages wait at the connection as may be in flight, so that a slow disk does not
        // stall it.
        this.forwarder = new Forwarder(
                name,
                store,
                2 * connection.settings().maxInflight(),
                () -> connection.status().lastError(),
                this::signal,
                System::nanoTime,
                System::currentTimeMillis);
        this.sessions = this::connected;
        if (store.isDurable()) {
            PeriodicTask watch = threads.periodic().start(Offers.GRACE, offers::failUnwritten);
            closed.whenComplete((nothing, failure) -> watch.cancel());
        }
        if (forwarder.depth() > 0) {
            LOG.info(
                    "{} has {} messages of an earlier time, and sends them to {}",
                    name,
                    forwarder.depth(),
                    connection.settings().endpoint());
        }
    }

    /** Sets the connection to send on. Callable from any thread. */
    void connected(PublishSession session) {
        forwarder.connected(session);
    }

    OutboxSettings settings() {
        return settings;
    }

    DeviceConnection connection() {
        return connection;
    }

    public OutboxStatus status() {
        return new OutboxStatus(
                forwarder.depth(),
                offers.count(),
                accepted,
                forwarder.forwardedCount(),
                drops.count(),
                forwarder.setAsideCount(),
                forwarder.expiredCount());
    }

    /**
     * Offers a QoS 1 message.
     *
     * @return completes when the message is accepted, which means that it is stored as {@link OutboxMode} says and will
     *     be sent. Fails with an {@link OutboxException} if there is no room or the message could not be written.
     *     Completes on a thread of the outbox, which must not be blocked
     */
    public CompletableFuture<Void> offer(PublishRequest request) {
        Offer offer = offers.add(request);
        try {
            worker.signal();
        } catch (RejectedExecutionException e) {
            offer.done().completeExceptionally(isClosed(e));
        }
        return offer.done();
    }

    /**
     * Accepts no more messages, and closes when the messages in flight are acknowledged; in memory, when all messages
     * are. It waits only while there is a connection or an attempt under way.
     *
     * @return completes within a few seconds, never exceptionally
     */
    public CompletableFuture<Void> close() {
        closing = true;
        signal();
        return closed.copy();
    }

    private void signal() {
        try {
            worker.signal();
        } catch (RejectedExecutionException e) {
            LOG.debug("{} outlived its threads", name, e);
            closed.complete(null);
        }
    }

    private void work() {
        if (closed.isDone()) {
            refuseAll();
            return;
        }
        accept();
        forwarder.run();
        writer.flush();
        if (closing) {
            finish();
        }
        count();
        if (closed.isDone()) {
            alarm.cancel();
        } else {
            setAlarm();
        }
    }

    private void count() {
        OutboxStatus now = status();
        total.add(counted, now);
        counted = now;
    }

    private void accept() {
        offers.takeIn();
        if (closing) {
            refuseAll();
        }
        for (int room = room(); room > 0 && !offers.isEmpty(); room = room()) {
            write(offers.nextBatch(room));
        }
        if (settings.overflow() == OutboxOverflow.reject) {
            offers.rejectAll();
        }
        offers.failLate();
        offers.publishCount();
        drops.report();
    }

    /**
     * Returns how many messages may be written now. With dropOldest, messages in flight still count, because they
     * cannot be dropped.
     */
    private int room() {
        return settings.maxMessages()
                - (settings.overflow() == OutboxOverflow.dropOldest ? forwarder.inFlight() : forwarder.depth());
    }

    /** Drops the oldest messages beyond the limit. Called only after the messages in their place are stored. */
    private void dropSurplus() {
        while (settings.overflow() == OutboxOverflow.dropOldest
                && forwarder.depth() > settings.maxMessages()
                && forwarder.dropOldest()) {
            drops.add();
        }
    }

    private void write(List<Offer> batch) {
        if (batch.isEmpty()) {
            return;
        }
        try {
            writer.append(accepted(batch)).forEach(forwarder::add);
        } catch (Throwable e) {
            // Errors too, such as an OutOfMemoryError: nothing else would complete the exchanges.
            batch.forEach(offer -> offer.done().completeExceptionally(e));
            return;
        }
        dropSurplus();
        accepted += batch.size();
        batch.forEach(offer -> offer.done().complete(null));
    }

    private static List<AcceptedMessage> accepted(List<Offer> batch) {
        long now = System.currentTimeMillis();
        Long nanos = System.nanoTime();
        return batch.stream()
                .map(offer -> new AcceptedMessage(offer.request(), now, nanos))
                .toList();
    }

    private void finish() {
        if (closeAt == 0) {
            if (store.isDurable()) {
                forwarder.stopSending();
            }
            if (connection.status().state() == ConnectionState.CONNECTING) {
                connection.connected().whenComplete((connected, failure) -> {
                    unreachable = failure != null;
                    signal();
                });
            }
            closeAt = System.nanoTime() + (store.isDurable() ? DRAIN_FILE : DRAIN_MEMORY).toNanos();
        }
        if (!forwarder.isIdle() && isReachable() && closeAt - System.nanoTime() > 0) {
            return;
        }
        connection.removeForwarder(sessions);
        forwarder.stopSending();
        writer.close();
        if (forwarder.depth() > 0 && !store.isDurable()) {
            LOG.warn("{} is closed with {} messages that were not sent: they are lost", name, forwarder.depth());
        }
        closed.complete(null);
        refuseAll();
    }

    /** Returns whether there is a connection, or an attempt under way. */
    private boolean isReachable() {
        ConnectionState state = connection.status().state();
        return state == ConnectionState.CONNECTED || state == ConnectionState.CONNECTING && !unreachable;
    }

    private void refuseAll() {
        offers.takeIn();
        offers.failAll(() -> isClosed(null));
        offers.publishCount();
    }

    /**
     * Schedules the next run of the worker for the earliest time at which something is due. It can be over by now: what was
     * not due in this run is for the next one.
     */
    private void setAlarm() {
        if (!offers.isEmpty()) {
            alarm.set(offers.nextDeadline());
        }
        if (writer.flushAt() != 0) {
            alarm.set(writer.flushAt());
        }
        if (drops.areUnreported()) {
            alarm.set(drops.reportAt());
        }
        forwarder.tellWhenDue(alarm::set);
        if (closeAt != 0) {
            alarm.set(closeAt);
        }
    }

    private OutboxException isClosed(Exception cause) {
        return new OutboxException(name + " is closed: the route has stopped", cause);
    }
}
