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
package io.cameliot.awsiot.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TurnsTest {

    private final Turns<Request> turns = new Turns<>(3, 4);

    /** By identity: two of the same topic and token are two. */
    private static final class Request implements Turns.Turn {

        private final String target;
        private final String identity;
        private final List<String> filters;

        Request(String target, String identity, String... filters) {
            this.target = target;
            this.identity = identity;
            this.filters = List.of(filters);
        }

        @Override
        public String target() {
            return target;
        }

        @Override
        public String identity() {
            return identity;
        }

        @Override
        public List<String> filters() {
            return filters;
        }

        @Override
        public String toString() {
            return target + "/" + identity;
        }
    }

    @Test
    void letsSoManyOfATargetRunAndTheOthersInOrder() {
        List<Request> all = add("T", 5);

        assertThat(turns.next()).isEqualTo(all.subList(0, 3));
        assertThat(turns.next()).isEmpty();
        turns.done(all.get(1));
        assertThat(turns.next()).containsExactly(all.get(3));
        turns.done(all.get(0));
        turns.done(all.get(3));
        assertThat(turns.next()).containsExactly(all.get(4));
    }

    @Test
    void letsOneTargetNotHoldUpAnother() {
        List<Request> many = add("many", 5);
        List<Request> few = add("few", 1);

        assertThat(turns.next()).containsAll(many.subList(0, 3)).containsAll(few);
    }

    @Test
    void letsOneOfThoseThatCannotBeToldApartRun() {
        Request first = add(new Request("T", "same", "f"));
        Request second = add(new Request("T", "same", "f"));
        Request other = add(new Request("T", "other", "f"));

        assertThat(turns.next()).containsExactly(first, other);
        turns.done(first);
        assertThat(turns.next()).containsExactly(second);
    }

    @Test
    void forgetsOneThatGaveUpWaiting() {
        List<Request> all = add("T", 5);
        turns.next();

        turns.done(all.get(3));
        turns.done(all.get(0));

        assertThat(turns.next()).containsExactly(all.get(4));
    }

    @Test
    void waitsForRoomForFilters() {
        Request first = add(new Request("A", "a", "a1", "a2"));
        Request second = add(new Request("B", "b", "b1", "b2"));
        Request third = add(new Request("C", "c", "c1", "c2"));
        Request behind = add(new Request("D", "d", "a1"));

        assertThat(turns.next()).containsExactly(first, second);
        assertThat(turns.isInUse("a1")).isTrue();
        turns.done(first);
        assertThat(turns.isInUse("a1")).isFalse();
        assertThat(turns.next()).containsExactly(third);
        turns.done(second);
        assertThat(turns.next()).containsExactly(behind);
    }

    @Test
    void letsATargetWithManyRequestsNotKeepTheFiltersToItself() {
        for (int i = 0; i < 100; i++) {
            add(new Request("many", "many" + i, "m1", "m2", "m3"));
        }
        Request waiting = add(new Request("few", "few", "f1", "f2"));
        List<Request> running = new ArrayList<>(turns.next());
        int ended = 0;

        while (!running.contains(waiting) && !running.isEmpty()) {
            turns.done(running.remove(0));
            ended++;
            running.addAll(turns.next());
        }

        assertThat(running).containsExactly(waiting);
        assertThat(ended).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void keepsItsBoundsWhateverComesAndGoes(long seed) {
        Random random = new Random(seed);
        List<Request> running = new ArrayList<>();
        int waiting = 0;
        int ended = 0;
        for (int i = 0; i < 2000; i++) {
            if (random.nextBoolean()) {
                String target = "t" + random.nextInt(6);
                add(new Request(target, target + random.nextInt(5), target + random.nextInt(3)));
                waiting++;
            } else if (!running.isEmpty()) {
                turns.done(running.remove(random.nextInt(running.size())));
                ended++;
            }
            List<Request> next = turns.next();
            waiting -= next.size();
            running.addAll(next);
            assertBounds(running);
        }
        while (!running.isEmpty()) {
            turns.done(running.remove(0));
            ended++;
            List<Request> next = turns.next();
            waiting -= next.size();
            running.addAll(next);
        }

        assertThat(waiting).isZero();
        assertThat(ended).isPositive();
    }

    private static void assertBounds(List<Request> running) {
        Map<String, Integer> ofTarget = new HashMap<>();
        Set<String> identities = new HashSet<>();
        Set<String> filters = new HashSet<>();
        for (Request request : running) {
            assertThat(ofTarget.merge(request.target, 1, Integer::sum)).isLessThanOrEqualTo(3);
            assertThat(identities.add(request.identity)).isTrue();
            filters.addAll(request.filters);
        }
        assertThat(filters).hasSizeLessThanOrEqualTo(4);
    }

    private List<Request> add(String target, int count) {
        List<Request> added = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            added.add(add(new Request(target, target + System.nanoTime() + i, target + "/+")));
        }
        return added;
    }

    private Request add(Request request) {
        turns.add(request);
        return request;
    }
}
