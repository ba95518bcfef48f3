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
package io.cameliot.common.mqtt.session;

import io.cameliot.common.mqtt.ApplicationMessage;
import io.cameliot.common.mqtt.MqttConnackException;
import io.cameliot.common.mqtt.MqttConnectRequest;
import io.cameliot.common.mqtt.MqttReasonException;
import io.cameliot.common.mqtt.MqttText;
import io.cameliot.common.mqtt.ProtocolVersion;
import io.cameliot.common.mqtt.ServerSettings;
import io.cameliot.common.mqtt.codec.PacketFrames;
import io.cameliot.common.mqtt.codec.Packets;
import io.cameliot.common.mqtt.codec.TopicEncoder;
import io.cameliot.common.mqtt.session.RequestPacket.PendingAnswer;
import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsTarget;
import io.cameliot.common.transport.connect.TransportConnector;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One MQTT connection over TLS, from its CONNECT to its end. It never reconnects: a new connection is a new session
 * with fresh credentials.
 *
 * <p>All methods are thread-safe and return at once. Futures complete, and listeners and callbacks are called, on the
 * connection's event loop and in the order of the events, so they must not block. Failures are
 * {@link TlsConnectException} (network, TLS, MQTT), {@link MqttConnackException} (the server refused the CONNECT),
 * {@link MqttReasonException} (the server, or a limit that it has set, refused a packet or the connection) or
 * {@link IOException}.
 */
public final class MqttSession {

    private static final Logger LOG = LoggerFactory.getLogger(MqttSession.class);

    /** Bytes that may wait to be written before {@link #tryEnqueue} refuses a message. */
    private static final int LARGEST_WAIT = 512 * 1024;

    private final MqttConnectRequest request;
    private final TlsTarget target;
    private final TransportConnector connector;
    private final MqttSessionListener listener;
    private final MqttFailures failures;
    private final TopicEncoder topics = new TopicEncoder();
    private final OutgoingQueue outgoing = new OutgoingQueue();
    private final SessionHandler handler;
    private final CompletableFuture<MqttSession> connected = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean endedHere;
    private volatile Channel channel;
    private boolean accepted; // event loop only
    // Written before the connect future completes.
    private volatile ServerSettings server;
    private boolean sessionPresent;

    MqttSession(
            MqttConnectRequest request, TlsTarget target, TransportConnector connector, MqttSessionListener listener) {
        this.request = request;
        this.target = target;
        this.connector = connector;
        this.listener = listener;
        this.failures = new MqttFailures(target, request.session().version());
        this.handler = new SessionHandler(request, this, outgoing, failures);
    }

    /**
     * Dials, performs the TLS handshake and sends the CONNECT.
     *
     * @return completes with the session after an accepting CONNACK, or exceptionally, at the latest after
     *     {@link MqttConnectRequest#timeout()}; cancelling it ends the attempt
     */
    public static CompletableFuture<MqttSession> connect(
            MqttConnectRequest request, TlsTarget target, TransportConnector connector, MqttSessionListener listener) {
        MqttSession session = new MqttSession(request, target, connector, listener);
        try {
            Packets.connect(request);
            session.connect();
        } catch (RejectedExecutionException | IllegalArgumentException e) {
            session.connected.completeExceptionally(e);
        }
        return session.connected;
    }

    private void connect() {
        long deadline = System.nanoTime() + request.timeout().toNanos();
        CompletableFuture<Channel> dialling =
                connector.connect(target, pipeline -> start(pipeline, deadline - System.nanoTime()));
        dialling.whenComplete((opened, failure) -> {
            if (failure != null) {
                connected.completeExceptionally(failure);
            }
        });
        connected.whenComplete((self, failure) -> {
            if (failure != null) {
                dialling.cancel(false);
                abort();
            }
        });
    }

