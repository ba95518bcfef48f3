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
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.cameliot.awsiot.topic.TopicRules;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReservedRequestTest {

    @ParameterizedTest
    @CsvSource({
        "$aws/things/T/shadow/get, SHADOW_GET, $aws/things/T/shadow/get/+",
        "$aws/things/T/shadow/delete, SHADOW_DELETE, $aws/things/T/shadow/delete/+",
        "$aws/things/T/shadow/update, SHADOW_UPDATE,"
                + " $aws/things/T/shadow/update/accepted $aws/things/T/shadow/update/rejected",
        "$aws/things/T/shadow/name/N/get, NAMED_SHADOW_GET, $aws/things/T/shadow/name/N/get/+",
        "$aws/things/T/shadow/name/N/delete, NAMED_SHADOW_DELETE, $aws/things/T/shadow/name/N/delete/+",
        "$aws/things/T/shadow/name/N/update, NAMED_SHADOW_UPDATE,"
                + " $aws/things/T/shadow/name/N/update/accepted $aws/things/T/shadow/name/N/update/rejected",
        "$aws/things/T/jobs/get, PENDING_JOBS, $aws/things/T/jobs/get/+",
        "$aws/things/T/jobs/start-next, START_NEXT_JOB, $aws/things/T/jobs/start-next/+",
        "$aws/things/T/jobs/J/get, DESCRIBE_JOB, $aws/things/T/jobs/+/get/+",
        "$aws/things/T/jobs/$next/get, DESCRIBE_JOB, $aws/things/T/jobs/+/get/+",
        "$aws/things/T/jobs/J/update, UPDATE_JOB, $aws/things/T/jobs/+/update/+",
        "$aws/things/T/defender/metrics/json, REPORT_METRICS,"
                + " $aws/things/T/defender/metrics/json/accepted $aws/things/T/defender/metrics/json/rejected",
        "$aws/certificates/create/json, CREATE_KEYS_AND_CERTIFICATE,"
                + " $aws/certificates/create/json/accepted $aws/certificates/create/json/rejected",
        "$aws/certificates/create-from-csr/json, CREATE_CERTIFICATE_FROM_CSR,"
                + " $aws/certificates/create-from-csr/json/accepted $aws/certificates/create-from-csr/json/rejected",
        "$aws/provisioning-templates/P/provision/json, REGISTER_THING,"
                + " $aws/provisioning-templates/P/provision/json/accepted"
                + " $aws/provisioning-templates/P/provision/json/rejected",
        // A thing may be called like a level.
        "$aws/things/shadow/shadow/name/get/get, NAMED_SHADOW_GET, $aws/things/shadow/shadow/name/get/get/+",
        "$aws/things/{thing}/jobs/{job}/get, DESCRIBE_JOB, $aws/things/{thing}/jobs/+/get/+"
    })
    void knowsTheRequestsAndTheTopicsOfTheirAnswers(String topic, ReservedRequest request, String filters) {
        ServiceCall call = ReservedRequest.of(topic);

        assertThat(call.request()).isEqualTo(request);
        assertThat(call.topic()).isEqualTo(topic);
        assertThat(call.accepted()).isEqualTo(topic + "/accepted");
        assertThat(call.rejected()).isEqualTo(topic + "/rejected");
        assertThat(call.filters()).containsExactly(filters.split(" "));
    }

    @ParameterizedTest
    @CsvSource({"things, T, COMMAND_RESPONSE", "clients, C, CLIENT_COMMAND_RESPONSE"})
    void hearsTheAnswersForAllExecutionsOfCommands(String kind, String target, ReservedRequest request) {
        String executions = "$aws/commands/" + kind + "/" + target + "/executions/";

        ServiceCall call = ReservedRequest.of(executions + "E/response/json");

        assertThat(call.request()).isEqualTo(request);
        assertThat(call.accepted()).isEqualTo(executions + "E/response/accepted/json");
        assertThat(call.rejected()).isEqualTo(executions + "E/response/rejected/json");
        assertThat(call.filters())
                .containsExactly(executions + "+/response/accepted/json", executions + "+/response/rejected/json");
    }

    @Test
    void countsTheRequestsOfAThingTogether() {
        assertThat(Arrays.asList(
                        "$aws/things/T/shadow/get",
                        "$aws/things/T/shadow/name/N/update",
                        "$aws/things/T/jobs/J/update",
                        "$aws/commands/things/T/executions/E/response/json"))
                .extracting(topic -> ReservedRequest.of(topic).target())
                .containsOnly("T");
        assertThat(ReservedRequest.of("$aws/certificates/create/json").target())
                .isEqualTo("$aws/certificates/create/json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/b",
                "things/T/shadow/get",
                "$aws/things/T/shadow/get/accepted",
                "$aws/things/T/shadow/update/delta",
                "$aws/things/T/shadow",
                "$aws/things//shadow/get",
                "$aws/things/T/shadow/name//get",
                "$aws/things/T/shadow/get/",
                "$aws/things/T/jobs/notify-next",
                "$aws/things/T/jobs/J/delete",
                "$aws/commands/groups/G/executions/E/response/json",
                "$aws/commands/things/T/executions/E/request/json",
                "$aws/rules/R/shadow/get",
                "$aws/certificates/create",
                "$aws/",
                "$aws"
            })
    void takesOtherTopicsForWhatTheyAre(String topic) {
        assertThat(ReservedRequest.of(topic)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$aws/commands/things/T/executions/E/response/cbor",
                "$aws/certificates/create/cbor",
                "$aws/provisioning-templates/P/provision/cbor",
                "$aws/things/T/defender/metrics/cbor"
            })
    void refusesRequestsWhoseAnswersAreInCbor(String topic) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReservedRequest.of(topic))
                .withMessageContaining(topic)
                .withMessageContaining("/json")
                .withMessageContaining("request=never");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$aws/things/T/shadow/name/N/update",
                "$aws/things/T/jobs/J/update",
                "$aws/commands/things/T/executions/E/response/json",
                "$aws/commands/clients/C/executions/E/response/json"
            })
    void listensByFiltersThatAreAllowed(String topic) {
        ServiceCall call = ReservedRequest.of(topic);

        TopicRules.requireTopicName(call.accepted());
        TopicRules.requireTopicName(call.rejected());
        call.filters().forEach(TopicRules::requireTopicFilter);
    }
}
