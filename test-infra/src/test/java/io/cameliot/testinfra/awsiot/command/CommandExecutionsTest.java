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
package io.cameliot.testinfra.awsiot.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandExecutionsTest {
    private static final CommandTarget THING = CommandTarget.thing("thing-1");

    private Instant now = Instant.ofEpochSecond(1_700_000_000);
    private final CommandExecutions executions = new CommandExecutions(() -> now);
    private final String id = executions.create(THING, Duration.ofSeconds(10)).id();

    @Test
    void takesAReportOfProgressAndOneOfTheEnd() throws Exception {
        // The vector of the Developer Guide.
        JsonNode accepted = report("{'status':'IN_PROGRESS','statusReason':{'reasonCode':'200',"
                + "'reasonDescription':'Execution_in_progress'},"
                + "'result':{'car_battery':{'s':'car battery at 50 percent'}}}");
        assertThat(accepted).isEqualTo(new ObjectMapper().createObjectNode().put("executionId", id));

        report("{'status':'SUCCEEDED','result':{'ok':{'b':true},'data':{'bin':'AQID'}}}");

        CommandExecution execution = executions.get(id);
        assertThat(execution.history())
                .extracting(CommandReport::state)
                .containsExactly(CommandState.CREATED, CommandState.IN_PROGRESS, CommandState.SUCCEEDED);
        assertThat(execution.history().get(1).reasonCode()).contains("200");
        assertThat(execution.history().get(1).reasonDescription()).contains("Execution_in_progress");
        assertThat(execution.latest().result().orElseThrow().at("/ok/b").booleanValue())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{|InvalidJson",
                "{}|InvalidRequest",
                "{'status':'CREATED'}|InvalidRequest",
                "{'status':'DONE'}|InvalidRequest",
                "{'status':'FAILED','statusReason':{}}|InvalidRequest",
                "{'status':'FAILED','statusReason':{'reasonCode':'lower'}}|InvalidRequest",
                "{'status':'FAILED','statusReason':{'reasonCode':''}}|InvalidRequest",
                "{'status':'FAILED','statusReason':{'reasonCode':'A','reasonDescription':5}}|InvalidRequest",
                "{'status':'FAILED','statusReason':{'reasonCode':'A','reasonDescription':'b\\n'}}|InvalidRequest",
                "{'status':'FAILED','statusReason':{'reasonCode':'A','reasonDescription':'b\\u200b'}}|InvalidRequest",
                "{'status':'SUCCEEDED','result':{}}|InvalidRequest",
                "{'status':'SUCCEEDED','result':'done'}|InvalidRequest",
                "{'status':'SUCCEEDED','result':{'a':'b'}}|InvalidRequest",
                "{'status':'SUCCEEDED','result':{'a':{'s':'b','b':true}}}|InvalidRequest",
                "{'status':'SUCCEEDED','result':{'a':{'b':'true'}}}|InvalidRequest",
                "{'status':'SUCCEEDED','result':{'a':{'s':''}}}|InvalidRequest",
                "{'status':'SUCCEEDED','result':{'a':{'bin':''}}}|InvalidRequest",
                "{'status':'SUCCEEDED','result':{'a.b':{'s':'c'}}}|InvalidRequest",
                "{'status':'SUCCEEDED','result':{'a23456789_123456789-1234567890123':{'s':'c'}}}|InvalidRequest",
                "{'status':'SUCCEEDED','result':{'a':{'bin':'%'}}}|InvalidRequest"
            })
    void rejectsAReportThatIsNotRight(String report, String error) {
        assertThat(rejection(THING, id, report).error()).isEqualTo(error);
        assertThat(executions.get(id).state()).isEqualTo(CommandState.CREATED);
    }

    @ParameterizedTest
    @CsvSource({
        "SUCCEEDED, FAILED, TerminalStateReached",
        "FAILED, SUCCEEDED, TerminalStateReached",
        "REJECTED, REJECTED, TerminalStateReached",
        "SUCCEEDED, IN_PROGRESS, InvalidStateTransition",
        "TIMED_OUT, SUCCEEDED, InvalidStateTransition"
    })
    void rejectsWhatCannotFollow(String first, String second, String error) throws Exception {
        report("{'status':'" + first + "'}");

        assertThat(rejection(THING, id, "{'status':'" + second + "'}").error()).isEqualTo(error);
        assertThat(executions.get(id).state()).isEqualTo(CommandState.valueOf(first));
    }

    @Test
    void timesOutAndMayStillBeReported() throws Exception {
        report("{'status':'IN_PROGRESS'}");
        now = now.plusSeconds(9);
        assertThat(executions.get(id).state()).isEqualTo(CommandState.IN_PROGRESS);
        now = now.plusSeconds(1);
        assertThat(executions.get(id).state()).isEqualTo(CommandState.TIMED_OUT);

        assertThat(rejection(THING, id, "{'status':'IN_PROGRESS'}").error()).isEqualTo("InvalidStateTransition");
        report("{'status':'FAILED'}");

        assertThat(executions.get(id).state()).isEqualTo(CommandState.FAILED);
    }

    @Test
    void knowsNeitherOtherExecutionsNorOtherDevices() {
        assertThat(rejection(THING, "other", "{'status':'FAILED'}").error()).isEqualTo("ResourceNotFound");
        assertThat(rejection(CommandTarget.client("thing-1"), id, "{'status':'FAILED'}")
                        .error())
                .isEqualTo("ResourceNotFound");
    }

    @Test
    void rejectsInTheFormOfAws() throws Exception {
        // The vector of the Developer Guide.
        assertThat((JsonNode) CommandExecutions.rejection(
                        CommandRejectedException.conflict(),
                        "2bd65c51-4cfd-49e4-9310-d5cbfdbc8554",
                        Optional.of("client-token-1")))
                .isEqualTo(new ObjectMapper()
                        .readTree("{\"clientToken\":\"client-token-1\","
                                + "\"executionId\":\"2bd65c51-4cfd-49e4-9310-d5cbfdbc8554\",\"error\":\"DataConflict\","
                                + "\"errorMessage\":\"The command execution was modified concurrently\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT0.5S", "PT12H1S"})
    void refusesATimeoutOutOfRange(Duration timeout) {
        assertThatThrownBy(() -> executions.create(THING, timeout))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(timeout.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1S", "PT12H"})
    void takesTheShortestAndTheLongestTimeout(Duration timeout) {
        assertThat(executions.create(THING, timeout).timeout()).isEqualTo(timeout);
    }

    private JsonNode report(String document) throws CommandRejectedException {
        return executions.update(THING, id, bytes(document));
    }

    private CommandRejectedException rejection(CommandTarget target, String execution, String document) {
        CommandRejectedException rejection = catchThrowableOfType(
                CommandRejectedException.class, () -> executions.update(target, execution, bytes(document)));
        assertThat(rejection).as(document).isNotNull();
        return rejection;
    }

    private static byte[] bytes(String document) {
        return document.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }
}
