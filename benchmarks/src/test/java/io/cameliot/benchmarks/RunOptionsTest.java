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
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunOptionsTest {

    @Test
    void takesCasesAndPeersByTheNamesThatAreListed() {
        RunOptions options = RunOptions.parse("--cases", "receive,lone", "--peers", "AWSIOT_DEVICE,PAHO");

        assertThat(options.selection().cases()).containsExactly("receive", "lone");
        assertThat(options.selection().peers()).containsExactly("AWSIOT_DEVICE", "PAHO");
    }

    /** Without this check a run with a misspelled name would measure nothing and look successful. */
    @ParameterizedTest
    @CsvSource({"--cases, recieve, Unknown case recieve", "--peers, paho:, Unknown peer paho:"})
    void refusesANameThatIsNotListed(String option, String name, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RunOptions.parse(option, name))
                .withMessageContaining(message)
                .withMessageContaining("--list");
    }
}
