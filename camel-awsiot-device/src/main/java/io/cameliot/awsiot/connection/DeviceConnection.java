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

import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.mqtt.MqttReasonException;
import io.cameliot.common.mqtt.session.InboundMessage;
import io.cameliot.common.mqtt.session.MqttSession;
import io.cameliot.common.mqtt.session.MqttSessionListener;
import io.cameliot.common.retry.Backoff;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection of one identity, kept up: after a loss it reconnects with backoff, subscribes again and sends again
 * what was not acknowledged. Until it was connected once it makes single attempts, so that a route's start fails with
 * the reason, unless it is told to {@link #keepConnected()}.
 *
 * <p>All methods return at once.
 */
public final class DeviceConnection implements DeviceLink {

    private static final Logger LOG = LoggerFactory.getLogger(DeviceConnection.class);

    private static final Duration DISCONNECT_TIMEOUT = Duration.ofSeconds(3);

    private final ConnectionSettings settings;
    private final SessionConnector connector;
    private final MqttThreads threads;
    private final String clientId;
    private final Subscriptions subscriptions;
    private final PublishQueue publishes;
    private final ConnectionCounters counters = new ConnectionCounters();
    private final Future<?> tending;

    // All below guarded by this.
    private final ReconnectPolicy policy;
    private ConnectionState state = ConnectionState.IDLE;
    private Instant since = Instant.now();
    private Throwable lastError;
    private int attempts;
    private boolean keepsTrying;
    private long subscribedAt;
    private MqttSession session;
    private CompletableFuture<Void> outcome = new CompletableFuture<>();
    private CompletableFuture<MqttSession> attempt;
    private Future<?> reconnect;

    public DeviceConnection(ConnectionSettings settings, SessionConnector connector, MqttThreads threads) {
        this.settings = settings;
        this.connector = connector;
        this.threads = threads;
        this.clientId = settings.clientId() != null ? settings.clientId() : "camel-" + UUID.randomUUID();
        this.subscriptions = new Subscriptions(settings, counters, this::lost);
        this.publishes = new PublishQueue(settings.maxInflight(), settings.publishTimeout(), counters, threads.timer());
        this.policy = new ReconnectPolicy(
                new Backoff(settings.reconnectMinDelay(), settings.reconnectMaxDelay(), new Random()),
                System::nanoTime);
        long sweep = Math.max(10, Math.min(1000, settings.publishTimeout().toMillis() / 10));
        this.tending = threads.timer().scheduleWithFixedDelay(this::tend, sweep, sweep, TimeUnit.MILLISECONDS);
    }

    @Override
    public ConnectionSettings settings() {
        return settings;
    }

    /** The client identifier in use, the generated one where none is set. */
    public String clientId() {
        return clientId;
    }

    @Override
    public ConnectionCounters counters() {
        return counters;
    }

    /** Messages that were sent and wait for their PUBACK. */
    public int inFlight() {
        return publishes.inFlight();
    }

    /** Messages that wait for a connection or for room in the window. */
    public int waiting() {
        return publishes.waiting();
    }

    public synchronized ConnectionStatus status() {
        return new ConnectionStatus(state, since, attempts, lastError);
    }

    /** What the server has granted to the present connection; null while there is none. */
    public GrantedSession granted() {
        MqttSession current = currentSession();
        return current == null ? null : GrantedSession.of(current);
    }

    /**
     * Connects, unless that is done or under way.
     *
     * @return the outcome of the attempt that is under way or comes next; fails with the reason
     */
    @Override
    public synchronized CompletableFuture<Void> connected() {
        switch (state) {
            case CONNECTED -> {
                return CompletableFuture.completedFuture(null);
            }
            case CLOSED -> {
                return CompletableFuture.failedFuture(
                        new IOException("The connection with " + settings + " is closed"));
            }
            case IDLE -> {
                CompletableFuture<Void> next = outcome;
                connect();
                return next.copy();
            }
            default -> {
                return outcome.copy();
            }
        }
    }

    @Override
    public synchronized void keepConnected() {
        keepsTrying = true;
        if (state == ConnectionState.IDLE) {
            connect();
        }
    }

    /** Sends a message now or as soon as there is a connection. See {@link PublishQueue#submit}. */
    @Override
    public CompletableFuture<PublishReceipt> publish(PublishRequest request) {
        return publishes.submit(request);
    }

    /** Gives each connection to someone who keeps messages. See {@link PublishQueue#setForwarder}. */
    public void setForwarder(Consumer<PublishSession> forwarder) {
        publishes.setForwarder(forwarder);
    }

    /**
     * Subscribes a handler to a topic filter, now and after each reconnect.
     *
     * @return completes when the server granted it, fails with {@link SubscriptionRefusedException} or with the end of
     *     the connection
     */
    public CompletableFuture<Void> subscribe(String filter, int qos, MessageHandler handler) {
        return subscriptions.add(filter, qos, handler, this::currentSession);
    }

    public CompletableFuture<Void> unsubscribe(String filter, MessageHandler handler) {
        return subscriptions.remove(filter, handler, this::currentSession);
    }

    /** Removes a handler but keeps its subscription in the server's session. See {@link Subscriptions#leave}. */
    public void leave(String filter, MessageHandler handler) {
        subscriptions.leave(filter, handler);
    }

    /** Registers a handler for messages that fit the filter and that nobody subscribed to, until it is removed. */
    public void receiveUnsolicited(String filter, MessageHandler handler) {
        subscriptions.addUnsolicited(filter, handler);
    }

    public void stopUnsolicited(MessageHandler handler) {
        subscriptions.removeUnsolicited(handler);
    }

    private synchronized MqttSession currentSession() {
        return session;
    }

    /**
     * Disconnects for good and fails what is still to be published.
     *
     * @return completes within a few seconds, never exceptionally
     */
    @Override
    public CompletableFuture<Void> close() {
        MqttSession last;
        synchronized (this) {
            if (state == ConnectionState.CLOSED) {
                return CompletableFuture.completedFuture(null);
            }
            enter(ConnectionState.CLOSED);
            tending.cancel(false);
            if (reconnect != null) {
                reconnect.cancel(false);
            }
            last = session != null ? session : endAttempt();
            session = null;
            outcome.completeExceptionally(new IOException("The connection with " + settings + " was closed"));
        }
        publishes.close();
        return last == null ? CompletableFuture.completedFuture(null) : last.disconnect(DISCONNECT_TIMEOUT);
    }

    /** Returns what the attempt has made and nobody has heard of yet; null if there is nothing of the kind. */
    private MqttSession endAttempt() {
        return attempt == null || attempt.cancel(false) || attempt.isCompletedExceptionally() ? null : attempt.join();
    }

    private synchronized void connect() {
        if (state == ConnectionState.CLOSED) {
            return;
        }
        enter(ConnectionState.CONNECTING);
        Duration tooEarly = policy.untilNextConnect();
        if (tooEarly.compareTo(Duration.ZERO) > 0) {
            connectAfter(tooEarly);
            return;
        }
        policy.connecting();
        attempts++;
        CompletableFuture<MqttSession> next = new CompletableFuture<>();
        attempt = next;
        next.whenComplete((connected, failure) -> threads.io().execute(() -> {
            if (failure == null) {
                established(connected);
            } else {
                failed(ConnectHints.add(
                        failure instanceof CompletionException ? failure.getCause() : failure, settings, clientId));
            }
        }));
        // On a thread of its own, because reading files and fetching credentials may take a while.
        Future<?> preparing = threads.io().submit(() -> prepare(next));
        // What the session does has limits of its own; what comes before it may be the user's code.
        Future<?> limit = threads.timer()
                .schedule(
                        () -> next.completeExceptionally(new IOException("No connection with " + settings
                                + " within twice the connectionTimeout ("
                                + settings.connectionTimeout().toMillis()
                                + " ms): check what gives credentials and keys, such as option credentialsProvider")),
                        2 * settings.connectionTimeout().toMillis(),
                        TimeUnit.MILLISECONDS);
        next.whenComplete((connected, failure) -> {
            limit.cancel(false);
            if (failure != null) {
                preparing.cancel(true);
            }
        });
    }

    private void prepare(CompletableFuture<MqttSession> next) {
        try {
            CompletableFuture<MqttSession> dialling = connector.connect(settings, clientId, new Listener());
            dialling.whenComplete((connected, failure) -> handOver(next, connected, failure));
            next.whenComplete((connected, failure) -> dialling.cancel(false));
        } catch (Throwable e) {
            next.completeExceptionally(e);
        }
    }

    private static void handOver(CompletableFuture<MqttSession> taker, MqttSession connected, Throwable failure) {
        if (failure != null) {
            taker.completeExceptionally(failure);
        } else if (!taker.complete(connected)) {
            connected.disconnect(DISCONNECT_TIMEOUT);
        }
    }

    private void established(MqttSession connected) {
        CompletableFuture<Void> success;
        synchronized (this) {
            if (state == ConnectionState.CLOSED) {
                connected.disconnect(DISCONNECT_TIMEOUT);
                return;
            }
            enter(ConnectionState.CONNECTED);
            session = connected;
            if (policy.isReconnect()) {
                counters.reconnects().increment();
            }
            policy.connected();
            subscribedAt = System.nanoTime();
            keepsTrying = true;
            attempts = 0;
            success = outcome;
            outcome = new CompletableFuture<>();
        }
        LOG.info("Connected with {}", settings);
        // Before those who wait for the connection add to the subscriptions; each filter is to go out once.
        CompletableFuture<Void> subscribed = subscriptions.subscribeAll(connected);
        success.complete(null);
        // Subscribed first, so that the answer to a message that waited is heard.
        subscribed.thenRun(() -> publishOn(connected));
        if (connected.isEnded()) {
            // It ended before it was known here, so that the listener's word came too early.
            lost(connected, new IOException("The connection with " + settings + " ended as soon as it was made"));
        }
    }

    private synchronized void publishOn(MqttSession connected) {
        if (session == connected) {
            publishes.attach(connected);
        }
    }

    private void failed(Throwable failure) {
        CompletableFuture<Void> failedOutcome;
        synchronized (this) {
            if (state == ConnectionState.CLOSED) {
                return;
            }
            lastError = failure;
            failedOutcome = outcome;
            outcome = new CompletableFuture<>();
            if (keepsTrying) {
                reconnectLater(failure);
            } else {
                enter(ConnectionState.IDLE);
            }
        }
        failedOutcome.completeExceptionally(failure);
    }

    private void lost(MqttSession ended, Throwable cause) {
        synchronized (this) {
            if (session != ended) {
                return;
            }
            session = null;
            policy.lost(cause);
            lastError = explain(cause);
            publishes.detach();
            reconnectLater(lastError);
        }
        subscriptions.connectionLost(ended, cause);
        ended.abort();
    }

    private Throwable explain(Throwable cause) {
        if (cause instanceof MqttReasonException disconnected) {
            return ConnectHints.disconnected(disconnected, clientId);
        }
        return policy.suspectsTakeover() ? ConnectHints.takeover(cause, policy.suspiciousTime(), clientId) : cause;
    }

    private void reconnectLater(Throwable cause) {
        Duration delay = policy.nextDelay();
        LOG.warn("No connection with {}: {} (next attempt in {} ms)", settings, cause.getMessage(), delay.toMillis());
        enter(ConnectionState.WAITING);
        connectAfter(delay);
    }

    private void connectAfter(Duration delay) {
        reconnect = threads.timer()
                .schedule(() -> threads.io().execute(this::connect), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void enter(ConnectionState next) {
        state = next;
        since = Instant.now();
    }

    private void tend() {
        try {
            enforceTimeLimits();
        } catch (Throwable e) {
            // The timer would not call again, and nothing would have a time limit any more.
            LOG.error("The time limits of the connection with {} could not be looked after", settings, e);
        }
    }

    private void enforceTimeLimits() {
        ConnectionStatus status = status();
        publishes.expire(
                status.state() + " with " + settings,
                status.state() == ConnectionState.CONNECTED ? null : status.lastError());
        MqttSession silent = publishes.withoutPubAckFor(settings.connectionTimeout());
        if (silent != null) {
            lost(
                    silent,
                    new IOException("No PUBACK from " + settings.endpoint() + " within connectionTimeout ("
                            + settings.connectionTimeout().toMillis() + " ms)"));
        }
        subscriptions.dropUnclaimed();
        MqttSession connected = sessionDueForRefusedFilters();
        if (connected != null) {
            subscriptions.subscribeRefused(connected);
        }
    }

    private synchronized MqttSession sessionDueForRefusedFilters() {
        if (session == null
                || System.nanoTime() - subscribedAt
                        < settings.reconnectMaxDelay().toNanos()) {
            return null;
        }
        subscribedAt = System.nanoTime();
        return session;
    }

    private final class Listener implements MqttSessionListener {

        @Override
        public void messageArrived(InboundMessage message) {
            counters.received().increment();
            subscriptions.dispatch(message);
        }

        @Override
        public void connectionLost(MqttSession ended, IOException cause) {
            threads.io().execute(() -> lost(ended, cause));
        }
    }
}
