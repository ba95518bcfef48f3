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
package io.cameliot.common.fleet;

import io.cameliot.common.mqtt.ApplicationMessage;
import io.cameliot.common.mqtt.MessageProperties;
import io.cameliot.common.mqtt.MqttConnectRequest;
import io.cameliot.common.mqtt.session.InboundMessage;
import io.cameliot.common.mqtt.session.MqttSession;
import io.cameliot.common.mqtt.session.MqttSessionListener;
import io.cameliot.common.transport.TlsTarget;
import io.cameliot.common.transport.connect.TransportConnector;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * One MQTT connection of a run, from dialling to closing. It reports what happens to a {@link Listener}, on any thread.
 * No method blocks.
 *
 * <p>A session that it resumes (no clean start) belongs to another client of the same id: messages stay
 * unacknowledged, so that they come again to that one. A session that was not there before is not left behind.
 */
public final class RunConnection {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
    private static final int QOS = 1;

    private final Executor io;
    private final TransportConnector connector;
    private final Duration requestTimeout;
    private final Listener listener;
    private final CompletableFuture<MqttSession> session = new CompletableFuture<>();
    private volatile boolean resumes;

    /** Hears of the events of a connection. Its methods must not block. */
    public interface Listener {

        /** The server accepted the connection. */
        void connected();

        /** The attempt to connect failed. */
        void connectFailed(Throwable failure);

        /** The SUBACK arrived with the granted QoS of each filter, or its reason code from {@code 0x80}. */
        void subscribed(List<Integer> granted);

        /** A message arrived. */
        void arrived(String topic, byte[] payload);

        /** The connection was lost, or a packet could not be sent on it or was refused. */
        void lost(Throwable cause);
    }

    /** The MQTT CONNECT request and the TLS target of an attempt to connect. */
    public record Dial(MqttConnectRequest request, TlsTarget target) {}

    /**
     * Creates a connection that is not open.
     *
     * @param io runs what may block: files are read there
     * @param connector opens the connection
     * @param requestTimeout the time limit of a SUBACK
     * @param listener hears first of {@code connected} or {@code connectFailed}
     */
    public RunConnection(Executor io, TransportConnector connector, Duration requestTimeout, Listener listener) {
        this.io = io;
        this.connector = connector;
        this.requestTimeout = requestTimeout;
        this.listener = listener;
    }

    /**
     * Starts to connect.
     *
     * @param dial reads the files that the connection needs; it may block and throw
     */
    public void open(Supplier<Dial> dial) {
        session.whenComplete((connected, failure) -> {
            if (failure == null) {
                listener.connected();
            } else {
                listener.connectFailed(failure);
            }
        });
        try {
            io.execute(() -> dial(dial));
        } catch (RejectedExecutionException e) {
            session.completeExceptionally(e);
        }
    }

    private void dial(Supplier<Dial> dial) {
        if (session.isDone()) {
            return;
        }
        try {
            Dial to = dial.get();
            resumes = !to.request().session().clean();
            CompletableFuture<MqttSession> attempt =
                    MqttSession.connect(to.request(), to.target(), connector, new Reporter());
            attempt.whenComplete((connected, failure) -> {
                if (failure != null) {
                    session.completeExceptionally(failure);
                } else if (!session.complete(connected)) {
                    connected.abort();
                }
            });
            session.whenComplete((connected, failure) -> attempt.cancel(false));
        } catch (Throwable e) {
            // Errors too, such as those of a key store's provider. Otherwise the run would hear nothing.
            session.completeExceptionally(e);
        }
    }

    /** Subscribes with QoS 1. */
    public void subscribe(List<String> filters) {
        session.thenAccept(
                connected -> connected.subscribe(filters, QOS, requestTimeout).whenComplete((granted, failure) -> {
                    if (failure == null) {
                        listener.subscribed(granted);
                    } else {
                        listener.lost(failure);
                    }
                }));
    }

    /** Publishes with QoS 1. A failure is reported as a lost connection. */
    public void publish(String topic, byte[] payload) {
        ApplicationMessage message = new ApplicationMessage(topic, payload, QOS, false, MessageProperties.NONE);
        session.thenAccept(connected -> connected.publish(message, false, failure -> {
            if (failure != null) {
                listener.lost(failure);
            }
        }));
    }

    /**
     * Closes the connection, or cancels the attempt to connect.
     *
     * @return completes when the connection is closed, after about a second at most, never exceptionally
     */
    public CompletableFuture<Void> close() {
        session.cancel(false);
        return session.thenCompose(
                        connected -> connected.disconnect(CLOSE_TIMEOUT, resumes && !connected.isSessionPresent()))
                .handle((closed, failure) -> null);
    }

    private final class Reporter implements MqttSessionListener {

        @Override
        public void messageArrived(InboundMessage message) {
            if (!resumes) {
                message.acknowledge();
            }
            listener.arrived(message.topic(), message.payload());
        }

        @Override
        public void connectionLost(MqttSession lost, IOException cause) {
            listener.lost(cause);
        }
    }
}