    /**
     * Sends the CONNECT on a connection whose transport is ready.
     *
     * @return the future of {@link #connect}
     */
    CompletableFuture<MqttSession> start(ChannelPipeline pipeline, long timeoutNanos) {
        channel = pipeline.channel();
        pipeline.addLast("mqtt-frames", new PacketFrames(version(), handler::packets, failures::onlyKnows311));
        pipeline.addLast("mqtt-decoder", new MqttDecoder(Packets.LARGEST));
        pipeline.addLast("mqtt-encoder", MqttEncoder.INSTANCE);
        pipeline.addLast("session", handler);
        Callbacks.guard(listener::connectSent);
        Duration left = Duration.ofNanos(Math.max(0, timeoutNanos));
        Callbacks.limit(connected, channel.eventLoop(), left, failures.timeout("CONNACK", request.timeout()));
        return connected;
    }

    void connected(ServerSettings settings, boolean keptSession) {
        server = settings;
        sessionPresent = keptSession;
        LOG.debug("{} is connected, and the server {} its session", this, keptSession ? "had kept" : "has not kept");
        accepted = connected.complete(this);
    }

    void arrived(InboundMessage message) {
        if (!isEnded()) {
            Callbacks.guard(() -> listener.messageArrived(message));
        }
    }

    /** Ends the session. Called once, on the event loop. */
    void ended(IOException failure, List<Object> waiting) {
        ended.set(true);
        IOException reason = endedHere ? failures.closedHere() : failure;
        LOG.debug("{} has ended: {}", this, reason.getMessage());
        outgoing.end(reason);
        waiting.forEach(pending -> InFlight.fail(pending, reason));
        connected.completeExceptionally(reason);
        if (accepted && !endedHere) {
            Callbacks.guard(() -> listener.connectionLost(this, reason));
        }
        closed.complete(null);
    }

    /** Whether the server had a session of this client identifier (MQTT 5 section 3.2.2.1.1). */
    public boolean isSessionPresent() {
        return sessionPresent;
    }

    /** The limits and features that the server announced. */
    public ServerSettings server() {
        return server;
    }

    /** The protocol version of the connection. */
    public ProtocolVersion version() {
        return request.session().version();
    }

    /** Whether the connection has ended, for any reason. */
    public boolean isEnded() {
        return ended.get();
    }

    /** The client identifier; the one that the server assigned if the CONNECT had none. */
    public String clientId() {
        return request.clientId().isEmpty() && server != null && server.assignedClientId() != null
                ? server.assignedClientId()
                : request.clientId();
    }

    /**
     * Returns why the server takes no subscription to a topic filter: its CONNACK declares filters of this kind
     * unavailable (MQTT 5 sections 3.2.2.3.11 and 3.2.2.3.13); null if it declares nothing of the kind.
     */
    public MqttReasonException refusal(String filter) {
        return failures.refuseSubscribe(List.of(filter), server);
    }

    /**
     * Sends one SUBSCRIBE with all filters. Fails without it if the server takes none to one of them ({@link #refusal}).
     *
     * @param qos 0 or 1
     * @param timeout limit for the wait for the SUBACK
     * @return the SUBACK's reason codes in the order of the filters: the granted QoS, or 128 and more for a refusal
     */
    public CompletableFuture<List<Integer>> subscribe(List<String> filters, int qos, Duration timeout) {
        return request(filters, qos, true, timeout);
    }

    /**
     * Sends one UNSUBSCRIBE with all filters.
     *
     * @param timeout limit for the wait for the UNSUBACK
     * @return the UNSUBACK's reason codes in the order of the filters; always 0 with MQTT 3.1.1
     */
    public CompletableFuture<List<Integer>> unsubscribe(List<String> filters, Duration timeout) {
        return request(filters, 0, false, timeout);
    }

