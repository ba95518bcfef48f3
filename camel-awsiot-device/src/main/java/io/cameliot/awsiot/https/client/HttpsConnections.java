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
package io.cameliot.awsiot.https.client;

import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.transport.TlsTarget;
import io.netty.channel.Channel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The persistent connections of one link. A request uses an idle connection, or else a new one while there are fewer
 * than the maximum, or else waits. No lock is held during a send.
 *
 * <p>A connection can be lost without a FIN, for example when a NAT router forgets it. A connection that was idle for
 * more than 30 s is therefore not used again, and a connection without an answer in time counts as lost.
 */
public final class HttpsConnections {

    private static final long LONGEST_IDLE_NANOS = Duration.ofSeconds(30).toNanos();

    private final Supplier<TlsTarget> target;
    private final MqttThreads threads;
    private final int maximum;
    private final Duration answerTimeout;
    private final LongSupplier nanoTime;
    // All guarded by this.
    private final Deque<HttpsConnection> free = new ArrayDeque<>();
    private final Set<HttpsConnection> open = new HashSet<>();
    private final Set<CompletableFuture<Channel>> dialling = new HashSet<>();
    private final Deque<HttpsRequest> waiting = new ArrayDeque<>();
    private int places;
    private int generation;
    private boolean closed;

    /**
     * Creates a pool without connections.
     *
     * @param target called for each connection, so that renewed certificates are used; may block
     * @param answerTimeout longest time between a request and its answer
     */
    public HttpsConnections(Supplier<TlsTarget> target, MqttThreads threads, int maximum, Duration answerTimeout) {
        this(target, threads, maximum, answerTimeout, System::nanoTime);
    }

    /**
     * @param nanoTime a clock like {@link System#nanoTime()}
     */
    HttpsConnections(
            Supplier<TlsTarget> target,
            MqttThreads threads,
            int maximum,
            Duration answerTimeout,
            LongSupplier nanoTime) {
        this.target = target;
        this.threads = threads;
        this.maximum = maximum;
        this.answerTimeout = answerTimeout;
        this.nanoTime = nanoTime;
    }

    /** Sends a request. Its answer fails if there is no connection. */
    public void send(HttpsRequest request) {
        HttpsConnection connection;
        List<HttpsConnection> stale;
        boolean dial = false;
        synchronized (this) {
            if (closed) {
                request.answer().completeExceptionally(new IOException("The connection is closed"));
                return;
            }
            stale = removeStale();
            connection = free.pollFirst();
            if (connection == null) {
                waiting.addLast(request);
                dial = places < maximum;
                places += dial ? 1 : 0;
            }
        }
        stale.forEach(HttpsConnection::close);
        if (connection != null) {
            connection.send(request);
        } else if (dial) {
            dial();
        }
    }

    /** Removes the connections that were idle for too long. They are at the end, because the latest is used first. */
    private List<HttpsConnection> removeStale() {
        List<HttpsConnection> stale = new ArrayList<>(0);
        long now = nanoTime.getAsLong();
        while (!free.isEmpty() && now - free.peekLast().idleSince() > LONGEST_IDLE_NANOS) {
            HttpsConnection last = free.pollLast();
            open.remove(last);
            places--;
            stale.add(last);
        }
        return stale;
    }

    private void dial() {
        try {
            // Reading certificates may block.
            threads.io().execute(this::dialNow);
        } catch (RejectedExecutionException e) {
            notDialled(e);
        }
    }

    private synchronized int generation() {
        return generation;
    }

    private void dialNow() {
        int dialled = generation();
        HttpsConnection connection;
        CompletableFuture<Channel> attempt;
        try {
            TlsTarget server = target.get();
            connection = new HttpsConnection(this, server, dialled, answerTimeout);
            attempt = threads.connector().connect(server, connection::addTo);
        } catch (RuntimeException | LinkageError e) {
            notDialled(e);
            return;
        }
        synchronized (this) {
            dialling.add(attempt);
            if (closed) {
                attempt.cancel(false);
            }
        }
        attempt.whenComplete((channel, failure) -> {
            synchronized (this) {
                dialling.remove(attempt);
                if (failure == null) {
                    open.add(connection);
                }
            }
            if (failure == null) {
                free(connection);
            } else {
                notDialled(failure);
            }
        });
    }

    /** Reports that a connection is idle. */
    void free(HttpsConnection connection) {
        HttpsRequest next;
        boolean outdated;
        synchronized (this) {
            if (!open.contains(connection)) {
                return;
            }
            outdated = closed || connection.generation() < generation;
            next = outdated ? null : pollWaiting();
            if (!outdated && next == null) {
                connection.setIdleSince(nanoTime.getAsLong());
                free.addFirst(connection);
            }
        }
        if (next != null) {
            connection.send(next);
        } else if (outdated) {
            connection.close();
        }
    }

    private HttpsRequest pollWaiting() {
        HttpsRequest next = waiting.pollFirst();
        while (next != null && next.answer().isDone()) {
            next = waiting.pollFirst();
        }
        return next;
    }

    /** Reports that a connection has ended. */
    void ended(HttpsConnection connection) {
        boolean dial;
        synchronized (this) {
            if (!open.remove(connection)) {
                return;
            }
            free.remove(connection);
            dial = !waiting.isEmpty() && !closed;
            places -= dial ? 0 : 1;
        }
        if (dial) {
            dial();
        }
    }

    /** Fails one waiting request. The others have connection attempts of their own, or get another one. */
    private void notDialled(Throwable failure) {
        HttpsRequest failed;
        boolean dial;
        synchronized (this) {
            failed = pollWaiting();
            dial = places == 1 && !waiting.isEmpty() && !closed;
            places -= dial ? 0 : 1;
        }
        if (failed != null) {
            failed.answer().completeExceptionally(failure);
        }
        if (dial) {
            dial();
        }
    }

    /**
     * Lets all further requests use connections that are dialled from now on, with the certificates as they then are.
     * Requests that were sent get their answers first.
     */
    public void renew() {
        List<HttpsConnection> idle;
        synchronized (this) {
            generation++;
            idle = new ArrayList<>(free);
            free.clear();
        }
        idle.forEach(HttpsConnection::close);
    }

    /** Closes all connections and fails all requests. */
    public void close() {
        List<HttpsConnection> connections;
        List<CompletableFuture<Channel>> attempts;
        List<HttpsRequest> requests;
        synchronized (this) {
            closed = true;
            connections = new ArrayList<>(open);
            attempts = new ArrayList<>(dialling);
            requests = new ArrayList<>(waiting);
            waiting.clear();
        }
        attempts.forEach(attempt -> attempt.cancel(false));
        connections.forEach(HttpsConnection::close);
        requests.forEach(
                request -> request.answer().completeExceptionally(new IOException("The connection is closed")));
    }
}
