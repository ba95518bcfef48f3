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

import io.cameliot.awsiot.command.CommandAction.End;
import io.cameliot.awsiot.command.CommandAction.Pause;
import io.cameliot.awsiot.command.CommandAction.Report;
import io.cameliot.awsiot.command.CommandEvent.Accepted;
import io.cameliot.awsiot.command.CommandEvent.Entered;
import io.cameliot.awsiot.command.CommandEvent.Failed;
import io.cameliot.awsiot.command.CommandEvent.PauseOver;
import io.cameliot.awsiot.command.CommandEvent.Routed;
import io.cameliot.awsiot.concurrent.Transition;
import io.cameliot.awsiot.report.Delays;
import io.cameliot.awsiot.report.ReportFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is reported of a command, event by event. */
class CommandMachineTest {

    private static final CommandOutcome SUCCESS = CommandOutcome.succeeded(Map.of());
    private static final IOException REFUSED = new IOException("refused");
    private static final IOException LOST = new IOException("lost");

    private final CommandMachine machine = new CommandMachine(new Delays(Duration.ofSeconds(1), Duration.ofSeconds(8)));
    private final Random random = new Random(7);
    private CommandMemory memory = CommandMemory.INITIAL;

    @Test
    void reportsTheOutcomeAlone() {
        assertThat(on(new Entered(false))).isEmpty();
        assertThat(on(new Routed(SUCCESS))).containsExactly(new Report(1, SUCCESS));
        assertThat(on(new Accepted(1))).containsExactly(new End(null, null, false));
    }

    @Test
    void reportsThatItIsInProgressFirst() {
        assertThat(on(new Entered(true))).containsExactly(new Report(1, CommandOutcome.IN_PROGRESS));
        assertThat(on(new Accepted(1))).isEmpty();
        assertThat(on(new Routed(SUCCESS))).containsExactly(new Report(2, SUCCESS));
        assertThat(on(new Accepted(2))).containsExactly(new End(null, null, false));
    }

