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
package io.cameliot.awsiot.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.cameliot.awsiot.topic.TopicRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTopicTest {

    @Test
    void namesTheClientIdWhereItIsOneLevel() {
        assertThat(AnswerTopic.of("pump:7_a.b-c")).isEqualTo("camel/answers/pump:7_a.b-c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "/", "1/2/3/4/5/6/7/8/9/10", "a+b", "#", "päckchen/☃"})
    void isATopicOfItsOwnWhateverTheClientIdHolds(String clientId) {
        String topic = AnswerTopic.of(clientId);

        assertThatCode(() -> TopicRules.requireResponseTopic(topic)).doesNotThrowAnyException();
        assertThat(topic).isEqualTo(AnswerTopic.of(clientId)).isNotEqualTo(AnswerTopic.of(clientId + "/"));
    }

    @Test
    void isShortEnoughForTheLongestClientId() {
        assertThatCode(() -> TopicRules.requireTopicName(AnswerTopic.of("x".repeat(128))))
                .doesNotThrowAnyException();
    }
}
