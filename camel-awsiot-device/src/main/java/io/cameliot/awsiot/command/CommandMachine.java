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

import io.cameliot.awsiot.command.CommandAction.End;
import io.cameliot.awsiot.command.CommandAction.Pause;
import io.cameliot.awsiot.command.CommandAction.Report;
import io.cameliot.awsiot.command.CommandEvent.Accepted;
import io.cameliot.awsiot.command.CommandEvent.Entered;
import io.cameliot.awsiot.command.CommandEvent.Failed;
import io.cameliot.awsiot.command.CommandEvent.PauseOver;
import io.cameliot.awsiot.command.CommandEvent.Routed;
import io.cameliot.awsiot.command.CommandMemory.Unanswered;
import io.cameliot.awsiot.concurrent.Mailbox;
import io.cameliot.awsiot.concurrent.Transition;
import io.cameliot.awsiot.report.Delays;
import io.cameliot.awsiot.report.ReportFailure;
import java.util.random.RandomGenerator;

/**
 * Reports one command, as a pure function: it maps an event and a memory to the next memory and actions. It uses no
 * network, no clock and no thread.
 *
 * <p>A command enters the route at once and does not wait for the report that it is in progress. The outcome is sent
 * after that report was answered, because AWS IoT refuses two reports that come too close together (DataConflict).
 *
 * <p>An answer names the command, but not the report. Where the report that it is in progress got no answer, its late
 * answer can be taken for that to the outcome. So the first answer that accepts the outcome does not count, and the
 * outcome is reported once more.
 */
final class CommandMachine implements Mailbox.Machine<CommandMemory, CommandEvent, CommandAction> {

    /**
     * With growing delays these take some minutes. The limit exists because a command delays the commands behind it.
     */
    static final int MAX_FAILURES = 10;

    private final Delays delays;

    CommandMachine(Delays delays) {
        this.delays = delays;
    }

    /**
     * Handles an event. Events that are late or have no meaning in the current step change nothing.
     *
     * @param random source of the jitter of delays
     */
    @Override
    public Transition<CommandMemory, CommandAction> on(
            CommandMemory memory, CommandEvent event, RandomGenerator random) {
        if (event instanceof Entered entered && memory.step() == CommandStep.NEW) {
            return entered.announced()
                    ? report(memory, CommandStep.ANNOUNCING, CommandOutcome.IN_PROGRESS)
                    : Transition.to(memory.at(CommandStep.RUNNING));
        } else if (event instanceof Routed routed && memory.isInRoute()) {
            return routed(memory.with(routed.outcome()));
        } else if (event instanceof Accepted accepted && isAt(memory, CommandStep.ANNOUNCING, accepted.number())) {
            return announced(memory);
        } else if (event instanceof Accepted accepted && isAt(memory, CommandStep.REPORTING, accepted.number())) {
            return accepted(memory);
        } else if (event instanceof Failed failed && isAt(memory, CommandStep.ANNOUNCING, failed.number())) {
            return announced(notAnnounced(memory, failed.kind(), failed.cause()));
        } else if (event instanceof Failed failed && isAt(memory, CommandStep.REPORTING, failed.number())) {
            return notReported(memory.failed(), failed.kind(), failed.cause(), random);
        } else if (event instanceof PauseOver over && isAt(memory, CommandStep.PAUSED, over.number())) {
            return report(memory, CommandStep.REPORTING, memory.outcome());
        }
        return Transition.to(memory);
    }

    private static boolean isAt(CommandMemory memory, CommandStep step, int number) {
        return memory.step() == step && memory.number() == number;
    }

    private static Transition<CommandMemory, CommandAction> routed(CommandMemory memory) {
        return memory.step() == CommandStep.RUNNING ? outcome(memory) : Transition.to(memory);
    }

    /** A temporary failure needs no retry, because the outcome follows. */
    private static CommandMemory notAnnounced(CommandMemory memory, ReportFailure kind, Throwable cause) {
        return switch (kind) {
            case ENDED -> memory.over(cause);
            case UNANSWERED -> memory.with(Unanswered.ANNOUNCEMENT);
            case PASSING, LASTING -> memory;
        };
    }

    private static Transition<CommandMemory, CommandAction> announced(CommandMemory memory) {
        return memory.outcome() == null ? Transition.to(memory.at(CommandStep.RUNNING)) : outcome(memory);
    }

    private static Transition<CommandMemory, CommandAction> outcome(CommandMemory memory) {
        return memory.over() == null
                ? report(memory, CommandStep.REPORTING, memory.outcome())
                : end(memory, ReportFailure.ENDED, memory.over());
    }

    private static Transition<CommandMemory, CommandAction> accepted(CommandMemory memory) {
        return memory.unanswered().announcement()
                ? report(memory.with(Unanswered.OUTCOME), CommandStep.REPORTING, memory.outcome())
                : end(memory, null, null);
    }

    private static Transition<CommandMemory, CommandAction> report(
            CommandMemory memory, CommandStep step, CommandOutcome reported) {
        CommandMemory reporting = memory.atNext(step);
        return Transition.to(reporting, new Report(reporting.number(), reported));
    }

    private Transition<CommandMemory, CommandAction> notReported(
            CommandMemory memory, ReportFailure kind, Throwable cause, RandomGenerator random) {
        if (!kind.canPass() || memory.failures() >= MAX_FAILURES) {
            return end(memory, kind, cause);
        }
        CommandMemory unreported = kind == ReportFailure.UNANSWERED
                ? memory.with(memory.unanswered().withOutcome())
                : memory;
        CommandMemory paused = unreported.atNext(CommandStep.PAUSED);
        return Transition.to(paused, new Pause(paused.number(), delays.next(memory.failures() - 1, random), cause));
    }

    private static Transition<CommandMemory, CommandAction> end(
            CommandMemory memory, ReportFailure kind, Throwable cause) {
        return Transition.to(
                memory.ended(), new End(kind, cause, memory.unanswered().outcome()));
    }
}
