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
package io.cameliot.awsiot.link;

import io.cameliot.awsiot.concurrent.SerialQueue;
import io.cameliot.awsiot.failure.ConnectHints;
import io.cameliot.awsiot.link.machine.ConnectionAction;
import io.cameliot.awsiot.link.machine.ConnectionAction.Answer;
import io.cameliot.awsiot.link.machine.ConnectionAction.Connect;
import io.cameliot.awsiot.link.machine.ConnectionAction.Disconnect;
import io.cameliot.awsiot.link.machine.ConnectionAction.Drop;
import io.cameliot.awsiot.link.machine.ConnectionAction.EndTraffic;
import io.cameliot.awsiot.link.machine.ConnectionAction.Finish;
import io.cameliot.awsiot.link.machine.ConnectionAction.GiveUp;
import io.cameliot.awsiot.link.machine.ConnectionAction.HoldTraffic;
import io.cameliot.awsiot.link.machine.ConnectionAction.Pause;
import io.cameliot.awsiot.link.machine.ConnectionAction.Publish;
import io.cameliot.awsiot.link.machine.ConnectionAction.Subscribe;
import io.cameliot.awsiot.link.machine.ConnectionAction.SubscribeRefused;
import io.cameliot.awsiot.link.machine.ConnectionEvent;
import io.cameliot.awsiot.link.machine.ConnectionMachine;
import io.cameliot.awsiot.link.machine.ConnectionMemory;
import io.cameliot.awsiot.link.machine.ReconnectPolicy;
import io.cameliot.awsiot.publish.KeptMessages;
import io.cameliot.awsiot.publish.PublishQueue;
import io.cameliot.awsiot.publish.PublishReceipt;
import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.awsiot.publish.PublishSession;
import io.cameliot.awsiot.receive.MessageHandler;
import io.cameliot.awsiot.receive.SubscriptionRefusedException;
import io.cameliot.awsiot.receive.SubscriptionStatus;
import io.cameliot.awsiot.receive.Subscriptions;
import io.cameliot.awsiot.settings.ConnectionSettings;
import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.camel.PeriodicTasks.PeriodicTask;
import io.cameliot.common.mqtt.session.InboundMessage;
import io.cameliot.common.mqtt.session.MqttSession;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps up the connection of one identity. After a loss it reconnects with backoff, subscribes again and resends
 * unacknowledged messages. Before its first connection it makes single attempts, so that a route's start fails with the
 * reason, unless {@link #keepConnected()} was called.
 *
 * <p>The {@link ConnectionMachine} decides on the actions. This class performs them one after the other, with no lock
 * held.
 *
 * <p>All methods return at once.
 */
public final class DeviceConnection implements DeviceLink {

    private static final Logger LOG = LoggerFactory.getLogger(DeviceConnection.class);

    private static final Duration DISCONNECT_TIMEOUT = Duration.ofSeconds(3);

    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private final ConnectionSettings settings;
    private final SessionConnector connector;
    private final MqttThreads threads;
    private final String clientId;
    private final ConnectionCounters counters;
    private final Traffic traffic;
    private final PeriodicTask tending;

    private final ConnectionMailbox mailbox;
    private final Waiters waiters = new Waiters();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    /** The open sessions by the number of their attempt. */
    private final Map<Integer, MqttSession> sessions = new ConcurrentHashMap<>();

    // Only actions access the fields below.
    private ConnectAttempt attempt;
    private Future<?> pause = DONE;
    private CompletableFuture<Void> disconnecting = DONE;

    public DeviceConnection(
            ConnectionSettings settings, SessionConnector connector, MqttThreads threads, ConnectionCounters counters) {
        this.settings = settings;
        this.counters = counters;
        this.connector = connector;
        this.threads = threads;
        this.clientId = settings.clientId() != null ? settings.clientId() : "camel-" + UUID.randomUUID();
        SerialQueue tasks = new SerialQueue(threads.io());
        this.traffic = new Traffic(settings, counters, tasks, threads.timer(), this::lost);
        this.mailbox = new ConnectionMailbox(
                new ConnectionMachine(
                        new ReconnectPolicy(
                                settings.timing().reconnectMinDelay(),
                                settings.timing().reconnectMaxDelay()),
                        settings.toString(),
                        clientId),
                tasks,
                this::perform);
        this.tending = threads.periodic().start(settings.timing().checkInterval(), this::tend);
    }

    @Override
    public ConnectionSettings settings() {
        return settings;
    }

    /** Returns the client identifier: the option's value, or a generated one where the option is not set. */
    public String clientId() {
        return clientId;
    }

    @Override
    public ConnectionCounters counters() {
        return counters;
    }

    /** Returns the number of messages that were sent and wait for their PUBACK. */
    public int inFlight() {
        return traffic.inFlight();
    }

    /** Returns the number of messages that wait for a connection or for room in the send window. */
    public int waiting() {
        return traffic.queue().waiting();
    }

    public List<SubscriptionStatus> subscriptions() {
        return traffic.subscriptions().status();
    }

    /** Returns a snapshot of the connection, without waiting. */
    public ConnectionStatus status() {
        return mailbox.status();
    }

    /** Returns what the server granted to the current connection; null without a connection. */
    public GrantedSession granted() {
        ConnectionMemory present = mailbox.memory();
        MqttSession current = present.step().isConnected() ? sessions.get(present.number()) : null;
        return current == null ? null : GrantedSession.of(current);
    }

    /**
     * Connects, unless a connection exists or an attempt is under way.
     *
     * @return completes when connected; fails with the reason if the current or next attempt fails
     */
    @Override
    public CompletableFuture<Void> connected() {
        return waiters.add(waiter -> mailbox.on(new ConnectionEvent.Awaited(waiter)));
    }

    @Override
    public void keepConnected() {
        mailbox.on(new ConnectionEvent.Wanted());
    }

    /**
     * Makes the connection anew, with the certificates and credentials as they now are. Messages wait for it; those without
     * an acknowledgement are sent again. The present connection stays as it is if the files are unusable.
     *
     * @return completes when connected; fails if the files are unusable, or with the reason why the next attempt failed,
     *     after which others follow
     */
    @Override
    public CompletableFuture<Void> reconnect() {
        return CompletableFuture.runAsync(settings::renew, threads.io())
                .thenCompose(nothing -> waiters.add(waiter -> {
                    mailbox.on(new ConnectionEvent.ReconnectAsked());
                    mailbox.on(new ConnectionEvent.Awaited(waiter));
                }));
    }

    /** Sends a message now, or as soon as there is a connection. See {@link PublishQueue#submit}. */
    @Override
    public CompletableFuture<PublishReceipt> publish(PublishRequest request) {
        return traffic.queue().submit(request);
    }

    /**
     * Sets the consumer that receives each new connection to send stored messages on. See {@link
     * KeptMessages#setKeeper}.
     */
    public void setForwarder(Consumer<PublishSession> forwarder) {
        traffic.kept().setKeeper(forwarder);
    }

    /**
     * Subscribes a handler to a topic filter, now and after each reconnect.
     *
     * @return completes when the server grants the subscription; fails with {@link SubscriptionRefusedException}, or
     *     when the connection ends
     */
    public CompletableFuture<Void> subscribe(String filter, int qos, MessageHandler handler) {
        return traffic.subscriptions().add(filter, qos, handler);
    }

    public CompletableFuture<Void> unsubscribe(String filter, MessageHandler handler) {
        return traffic.subscriptions().remove(filter, handler);
    }

    /** Removes a handler but keeps its subscription in the server's session. See {@link Subscriptions#leave}. */
    public void leave(String filter, MessageHandler handler) {
        traffic.subscriptions().leave(filter, handler);
    }

    /** Registers a handler for messages that match the filter and that have no other handler, until it is removed. */
    public void receiveUnsolicited(String filter, MessageHandler handler) {
        traffic.subscriptions().addUnsolicited(filter, handler);
    }

    public void stopUnsolicited(MessageHandler handler) {
        traffic.subscriptions().removeUnsolicited(handler);
    }

    /**
     * Disconnects for good and fails the messages that are not yet published.
     *
     * @return completes within a few seconds, never exceptionally
     */
    @Override
    public CompletableFuture<Void> close() {
        mailbox.on(new ConnectionEvent.Closed());
        return closed.copy();
    }

    private void perform(ConnectionAction action) {
        if (action instanceof Connect connect) {
            connect(connect.number());
        } else if (action instanceof GiveUp) {
            disconnecting = CompletableFuture.allOf(disconnecting, attempt.giveUp());
        } else if (action instanceof Pause next) {
            pause(next);
        } else if (action instanceof Subscribe subscribe) {
            subscribe(subscribe);
        } else if (action instanceof Publish publish) {
            traffic.publish(publish.number(), sessions.get(publish.number()));
        } else if (action instanceof SubscribeRefused refused) {
            traffic.subscriptions().subscribeRefused(sessions.get(refused.number()));
        } else if (action instanceof Drop drop) {
            traffic.drop(drop.cause());
            sessions.remove(drop.number()).abort();
        } else if (action instanceof HoldTraffic hold) {
            traffic.drop(hold.cause());
        } else if (action instanceof Disconnect last) {
            disconnecting = CompletableFuture.allOf(
                    disconnecting, sessions.remove(last.number()).disconnect(DISCONNECT_TIMEOUT));
        } else if (action instanceof Answer answer) {
            waiters.answer(answer);
        } else if (action instanceof EndTraffic) {
            traffic.end();
        } else if (action instanceof Finish) {
            tending.cancel();
            pause.cancel(false);
            disconnecting.thenRun(() -> closed.complete(null));
        }
    }

    private void connect(int number) {
        ConnectAttempt next = new ConnectAttempt(settings, threads, DISCONNECT_TIMEOUT, new AttemptListener(number));
        attempt = next;
        // The server sees the end of a connection that is made anew first. Else it would end it, and publish its last
        // will.
        disconnecting.thenRun(() -> next.begin(connector, clientId));
    }

    private void pause(Pause next) {
        if (next.cause() != null) {
            LOG.warn(
                    "No connection with {}: {} (next attempt in {} ms)",
                    settings,
                    next.cause().getMessage(),
                    next.time().toMillis());
        }
        try {
            pause = threads.timer()
                    .schedule(
                            () -> mailbox.on(new ConnectionEvent.PauseOver(next.number())),
                            next.time().toNanos(),
                            TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The connection with {} outlived its threads", settings, e);
        }
    }

    private void subscribe(Subscribe subscribe) {
        LOG.info("Connected with {}", settings);
        if (subscribe.again()) {
            counters.reconnects().increment();
        }
        // Subscribe before publishing, so that the responses to waiting messages are received.
        traffic.subscribe(sessions.get(subscribe.number()))
                .thenRun(() -> mailbox.on(new ConnectionEvent.Subscribed(subscribe.number())));
    }

    private void tend() {
        traffic.enforceTimeLimits(status(), (cause, number) -> mailbox.on(new ConnectionEvent.Lost(number, cause)));
        mailbox.on(new ConnectionEvent.TimePassed());
    }

    /** Gives up a session that no longer responds. */
    private void lost(MqttSession session, Throwable cause) {
        sessions.forEach((number, open) -> {
            if (open == session) {
                mailbox.on(new ConnectionEvent.Lost(number, cause));
            }
        });
    }

    /** Reports the outcome of one attempt and the events of its session. */
    private final class AttemptListener implements ConnectAttempt.Listener {

        private final int number;

        AttemptListener(int number) {
            this.number = number;
        }

        @Override
        public void established(MqttSession session) {
            sessions.put(number, session);
            mailbox.on(new ConnectionEvent.Established(number));
        }

        @Override
        public void failed(Throwable cause) {
            mailbox.on(new ConnectionEvent.AttemptFailed(number, ConnectHints.add(cause, settings, clientId)));
        }

        @Override
        public void messageArrived(InboundMessage message) {
            traffic.arrived(message);
        }

        @Override
        public void lost(Throwable cause) {
            mailbox.on(new ConnectionEvent.Lost(number, cause));
        }
    }
}
