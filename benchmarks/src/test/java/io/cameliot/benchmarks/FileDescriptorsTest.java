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

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.cameliot.benchmarks.plan.Cases;
import org.junit.jupiter.api.Test;

class FileDescriptorsTest {

    @Test
    void namesTheCaseAndTheLimitWhereTheMachineAllowsTooFew() {
        assertThatIllegalStateException()
                .isThrownBy(() -> FileDescriptors.require(Cases.of(false), 4096))
                .withMessageContaining("identities-5000")
                .withMessageContaining("5500")
                .withMessageContaining("4096")
                .withMessageContaining("ulimit -Hn 5500");
    }

    /** The connections that are opened before the measurement count as well. */
    @Test
    void countsAllConnectionsOfAFleet() {
        assertThatIllegalStateException()
                .isThrownBy(() -> FileDescriptors.require(Cases.of(false), 1500))
                .withMessageContaining("Case fleet")
                .withMessageContaining("1600");
    }

    @Test
    void letsARunStartWhereTheMachineAllowsEnough() {
        assertThatCode(() -> FileDescriptors.require(Cases.of(false), 5500)).doesNotThrowAnyException();
        assertThatCode(() -> FileDescriptors.require(Cases.of(true), 1024)).doesNotThrowAnyException();
    }
}
