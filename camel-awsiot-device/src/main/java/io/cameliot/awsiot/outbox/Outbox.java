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
import io.cameliot.awsiot.outbox.store.AcceptedMessage;
import io.cameliot.awsiot.outbox.store.FileMessageStore;
import io.cameliot.awsiot.outbox.store.MemoryMessageStore;
import io.cameliot.awsiot.outbox.store.MessageStore;
import io.cameliot.awsiot.outbox.store.OutboxException;
import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.common.camel.MqttThreads;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the messages of one identity at any time, and sends them when there is a connection: store and forward. All its
 * work is done by one task that runs on the pool of the component; all offers that wait are written together.
 *
 * <p>All methods return at once.
 */
public final class Outbox {

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    private static final int BATCH_MESSAGES = 1_000;
    private static final int BATCH_BYTES = 1 << 20;

    /** So long what is acknowledged may wait for company before it is written down. */
    private static final long FLUSH_NANOS = Duration.ofMillis(100).toNanos();

    private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();

    /** At its end an outbox in memory has so long to send all that it holds; one on disk waits for what is on its way. */
    private static final Duration DRAIN_MEMORY = Duration.ofSeconds(5);

    private static final Duration DRAIN_FILE = Duration.ofSeconds(2);

    private final DeviceConnection connection;
    private final OutboxSettings settings;
    private final MessageStore store;
    private final String name;
    private final Forwarder forwarder;
    private final SerialTask worker;
    private final Alarm alarm;
    private final Drops drops;
    private final Queue<Offer> offers = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile boolean closing;
    private volatile boolean unreachable;

    // All below belong to the worker.
    private final Deque<Offer> waiting = new ArrayDeque<>();
    private long closeAt;
    private long flushAt;
    private boolean failing;

    // Written by the worker, read by anyone.
    private volatile int waitingCount;
    private volatile long accepted;

    /**
     * @param offeredAt {@link System#nanoTime()}
     */
    private record Offer(PublishRequest request, CompletableFuture<Void> done, long offeredAt) {}

    /**
     * Opens the outbox; {@link #close} is to be called before the connection is closed.
     *
     * @throws OutboxException if its directory cannot be used, or is in use, or damaged
     */
    static Outbox open(DeviceConnection connection, OutboxSettings settings, MqttThreads threads)
            throws OutboxException {
        MessageStore store = settings.mode() == OutboxMode.file
                ? FileMessageStore.open(OutboxDirectory.of(settings.directory(), connection.clientId()))
                : new MemoryMessageStore();
        Outbox outbox = new Outbox(connection, settings, store, threads);
        connection.setForwarder(outbox.forwarder::connected);
        return outbox;
    }

