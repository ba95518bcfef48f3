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
package io.cameliot.common.mqtt.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InFlightTest {

    private final InFlight inFlight = new InFlight();

    @Test
    void assignsAUniqueIdentifierUntilAllAreInUse() {
        Set<Integer> ids = new HashSet<>();
        for (int i = 0; i < 65_535; i++) {
            assertThat(ids.add(inFlight.add("entry"))).isTrue();
        }

        assertThat(ids).allMatch(id -> id > 0 && id < 65_536);
        assertThat(inFlight.add("one too many")).isZero();
        assertThat(inFlight.remove(77, String.class)).isEqualTo("entry");
        assertThat(inFlight.add("the one")).isEqualTo(77);
    }

    @Test
    void findsEachEntryAgain() {
        Random random = new Random(5);
        Map<Integer, Integer> expected = new HashMap<>();
        Queue<Integer> ids = new ArrayDeque<>();
        for (int i = 0; i < 100_000; i++) {
            if (ids.size() < 1 + i / 100 && random.nextInt(5) > 1) {
                int id = inFlight.add(i);
                assertThat(expected.put(id, i)).isNull();
                ids.add(id);
            } else if (!ids.isEmpty()) {
                int id = ids.remove();
                assertThat(inFlight.remove(id, Integer.class)).isEqualTo(expected.remove(id));
                assertThat(inFlight.remove(id, Integer.class)).isNull();
            }
            assertThat(inFlight.isEmpty()).isEqualTo(ids.isEmpty());
        }
    }

    @Test
    void reusesAFreedIdentifierAsLateAsPossible() {
        int id = inFlight.add("first");
        inFlight.remove(id, String.class);

        for (int i = 0; i < 15; i++) {
            assertThat(inFlight.add("other")).isNotEqualTo(id);
        }
        assertThat(inFlight.add("last")).isEqualTo(id);
    }

    @Test
    void keepsAnEntryThatWaitsForAnotherKindOfAnswer() {
        int id = inFlight.add("text");

        assertThat(inFlight.remove(id, Integer.class)).isNull();
        assertThat(inFlight.remove(60_000, String.class)).isNull();
        assertThat(inFlight.remove(id, String.class)).isEqualTo("text");
    }

    @Test
    void returnsAllEntriesAtTheEnd() {
        inFlight.remove(inFlight.add("done"), String.class);
        int id = inFlight.add("open");

        assertThat(inFlight.removeAll()).containsExactly("open");
        assertThat(inFlight.removeAll()).isEmpty();
        assertThat(inFlight.remove(id, String.class)).isNull();
        assertThat(inFlight.isEmpty()).isTrue();
    }
}
