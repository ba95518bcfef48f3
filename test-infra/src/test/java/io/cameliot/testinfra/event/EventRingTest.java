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

import io.cameliot.testinfra.event.EventRing.Entry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EventRingTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final EventRing<String> ring = new EventRing<>(3, 2, nanos::get);

    @Test
    void keepsTheFirstEventsOfEachSecondAndCountsTheOthers() {
        record("a", "b", "c", "d");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1)); // also past the largest long, where nanoTime may be
        record("e");

        assertThat(texts(ring.after(0))).containsExactly("a", "b", "e");
        assertThat(ring.omitted()).isEqualTo(2);
    }

    @Test
    void doesNotCreateAnEventThatItOnlyCounts() {
        record("a", "b");

        ring.record(() -> {
            throw new AssertionError("created");
        });

        assertThat(ring.omitted()).isEqualTo(1);
    }

    @Test
    void keepsTheLatestEventsAndTheirNumbers() {
        for (String text : List.of("a", "b", "c", "d")) {
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
            record(text);
        }

        assertThat(texts(ring.after(0))).containsExactly("b", "c", "d");
        assertThat(texts(ring.after(3))).containsExactly("d");
        assertThat(ring.after(4)).isEmpty();
        assertThat(ring.last()).isEqualTo(4);
    }

    private void record(String... texts) {
        for (String text : texts) {
            ring.record(() -> text);
        }
    }

    private static List<String> texts(List<Entry<String>> entries) {
        return entries.stream().map(Entry::event).toList();
    }
}
