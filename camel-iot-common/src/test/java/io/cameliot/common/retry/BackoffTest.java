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
package io.cameliot.common.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final Duration MIN = Duration.ofSeconds(1);
    private static final Duration MAX = Duration.ofSeconds(120);

    /** Always returns the largest value below the bound. */
    private final RandomGenerator highest = new RandomGenerator() {
        @Override
        public long nextLong() {
            return Long.MAX_VALUE;
        }

        @Override
        public long nextLong(long bound) {
            return bound - 1;
        }
    };

    @Test
    void doublesTheCeilingUntilTheLargestDelay() {
        Backoff backoff = new Backoff(MIN, MAX, highest);

        for (long seconds : new long[] {1, 2, 4, 8, 16, 32, 64, 120, 120, 120}) {
            assertThat(backoff.next()).isEqualTo(Duration.ofSeconds(seconds));
        }
    }

    @Test
    void staysWithinItsBoundsAfterAnyNumberOfAttempts() {
        Backoff backoff = new Backoff(MIN, MAX, new Random(1));

        for (int i = 0; i < 1000; i++) {
            assertThat(backoff.next()).isBetween(MIN, MAX);
        }
        assertThat(backoff.attempts()).isEqualTo(1000);
    }

    @Test
    void spreadsTheDelaysOfAFleetOverTheWholeRange() {
        List<Long> delays = new Random(7)
                .longs(500)
                .mapToObj(seed -> {
                    Backoff backoff = new Backoff(MIN, MAX, new Random(seed));
                    for (int i = 0; i < 9; i++) {
                        backoff.next();
                    }
                    return backoff.next().toSeconds();
                })
                .toList();

        assertThat(delays).anyMatch(delay -> delay < 15).anyMatch(delay -> delay > 105);
    }

    @Test
    void startsAgainAfterAReset() {
        Backoff backoff = new Backoff(MIN, MAX, highest);
        backoff.next();
        backoff.next();

        backoff.reset();

        assertThat(backoff.next()).isEqualTo(MIN);
    }

    @Test
    void refusesBoundsInTheWrongOrder() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Backoff(MAX, MIN, highest));
    }
}
