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

import io.cameliot.awsiot.settings.ConnectionSettings;
import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.mqtt.session.InboundMessage;
import io.cameliot.common.mqtt.session.MqttSession;
import io.cameliot.common.mqtt.session.MqttSessionListener;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * One attempt to connect. It reads files and fetches credentials on an I/O thread, then dials, and limits the time of
 * both. It has one outcome; a session that arrives after the outcome is disconnected.
 */
final class ConnectAttempt {

    private static final CompletableFuture<Void> NOTHING_LEFT = CompletableFuture.completedFuture(null);

    private final ConnectionSettings settings;
    private final MqttThreads threads;
    private final Duration disconnectTimeout;
    private final Listener listener;
    private final CompletableFuture<MqttSession> result = new CompletableFuture<>();
    /**
     * Completes after the listener was told the outcome. The listener hears of the loss of the connection only after
     * that.
     */
    private final CompletableFuture<Void> told;

    /** Completes when the connection of an attempt without a session is closed, once {@link #connectSent}. */
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private volatile boolean connectSent;

    /**
     * @param disconnectTimeout limits the wait for the session of an attempt that was given up, and its DISCONNECT
     */
    ConnectAttempt(ConnectionSettings settings, MqttThreads threads, Duration disconnectTimeout, Listener listener) {
        this.settings = settings;
        this.threads = threads;
        this.disconnectTimeout = disconnectTimeout;
        this.listener = listener;
        this.told = result.handle(this::tell);
    }

    private Void tell(MqttSession connected, Throwable failure) {
        if (failure == null) {
            listener.established(connected);
        } else {
            listener.failed(failure instanceof CompletionException ? failure.getCause() : failure);
        }
        return null;
    }

    /** Starts the attempt, unless it was given up, and returns at once. */
    void begin(SessionConnector connector, String clientId) {
        if (result.isDone()) {
            return;
        }
        try {
            // On an I/O thread, because reading files and fetching credentials may take a while.
            Future<?> preparing = threads.io().submit(() -> prepare(connector, clientId));
            Future<?> limit = threads.timer().schedule(this::timeOut, limit().toMillis(), TimeUnit.MILLISECONDS);
            result.whenComplete((connected, failure) -> {
                limit.cancel(false);
                if (failure != null) {
                    preparing.cancel(true);
                }
            });
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(e);
        }
    }

    /**
     * Returns the time limit of the attempt. The session limits its own steps; the steps before it may run the user's
     * code.
     */
    private Duration limit() {
        return settings.timing().connectionTimeout().multipliedBy(2);
    }

    private void timeOut() {
        result.completeExceptionally(new IOException("No connection with " + settings
                + " within twice the connectionTimeout ("
                + settings.timing().connectionTimeout().toMillis()
                + " ms): check what gives credentials and keys, such as option credentialsProvider"));
    }

    private void prepare(SessionConnector connector, String clientId) {
        try {
            CompletableFuture<MqttSession> dialling = connector.connect(settings, clientId, new SessionListener());
            dialling.whenComplete(this::dialled);
            result.whenComplete((connected, failure) -> {
                if (failure instanceof CancellationException && connectSent) {
                    awaitSession(dialling);
                } else {
                    dialling.cancel(false);
                }
            });
        } catch (Throwable e) {
            result.completeExceptionally(e);
        }
    }

    /**
     * Waits for the session of an attempt that was given up. The server may have accepted the CONNECT: without a DISCONNECT
     * it publishes the will, and AWS IoT Core takes none before its CONNACK.
     */
    private void awaitSession(CompletableFuture<MqttSession> dialling) {
        try {
            Future<?> limit = threads.timer()
                    .schedule(() -> dialling.cancel(false), disconnectTimeout.toMillis(), TimeUnit.MILLISECONDS);
            dialling.whenComplete((connected, failure) -> limit.cancel(false));
        } catch (RejectedExecutionException e) {
            dialling.cancel(false);
        }
    }

    private void dialled(MqttSession connected, Throwable failure) {
        if (failure != null) {
            result.completeExceptionally(failure);
            closed.complete(null);
        } else if (!result.complete(connected)) {
            connected.disconnect(disconnectTimeout).thenRun(() -> closed.complete(null));
        }
    }

    /**
     * Ends the attempt.
     *
     * @return completes when its session, if any, is closed; never exceptionally, and within twice the disconnectTimeout
     */
    CompletableFuture<Void> giveUp() {
        if (result.cancel(false) || result.isCompletedExceptionally()) {
            return connectSent ? closed : NOTHING_LEFT;
        }
        return result.join().disconnect(disconnectTimeout);
    }

    /** Receives the outcome of the attempt and the events of its session, on any thread and in order. */
    interface Listener {

        void established(MqttSession session);

        void failed(Throwable cause);

        void messageArrived(InboundMessage message);

        void lost(Throwable cause);
    }

    private final class SessionListener implements MqttSessionListener {

        @Override
        public void connectSent() {
            connectSent = true;
        }

        @Override
        public void messageArrived(InboundMessage message) {
            listener.messageArrived(message);
        }

        @Override
        public void connectionLost(MqttSession ended, IOException cause) {
            told.thenRun(() -> listener.lost(cause));
        }
    }
}
