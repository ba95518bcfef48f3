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
package io.cameliot.testinfra.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class CapturedLogTest {

    private final String parent = "captured." + UUID.randomUUID();

    @Test
    void capturesAtTheLevelAndRestoresTheLevelOfEachLogger() {
        Logger before = LoggerFactory.getLogger(parent + ".before");
        boolean traced = before.isTraceEnabled();
        Logger meanwhile;
        try (CapturedLog log = CapturedLog.at(Map.of(parent, "trace"))) {
            meanwhile = LoggerFactory.getLogger(parent + ".meanwhile");
            before.trace("one");
            meanwhile.trace("two");

            assertThat(log.text()).contains("one", "two");
        }
        assertThat(before.isTraceEnabled()).isEqualTo(traced);
        assertThat(meanwhile.isTraceEnabled())
                .as("a logger that was made while the log was captured")
                .isEqualTo(traced);
        assertThat(meanwhile.isInfoEnabled()).isEqualTo(before.isInfoEnabled());
    }
}
