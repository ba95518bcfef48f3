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
package io.cameliot.awsiot.catchup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatchUpTopicTest {

    @ParameterizedTest
    @CsvSource({
        "$aws/things/T/shadow/update/delta, SHADOW_DELTA, $aws/things/T/shadow/get",
        "$aws/things/T/shadow/name/N/update/delta, NAMED_SHADOW_DELTA, $aws/things/T/shadow/name/N/get",
        "$aws/things/T/jobs/notify-next, NEXT_JOB, $aws/things/T/jobs/$next/get",
        "$aws/things/T/jobs/notify, JOBS, $aws/things/T/jobs/get",
        "$aws/things/a b:c_1-/shadow/update/delta, SHADOW_DELTA, $aws/things/a b:c_1-/shadow/get",
        "$aws/things/$1/shadow/name/$2/update/delta, NAMED_SHADOW_DELTA, $aws/things/$1/shadow/name/$2/get"
    })
    void knowsTheRequestForThePresentState(String topic, CatchUpTopic kind, String request) {
        assertThat(CatchUpTopic.of(topic)).isEqualTo(kind);
        assertThat(kind.request(topic).topic()).isEqualTo(request);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/b",
                "$aws/things/+/shadow/update/delta",
                "$aws/things/T/shadow/name/+/update/delta",
                "$aws/things/T/shadow/update/#",
                "$aws/things/T/shadow/update/documents",
                "$aws/things/T/shadow/update/accepted",
                "$aws/things/T/jobs/+",
                "$aws/things/T/jobs/notify-next/",
                "$share/g/$aws/things/T/jobs/notify",
                "$aws/commands/things/T/executions/+/request/json"
            })
    void refusesOtherTopicsAndNamesThoseThereAre(String topic) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CatchUpTopic.of(topic))
                .withMessageContaining("catchUp=true")
                .withMessageContaining("'" + topic + "'")
                .withMessageContaining("$aws/things/<thing>/shadow/update/delta")
                .withMessageContaining("$aws/things/<thing>/shadow/name/<shadow>/update/delta")
                .withMessageContaining("$aws/things/<thing>/jobs/notify-next")
                .withMessageContaining("$aws/things/<thing>/jobs/notify,");
    }
}
