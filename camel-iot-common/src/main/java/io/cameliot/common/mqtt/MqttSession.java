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
package io.cameliot.common.mqtt;

import io.cameliot.common.tls.TlsConnectException;
import io.cameliot.common.tls.TlsSocket;
import io.cameliot.common.tls.TlsTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.ScheduledExecutorPingSender;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One MQTT 3.1.1 connection over TLS, from its CONNECT to its end. It never reconnects: who wants a new connection makes
 * a new session, with fresh credentials.
 *
 * <p>All calls return at once. Futures complete, and the listener is called, on the client's own threads: hand off,
 * never block there. Failures are {@link TlsConnectException} (network, TLS),
 * {@link MqttConnackException} (the CONNECT was refused) or {@link IOException}.
 */
public final class MqttSession {

    private static final Logger LOG = LoggerFactory.getLogger(MqttSession.class);

    /** Paho wants an address; {@link TlsSocket} knows the true one. A literal keeps Paho from resolving a name. */
    private static final String UNUSED_SERVER_URI = "tcp://0.0.0.0:1";

    private static final int LARGEST_WINDOW = 65_535;

    private final MqttConnectRequest request;
    private final MqttThreads threads;
    private final MqttSessionListener listener;
    private final TlsSocket socket;
    private final MqttFailures failures;
    private final MqttAsyncClient client;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final CompletableFuture<MqttSession> connected = new CompletableFuture<>();
    private boolean sessionPresent; // written before the connect future completes

    private MqttSession(MqttConnectRequest request, TlsTarget target, MqttThreads threads, MqttSessionListener listener)
            throws MqttException {
        this.request = request;
        this.threads = threads;
        this.listener = listener;
        this.socket = new TlsSocket(target, threads.io());
        this.failures = new MqttFailures(target);
        this.client = new MqttAsyncClient(
                UNUSED_SERVER_URI,
                request.clientId(),
                new MemoryPersistence(),
                new ScheduledExecutorPingSender(threads.timer()),
                threads.pahoExecutor());
        client.setManualAcks(true);
        client.setCallback(new Callback());
    }

    /**
     * Dials, shakes hands and sends the CONNECT.
     *
     * @return completes with the session after a CONNACK that accepts, or exceptionally, at the latest after
     *     {@link MqttConnectRequest#timeout()}; cancelling it ends the attempt
     */
    public static CompletableFuture<MqttSession> connect(
            MqttConnectRequest request, TlsTarget target, MqttThreads threads, MqttSessionListener listener) {
        try {
            MqttSession session = new MqttSession(request, target, threads, listener);
            session.connect();
            return session.connected;
        } catch (MqttException | RuntimeException e) {
            return CompletableFuture.failedFuture(new MqttFailures(target).explain(e));
        }
    }

    private void connect() {
        Future<?> limit = threads.timer()
                .schedule(
                        () -> {
                            if (connected.completeExceptionally(failures.timeout("CONNACK", request.timeout()))) {
                                abort();
                            }
                        },
                        request.timeout().toMillis(),
                        TimeUnit.MILLISECONDS);
        connected.whenComplete((session, failure) -> {
            limit.cancel(false);
            if (failure != null) {
                abort();
            }
        });
        try {
            client.connect(connectOptions(), null, listen(this::connected));
        } catch (MqttException | RuntimeException e) {
            connected.completeExceptionally(failures.explain(e));
        }
    }

    private void connected(IMqttToken token, IOException failure) {
        if (failure != null) {
            // Paho may not have started all its loops yet, and never ends those that it starts after a close.
            connected.completeExceptionally(failure);
        } else {
            sessionPresent = token.getSessionPresent();
            if (!connected.complete(this)) {
                abort();
            }
        }
    }