    private Outbox(DeviceConnection connection, OutboxSettings settings, MessageStore store, MqttThreads threads) {
        this.connection = connection;
        this.settings = settings;
        this.store = store;
        this.name = "The outbox of client id " + connection.clientId();
        this.worker = new SerialTask(threads.io(), this::work);
        this.alarm = new Alarm(threads.timer(), this::signal);
        this.drops = new Drops(name, settings.maxMessages());
        // As many again as may be in flight wait behind them, so that a slow disk does not hold up the connection.
        this.forwarder = new Forwarder(
                name,
                store,
                2 * connection.settings().maxInflight(),
                () -> connection.status().lastError(),
                this::signal,
                System::nanoTime,
                System::currentTimeMillis);
        if (forwarder.depth() > 0) {
            LOG.info("{} has {} messages of an earlier time to send", name, forwarder.depth());
        }
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
                waitingCount,
                accepted,
                forwarder.forwardedCount(),
                drops.count(),
                forwarder.setAsideCount(),
                forwarder.expiredCount());
    }

    /**
     * Takes a message of QoS 1.
     *
     * @return completes when the message is accepted: it is kept as {@link OutboxMode} says and will be sent. Fails with
     *     an {@link OutboxException} when there is no room for it, or it could not be written. Completes on a thread of
     *     the outbox, which must not be held up.
     */
    public CompletableFuture<Void> offer(PublishRequest request) {
        Offer offer = new Offer(request, new CompletableFuture<>(), System.nanoTime());
        offers.add(offer);
        try {
            worker.signal();
        } catch (RejectedExecutionException e) {
            offer.done().completeExceptionally(isClosed(e));
        }
        return offer.done();
    }

    /**
     * Accepts nothing more, and closes when what is on its way has arrived; in memory, when everything has. Both only
     * while there is a connection, or about to be one.
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
        flush();
        if (closing) {
            finish();
        }
        if (closed.isDone()) {
            alarm.cancel();
        } else {
            setAlarm();
        }
    }

    private void accept() {
        for (Offer offer = offers.poll(); offer != null; offer = offers.poll()) {
            waiting.addLast(offer);
        }
        if (closing) {
            refuseAll();
        }
        for (int room = room(); room > 0 && !waiting.isEmpty(); room = room()) {
            write(nextBatch(room));
        }
        if (settings.overflow() == OutboxOverflow.reject) {
            waiting.forEach(offer -> offer.done().completeExceptionally(isFull()));
            waiting.clear();
        }
        long now = System.nanoTime();
        while (!waiting.isEmpty() && deadline(waiting.getFirst()) - now <= 0) {
            waiting.removeFirst().done().completeExceptionally(isFull());
        }
        waitingCount = waiting.size();
        drops.report();
    }

    /** How many messages may be written now; of those to be dropped for them, none is on its way. */
    private int room() {
        return settings.maxMessages()
                - (settings.overflow() == OutboxOverflow.dropOldest ? forwarder.inFlight() : forwarder.depth());
    }

    private List<Offer> nextBatch(int room) {
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

    /** Only when others have been accepted in their place. */
    private void dropSurplus() {
        while (settings.overflow() == OutboxOverflow.dropOldest
                && forwarder.depth() > settings.maxMessages()
                && forwarder.dropOldest()) {
            drops.add();
        }
    }

    private void write(List<Offer> batch) {
        try {
            store.append(accepted(batch)).forEach(forwarder::add);
        } catch (Throwable e) {
            // Errors too, such as of memory that is short: nobody else would end the exchanges.
            storeFailed(e);
            OutboxException failure = new OutboxException(
                    name + " could not write to outboxDirectory " + settings.directory() + " (" + e
                            + "): the message was not accepted. What was accepted before is kept and will be sent",
                    e);
            batch.forEach(offer -> offer.done().completeExceptionally(failure));
            return;
        }
        storeWorked();
        dropSurplus();
        accepted += batch.size();
        batch.forEach(offer -> offer.done().complete(null));
    }

    private static List<AcceptedMessage> accepted(List<Offer> batch) {
        long now = System.currentTimeMillis();
        return batch.stream()
                .map(offer -> new AcceptedMessage(offer.request(), now))
                .toList();
    }

    private void flush() {
        if (!store.isFlushDue()) {
            flushAt = 0;
            return;
        }
        long now = System.nanoTime();
        if (flushAt == 0) {
            flushAt = now + FLUSH_NANOS;
        }
        if (flushAt - now <= 0) {
            try {
                store.flush();
                flushAt = 0;
                storeWorked();
            } catch (IOException e) {
                storeFailed(e);
                flushAt = now + RETRY_NANOS;
            }
        }
    }

    private void storeFailed(Throwable failure) {
        if (!failing) {
            LOG.warn(
                    "{} cannot write to outboxDirectory {}: it accepts no messages until it can, and goes on sending",
                    name,
                    settings.directory(),
                    failure);
        }
        failing = true;
    }

    private void storeWorked() {
        if (failing) {
            LOG.info("{} can write to outboxDirectory {} again", name, settings.directory());
        }
        failing = false;
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
        connection.setForwarder(null);
        try {
            store.flush();
        } catch (IOException e) {
            LOG.warn("{} will send some messages again that have arrived already", name, e);
        }
        try {
            store.close();
        } catch (IOException e) {
            LOG.warn("{} was not closed in order", name, e);
        }
        if (forwarder.depth() > 0 && !store.isDurable()) {
            LOG.warn("{} is closed with {} messages that were not sent: they are lost", name, forwarder.depth());
        }
        closed.complete(null);
        refuseAll();
    }

    /** Whether there is a connection, or an attempt under way. */
    private boolean isReachable() {
        ConnectionState state = connection.status().state();
        return state == ConnectionState.CONNECTED || state == ConnectionState.CONNECTING && !unreachable;
    }

    private void refuseAll() {
        for (Offer offer = offers.poll(); offer != null; offer = offers.poll()) {
            waiting.addLast(offer);
        }
        waiting.forEach(offer -> offer.done().completeExceptionally(isClosed(null)));
        waiting.clear();
        waitingCount = 0;
    }

    /** Has the worker called again when something becomes due. */
    private void setAlarm() {
        if (!waiting.isEmpty()) {
            alarm.set(deadline(waiting.getFirst()));
        }
        if (flushAt != 0) {
            alarm.set(flushAt);
        }
        if (drops.areUnreported()) {
            alarm.set(drops.reportAt());
        }
        if (forwarder.isUnreadable()) {
            alarm.set(System.nanoTime() + RETRY_NANOS);
        }
        if (forwarder.isPausing()) {
            alarm.set(forwarder.pausedUntil());
        }
        if (forwarder.hasSetAside() && forwarder.retryAt() - System.nanoTime() > 0) {
            alarm.set(forwarder.retryAt());
        }
        if (closeAt != 0) {
            alarm.set(closeAt);
        }
    }

    private long deadline(Offer offer) {
        return offer.offeredAt() + connection.settings().timing().publishTimeout().toNanos();
    }

    private OutboxException isFull() {
        String full = name + " is full: it has " + settings.maxMessages() + " messages (outboxMaxMessages), ";
        return new OutboxException(
                settings.overflow() == OutboxOverflow.reject
                        ? full + "and outboxOverflow=reject"
                        : full + "and there was no room within publishTimeout ("
                                + connection.settings().timing().publishTimeout().toMillis() + " ms, outboxOverflow="
                                + settings.overflow() + ")",
                null);
    }

    private OutboxException isClosed(Exception cause) {
        return new OutboxException(name + " is closed: the route has stopped", cause);
    }
}
