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
package io.cameliot.testinfra.awsiot.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RejectRequestTest {
    @ParameterizedTest
    @CsvSource({
        "$aws/things/+/shadow/get, 500",
        "$aws/things/t/shadow/#, 429",
        "$aws/things/t/shadow/name/door/update, 409",
        "$aws/things/+/jobs/+/update, InvalidStateTransition",
        "$aws/things/t/jobs/#, RequestThrottled",
        "$aws/commands/things/+/executions/+/response/json, DataConflict",
        "$aws/commands/+/t/executions/e/response/json, InternalError",
        "$aws/things/+/defender/metrics/json, Throttled",
        "$aws/certificates/create/json, 429 ThrottlingException",
        "$aws/provisioning-templates/+/provision/json, 503 ServiceUnavailable"
    })
    void takesACodeOfTheService(String filter, String code) {
        assertThat(new Fault.RejectRequest(filter, code, "Later").code()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "$aws/things/+/shadow/get|InternalError|400, 401, 403, 404, 409, 413, 415, 429, 500",
                "$aws/things/+/shadow/get|503|400, 401, 403",
                "$aws/things/+/jobs/get|500|InvalidTopic, InvalidJson, InvalidRequest",
                "$aws/things/+/jobs/get|DataConflict|RequestThrottled, TerminalStateReached",
                "$aws/things/+/jobs/get|internalerror|InternalError",
                "$aws/commands/#|409|TerminalStateReached, DataConflict",
                "$aws/things/+/defender/#|two words|<word>",
                "$aws/certificates/create/json|ThrottlingException|<status> <word>",
                "$aws/certificates/create/json|429|<status> <word>",
                "$aws/certificates/create/json|200 OK|<status> <word>",
                "$aws/provisioning-templates/+/provision/json|''|<status> <word>"
            })
    void namesTheAllowedCodesWhenItRefusesAnother(String filter, String code, String allowed) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Fault.RejectRequest(filter, code, "Later"))
                .withMessageContaining("'" + code + "'")
                .withMessageContaining(filter)
                .withMessageContaining(allowed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"$aws/things/t/#", "$aws/things/+/+/get"})
    void refusesACodeThatOnlyOneOfTheMatchedServicesHas(String filter) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Fault.RejectRequest(filter, "500", "Later"))
                .withMessageContaining("$aws/things/+/jobs/#");
    }

    @ParameterizedTest
    @ValueSource(strings = {"readings", "#", "+/things/t/shadow/get", "$aws/things/t/shadow", "$aws/rules/r", ""})
    void refusesAFilterThatMatchesNoRequest(String filter) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Fault.RejectRequest(filter, "500", "Later"))
                .withMessageContaining("'" + filter + "'")
                .withMessageContaining("$aws/things/+/shadow/#, $aws/things/+/jobs/#");
    }
}
