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
import io.cameliot.awsiot.concurrent.Mailbox;
import io.cameliot.awsiot.concurrent.SerialQueue;
import io.cameliot.awsiot.report.ReportFailure;
import io.cameliot.awsiot.report.Unreported;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A command that a route processes. The {@link CommandMachine} decides; this class performs the actions one after the
 * other and holds no lock meanwhile.
 */
public final class Command {

    private static final Logger LOG = LoggerFactory.getLogger(Command.class);

    private final CommandReports reports;
    private final CommandTopic topic;
    private final Mailbox<CommandMemory, CommandEvent, CommandAction> mailbox;
    private final CompletableFuture<Boolean> settled = new CompletableFuture<>();

    Command(CommandReports reports, CommandTopic topic, CommandMachine machine) {
        this.reports = reports;
        this.topic = topic;
        this.mailbox = new Mailbox<>(machine, CommandMemory.INITIAL, new SerialQueue(reports.pool()), this::perform);
    }

    void enter(boolean announced) {
        mailbox.on(new Entered(announced));
    }

    /** Reports that the route has finished the command. Does not block. */
    public void routed(CommandOutcome outcome) {
        mailbox.on(new Routed(outcome));
    }

    /**
     * Returns a future that completes with true when nothing remains to be done for the command, whether AWS IoT has
     * accepted the outcome or not. It completes on the client's own threads.
     */
    public CompletableFuture<Boolean> settled() {
        return settled;
    }

    private void perform(CommandAction action) {
        if (action instanceof Report report) {
            report(report);
        } else if (action instanceof Pause next) {
            pause(next);
        } else if (action instanceof End end) {
            end(end);
        }
    }

    private void report(Report report) {
        reports.send(topic.response(), CommandMessages.report(report.outcome())).whenComplete((answer, failure) -> {
            if (failure != null) {
                Throwable cause = Unreported.cause(failure);
                mailbox.on(new Failed(report.number(), Unreported.kind(cause), cause));
            } else if (!answer.isAccepted()) {
                mailbox.on(new Failed(
                        report.number(),
                        CommandErrors.kind(answer.code(), report.outcome().status()),
                        Unreported.rejected(
                                "the report " + report.outcome().status() + " of command execution " + topic, answer)));
            } else {
                mailbox.on(new Accepted(report.number()));
            }
        });
    }

    private void pause(Pause next) {
        LOG.warn(
                "Command execution {}: {} (next attempt in {} ms)",
                topic,
                next.cause().getMessage(),
                next.time().toMillis());
        try {
            reports.timer()
                    .schedule(
                            () -> mailbox.on(new PauseOver(next.number())),
                            next.time().toNanos(),
                            TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("Command execution {} outlived its threads", topic, e);
        }
    }

    private void end(End end) {
        if (end.kind() == ReportFailure.ENDED) {
            LOG.info(
                    "Command execution {} {}: {}",
                    topic,
                    Unreported.ended(end.unanswered()),
                    end.cause().getMessage());
        } else if (end.cause() != null) {
            reports.complain(end.cause());
        }
        settled.complete(true);
    }
}
