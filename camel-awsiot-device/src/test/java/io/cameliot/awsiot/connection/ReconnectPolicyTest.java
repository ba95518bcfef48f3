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

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.common.mqtt.MqttReasonException;
import io.cameliot.common.retry.Backoff;
import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsConnectException.Reason;
import java.io.EOFException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReconnectPolicyTest {

    private static final Duration MIN = Duration.ofSeconds(1);
    private static final Duration MAX = Duration.ofSeconds(120);

    private final Throwable serverClose = new TlsConnectException(Reason.CONNECTION_LOST, "closed", new EOFException());
    private final Throwable deafNetwork = new TlsConnectException(Reason.KEEP_ALIVE_EXPIRED, "lost", null);

    private long now = Long.MAX_VALUE - 1; // System.nanoTime() may overflow
    private final ReconnectPolicy policy = new ReconnectPolicy(new Backoff(MIN, MAX, new Random(7)), () -> now);

    @Test
    void sendsTheFirstConnectAtOnce() {
        assertThat(policy.untilNextConnect()).isZero();
    }

    @Test
    void keepsASecondBetweenConnects() {
        policy.connecting();
        pass(Duration.ofMillis(300));
        assertThat(policy.untilNextConnect()).isEqualTo(Duration.ofMillis(700));

        pass(Duration.ofMillis(700));
        assertThat(policy.untilNextConnect()).isLessThanOrEqualTo(Duration.ZERO);
    }

    @Test
    void startsAgainWithTheSmallestDelayAfterAStableConnection() {
        exhaustBackoff();
        policy.connected();
        pass(Duration.ofSeconds(31));
        policy.lost(deafNetwork);

        assertThat(policy.nextDelay()).isEqualTo(MIN);
    }

    @Test
    void goesOnWithLongDelaysAfterAConnectionThatDidNotLast() {
        Backoff sameRandom = new Backoff(MIN, MAX, new Random(7));
        policy.nextDelay();
        sameRandom.next();
        policy.connected();
        pass(Duration.ofSeconds(29));
        policy.lost(deafNetwork);

        assertThat(policy.nextDelay()).isEqualTo(sameRandom.next());
    }

    @Test
    void suspectsATakeoverAfterThreeClosesInTenMinutes() {
        for (int close = 1; close <= 3; close++) {
            assertThat(policy.suspectsTakeover()).isFalse();
            policy.connected();
            pass(Duration.ofMinutes(2));
            policy.lost(serverClose);
        }

        assertThat(policy.suspectsTakeover()).isTrue();
        assertThat(policy.suspiciousTime()).isEqualTo(Duration.ofMinutes(4));
    }

    @Test
    void waitsLongAfterTheFirstTakeoverThatTheServerNames() {
        for (int attempt = 0; attempt < 100; attempt++) {
            policy.connected();
            pass(Duration.ofHours(1));
            policy.lost(new MqttReasonException(0x8E, "taken over"));
            assertThat(policy.nextDelay()).isBetween(MAX.dividedBy(2), MAX);
        }

        policy.connected();
        pass(Duration.ofHours(1));
        policy.lost(deafNetwork);
        assertThat(policy.nextDelay()).isEqualTo(MIN);
    }

    @Test
    void doesNotFightATakeoverHoweverLongTheConnectionsLast() {
        exhaustBackoff();
        for (int close = 1; close <= 3; close++) {
            policy.connected();
            pass(Duration.ofMinutes(1));
            policy.lost(serverClose);
        }
        exhaustBackoff();

        policy.connected();
        pass(Duration.ofMinutes(1));
        policy.lost(serverClose);

        assertThat(policy.suspectsTakeover()).isTrue();
        assertThat(policy.nextDelay()).isNotEqualTo(MIN);
    }

    @Test
    void suspectsNothingWhenTheNetworkIsBad() {
        for (int loss = 1; loss <= 10; loss++) {
            policy.connected();
            pass(Duration.ofSeconds(1));
            policy.lost(deafNetwork);
        }

        assertThat(policy.suspectsTakeover()).isFalse();
    }

    @Test
    void forgetsClosesOfLongAgo() {
        for (int close = 1; close <= 5; close++) {
            policy.connected();
            pass(Duration.ofMinutes(6));
            policy.lost(serverClose);
        }

        assertThat(policy.suspectsTakeover()).isFalse();
    }

    private void exhaustBackoff() {
        for (int i = 0; i < 10; i++) {
            policy.nextDelay();
        }
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }
}
