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

import io.cameliot.awsiot.link.DeviceConnection;
import io.cameliot.awsiot.outbox.store.OutboxException;
import io.cameliot.awsiot.settings.ConnectionSettings;
import io.cameliot.common.camel.MqttThreads;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Keeps one {@link Outbox} for all producers of one connection, and closes it when its last user releases it. The next
 * one is opened when the one before is closed, so that the order of messages is kept and one at a time uses the files.
 *
 * <p>Thread-safe. No lock is held while an outbox opens: to read a long backlog takes its time, and a disk that does not
 * answer must not hold up the other outboxes.
 */
public final class OutboxManager {

    /** How long an acquisition waits for an outbox that closes. {@link Outbox#close} takes half of that at most. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    /** How long an acquisition waits for an outbox that another thread opens. A long backlog takes seconds to read. */
    private static final Duration OPEN_TIMEOUT = Duration.ofSeconds(60);

    private final MqttThreads threads;
    private final Function<ConnectionSettings, OutboxCounters> totals;
    private final Duration openTimeout;
    private final Map<ConnectionSettings, Shared> outboxes = new HashMap<>(); // guarded by this
    private final Map<ConnectionSettings, CompletableFuture<Void>> opening = new HashMap<>(); // guarded by this
    private final Set<ConnectionSettings> closing = new HashSet<>(); // guarded by this

    /**
     * @param totals returns the counters to which the outbox of a connection adds its counts
     */
    public OutboxManager(MqttThreads threads, Function<ConnectionSettings, OutboxCounters> totals) {
        this(threads, totals, OPEN_TIMEOUT);
    }

    /**
     * @param openTimeout how long an acquisition waits for an outbox that another thread opens
     */
    OutboxManager(MqttThreads threads, Function<ConnectionSettings, OutboxCounters> totals, Duration openTimeout) {
        this.threads = threads;
        this.totals = totals;
        this.openTimeout = openTimeout;
    }

    /**
     * Returns the outbox of this connection, and opens it if it is not open. Waits up to 10 seconds for one that closes,
     * and up to 60 seconds for one that another thread opens. The caller must call {@link #release} once for each call,
     * before it releases the connection.
     *
     * @throws OutboxException if the directory of the outbox is unusable, in use or damaged, or the outbox before does not
     *     close, or that of another thread not open, in time
     * @throws IllegalArgumentException if the connection has an outbox with other options
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public Outbox acquire(DeviceConnection connection, OutboxSettings settings)
            throws OutboxException, InterruptedException {
        Outbox shared = share(connection, settings);
        return shared != null ? shared : open(connection, settings);
    }

    /**
     * Returns the outbox of this connection if it is open.
     *
     * @return null if it is not; the caller must open it
     */
    private synchronized Outbox share(DeviceConnection connection, OutboxSettings settings)
            throws OutboxException, InterruptedException {
        awaitClosed(connection);
        long deadline = System.nanoTime() + openTimeout.toNanos();
        while (opening.containsKey(connection.settings())) {
            awaitChange(
                    deadline,
                    "Another route has been opening the outbox of client id " + connection.clientId() + " for "
                            + openTimeout.toSeconds()
                            + " s: check that the disk of outboxDirectory answers, and start this route again later");
            awaitClosed(connection);
        }
        Shared shared = outboxes.get(connection.settings());
        if (shared == null) {
            opening.put(connection.settings(), new CompletableFuture<>());
            return null;
        }
        if (!shared.outbox.settings().equals(settings)) {
            throw new IllegalArgumentException("The connection with " + connection.settings() + " has an outbox with"
                    + " other options already (" + shared.outbox.settings() + ", not " + settings
                    + "): give all its endpoints the same outbox, outboxDirectory, outboxMaxMessages and"
                    + " outboxOverflow, or outbox=none, or different client ids");
        }
        shared.users++;
        return shared.outbox;
    }

    private Outbox open(DeviceConnection connection, OutboxSettings settings) throws OutboxException {
        Outbox outbox = null;
        try {
            outbox = Outbox.open(connection, settings, threads, totals.apply(connection.settings()));
        } finally {
            opened(connection.settings(), outbox);
        }
        return outbox;
    }

    /**
     * Records that an outbox has opened.
     *
     * @param outbox null if it has failed to
     */
    private synchronized void opened(ConnectionSettings key, Outbox outbox) {
        if (outbox != null) {
            outboxes.put(key, new Shared(outbox));
        }
        opening.remove(key).complete(null);
        notifyAll();
    }

    private void awaitClosed(DeviceConnection connection) throws OutboxException, InterruptedException {
        long deadline = System.nanoTime() + CLOSE_TIMEOUT.toNanos();
        while (closing.contains(connection.settings())) {
            awaitChange(
                    deadline,
                    "The outbox of client id " + connection.clientId() + " is not closed after "
                            + CLOSE_TIMEOUT.toSeconds()
                            + " s, though the routes that used it have stopped: start this route again later");
        }
    }

    /** Waits until an outbox has opened or closed; fails after the deadline. */
    private void awaitChange(long deadline, String failure) throws OutboxException, InterruptedException {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            throw new OutboxException(failure, null);
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
    }

    /**
     * Releases an outbox, and closes it if this was its last user.
     *
     * @return completes when the outbox is closed; at once while others use it
     */
    public synchronized CompletableFuture<Void> release(Outbox outbox) {
        ConnectionSettings key = outbox.connection().settings();
        Shared shared = outboxes.get(key);
        if (shared == null || shared.outbox != outbox || --shared.users > 0) {
            return CompletableFuture.completedFuture(null);
        }
        outboxes.remove(key);
        return close(outbox);
    }

    private CompletableFuture<Void> close(Outbox outbox) {
        ConnectionSettings key = outbox.connection().settings();
        closing.add(key);
        return outbox.close().whenComplete((nothing, failure) -> closed(key));
    }

    private synchronized void closed(ConnectionSettings key) {
        closing.remove(key);
        notifyAll();
    }

    /**
     * Closes all outboxes, including those still in use. One that opens is closed as soon as it is open.
     *
     * @return completes when they are closed
     */
    public synchronized CompletableFuture<Void> closeAll() {
        Stream<CompletableFuture<Void>> open = outboxes.values().stream().map(shared -> close(shared.outbox));
        Stream<CompletableFuture<Void>> later =
                opening.values().stream().map(opened -> opened.thenCompose(nothing -> closeAll()));
        CompletableFuture<?>[] closed = Stream.concat(open, later).toArray(CompletableFuture[]::new);
        outboxes.clear();
        return CompletableFuture.allOf(closed);
    }

    /** Returns the status of a connection's outbox; all zero if it has none. */
    public synchronized OutboxStatus status(ConnectionSettings connection) {
        Shared shared = outboxes.get(connection);
        return shared == null ? OutboxStatus.NONE : shared.outbox.status();
    }

    private static final class Shared {

        private final Outbox outbox;
        private int users = 1;

        Shared(Outbox outbox) {
            this.outbox = outbox;
        }
    }
}
