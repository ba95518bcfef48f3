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
 * Decides when to send a PINGREQ and when to give a connection up (MQTT 3.1.1 section 3.1.2.10). To be asked every
 * {@link #interval()}, with times as {@link System#nanoTime()} gives them; has no clock of its own.
 *
 * <p>A ping goes out before the client was silent for the keep alive interval, but also when the server was, and after a
 * shorter time when it owes an answer: whoever publishes to a dead peer without pause would otherwise never find out.
 */
final class KeepAlive {

    /** What to do now. */
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

    /** @param keepAlive zero for none: then nothing is ever to be done */
    KeepAlive(Duration keepAlive) {
        this.keepAlive = keepAlive.toNanos();
        this.patience = Math.min(this.keepAlive / 2, LONGEST_WAIT);
        this.interval = patience / 2;
    }

    /** How often to ask. */
    Duration interval() {
        return Duration.ofNanos(interval);
    }

    /** How long the PINGRESP may take: half the keep alive interval, but no more than 30 seconds. */
    Duration patience() {
        return Duration.ofNanos(patience);
    }

    /**
     * @param sentAt when a packet was sent last
     * @param heardAt when anything came from the server last
     * @param owed whether the server owes an answer
     */
    synchronized Action check(long now, long sentAt, long heardAt, boolean owed) {
        if (keepAlive == 0) {
            return Action.NONE;
        }
        if (pinging) {
            // A PINGRESP may be late behind much that comes before it, but not for ever: the server may not be reading.
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

    /** A PINGRESP came. */
    synchronized void answered() {
        pinging = false;
    }
}
