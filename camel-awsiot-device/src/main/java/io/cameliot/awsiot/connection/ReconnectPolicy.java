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

import io.cameliot.common.mqtt.MqttReasonException;
import io.cameliot.common.retry.Backoff;
import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsConnectException.Reason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * When to connect again. A connection that lasted makes the next delay a short one; one that the server closes again and
 * again does not, so that two clients of one client identifier do not throw each other out at full speed.
 *
 * <p>Not thread-safe: belongs to the connection that it paces.
 */
final class ReconnectPolicy {

    /** AWS IoT Core takes one CONNECT a second of one client identifier (AWS IoT Core quotas). */
    private static final long CONNECT_SPACING = Duration.ofSeconds(1).toNanos();

    /** A connection that lived this long was a good one: the next loss starts with the smallest delay. */
    private static final long STABLE = Duration.ofSeconds(30).toNanos();

    private static final int SUSPICIOUS_CLOSES = 3;
    private static final Duration SUSPICIOUS_TIME = Duration.ofMinutes(10);

    private final Backoff backoff;
    private final LongSupplier nanoTime;
    private final Deque<Long> serverCloses = new ArrayDeque<>();
    private boolean attempted;
    private boolean wasConnected;
    private boolean takenOver;
    private long attemptedAt;
    private long connectedAt;

    /**
     * @param nanoTime a clock like {@link System#nanoTime()}
     */
    ReconnectPolicy(Backoff backoff, LongSupplier nanoTime) {
        this.backoff = backoff;
        this.nanoTime = nanoTime;
    }

    /** How long a CONNECT still has to wait for the one before it; zero or less if it may go out now. */
    Duration untilNextConnect() {
        return attempted ? Duration.ofNanos(attemptedAt + CONNECT_SPACING - nanoTime.getAsLong()) : Duration.ZERO;
    }

    /** A CONNECT goes out now. */
    void connecting() {
        attempted = true;
        attemptedAt = nanoTime.getAsLong();
    }

    /** Whether there was a connection before. */
    boolean isReconnect() {
        return wasConnected;
    }

    void connected() {
        wasConnected = true;
        connectedAt = nanoTime.getAsLong();
    }

    /** An established connection ended. */
    void lost(Throwable cause) {
        long now = nanoTime.getAsLong();
        takenOver = isTakeover(cause);
        if (isServerClose(cause)) {
            serverCloses.addLast(now);
        }
        while (!serverCloses.isEmpty()
                && (serverCloses.size() > SUSPICIOUS_CLOSES
                        || now - serverCloses.getFirst() > SUSPICIOUS_TIME.toNanos())) {
            serverCloses.removeFirst();
        }
        if (now - connectedAt > STABLE && !suspectsTakeover() && !takenOver) {
            backoff.reset();
        }
    }

    /** Whether the server has closed so many connections lately that another client may be the reason. */
    boolean suspectsTakeover() {
        return serverCloses.size() >= SUSPICIOUS_CLOSES;
    }

    /** The time in which so many connections were closed. */
    Duration suspiciousTime() {
        return serverCloses.isEmpty()
                ? Duration.ZERO
                : Duration.ofNanos(nanoTime.getAsLong() - serverCloses.getFirst());
    }

    /** After a takeover that is known a long one from the first: the other client may be right, and this one a spare. */
    Duration nextDelay() {
        return takenOver ? backoff.longest() : backoff.next();
    }

    /**
     * MQTT 3.1.1 gives the server no way to say why: a takeover is a close like any other. By MQTT 5 it is known at once.
     */
    private static boolean isServerClose(Throwable cause) {
        return cause instanceof MqttReasonException
                || cause instanceof TlsConnectException tls && tls.getReason() == Reason.CONNECTION_LOST;
    }

    private static boolean isTakeover(Throwable cause) {
        return cause instanceof MqttReasonException reason && AwsReasons.isTakeover(reason.getReasonCode());
    }
}
