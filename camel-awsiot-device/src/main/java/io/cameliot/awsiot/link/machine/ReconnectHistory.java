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
package io.cameliot.awsiot.link.machine;

import io.cameliot.awsiot.failure.AwsReasons;
import io.cameliot.common.mqtt.MqttReasonException;
import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsConnectException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The past of a connection that decides when to connect again. All times count from the creation of the connection
 * object.
 *
 * @param attempts number of CONNECTs since the last connection
 * @param attemptedAt when the latest CONNECT was sent at the latest: when its attempt began, or has ended; negative for
 *     one of a link before this one, null before the first one
 * @param connectedAt when it last connected; null if it never did
 * @param serverCloses when the server recently closed connections, oldest first
 * @param takenOver whether the server said that another client took over the latest connection
 * @param delays number of delays since the last stable connection
 */
public record ReconnectHistory(
        int attempts,
        Duration attemptedAt,
        Duration connectedAt,
        List<Duration> serverCloses,
        boolean takenOver,
        int delays) {

    /** AWS IoT Core accepts one CONNECT per second and client identifier (AWS IoT Core quotas). */
    public static final Duration CONNECT_SPACING = Duration.ofSeconds(1);

    /** A connection that lasts longer than this is stable: the delay after its loss is the smallest one. */
    static final Duration STABLE = Duration.ofSeconds(30);

    static final int SUSPICIOUS_CLOSES = 3;
    static final Duration SUSPICIOUS_TIME = Duration.ofMinutes(10);

    static final ReconnectHistory NONE = new ReconnectHistory(0, null, null, List.of(), false, 0);

    /** Returns how long the next CONNECT must wait after the previous one. */
    Duration untilNextConnect(Duration now) {
        Duration earliest = attemptedAt == null ? now : attemptedAt.plus(CONNECT_SPACING);
        return earliest.compareTo(now) > 0 ? earliest.minus(now) : Duration.ZERO;
    }

    /** Returns whether there was a connection before. */
    boolean isReconnect() {
        return connectedAt != null;
    }

    /** Returns whether the server recently closed so many connections that another client may be the reason. */
    boolean suspectsTakeover() {
        return serverCloses.size() >= SUSPICIOUS_CLOSES;
    }

    /** Returns the time since the oldest of the recent closes. */
    Duration suspiciousTime(Duration now) {
        return serverCloses.isEmpty() ? Duration.ZERO : now.minus(serverCloses.get(0));
    }

    ReconnectHistory attempted(Duration now) {
        return new ReconnectHistory(attempts + 1, now, connectedAt, serverCloses, takenOver, delays);
    }

    ReconnectHistory connected(Duration now) {
        return new ReconnectHistory(0, now, now, serverCloses, takenOver, delays);
    }

    /**
     * Returns the history with another time of the latest CONNECT. An attempt sends it some time after it has begun: it
     * waits for the end of the connection before, and for the TLS handshake.
     */
    ReconnectHistory attemptedLast(Duration at) {
        return new ReconnectHistory(attempts, at, connectedAt, serverCloses, takenOver, delays);
    }

    ReconnectHistory delayed() {
        return new ReconnectHistory(attempts, attemptedAt, connectedAt, serverCloses, takenOver, delays + 1);
    }

    /**
     * Returns the history after the loss of an established connection.
     *
     * @param guessesTakeovers see {@link ReconnectPolicy}
     */
    ReconnectHistory lost(Duration now, Throwable cause, boolean guessesTakeovers) {
        List<Duration> closes = new ArrayList<>(serverCloses);
        if (guessesTakeovers && isServerClose(cause)) {
            closes.add(now);
        }
        while (!closes.isEmpty()
                && (closes.size() > SUSPICIOUS_CLOSES
                        || now.minus(closes.get(0)).compareTo(SUSPICIOUS_TIME) > 0)) {
            closes.remove(0);
        }
        boolean taken = cause instanceof MqttReasonException reason && AwsReasons.isTakeover(reason.getReasonCode());
        boolean stable = now.minus(connectedAt).compareTo(STABLE) > 0;
        boolean startsOver = stable && !taken && closes.size() < SUSPICIOUS_CLOSES;
        return new ReconnectHistory(
                attempts, attemptedAt, connectedAt, List.copyOf(closes), taken, startsOver ? 0 : delays);
    }

    /**
     * Returns whether an MQTT 3.1.1 server may have closed the connection. It cannot give a reason, so a takeover looks
     * like any other close, and a reset can overtake the close.
     */
    private static boolean isServerClose(Throwable cause) {
        return cause instanceof TlsConnectException tls
                && (tls.getReason() == Reason.CLOSED_BY_SERVER || tls.getReason() == Reason.CONNECTION_LOST);
    }
}
