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
package io.cameliot.common.camel;

import static org.assertj.core.api.Assertions.assertThatNoException;

import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class MqttThreadsTest {

    @Test
    void schedulesTimeoutsOfThousandsOfConnections() throws Exception {
        try (CamelContext camel = new DefaultCamelContext()) {
            MqttThreads threads = MqttThreads.create(camel, this, "MqttThreadsTest");

            assertThatNoException().isThrownBy(() -> {
                for (int i = 0; i < 10_000; i++) {
                    threads.timer().schedule(() -> {}, 1, TimeUnit.HOURS);
                }
            });
            threads.shutdown();
        }
    }
}