    @Test
    void holdsTheOutcomeBackUntilTheFirstReportIsAnswered() {
        on(new Entered(true));

        assertThat(on(new Routed(SUCCESS))).isEmpty();
        assertThat(on(new Accepted(1))).containsExactly(new Report(2, SUCCESS));
        assertThat(on(new Accepted(1))).as("the same answer again").isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"PASSING", "UNANSWERED", "LASTING"})
    void reportsTheOutcomeWhateverBecameOfTheFirstReport(ReportFailure kind) {
        on(new Entered(true));
        on(new Routed(SUCCESS));

        assertThat(on(new Failed(1, kind, REFUSED))).containsExactly(new Report(2, SUCCESS));
    }

    @Test
    void reportsNothingOfWhatHasEndedInTheCloudWhileItIsInTheRoute() {
        on(new Entered(true));

        assertThat(on(new Failed(1, ReportFailure.ENDED, REFUSED))).isEmpty();
        assertThat(on(new Routed(SUCCESS))).containsExactly(new End(ReportFailure.ENDED, REFUSED, false));
    }

    @Test
    void reportsNothingOfWhatHasEndedInTheCloudAfterTheRoute() {
        on(new Entered(true));
        on(new Routed(SUCCESS));

        assertThat(on(new Failed(1, ReportFailure.ENDED, REFUSED)))
                .containsExactly(new End(ReportFailure.ENDED, REFUSED, false));
    }

    @ParameterizedTest
    @EnumSource(names = {"PASSING", "UNANSWERED"})
    void reportsAgainWhatCanPassAfterGrowingDelaysAndNotForEver(ReportFailure kind) {
        on(new Entered(false));
        on(new Routed(SUCCESS));

        for (int failures = 0; failures < CommandMachine.MAX_FAILURES - 1; failures++) {
            Pause pause = (Pause) on(new Failed(memory.number(), kind, REFUSED)).get(0);
            assertThat(pause.time()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(Math.min(8, 1L << failures)));
            assertThat(on(new PauseOver(pause.number() - 1))).isEmpty();
            assertThat(on(new PauseOver(pause.number()))).containsExactly(new Report(memory.number(), SUCCESS));
        }
        assertThat(on(new Failed(memory.number(), kind, REFUSED)))
                .containsExactly(new End(kind, REFUSED, kind == ReportFailure.UNANSWERED));
    }

    @Test
    void doesNotTakeTheLateAnswerToTheFirstReportForTheAnswerToTheOutcome() {
        on(new Entered(true));
        on(new Routed(SUCCESS));
        on(new Failed(1, ReportFailure.UNANSWERED, LOST));

        assertThat(on(new Accepted(2))).as("perhaps of the first report").containsExactly(new Report(3, SUCCESS));
        assertThat(on(new Failed(3, ReportFailure.PASSING, REFUSED))).hasOnlyElementsOfType(Pause.class);
        assertThat(on(new PauseOver(4))).containsExactly(new Report(5, SUCCESS));
        assertThat(on(new Accepted(5))).containsExactly(new End(null, null, true));
    }

    @Test
    void doubtsTheFirstAnswerThatAcceptsTheOutcomeHoweverLateItComes() {
        on(new Entered(true));
        on(new Failed(1, ReportFailure.UNANSWERED, LOST));
        on(new Routed(SUCCESS));
        on(new Failed(2, ReportFailure.UNANSWERED, LOST));
        on(new PauseOver(3));
        on(new Failed(4, ReportFailure.PASSING, REFUSED));
        on(new PauseOver(5));

        assertThat(on(new Accepted(6))).containsExactly(new Report(7, SUCCESS));
    }

    @ParameterizedTest
    @EnumSource(names = {"PASSING", "LASTING"})
    void doubtsNoAnswerWhereTheFirstReportWasAnswered(ReportFailure kind) {
        on(new Entered(true));
        on(new Failed(1, kind, REFUSED));
        on(new Routed(SUCCESS));

        assertThat(on(new Accepted(2))).containsExactly(new End(null, null, false));
    }

    @ParameterizedTest
    @CsvSource({"UNANSWERED, true", "PASSING, false"})
    void doesNotCallAnEndForeignThatAnUnansweredReportMayHaveCaused(ReportFailure earlier, boolean unanswered) {
        on(new Entered(false));
        on(new Routed(SUCCESS));
        on(new Failed(1, earlier, LOST));
        on(new PauseOver(2));
        on(new Failed(3, ReportFailure.PASSING, REFUSED));
        on(new PauseOver(4));

        assertThat(on(new Failed(5, ReportFailure.ENDED, REFUSED)))
                .containsExactly(new End(ReportFailure.ENDED, REFUSED, unanswered));
    }

    @Test
    void doesNotCallAnEndForeignThatAReportWithADoubtfulAnswerMayHaveCaused() {
        on(new Entered(true));
        on(new Failed(1, ReportFailure.UNANSWERED, LOST));
        on(new Routed(SUCCESS));
        on(new Accepted(2));

        assertThat(on(new Failed(3, ReportFailure.ENDED, REFUSED)))
                .containsExactly(new End(ReportFailure.ENDED, REFUSED, true));
    }

    @ParameterizedTest
    @EnumSource(names = {"ENDED", "LASTING"})
    void reportsNothingTwiceThatIsRefused(ReportFailure kind) {
        on(new Entered(false));
        on(new Routed(SUCCESS));

        assertThat(on(new Failed(1, kind, REFUSED))).containsExactly(new End(kind, REFUSED, false));
        assertThat(on(new Failed(1, ReportFailure.PASSING, REFUSED))).isEmpty();
        assertThat(on(new PauseOver(2))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keepsNothingOfTheOutcomeOfAnAcceptedCommand(boolean announced) {
        on(new Entered(announced));
        on(new Accepted(1));
        on(new Routed(SUCCESS));

        on(new Accepted(memory.number()));

        keepsNothing();
    }

    @ParameterizedTest
    @EnumSource(names = {"ENDED", "LASTING"})
    void keepsNothingOfTheOutcomeOfARefusedCommand(ReportFailure kind) {
        on(new Entered(false));
        on(new Routed(SUCCESS));

        on(new Failed(1, kind, REFUSED));

        keepsNothing();
    }

    @Test
    void keepsNothingOfWhatHasEndedInTheCloud() {
        on(new Entered(true));
        on(new Failed(1, ReportFailure.ENDED, REFUSED));

        on(new Routed(SUCCESS));

        keepsNothing();
    }

    private void keepsNothing() {
        CommandMemory ended = memory;
        assertThat(ended.step()).isEqualTo(CommandStep.ENDED);
        assertThat(ended.outcome()).isNull();
        assertThat(ended.over()).isNull();
        assertThat(on(new Routed(SUCCESS))).isEmpty();
        assertThat(memory).isEqualTo(ended);
    }

    @Test
    void takesOneOutcome() {
        on(new Entered(false));
        on(new Routed(SUCCESS));

        assertThat(on(new Routed(CommandOutcome.IN_PROGRESS))).isEmpty();
        assertThat(memory.outcome()).isEqualTo(SUCCESS);
    }

    private List<CommandAction> on(CommandEvent event) {
        Transition<CommandMemory, CommandAction> next = machine.on(memory, event, random);
        memory = next.memory();
        return next.actions();
    }
}
