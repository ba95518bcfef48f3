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
import org.junit.jupiter.params.provider.ValueSource;

/** Advances the time and calls check as often as the session does. */
class KeepAliveTest {

    private static final long START = Long.MAX_VALUE - 1; // System.nanoTime() may overflow
    private static final Duration INTERVAL = Duration.ofSeconds(40);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final KeepAlive keepAlive = new KeepAlive(INTERVAL, TIMEOUT);
    private long now = START;
    private long sentAt = START;
    private long heardAt = START;

    @ParameterizedTest
    @CsvSource({
        "1, 30, 500",
        "40, 30, 20000",
        "40, 5, 20000",
        "60, 30, 30000",
        "1200, 30, 30000",
        "1200, 5, 30000",
        "65535, 30, 30000",
        "1200, 90, 90000",
        "100, 90, 50000"
    })
    void waitsHalfTheIntervalForAPingrespAtMostThirtySecondsOrTheTimeForOtherAnswers(
            int seconds, int timeoutSeconds, long patienceMillis) {
        assertThat(new KeepAlive(Duration.ofSeconds(seconds), Duration.ofSeconds(timeoutSeconds)).patience())
                .isEqualTo(Duration.ofMillis(patienceMillis));
    }

    /** The PINGREQ waits behind a large message, whose PUBACK is owed, on a line that was idle. */
    @Test
    void toleratesASlowLineForAsLongAsOtherAnswersMayTake() {
        Duration limit = Duration.ofSeconds(90);
        KeepAlive slow = new KeepAlive(Duration.ofSeconds(200), limit);
        heardAt = START - Duration.ofSeconds(140).toNanos();
        assertThat(slow.check(now, sentAt, heardAt, true)).isEqualTo(PING);

        while (now - START + slow.interval().toNanos() <= limit.toNanos()) {
            now += slow.interval().toNanos();
            assertThat(slow.check(now, sentAt, heardAt, true)).isEqualTo(NONE);
        }
        assertThat(slow.check(now + slow.interval().toNanos(), sentAt, heardAt, true))
                .isEqualTo(GIVE_UP);
    }

    @Test
    void pingsBeforeTheIntervalIsOver() {
        Duration silence = passUntil(PING);

        assertThat(silence).isBetween(INTERVAL.dividedBy(2), INTERVAL);
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
            assertThat(now - START).isLessThanOrEqualTo(INTERVAL.toNanos());
        }
    }

    @Test
    void pingsSoonerWhenTheServerOwesAnAnswer() {
        KeepAlive longOne = new KeepAlive(Duration.ofMinutes(20), TIMEOUT);
        long silent = now + Duration.ofSeconds(31).toNanos();

        assertThat(longOne.check(silent, silent, heardAt, false)).isEqualTo(NONE);
        assertThat(longOne.check(silent, silent, heardAt, true)).isEqualTo(PING);
    }

    @Test
    void givesUpWithoutAPingresp() {
        passUntil(PING);

        assertThat(passUntil(GIVE_UP)).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(31));
    }

    /** Also while nothing but pings is sent, which is how devices that only receive spend their lives. */
    @ParameterizedTest
    @ValueSource(ints = {1, 40, 1200, 65_535})
    void pingsOncePerIntervalWhileItIsIdle(int seconds) {
        Duration interval = Duration.ofSeconds(seconds);
        KeepAlive idle = new KeepAlive(interval, TIMEOUT);
        long pinged = START;
        for (int i = 0; i < 5; i++) {
            Action action = NONE;
            while (action == NONE) {
                now += idle.interval().toNanos();
                action = idle.check(now, START, heardAt, false);
            }
            assertThat(action).isEqualTo(PING);
            assertThat(Duration.ofNanos(now - pinged)).isBetween(interval.dividedBy(2), interval);
            pinged = now;
            heardAt = now;
            idle.answered();
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
        assertThat(new KeepAlive(Duration.ZERO, TIMEOUT).check(now + Long.MAX_VALUE / 2, sentAt, heardAt, true))
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
