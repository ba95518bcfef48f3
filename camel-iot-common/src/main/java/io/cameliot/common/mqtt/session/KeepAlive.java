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

    private static final long LONGEST_WAIT = Duration.ofSeconds(30).toNanos();

    private final long keepAlive;
    private final long patience;
    private final long interval;
    private boolean pinging; // guarded by this
    private long pingedAt; // guarded by this

    /**
     * Creates the decision logic of one connection.
     *
     * @param keepAlive zero for none: then {@link #check} always returns NONE
     */
    KeepAlive(Duration keepAlive) {
        this.keepAlive = keepAlive.toNanos();
        this.patience = Math.min(this.keepAlive / 2, LONGEST_WAIT);
        this.interval = patience / 2;
    }

    /** The time between two calls of {@link #check}. */
    Duration interval() {
        return Duration.ofNanos(interval);
    }

    /** The time limit for a PINGRESP: half the keep alive interval, at most 30 seconds. */
    Duration patience() {
        return Duration.ofNanos(patience);
    }

    /**
     * Decides what to do now.
     *
     * @param sentAt time of the latest sent packet
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
        boolean lastChance = now + interval - sentAt >= keepAlive || now + interval - heardAt >= keepAlive;
        if (lastChance || owed && now - heardAt >= patience) {
            pinging = true;
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
