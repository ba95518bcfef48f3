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

import static io.cameliot.common.mqtt.session.KeepAlive.Action.GIVE_UP;
import static io.cameliot.common.mqtt.session.KeepAlive.Action.NONE;
import static io.cameliot.common.mqtt.session.KeepAlive.Action.PING;
import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.common.mqtt.session.KeepAlive.Action;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Advances the time and calls check as often as the session does. */
class KeepAliveTest {

    private static final long START = Long.MAX_VALUE - 1; // System.nanoTime() may overflow

    private final KeepAlive keepAlive = new KeepAlive(Duration.ofSeconds(40));
    private long now = START;
    private long sentAt = START;
    private long heardAt = START;

    @ParameterizedTest
    @CsvSource({"1, 500", "40, 20000", "60, 30000", "1200, 30000", "65535, 30000"})
    void waitsHalfTheIntervalForAPingrespAtMostThirtySeconds(int seconds, long patienceMillis) {
        assertThat(new KeepAlive(Duration.ofSeconds(seconds)).patience()).isEqualTo(Duration.ofMillis(patienceMillis));
    }

    @Test
    void pingsBeforeTheIntervalIsOver() {
        Duration silence = passUntil(PING);

        assertThat(silence).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(40));
    }

    @Test
    void doesNotPingWhileBothSidesTalk() {
        for (int i = 0; i < 100; i++) {
            pass();
            sentAt = now;
            heardAt = now;
            assertThat(check()).isEqualTo(NONE);
        }
    }

    @Test
    void pingsWhenTheServerIsSilentAlthoughPacketsAreSent() {
        for (Action action = NONE; action == NONE; action = check()) {
            pass();
            sentAt = now;
            assertThat(now - START).isLessThanOrEqualTo(Duration.ofSeconds(40).toNanos());
        }
    }

    @Test
    void pingsSoonerWhenTheServerOwesAnAnswer() {
        KeepAlive longOne = new KeepAlive(Duration.ofMinutes(20));
        long silent = now + Duration.ofSeconds(31).toNanos();

        assertThat(longOne.check(silent, silent, heardAt, false)).isEqualTo(NONE);
        assertThat(longOne.check(silent, silent, heardAt, true)).isEqualTo(PING);
    }

    @Test
    void givesUpWithoutAPingresp() {
        passUntil(PING);
        sentAt = now;

        assertThat(passUntil(GIVE_UP)).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(31));
    }

    @Test
    void continuesAfterAPingresp() {
        for (int i = 0; i < 5; i++) {
            passUntil(PING);
            sentAt = now;
            heardAt = now;
            keepAlive.answered();
        }
    }

    @Test
    void toleratesAPingrespBehindOtherPacketsForALimitedTime() {
        passUntil(PING);
        long pinged = now;
        Action action = NONE;
        while (action == NONE) {
            pass();
            heardAt = now;
            action = check();
        }

        assertThat(action).isEqualTo(GIVE_UP);
        assertThat(Duration.ofNanos(now - pinged)).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(71));
    }

    @Test
    void doesNothingWithoutAnInterval() {
        assertThat(new KeepAlive(Duration.ZERO).check(now + Long.MAX_VALUE / 2, sentAt, heardAt, true))
                .isEqualTo(NONE);
    }

    private Duration passUntil(Action wanted) {
        long since = now;
        for (Action action = check(); action != wanted; action = check()) {
            assertThat(action).isEqualTo(NONE);
            assertThat(now - since).isLessThan(Duration.ofMinutes(5).toNanos());
            pass();
        }
        return Duration.ofNanos(now - since);
    }

    private Action check() {
        return keepAlive.check(now, sentAt, heardAt, false);
    }

    private void pass() {
        now += keepAlive.interval().toNanos();
    }
}
