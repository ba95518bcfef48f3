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
package io.cameliot.benchmarks.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SoakOptionsTest {

    @Test
    void lastsThreeMinutesUnlessTold() {
        assertThat(SoakOptions.parse().duration()).isEqualTo(Duration.ofMinutes(3));
    }

    @Test
    void takesTheTimeTheSeedAndTheChart() {
        Path chart = Path.of("chart.svg").toAbsolutePath();

        assertThat(SoakOptions.parse("--seconds", "60", "--seed", "7", "--chart", "chart.svg"))
                .isEqualTo(new SoakOptions(Duration.ofSeconds(60), 7, chart));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--seconds", "--seconds 0", "--seconds many", "--seed", "--seed x", "--chart", "--hours 1"})
    void refusesWhatIsNotPossible(String commandLine) {
        String[] words = commandLine.split(" ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SoakOptions.parse(words))
                .withMessageContaining(words[0]);
    }
}
