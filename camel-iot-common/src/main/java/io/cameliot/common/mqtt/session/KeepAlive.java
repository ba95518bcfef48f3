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

import java.time.Duration;

/**
 * Decides when to send a PINGREQ and when to give up a connection (MQTT 3.1.1 section 3.1.2.10). Call {@link #check}
 * every {@link #interval()}. Times are values of {@link System#nanoTime()}; this class has no clock.
 *
 * <p>A ping is due before the client or the server has been silent for the keep alive interval, and earlier if the
 * server owes an answer: a client that publishes continuously would otherwise never detect a dead peer.
 */
final class KeepAlive {

    /** The action to take. */
    enum Action {
        NONE,
        PING,
        GIVE_UP
    }

    /** Nanoseconds. The limit for a PINGRESP where the user allows no more for other answers. */
    private static final long USUAL_WAIT = Duration.ofSeconds(30).toNanos();

    private final long keepAlive;
    private final long patience;
    private final long interval;
    private boolean pinging; // guarded by this
    private boolean pinged; // guarded by this
    /** The time of the latest PINGREQ, if {@link #pinged}. No value of nanoTime can mean "never". */
    private long pingedAt; // guarded by this

    /**
     * Creates the decision logic of one connection.
     *
     * @param keepAlive zero for none: then {@link #check} always returns NONE
     * @param timeout time limit for the server's other answers; raised for a slow line, where a PINGREQ may have to wait
     *     behind a large message
     */
    KeepAlive(Duration keepAlive, Duration timeout) {
        this.keepAlive = keepAlive.toNanos();
        this.patience = Math.min(this.keepAlive / 2, Math.max(USUAL_WAIT, timeout.toNanos()));
        this.interval = patience / 2;
    }

    /** The time between two calls of {@link #check}. */
    Duration interval() {
        return Duration.ofNanos(interval);
    }

    /**
     * The time limit for a PINGRESP: half the keep alive interval, at most 30 seconds or, if that is longer, the time
     * limit for other answers.
     */
    Duration patience() {
        return Duration.ofNanos(patience);
    }

    /**
     * Decides what to do now.
     *
     * @param sentAt time of the latest sent packet other than a PINGREQ
     * @param heardAt time of the latest data from the server
     * @param owed whether the server owes an answer
     */
    synchronized Action check(long now, long sentAt, long heardAt, boolean owed) {
        if (keepAlive == 0) {
            return Action.NONE;
        }
        if (pinging) {
            // Other packets may delay the PINGRESP, but not without limit: a server that still sends may have stopped
            // reading.
            boolean silent = now - pingedAt > patience && now - heardAt > patience;
            return silent || now - pingedAt > keepAlive + patience ? Action.GIVE_UP : Action.NONE;
        }
        long sentSince = pinged ? Math.min(now - sentAt, now - pingedAt) : now - sentAt;
        boolean lastChance = Math.max(sentSince, now - heardAt) >= keepAlive - interval;
        if (lastChance || owed && now - heardAt >= patience) {
            pinging = true;
            pinged = true;
            pingedAt = now;
            return Action.PING;
        }
        return Action.NONE;
    }

    /** Records a PINGRESP. */
    synchronized void answered() {
        pinging = false;
    }
}
