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
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One MQTT 3.1.1 connection over TLS, from its CONNECT to its end. It never reconnects: who wants a new connection makes
 * a new session, with fresh credentials.
 *
 * <p>All calls return at once, from any thread. Futures complete, and listeners and callbacks are called, on the session's
 * own threads: hand off, never block there. Failures are {@link TlsConnectException} (network, TLS, MQTT),
 * {@link MqttConnackException} (the CONNECT was refused) or {@link IOException}.
 *
 * <p>One thread reads, and whatever ends the session ends its reading first, so that everything the listener hears comes
 * from that thread and in order: the CONNACK, the messages, the end. Where nothing comes for a while the thread goes back
 * to its pool, and when something comes, or the session ends, another one goes on.
 */
public final class MqttSession {

    private static final Logger LOG = LoggerFactory.getLogger(MqttSession.class);

    /** How long the reader may look for the reason of a write that failed: TLS alerts only show there. */
    private static final Duration REASON_TIMEOUT = Duration.ofSeconds(1);

    private final MqttConnectRequest request;
    private final MqttThreads threads;
    private final MqttSessionListener listener;
    private final TlsSocket socket;
    private final MqttFailures failures;
    private final InFlight inFlight = new InFlight();
    private final KeepAlive keepAlive;
    private final Incoming incoming;
    private final CompletableFuture<MqttSession> connected = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicReference<IOException> cause = new AtomicReference<>();
    private volatile boolean endedHere;
    private boolean accepted; // belongs to the reading thread
    // All written by the reading thread before the connect future completes.
    private PacketOutput output;
    private Publishing publishing;
    private Future<?> pinging;
    private boolean sessionPresent;

    private MqttSession(
            MqttConnectRequest request, TlsTarget target, MqttThreads threads, MqttSessionListener listener) {
        this.request = request;
        this.threads = threads;
        this.listener = listener;
        this.socket = new TlsSocket(target);
        this.failures = new MqttFailures(target);
        this.keepAlive = new KeepAlive(request.keepAlive());
        this.incoming = new Incoming(this, listener, inFlight, keepAlive);
    }

    /**
     * Dials, shakes hands and sends the CONNECT.
     *
     * @return completes with the session after a CONNACK that accepts, or exceptionally, at the latest after
     *     {@link MqttConnectRequest#timeout()}; cancelling it ends the attempt
     */
    public static CompletableFuture<MqttSession> connect(
            MqttConnectRequest request, TlsTarget target, MqttThreads threads, MqttSessionListener listener) {
        MqttSession session = new MqttSession(request, target, threads, listener);
        try {
            byte[] packet = PacketEncoder.connect(request);
            threads.limit(session.connected, request.timeout(), session.failures.timeout("CONNACK", request.timeout()));
            session.connected.whenComplete((self, failure) -> {
                if (failure != null) {
                    session.abort();
                }
            });
            threads.io().execute(() -> session.run(packet));
        } catch (RejectedExecutionException | IllegalArgumentException e) {
            session.connected.completeExceptionally(e);
        }
        return session.connected;
    }

    private void run(byte[] connectPacket) {
        InputLoop reading;
        try {
            socket.connect(null);
            output = new PacketOutput(
                    socket.getOutputStream(),
                    socket.getSendBufferSize(),
                    threads.io(),
                    threads.timer(),
                    this::writingFailed);
            publishing = new Publishing(output, inFlight, failures, this::notSent);
            output.send(connectPacket);
            incoming.heard();
            reading = new InputLoop(socket, threads.idleWatch(), incoming, output, inFlight, this::readingEnded);
        } catch (IOException | RuntimeException e) {
            readingEnded(e);
            return;
        }
        reading.run();
    }

    private void readingEnded(Exception why) {
        if (why instanceof IOException failure) {
            cause.compareAndSet(null, failure);
        } else {
            LOG.error("{} failed", this, why);
            cause.compareAndSet(null, new IOException("The session failed: " + why, why));
        }
        finish(failures.explain(cause.get()));
    }

    void answered(boolean keptSession, int returnCode) throws MqttConnackException {
        if (returnCode != 0) {
            throw failures.refused(returnCode);
        }
        sessionPresent = keptSession;
        if (!request.keepAlive().isZero()) {
            long nanos = keepAlive.interval().toNanos();
            pinging = threads.timer().scheduleWithFixedDelay(this::keepAlive, nanos, nanos, TimeUnit.NANOSECONDS);
        }
        LOG.debug("{} is connected, and the server {} its session", this, keptSession ? "had kept" : "has not kept");
        accepted = connected.complete(this);
    }

    private void finish(IOException reason) {
        LOG.debug("{} has ended: {}", this, reason.getMessage());
        ended.set(true);
        close(false);
        if (pinging != null) {
            pinging.cancel(false);
        }
        if (output != null) {
            output.fail(reason).forEach(callback -> Callbacks.complete(callback, reason));
        }
        for (Object pending : inFlight.close()) {
            if (pending instanceof PublishCallback callback) {
                Callbacks.complete(callback, reason);
            } else {
                ((PendingAnswer) pending).answer().completeExceptionally(reason);
            }
        }
        connected.completeExceptionally(reason);
        if (accepted && !endedHere) {
            Callbacks.guard(() -> listener.connectionLost(this, reason));
        }
        closed.complete(null);
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
     * @param qos 0 or 1
     * @param timeout bound of the wait for the SUBACK
     * @return the SUBACK's return codes in the order of the filters: the granted QoS, or 128 for a refusal
     */
    public CompletableFuture<List<Integer>> subscribe(List<String> filters, int qos, Duration timeout) {
        CompletableFuture<List<Integer>> granted = new CompletableFuture<>();
        request(
                new PendingAnswer.Suback(filters.size(), granted),
                id -> PacketEncoder.subscribe(id, encode(filters), qos),
                timeout,
                failures.timeout("SUBACK", timeout));
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
                new PendingAnswer.Unsuback(done),
                id -> PacketEncoder.unsubscribe(id, encode(filters)),
                timeout,
                failures.timeout("UNSUBACK", timeout));
        return done;
    }

