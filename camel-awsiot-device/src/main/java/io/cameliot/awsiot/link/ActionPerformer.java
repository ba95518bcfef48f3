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
import io.cameliot.awsiot.settings.ConnectionSettings;
import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.camel.PeriodicTasks.PeriodicTask;
import io.cameliot.common.mqtt.ProtocolVersion;
import io.cameliot.common.mqtt.session.InboundMessage;
import io.cameliot.common.mqtt.session.MqttSession;
import io.cameliot.common.text.FailureText;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Performs the actions that the {@link ConnectionMachine} decides on, one after the other and with no lock held, and
 * feeds it with the events that follow from them.
 */
final class ActionPerformer {

    // In the name of the connection, which is what users set the level of.
    private static final Logger LOG = LoggerFactory.getLogger(DeviceConnection.class);

    private static final Duration DISCONNECT_TIMEOUT = Duration.ofSeconds(3);

    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private final ConnectionSettings settings;
    private final String clientId;
    private final SessionConnector connector;
    private final MqttThreads threads;
    private final ConnectionCounters counters;
    private final Waiters waiters;
    private final Traffic traffic;
    private final ConnectionMailbox mailbox;
    private final PeriodicTask tending;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    /** The open sessions by the number of their attempt. */
    private final Map<Integer, MqttSession> sessions = new ConcurrentHashMap<>();

    // Only actions access the fields below.
    private ConnectAttempt attempt;
    private Future<?> pause = DONE;
    /** Completes when no connection with this client identifier is open that ends with a DISCONNECT. */
    private CompletableFuture<Void> disconnecting;

    ActionPerformer(
            ConnectionSettings settings,
            String clientId,
            SessionConnector connector,
            MqttThreads threads,
            ConnectionCounters counters,
            Waiters waiters,
            Predecessor predecessor) {
        this.settings = settings;
        this.clientId = clientId;
        this.connector = connector;
        this.threads = threads;
        this.counters = counters;
        this.waiters = waiters;
        this.disconnecting = predecessor.closed();
        SerialQueue tasks = new SerialQueue(threads.io());
        this.traffic = new Traffic(settings, counters, tasks, threads.timer(), this::lost);
        this.mailbox = new ConnectionMailbox(
                new ConnectionMachine(
                        new ReconnectPolicy(
                                settings.timing().reconnectMinDelay(),
                                settings.timing().reconnectMaxDelay(),
                                settings.session().version() == ProtocolVersion.V3_1_1),
                        settings.toString(),
                        clientId),
                predecessor.lastConnect(),
                tasks,
                this::perform);
        this.tending = threads.periodic().start(settings.timing().checkInterval(), this::tend);
    }

    Traffic traffic() {
        return traffic;
    }

    /** Processes an event. Callable from any thread; returns at once. */
    void on(ConnectionEvent event) {
        mailbox.on(event);
    }

    ConnectionStatus status() {
        return mailbox.status();
    }

    /** See {@link DeviceLink#lastConnect()}. */
    OptionalLong lastConnect() {
        return mailbox.lastConnect();
    }

    /** Returns the session of the current connection; null without a connection. */
    MqttSession session() {
        ConnectionMemory present = mailbox.memory();
        return present.step().isConnected() ? sessions.get(present.number()) : null;
    }

    /** Completes after {@link Finish}, when all connections are closed; never exceptionally. */
    CompletableFuture<Void> closed() {
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
        // The server sees the end of the connection before first. Else it would end it, and publish its last will.
        disconnecting.thenRun(() -> next.begin(connector, clientId));
    }

    private void pause(Pause next) {
        if (next.cause() != null) {
            LOG.warn(
                    "No connection with {}: {} (next attempt in {} ms)",
                    settings,
                    FailureText.of(next.cause()),
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
