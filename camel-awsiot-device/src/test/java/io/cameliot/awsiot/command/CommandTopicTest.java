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
package io.cameliot.awsiot.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cameliot.awsiot.report.ReportFailure;
import io.cameliot.awsiot.service.Rejection;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is heard and said about commands. */
class CommandTopicTest {

    @ParameterizedTest
    @ValueSource(strings = {"/json", "/cbor", ""})
    void readsTheFilterOfEachFormat(String format) {
        CommandTopic topic = CommandTopic.ofFilter("$aws/commands/things/door/executions/+/request" + format);

        assertThat(topic).isEqualTo(new CommandTopic("things/door", "+"));
    }

    @Test
    void reportsToTheExecutionOfTheMessageAsJson() {
        CommandTopic topic = CommandTopic.ofMessage("$aws/commands/clients/door/executions/2bd65c51/request/cbor");

        assertThat(topic.executionId()).isEqualTo("2bd65c51");
        assertThat(topic.response()).isEqualTo("$aws/commands/clients/door/executions/2bd65c51/response/json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$aws/commands/things/door/executions/+/response/accepted/json",
                "$aws/commands/things/door/executions/1/response/json",
                "$aws/things/door/executions/1/request/json",
                "a/b",
                "#"
            })
    void leavesOtherTopicsAlone(String topic) {
        assertThat(CommandTopic.ofFilter(topic)).isNull();
        assertThat(CommandTopic.executionIdOf(topic)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$aws/commands/things/door/executions/+/request/+",
                "$aws/commands/things/door/executions/+/request/#",
                "$aws/commands/things/door/executions/+/request/xml",
                "$aws/commands/things/+/executions/+/request/json",
                "$aws/commands/fleets/door/executions/+/request/json",
                "$share/group/$aws/commands/things/door/executions/+/request/json"
            })
    void refusesWhatIsNoFilterOfOneDevice(String filter) {
        assertThatThrownBy(() -> CommandTopic.ofFilter(filter))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(filter)
                .hasMessageContaining("'$aws/commands/things/<thing name>/executions/+/request/json'");
    }

    /** The vector of AWS's documents. */
    @Test
    void writesAReportAsDocumented() {
        CommandOutcome outcome = new CommandOutcome(
                CommandOutcome.Status.IN_PROGRESS,
                "200",
                "Execution_in_progress",
                Map.of("car_battery", Map.of("s", "car battery at 50 percent")));

        assertThat(text(CommandMessages.report(outcome)))
                .isEqualTo(
                        "{\"status\":\"IN_PROGRESS\",\"statusReason\":{\"reasonCode\":\"200\",\"reasonDescription\":"
                                + "\"Execution_in_progress\"},\"result\":{\"car_battery\":{\"s\":\"car battery at 50 percent\"}}}");
    }

    @Test
    void writesNoEmptyResult() {
        assertThat(text(CommandMessages.report(CommandOutcome.succeeded(Map.of()))))
                .isEqualTo("{\"status\":\"SUCCEEDED\"}");
        assertThat(text(CommandMessages.report(
                        CommandOutcome.succeeded(Map.of("a", Map.of("bin", new byte[] {1, 2, 3}))))))
                .isEqualTo("{\"status\":\"SUCCEEDED\",\"result\":{\"a\":{\"bin\":\"AQID\"}}}");
    }

    @ParameterizedTest
    @CsvSource({
        "DataConflict, PASSING",
        "InternalError, PASSING",
        "RequestThrottled, PASSING",
        "InvalidStateTransition, ENDED",
        "TerminalStateReached, ENDED",
        "ResourceNotFound, ENDED",
        "InvalidRequest, LASTING",
        "unknown, LASTING"
    })
    void knowsWhatARejectionMeans(String code, ReportFailure kind) {
        assertThat(CommandErrors.kind(code, CommandOutcome.Status.SUCCEEDED)).isEqualTo(kind);
    }

    /** A route that reports itself must retry what the component retries. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "DataConflict",
                "InternalError",
                "RequestThrottled",
                "InvalidStateTransition",
                "TerminalStateReached",
                "ResourceNotFound",
                "InvalidRequest",
                "VersionMismatch",
                Rejection.UNKNOWN
            })
    void agreesWithTheExceptionOfARouteOnWhatCanPass(String code) {
        byte[] rejected = ("{\"error\":\"" + code + "\"}").getBytes(StandardCharsets.UTF_8);

        assertThat(CommandErrors.kind(code, CommandOutcome.Status.FAILED) == ReportFailure.PASSING)
                .isEqualTo(Rejection.COMMANDS.read(rejected).retryable());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
