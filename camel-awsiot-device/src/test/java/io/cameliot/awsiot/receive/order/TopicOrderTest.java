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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicOrderTest {

    private final TopicOrder<String> order = new TopicOrder<>();

    @Test
    void givesNoMessageOfATopicThatIsInARoute() {
        add("a1", "a2");

        assertThat(order.take()).isEqualTo("a1");
        assertThat(order.hasNext()).isFalse();
        assertThat(order.take()).isNull();

        order.done("a");
        assertThat(order.take()).isEqualTo("a2");
    }

    @Test
    void givesMessagesOfOtherTopicsPastOneThatIsInARoute() {
        add("a1", "a2", "b1", "a3", "c1", "b2");

        assertThat(takeAll()).containsExactly("a1", "b1", "c1");
        assertThat(order.size()).isEqualTo(3);
    }

    @Test
    void letsTopicsTakeTurns() {
        add("a1", "a2", "a3", "b1", "c1");
        List<String> taken = new ArrayList<>();
        for (String next = order.take(); next != null; next = order.take()) {
            taken.add(next);
            order.done(next.substring(0, 1));
        }

        assertThat(taken).containsExactly("a1", "b1", "c1", "a2", "a3");
    }

    @Test
    void forgetsOnlyWhatWaits() {
        add("a1", "a2", "a3", "b1", "c1", "c2");
        assertThat(order.take()).isEqualTo("a1");

        order.removeIf(message -> !message.equals("a3") && !message.equals("c2"));

        assertThat(order.size()).isEqualTo(2);
        assertThat(takeAll()).containsExactly("c2");
        order.done("a");
        assertThat(takeAll()).containsExactly("a3");
    }

    @Test
    void takesATopicAgainThatItHadForgotten() {
        add("a1", "b1");
        assertThat(order.take()).isEqualTo("a1");
        order.removeIf(message -> true);
        add("b2", "a2");

        assertThat(takeAll()).containsExactly("b2");
        order.done("a");
        assertThat(takeAll()).containsExactly("a2");
        assertThat(order.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 7, 2026})
    void keepsTheOrderOfEachTopicWhateverHappens(long seed) {
        Random random = new Random(seed);
        Map<String, Integer> sent = new HashMap<>();
        Map<String, Integer> seen = new HashMap<>();
        List<String> inRoutes = new ArrayList<>();
        int entered = 0;
        for (int step = 0; step < 20_000; step++) {
            if (random.nextInt(5) < 2) {
                String topic = String.valueOf((char) ('a' + random.nextInt(6)));
                order.add(topic, topic + sent.merge(topic, 1, Integer::sum));
            } else if (random.nextBoolean()) {
                String message = order.take();
                if (message != null) {
                    String topic = message.substring(0, 1);
                    assertThat(inRoutes).doesNotContain(topic);
                    inRoutes.add(topic);
                    assertThat(message).isEqualTo(topic + seen.merge(topic, 1, Integer::sum));
                    entered++;
                }
            } else if (!inRoutes.isEmpty()) {
                order.done(inRoutes.remove(random.nextInt(inRoutes.size())));
            }
        }

        assertThat(order.size())
                .isEqualTo(sent.values().stream().mapToInt(Integer::intValue).sum() - entered);
        assertThat(entered).isPositive();
    }

    private void add(String... messages) {
        for (String message : messages) {
            order.add(message.substring(0, 1), message);
        }
    }

    private List<String> takeAll() {
        List<String> taken = new ArrayList<>();
        for (String next = order.take(); next != null; next = order.take()) {
            taken.add(next);
        }
        return taken;
    }
}