    private MqttConnectOptions connectOptions() {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        options.setAutomaticReconnect(false);
        options.setCleanSession(request.cleanSession());
        options.setKeepAliveInterval((int) request.keepAlive().toSeconds());
        options.setMaxInflight(LARGEST_WINDOW);
        options.setSocketFactory(new SingleSocketFactory(new PahoSocket(socket)));
        if (request.username() != null) {
            options.setUserName(request.username());
        }
        if (request.password() != null) {
            options.setPassword(request.password().toCharArray());
        }
        MqttWill will = request.will();
        if (will != null) {
            options.setWill(will.topic(), will.payload().getBytes(StandardCharsets.UTF_8), will.qos(), will.retained());
        }
        return options;
    }

    /** Whether the server had kept the session of this client identifier (MQTT 3.1.1 section 3.2.2.2). */
    public boolean isSessionPresent() {
        return sessionPresent;
    }

    /** Whether the connection is over, for whatever reason. */
    public boolean isEnded() {
        return ended.get();
    }

    public String clientId() {
        return request.clientId();
    }

    /**
     * Sends one SUBSCRIBE with all filters.
     *
     * @param timeout bound of the wait for the SUBACK
     * @return the SUBACK's return codes in the order of the filters: the granted QoS, or 128 for a refusal
     */
    public CompletableFuture<List<Integer>> subscribe(List<String> filters, int qos, Duration timeout) {
        CompletableFuture<List<Integer>> granted = new CompletableFuture<>();
        int[] qosPerFilter = new int[filters.size()];
        Arrays.fill(qosPerFilter, qos);
        request(
                granted,
                "SUBACK",
                timeout,
                actionListener -> client.subscribe(filters.toArray(String[]::new), qosPerFilter, null, actionListener),
                token -> {
                    List<Integer> codes = new ArrayList<>();
                    for (int code : token.getGrantedQos()) {
                        codes.add(code);
                    }
                    return codes;
                });
        return granted;
    }

