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
package io.cameliot.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTest {

    @Test
    void estimatesTheTimeLeftByTheTimeOfThoseThatAreDone() {
        Progress progress = new Progress(3);

        assertThat(progress.done(Duration.ofMinutes(5))).isEqualTo("1 of 3, about 10 min left");
        assertThat(progress.done(Duration.ofMinutes(6))).isEqualTo("2 of 3, about 3 min left");
        assertThat(progress.done(Duration.ofMinutes(7))).isEqualTo("3 of 3");
    }

    @Test
    void countsTheLastMinutesInSeconds() {
        assertThat(new Progress(2).done(Duration.ofSeconds(20))).isEqualTo("1 of 2, about 20 s left");
    }
}