    private CompletableFuture<List<Integer>> request(
            List<String> filters, int qos, boolean subscribe, Duration timeout) {
        CompletableFuture<List<Integer>> answer = new CompletableFuture<>();
        try {
            filters.forEach(filter -> MqttText.encode(filter, "topic filter"));
            Exception timedOut = failures.timeout(subscribe ? "SUBACK" : "UNSUBACK", timeout);
            Callbacks.limit(answer, channel.eventLoop(), timeout, timedOut);
            outgoing.add(new RequestPacket(filters, qos, new PendingAnswer(subscribe, filters.size(), answer)));
        } catch (IllegalArgumentException | RejectedExecutionException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }

    /**
     * Sends a PUBLISH. The caller limits the wait and the number in flight.
     *
     * @param duplicate whether the message was sent before, on this or an earlier connection
     * @param callback called when the message was acknowledged (QoS 1), written (QoS 0) or refused; called within this
     *     method only if the connection has ended
     * @throws IllegalArgumentException if MQTT does not allow the topic, payload, QoS or a property
     */
    public void publish(ApplicationMessage message, boolean duplicate, PublishCallback callback) {
        enqueue(message, duplicate, callback);
        flush();
    }

    /**
     * Queues a PUBLISH for the next {@link #flush}, in the order of these calls. May be called with a lock held.
     *
     * @see #publish
     */
    public void enqueue(ApplicationMessage message, boolean duplicate, PublishCallback callback) {
        outgoing.put(packet(message, duplicate, callback));
    }

    /**
     * Queues a PUBLISH of QoS 0, which is then done, for the next {@link #flush} if it can be written without waiting.
     *
     * @return false if it was not queued, because too many bytes wait to be written, the connection has ended, or the
     *     server may not take the message: {@link #enqueue} tells that
     * @throws IllegalArgumentException as {@link #publish}
     */
    public boolean tryEnqueue(ApplicationMessage message) {
        if (isEnded() || outgoing.waitingBytes() > LARGEST_WAIT) {
            return false;
        }
        PublishPacket packet = packet(message, false, null);
        if (failures.refuse(message, server) != null || packet.size() > server.maximumPacketSize()) {
            return false;
        }
        outgoing.put(packet);
        return true;
    }

    /** Writes the queued packets; wakes the event loop if necessary. */
    public void flush() {
        outgoing.flush();
    }

    /**
     * Runs a short task on the session's event loop after a delay.
     *
     * @throws RejectedExecutionException if the event loop has ended
     */
    public void schedule(Runnable task, Duration delay) {
        channel.eventLoop().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private PublishPacket packet(ApplicationMessage message, boolean duplicate, PublishCallback callback) {
        return PublishPacket.of(message, topics.encode(message.topic()), version(), duplicate, callback);
    }

    void acknowledge(InboundMessage message, boolean moreFollow) {
        if (isEnded()) {
            return;
        }
        OutgoingPacket puback = new OutgoingPacket.Puback(message);
        if (moreFollow) {
            outgoing.addSoon(puback);
        } else {
            outgoing.add(puback);
        }
    }

    /**
     * Sends the queued packets and a DISCONNECT and closes the connection. Closes it at once when the timeout is over.
     *
     * @return completes when the connection is closed, never exceptionally
     */
    public CompletableFuture<Void> disconnect(Duration timeout) {
        return disconnect(timeout, false);
    }

    /** As {@link #disconnect(Duration)}. {@code endsSession}: the server keeps no session afterwards. MQTT 5 only. */
    public CompletableFuture<Void> disconnect(Duration timeout, boolean endsSession) {
        if (ended.compareAndSet(false, true)) {
            endedHere = true;
            try {
                ScheduledFuture<?> limit =
                        channel.eventLoop().schedule(this::abort, timeout.toNanos(), TimeUnit.NANOSECONDS);
                closed.whenComplete((nothing, failure) -> limit.cancel(false));
                outgoing.finish(new OutgoingPacket.Disconnect(handler, endsSession), failures.closedHere());
            } catch (RejectedExecutionException e) {
                LOG.debug("{} ended without a DISCONNECT: its event loop has ended", this, e);
                closed.complete(null);
            }
        }
        return closed.copy();
    }

    /** Closes the connection at once and without a DISCONNECT, so that the server publishes the will. */
    public void abort() {
        endedHere = true;
        ended.set(true);
        Channel opened = channel;
        if (opened != null) {
            TransportConnector.abort(opened);
        }
    }

    @Override
    public String toString() {
        return "MqttSession[" + request.clientId() + "]";
    }
}
