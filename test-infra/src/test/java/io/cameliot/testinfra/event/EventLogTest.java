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
package io.cameliot.testinfra.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** A watch of some topics has a sample of its own. */
class EventLogTest {
    private final EventLog log = new EventLog();

    @Test
    void findsAMessageOfAQuietTopicAmongThoseOfABusyOne() {
        try (MessageWatch watch = log.watch(topic -> topic.startsWith("quiet/"))) {
            publish("busy/topic", 1_000);
            publish("quiet/topic", 1);
            publish("busy/topic", 1_000);

            assertThat(log.messages().omitted()).isPositive();
            assertThat(watch.messages().after(0))
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.event().topic()).isEqualTo("quiet/topic"));
            assertThat(watch.messages().omitted()).isZero();
        }
    }

    @Test
    void recordsNothingForAWatchThatHasEnded() {
        MessageWatch watch = log.watch(topic -> true);
        watch.close();

        publish("a", 1);

        assertThat(watch.messages().last()).isZero();
        assertThat(log.messages().last()).isOne();
    }

    private void publish(String topic, int times) {
        for (int i = 0; i < times; i++) {
            log.published(
                    topic,
                    () -> Published.of(
                            new Published.Origin(Published.Kind.DEVICE, "device"),
                            topic,
                            new byte[1],
                            0,
                            false,
                            Map.of()));
        }
    }
}
