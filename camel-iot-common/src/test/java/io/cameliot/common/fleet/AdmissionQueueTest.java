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
package io.cameliot.common.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AdmissionQueueTest {

    private final Set<String> gone = new HashSet<>();
    private Duration now = Duration.ofDays(1);

    @Test
    void admitsInTheOrderOfArrivalAsManyAsThereArePlaces() {
        AdmissionQueue<String> queue = new AdmissionQueue<>(2, 0);
        List.of("a", "b", "c", "d").forEach(device -> queue.add(device, device));

        assertThat(admitted(queue)).containsExactly("a", "b");
        assertThat(queue.admitted()).isEqualTo(2);
        assertThat(queue.waiting()).isEqualTo(2);
        assertThat(queue.nextStart()).isEmpty();

        queue.leave("b");
        assertThat(admitted(queue)).containsExactly("c");
        queue.leave("a");
        queue.leave("c");
        assertThat(admitted(queue)).containsExactly("d");
        queue.leave("d");
        assertThat(queue.admitted()).isZero();
        assertThat(queue.waiting()).isZero();
    }

    @Test
    void admitsADeviceOnceAtATimeWhateverItsCase() {
        AdmissionQueue<String> queue = new AdmissionQueue<>(9, 0);
        queue.add("dev", "first");
        queue.add("DEV", "second");
        queue.add("other", "other");
        queue.add("dev", "third");

        assertThat(admitted(queue)).containsExactly("first", "other");
        assertThat(queue.waiting()).isEqualTo(2);
        queue.leave("dev");
        assertThat(admitted(queue)).containsExactly("second");
        queue.leave("DEV");
        assertThat(admitted(queue)).containsExactly("third");
        queue.leave("dev");
        queue.add("dev", "fourth");
        assertThat(admitted(queue)).containsExactly("fourth");
    }

    @Test
    void spreadsStartsEvenlyOverTheMinute() {
        AdmissionQueue<String> queue = new AdmissionQueue<>(9, 30);
        List.of("a", "b", "c").forEach(device -> queue.add(device, device));

        assertThat(admitted(queue)).containsExactly("a");
        assertThat(queue.nextStart()).contains(now.plusSeconds(2));
        now = now.plusMillis(1999);
        assertThat(admitted(queue)).isEmpty();
        now = now.plusMillis(1);
        assertThat(admitted(queue)).containsExactly("b");
        now = now.plusSeconds(60);
        assertThat(admitted(queue)).containsExactly("c");
        assertThat(queue.nextStart()).isEmpty();
    }

    @Test
    void passesOverThoseWhoDoNotWaitAnyMore() {
        AdmissionQueue<String> queue = new AdmissionQueue<>(1, 30);
        queue.add("a", "a");
        queue.add("b", "b");
        queue.add("b", "b2");
        gone.addAll(List.of("a", "b"));

        assertThat(admitted(queue)).containsExactly("b2");
        assertThat(queue.waiting()).isZero();
    }

    @Test
    void drainsThoseWhoDoNotWaitAnyMoreThoughNoPlaceIsFree() {
        AdmissionQueue<String> queue = new AdmissionQueue<>(1, 0);
        queue.add("a", "a");
        assertThat(admitted(queue)).containsExactly("a");
        List.of("b", "c").forEach(device -> queue.add(device, device));
        gone.addAll(List.of("b", "c"));

        assertThat(admitted(queue)).isEmpty();
        assertThat(queue.waiting()).isZero();
    }

    @Test
    void countsNobodyWhoIsWithdrawnFromAnyPlace() {
        AdmissionQueue<String> queue = new AdmissionQueue<>(1, 0);
        List.of("a", "b", "c", "d").forEach(device -> queue.add(device, device));
        queue.add("c", "c2");
        queue.add("d", "d2");
        queue.add("d", "d3");
        assertThat(admitted(queue)).containsExactly("a");
        assertThat(queue.waiting()).isEqualTo(6);

        queue.withdraw("C", "c");
        queue.withdraw("D", "d2");

        assertThat(queue.waiting()).isEqualTo(4);
        queue.leave("a");
        assertThat(admitted(queue)).containsExactly("b");
        queue.leave("b");
        assertThat(admitted(queue)).containsExactly("d");
        queue.leave("d");
        assertThat(admitted(queue)).containsExactly("c2");
        queue.leave("c");
        assertThat(admitted(queue)).containsExactly("d3");
        queue.withdraw("a", "a");
        assertThat(queue.waiting()).isZero();
    }

    private List<String> admitted(AdmissionQueue<String> queue) {
        List<String> admitted = new ArrayList<>();
        Optional<String> next = queue.admit(now, gone::contains);
        while (next.isPresent()) {
            admitted.add(next.get());
            next = queue.admit(now, gone::contains);
        }
        return admitted;
    }
}
