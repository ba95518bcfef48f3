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
package io.cameliot.awsiot.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnwantedFiltersTest {

    private static final UnwantedFilters NONE = UnwantedFilters.NONE;

    @ParameterizedTest
    @CsvSource({
        "a/+,            a/b,   true",
        "a/+,            a/b/c, false",
        "a/b,            a/b,   true",
        "a/#,            b,     false",
        "$share/g/a/+,   a/b,   true",
        "$share/g/a/+,   b,     false",
    })
    void matchesTheTopicsOfItsFilters(String filter, String topic, boolean matches) {
        assertThat(NONE.withRefused(filter).matches(topic)).isEqualTo(matches);
        assertThat(NONE.withPending(filter).matches(topic)).isEqualTo(matches);
        assertThat(NONE.matches(topic)).isFalse();
    }

    @Test
    void forgetsAFilterThatAHandlerComesForAndNoOther() {
        UnwantedFilters filters =
                NONE.withRefused("a/+").withRefused("b").withPending("c").withPending("d");

        assertThat(filters.withoutWanted("$share/group/a/+").matches("a/b")).isFalse();
        assertThat(filters.withoutWanted("c").matches("c")).isFalse();
        assertThat(filters.withoutWanted("c").packets()).containsExactly(List.of("d"));
        assertThat(filters.withoutWanted("c").withoutWanted("a/+").matches("b")).isTrue();
        assertThat(filters.withoutWanted("e")).isEqualTo(filters);
    }

    /** A subscription to the plain filter leaves that of the group in the server's session. */
    @Test
    void stillEndsASharedSubscriptionWhoseFilterIsWantedWithoutTheGroup() {
        UnwantedFilters filters = NONE.withPending("$share/group/a").withoutWanted("a");

        assertThat(filters.packets()).containsExactly(List.of("$share/group/a"));
    }

    @Test
    void asksOnceForTheEndOfASubscriptionThatTheServerAnswers() {
        UnwantedFilters filters = NONE.withPending("a").withPending("b").withPending("a");
        assertThat(filters.packets()).containsExactly(List.of("a", "b"));

        assertThat(filters.withEnded("a").packets()).containsExactly(List.of("b"));
        assertThat(filters.withEnded("a").matches("a")).isFalse();
        assertThat(filters.withRefused("a").packets()).containsExactly(List.of("b"));
        assertThat(filters.withRefused("a").matches("a")).isTrue();
    }

    @Test
    void putsAtMostEightFiltersIntoAnUnsubscribe() {
        UnwantedFilters filters = NONE;
        for (int i = 0; i < 17; i++) {
            filters = filters.withPending("t" + i);
        }

        assertThat(filters.packets())
                .containsExactly(
                        List.of("t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7"),
                        List.of("t8", "t9", "t10", "t11", "t12", "t13", "t14", "t15"),
                        List.of("t16"));
    }
}
