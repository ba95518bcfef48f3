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
package io.cameliot.awsiot.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicRulesTest {

    private static final String TOPIC_OF_256_BYTES = "t".repeat(256);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "/",
                "/lead",
                "a//b",
                "trail/",
                "with space",
                "1/2/3/4/5/6/7/8",
                "$aws/things/x/shadow/update",
                "$aws/rules/myrule",
                "$aws/rules/myrule/1/2/3/4/5/6/7/8",
                "$aws/commands/things/T/executions/E/response/accepted/json",
                "$aws/1/2/3/4/5/6/7/8/9/10",
                "ünï/cödé/温度/\uD83D\uDE00"
            })
    void takesTopicNames(String topic) {
        assertThatCode(() -> TopicRules.requireTopicName(topic)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "'', is empty",
        "a/+/b, wildcard",
        "a/#, wildcard",
        "a+b, wildcard",
        "$share/g/a, $share/",
        "1/2/3/4/5/6/7/8/9, 9 levels: AWS IoT Core allows 8",
        "$aws/rules/, names no rule",
        "$aws/rules//x, names no rule",
        "$aws/rules/r/1/2/3/4/5/6/7/8/9, 9 levels",
        "$aws/rules/r/$aws/2/3/4/5/6/7/8/9, 9 levels",
        "$awsome/2/3/4/5/6/7/8/9, 9 levels",
        "a/\uD83D, unpaired surrogate",
        "\uDE00/a, unpaired surrogate"
    })
    void refusesTopicNames(String topic, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TopicRules.requireTopicName(topic))
                .withMessageContaining(reason);
    }

    @Test
    void countsBytesAndNotCharacters() {
        assertThatCode(() -> TopicRules.requireTopicName(TOPIC_OF_256_BYTES)).doesNotThrowAnyException();
        assertThatCode(() -> TopicRules.requireTopicName("é".repeat(128))).doesNotThrowAnyException();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TopicRules.requireTopicName("é".repeat(128) + "x"))
                .withMessageContaining("257 bytes: AWS IoT Core allows 256");
    }

    @Test
    void countsNoPrefixOfBasicIngestAndOfSharedSubscriptions() {
        assertThatCode(() -> TopicRules.requireTopicName("$aws/rules/rule/" + TOPIC_OF_256_BYTES))
                .doesNotThrowAnyException();
        assertThatCode(() -> TopicRules.requireTopicFilter("$share/group/" + TOPIC_OF_256_BYTES))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesTheNullCharacter() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TopicRules.requireTopicName("a\0b"))
                .withMessageContaining("U+0000");
    }

    @Test
    void refusesNull() {
        assertThatIllegalArgumentException().isThrownBy(() -> TopicRules.requireTopicName(null));
        assertThatIllegalArgumentException().isThrownBy(() -> TopicRules.requireTopicFilter(null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#",
                "+",
                "a/#",
                "a/+/b",
                "+/+/+",
                "+/#",
                "/#",
                "a//+",
                "$share/g/a/+/#",
                "$aws/events/presence/connected/+",
                "1/2/3/4/5/6/7/#",
                "$share/g/1/2/3/4/5/6/7/8",
                "$aws/commands/things/T/executions/+/request/json",
                "$aws/commands/clients/C/executions/+/request",
                "$aws/commands/things/T/executions/+/response/accepted/json",
                "$aws/commands/things/T/executions/E/request/cbor",
                "$aws/things/T/jobs/+/update/+"
            })
    void takesTopicFilters(String filter) {
        assertThatCode(() -> TopicRules.requireTopicFilter(filter)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "'', is empty",
        "a/#/b, must be the last level",
        "a#, must be the whole level",
        "a/b+, must be the whole level",
        "#/a, must be the last level",
        "##, must be the whole level",
        "1/2/3/4/5/6/7/8/#, 9 levels",
        "$share/g, not of the form",
        "$share//a, not of the form",
        "$share/g/, not of the form",
        "$share/g+/a, no + or #",
        "$aws/rules/r/a, published to only",
        "$aws/commands/things/T/executions/+/request/+, in $aws/commands/things/<thing>/executions/+/request/json",
        "$aws/commands/clients/C/executions/+/request/+, closes the connection",
        "$aws/commands/things/T/executions/E/request/+, only the execution may be +",
        "$aws/commands/things/T/executions/+/response/+/json, only the execution may be +",
        "$aws/commands/things/+/executions/+/request/json, only the execution may be +",
        "$aws/commands/things/T/executions/#, only the execution may be +",
        "$share/g/$aws/commands/things/T/executions/+/request/+, only the execution may be +"
    })
    void refusesTopicFilters(String filter, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TopicRules.requireTopicFilter(filter))
                .withMessageContaining(reason);
    }

    @Test
    void limitsTheNameOfASharedSubscription() {
        assertThatCode(() -> TopicRules.requireTopicFilter("$share/" + "g".repeat(128) + "/a"))
                .doesNotThrowAnyException();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TopicRules.requireTopicFilter("$share/" + "g".repeat(129) + "/a"))
                .withMessageContaining("128");
    }

    @Test
    void knowsWhatASharedSubscriptionMatches() {
        assertThat(TopicRules.withoutSharePrefix("$share/g/a/+")).isEqualTo("a/+");
        assertThat(TopicRules.withoutSharePrefix("$share/g//a")).isEqualTo("/a");
        assertThat(TopicRules.withoutSharePrefix("a/b")).isEqualTo("a/b");
    }
}
