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
package io.cameliot.testinfra.awsiot.topic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicChecksTest {
    private static final String LONGEST = "x".repeat(256);
    private static final String DEEPEST = "1/2/3/4/5/6/7/8";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "/",
                "a//b",
                DEEPEST,
                "$aws/rules/myRule/1/2/3/4/5/6/7/8",
                "$aws/things/t/shadow/name/s/update",
                "a b/c.d"
            })
    void takesTopics(String topic) {
        assertThat(TopicChecks.topicFault(topic)).isEmpty();
        assertThat(TopicChecks.filterFault(topic)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$aws/commands/things/T/executions/E/response/accepted/json",
                "$aws/1/2/3/4/5/6/7/8/9",
                "$aws/things/t/streams/s/data/json/7/8/9/10"
            })
    void takesReservedTopicsOfAnyDepth(String topic) {
        assertThat(TopicChecks.topicFault(topic)).isEmpty();
        assertThat(TopicChecks.filterFault(topic)).isEmpty();
        assertThat(TopicChecks.filterFault("$share/group/" + topic)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a/+",
                "#",
                "a+b",
                "1/2/3/4/5/6/7/8/9",
                "$aws/rules/myRule/1/2/3/4/5/6/7/8/9",
                "$aws/rules/myRule/$aws/2/3/4/5/6/7/8/9"
            })
    void refusesTopics(String topic) {
        assertThat(TopicChecks.topicFault(topic)).isPresent();
    }

    @Test
    void countsBytesNotCharacters() {
        assertThat(TopicChecks.topicFault(LONGEST)).isEmpty();
        assertThat(TopicChecks.topicFault(LONGEST + "x")).isPresent();
        assertThat(TopicChecks.topicFault("ü".repeat(128))).isEmpty();
        assertThat(TopicChecks.topicFault("ü".repeat(129))).isPresent();
        assertThat(TopicChecks.topicFault("$aws/rules/myRule/" + LONGEST)).isEmpty();
        assertThat(TopicChecks.filterFault("$share/group/" + LONGEST)).isEmpty();
        assertThat(TopicChecks.filterFault("$share/group/" + LONGEST + "x")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"#", "+", "a/#", "+/+/c", "$share/group/a/+", "$share/group/1/2/3/4/5/6/7/8", "$aws/#"})
    void takesTopicFilters(String filter) {
        assertThat(TopicChecks.filterFault(filter)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a#",
                "a/#/b",
                "a+/b",
                "1/2/3/4/5/6/7/8/#",
                "$share/group",
                "$share//a",
                "$share/g+/a",
                "$share/group/",
                "$share/group/1/2/3/4/5/6/7/8/9"
            })
    void refusesTopicFilters(String filter) {
        assertThat(TopicChecks.filterFault(filter)).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "a/b, a/b, true",
        "a/+, a/b, true",
        "a/+, a/, true",
        "a/+, a, false",
        "a/#, a/b/c, true",
        "a/#, a, false",
        "#, a/b, true",
        "#, $aws/b, false",
        "+/b, $aws/b, false",
        "$aws/#, $aws/b, true",
        "a/b, a/c, false"
    })
    void matchesAsAwsDoes(String filter, String topic, boolean matches) {
        assertThat(SessionFilters.matches(filter, topic)).isEqualTo(matches);
    }

    @Test
    void deliversToAParentLevelOnlyIfAnotherFilterAsksForIt() {
        SessionFilters filters = new SessionFilters();
        filters.add("sensor/#", 1);

        assertThat(filters.delivers("sensor", false)).isFalse();
        assertThat(filters.delivers("sensor/1", false)).isTrue();
        filters.add("+", 1);
        assertThat(filters.delivers("sensor", false)).isTrue();
        filters.remove("+");
        filters.remove("sensor/#");
        assertThat(filters.delivers("sensor", false)).isTrue(); // a message on its way when UNSUBSCRIBE came
    }

    @Test
    void deliversRetainedMessagesToExactFiltersOnly() {
        SessionFilters filters = new SessionFilters();
        filters.add("a/+", 1);
        filters.add("$share/group/a/b", 1);

        assertThat(filters.delivers("a/b", true)).isFalse();
        filters.add("a/b", 1);
        assertThat(filters.delivers("a/b", true)).isTrue();
    }
}
