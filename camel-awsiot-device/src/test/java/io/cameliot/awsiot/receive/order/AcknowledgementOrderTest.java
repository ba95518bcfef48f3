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
package io.cameliot.awsiot.receive.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.awsiot.receive.order.AcknowledgementOrder.Pending;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcknowledgementOrderTest {

    private final AcknowledgementOrder<Integer> order = new AcknowledgementOrder<>();

    @Test
    void keepsAnAcknowledgementBackUntilThoseBeforeItAreGiven() {
        Pending<Integer> first = order.arrived(1);
        Pending<Integer> second = order.arrived(2);
        Pending<Integer> third = order.arrived(3);

        third.done();
        second.done();
        assertThat(released()).isEmpty();
        first.done();

        assertThat(released()).containsExactly(1, 2, 3);
        assertThat(order.hasNext()).isFalse();
    }

    @Test
    void passesOverWhatIsNeverAcknowledged() {
        Pending<Integer> first = order.arrived(1);
        order.arrived(2).done();
        order.arrived(3).leave();
        order.arrived(4).done();
        order.arrived(5);

        first.leave();

        assertThat(released()).containsExactly(2, 4);
    }

    @Test
    void forgetsWhatAnEndedConnectionOwed() {
        Pending<Integer> ofTheOldConnection = order.arrived(1);
        order.clear();
        Pending<Integer> first = order.arrived(2);

        ofTheOldConnection.done();
        assertThat(released()).isEmpty();
        first.done();

        assertThat(released()).containsExactly(2);
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 11, 1883})
    void releasesInTheOrderOfArrivalWhateverTheOrderOfCompletion(long seed) {
        List<Integer> all = IntStream.range(0, 500).boxed().toList();
        List<Pending<Integer>> open =
                new ArrayList<>(all.stream().map(order::arrived).toList());
        Collections.shuffle(open, new Random(seed));

        List<Integer> released = new ArrayList<>();
        for (Pending<Integer> pending : open) {
            pending.done();
            released.addAll(released());
        }

        assertThat(released).containsExactlyElementsOf(all);
    }

    private List<Integer> released() {
        List<Integer> released = new ArrayList<>();
        for (Integer next = order.next(); next != null; next = order.next()) {
            released.add(next);
        }
        return released;
    }
}
