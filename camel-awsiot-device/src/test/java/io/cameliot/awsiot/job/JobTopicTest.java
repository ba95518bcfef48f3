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
package io.cameliot.awsiot.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobTopicTest {

    @Test
    void namesTheTopicsOfAThing() {
        JobTopic topic = JobTopic.of("$aws/things/door:1/jobs/start-next");

        assertThat(topic.thing()).isEqualTo("door:1");
        assertThat(topic.startNext()).isEqualTo("$aws/things/door:1/jobs/start-next");
        assertThat(topic.notifyNext()).isEqualTo("$aws/things/door:1/jobs/notify-next");
        assertThat(topic.update("a-1")).isEqualTo("$aws/things/door:1/jobs/a-1/update");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$aws/things/door/jobs/notify-next",
                "$aws/things/door/jobs/start-next/accepted",
                "$aws/things//jobs/start-next",
                "$aws/things/jobs/start-next",
                "$aws/things/a/b/jobs/start-next",
                "things/door/jobs/start-next",
                "#"
            })
    void leavesOtherTopicsAlone(String filter) {
        assertThat(JobTopic.of(filter)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"$aws/things/+/jobs/start-next", "$share/group/$aws/things/door/jobs/start-next"})
    void refusesAnythingButOneThing(String filter) {
        assertThatThrownBy(() -> JobTopic.of(filter))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(filter)
                .hasMessageContaining("'$aws/things/<thing name>/jobs/start-next'");
    }
}
