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

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OptionDurationTest {

    @Test
    void isWhatTheUserGives() {
        assertThat(OptionDuration.ofMillis(1500)).isEqualTo(Duration.ofMillis(1500));
        assertThat(OptionDuration.ofMillis(0)).isZero();
        assertThat(OptionDuration.of(Duration.ofSeconds(-1))).isEqualTo(Duration.ofSeconds(-1));
    }

    @Test
    void isSoShortThatItsNanosecondsFitIntoALongTwice() {
        Duration longest = OptionDuration.ofMillis(Long.MAX_VALUE);

        assertThat(longest.multipliedBy(2).toNanos()).isPositive();
        assertThat(OptionDuration.ofMillis(TimeUnit.DAYS.toMillis(400_000))).isEqualTo(longest);
        assertThat(OptionDuration.of(ChronoUnit.FOREVER.getDuration())).isEqualTo(longest);
    }
}