    /**
     * Sends one UNSUBSCRIBE with all filters.
     *
     * @param timeout bound of the wait for the UNSUBACK
     */
    public CompletableFuture<Void> unsubscribe(List<String> filters, Duration timeout) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        request(
                done,
                "UNSUBACK",
                timeout,
                actionListener -> client.unsubscribe(filters.toArray(String[]::new), null, actionListener),
                token -> null);
        return done;
    }

    /**
     * Sends a PUBLISH. The caller bounds the wait and the number in flight.
     *
     * @param qos 0 or 1
     * @param duplicate whether the same message was sent before, on this connection or an earlier one
     * @return completes when it was written (QoS 0) or acknowledged (QoS 1), exceptionally when the connection ends first
     */
    public CompletableFuture<Void> publish(String topic, byte[] payload, int qos, boolean retained, boolean duplicate) {
        CompletableFuture<Void> published = new CompletableFuture<>();
        OutboundMessage message = new OutboundMessage(payload, duplicate);
        message.setQos(qos);
        message.setRetained(retained);
        try {
            client.publish(topic, message, null, listen((token, failure) -> complete(published, null, failure)));
        } catch (MqttException | RuntimeException e) {
            published.completeExceptionally(failures.explain(e));
        }
        return published;
    }

    void acknowledge(InboundMessage message) {
        if (message.qos() == 0 || ended.get()) {
            return;
        }
        try {
            client.messageArrivedComplete(message.packetId(), message.qos());
        } catch (MqttException | RuntimeException e) {
            // Paho's state is gone when the connection just ended; the server sends the message again.
            LOG.debug("The PUBACK for {} was not sent", message, e);
        }
    }

    /**
     * Sends a DISCONNECT and closes the connection, by force when that takes longer than the timeout.
     *
     * @return completes when the connection is closed, never exceptionally
     */
    public CompletableFuture<Void> disconnect(Duration timeout) {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        if (!ended.compareAndSet(false, true)) {
            closed.complete(null);
            return closed;
        }
        try {
            Future<?> limit = threads.timer()
                    .schedule(
                            () -> {
                                abort();
                                closed.complete(null);
                            },
                            timeout.toMillis(),
                            TimeUnit.MILLISECONDS);
            client.disconnect(0, null, listen((token, failure) -> {
                limit.cancel(false);
                closeClient();
                closed.complete(null);
            }));
        } catch (MqttException | RuntimeException e) {
            LOG.debug("No DISCONNECT was sent for client id {}: it or its threads had ended", request.clientId(), e);
            abort();
            endLoops();
            closed.complete(null);
        }
        return closed;
    }

    /** Paho that was told to disconnect, and could not, leaves its loops running. */
    private void endLoops() {
        try {
            client.disconnectForcibly(0, 0, false);
        } catch (MqttException | RuntimeException e) {
            LOG.debug("Paho's client of client id {} had ended", request.clientId(), e);
        }
    }

    /** Closes the connection at once and without a DISCONNECT, so that the server publishes the will. */
    public void abort() {
        ended.set(true);
        try {
            socket.abort();
        } catch (IOException e) {
            LOG.debug("Closing the socket of client id {} failed", request.clientId(), e);
        }
    }

    private void closeClient() {
        try {
            client.close();
        } catch (MqttException e) {
            LOG.debug("Paho's client of client id {} was not closed", request.clientId(), e);
        }
    }

    private <T> void request(
            CompletableFuture<T> answered, String answer, Duration timeout, Operation operation, Answer<T> reader) {
        Future<?> limit = threads.timer()
                .schedule(
                        () -> answered.completeExceptionally(failures.timeout(answer, timeout)),
                        timeout.toMillis(),
                        TimeUnit.MILLISECONDS);
        answered.whenComplete((value, failure) -> limit.cancel(false));
        try {
            operation.start(listen(
                    (token, failure) -> complete(answered, failure == null ? reader.read(token) : null, failure)));
        } catch (MqttException | RuntimeException e) {
            answered.completeExceptionally(failures.explain(e));
        }
    }

    private static <T> void complete(CompletableFuture<T> future, T value, IOException failure) {
        if (failure == null) {
            future.complete(value);
        } else {
            future.completeExceptionally(failure);
        }
    }

    private IMqttActionListener listen(BiConsumer<IMqttToken, IOException> outcome) {
        return new IMqttActionListener() {
            @Override
            public void onSuccess(IMqttToken token) {
                outcome.accept(token, null);
            }

            @Override
            public void onFailure(IMqttToken token, Throwable failure) {
                outcome.accept(token, failures.explain(failure));
            }
        };
    }

    @Override
    public String toString() {
        return "MqttSession[" + request.clientId() + "]";
    }

    @FunctionalInterface
    private interface Operation {
        void start(IMqttActionListener listener) throws MqttException;
    }

    @FunctionalInterface
    private interface Answer<T> {
        T read(IMqttToken token);
    }

    private final class Callback implements MqttCallback {

        @Override
        public void connectionLost(Throwable cause) {
            closeClient();
            // Paho forgets to tell of a CONNACK when the connection ends before its callback thread comes to that.
            connected.completeExceptionally(failures.explain(cause));
            if (ended.compareAndSet(false, true)) {
                listener.connectionLost(MqttSession.this, failures.explain(cause));
            }
        }

        @Override
        public void messageArrived(String topic, MqttMessage message) {
            listener.messageArrived(new InboundMessage(
                    MqttSession.this,
                    topic,
                    message.getPayload(),
                    message.getQos(),
                    message.isRetained(),
                    message.isDuplicate(),
                    message.getId()));
        }

        @Override
        public void deliveryComplete(IMqttDeliveryToken token) {
            // Each publish has a listener of its own.
        }
    }

    /** Opens the duplicate flag, which Paho keeps to itself. */
    private static final class OutboundMessage extends MqttMessage {

        OutboundMessage(byte[] payload, boolean duplicate) {
            super(payload);
            setDuplicate(duplicate);
        }
    }
}