    private void request(
            PendingAnswer pending, IntFunction<byte[]> packet, Duration timeout, TlsConnectException timedOut) {
        int id = inFlight.add(pending, output.mark());
        if (id == 0) {
            pending.answer().completeExceptionally(notSent(failures.noPacketId()));
            return;
        }
        try {
            byte[] encoded = packet.apply(id);
            threads.limit(pending.answer(), timeout, timedOut);
            output.send(encoded);
        } catch (IOException e) {
            pending.answer().completeExceptionally(notSent(failures.explain(e)));
        } catch (IllegalArgumentException | RejectedExecutionException e) {
            inFlight.remove(id, PendingAnswer.class);
            pending.answer().completeExceptionally(e);
        }
    }

    private static List<byte[]> encode(List<String> filters) {
        return filters.stream()
                .map(filter -> MqttText.encode(filter, "topic filter"))
                .toList();
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
        try {
            publish(topic, payload, qos, retained, duplicate, PublishCallback.completing(published));
        } catch (IllegalArgumentException e) {
            published.completeExceptionally(e);
        }
        return published;
    }

    /**
     * Sends a PUBLISH at the least cost. The caller bounds the wait and the number in flight.
     *
     * @param qos 0 or 1
     * @param duplicate whether the same message was sent before, on this connection or an earlier one
     * @param callback hears that it was acknowledged (QoS 1) or written (QoS 0); within this call only if the connection
     *     has ended
     * @throws IllegalArgumentException if MQTT allows no such topic, payload or QoS
     */
    public void publish(
            String topic, byte[] payload, int qos, boolean retained, boolean duplicate, PublishCallback callback) {
        publishing.publish(topic, payload, qos, retained, duplicate, callback);
    }

    /**
     * Sends a PUBLISH of QoS 0 where that needs no waiting: the message is done with that.
     *
     * @return false if it was not sent, because much waits to be written or the connection has ended
     * @throws IllegalArgumentException if MQTT allows no such topic or payload
     */
    public boolean tryPublish(String topic, byte[] payload, boolean retained) {
        return publishing.tryPublish(topic, payload, retained);
    }

    /** What ended the session says more than what a write met with thereafter. */
    private IOException notSent(IOException failure) {
        IOException reason = cause.get();
        return reason == null ? failure : failures.explain(reason);
    }

    void acknowledge(InboundMessage message, boolean moreFollow) {
        if (isEnded()) {
            return;
        }
        byte[] puback = PacketEncoder.puback(message.packetId());
        try {
            if (moreFollow) {
                output.sendSoon(puback);
            } else {
                output.send(puback);
            }
        } catch (IOException e) {
            LOG.debug("The connection ended before the PUBACK for {}: the server sends it again", message, e);
        }
    }

    /**
     * Sends a DISCONNECT and closes the connection, by force when that takes longer than the timeout.
     *
     * @return completes when the connection is closed, never exceptionally
     */
    public CompletableFuture<Void> disconnect(Duration timeout) {
        if (ended.compareAndSet(false, true)) {
            endedHere = true;
            cause.compareAndSet(null, failures.closedHere());
            try {
                Future<?> limit = threads.timer()
                        .schedule(
                                () -> {
                                    abort();
                                    closed.complete(null);
                                },
                                timeout.toNanos(),
                                TimeUnit.NANOSECONDS);
                closed.whenComplete((nothing, failure) -> limit.cancel(false));
                output.finish(PacketEncoder.disconnect(), () -> close(true));
            } catch (IOException | RejectedExecutionException e) {
                LOG.debug("{} ended without a DISCONNECT", this, e);
                abort();
            }
        }
        return closed.copy();
    }

    /** Closes the connection at once and without a DISCONNECT, so that the server publishes the will. */
    public void abort() {
        endedHere = true;
        end(failures.closedHere());
    }

    /** Ends the reading, which then does everything else. */
    private void end(IOException why) {
        cause.compareAndSet(null, why);
        ended.set(true);
        close(false);
    }

    private void close(boolean orderly) {
        try {
            if (orderly) {
                socket.close();
            } else {
                socket.abort();
            }
        } catch (IOException e) {
            LOG.debug("Closing the socket of {} failed", this, e);
        }
    }

    private void writingFailed(IOException failure) {
        try {
            threads.timer().schedule(() -> end(failure), REASON_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            end(failure);
        }
    }

    private void keepAlive() {
        switch (keepAlive.check(System.nanoTime(), output.lastSent(), incoming.heardAt(), !inFlight.isEmpty())) {
            case PING -> {
                try {
                    output.send(PacketEncoder.pingreq());
                } catch (IOException e) {
                    LOG.debug("{} has ended", this, e);
                }
            }
            case GIVE_UP -> end(failures.noPingresp(keepAlive.patience()));
            case NONE -> LOG.trace("{} is alive", this);
        }
    }

    @Override
    public String toString() {
        return "MqttSession[" + request.clientId() + "]";
    }
}
