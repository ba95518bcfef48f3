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

import io.cameliot.awsiot.concurrent.Mailbox;
import io.cameliot.awsiot.concurrent.SerialQueue;
import io.cameliot.awsiot.job.JobAction.Ask;
import io.cameliot.awsiot.job.JobAction.Complain;
import io.cameliot.awsiot.job.JobAction.Note;
import io.cameliot.awsiot.job.JobAction.Pause;
import io.cameliot.awsiot.job.JobAction.Report;
import io.cameliot.awsiot.job.JobAction.Run;
import io.cameliot.awsiot.job.JobEvent.LeftOpen;
import io.cameliot.awsiot.job.JobEvent.NotReported;
import io.cameliot.awsiot.job.JobEvent.NotStarted;
import io.cameliot.awsiot.job.JobEvent.Notified;
import io.cameliot.awsiot.job.JobEvent.PauseOver;
import io.cameliot.awsiot.job.JobEvent.Reported;
import io.cameliot.awsiot.job.JobEvent.Resumed;
import io.cameliot.awsiot.job.JobEvent.Routed;
import io.cameliot.awsiot.job.JobEvent.Started;
import io.cameliot.awsiot.job.JobEvent.Stopped;
import io.cameliot.awsiot.job.JobEvent.Subscribed;
import io.cameliot.awsiot.job.JobEvent.Suspended;
import io.cameliot.awsiot.publish.PublishException;
import io.cameliot.awsiot.receive.InboundDelivery;
import io.cameliot.awsiot.receive.Intake;
import io.cameliot.awsiot.receive.SubscriptionRefusedException;
import io.cameliot.awsiot.report.ReportContext;
import io.cameliot.awsiot.report.ReportFailure;
import io.cameliot.awsiot.report.Requester;
import io.cameliot.awsiot.report.Unreported;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the jobs of one thing. The {@link JobMachine} decides; this class performs the actions one after the other and
 * holds no lock meanwhile. The messages that it receives are those of {@code notify-next}.
 *
 * <p>No thread waits for an answer or for an asynchronous route.
 */
public final class JobRunner implements Intake {

    private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);

    private final JobTopic topic;
    private final ReportContext context;
    private final Executor routeThread;
    private final Route route;
    private final Mailbox<JobMemory, JobEvent, JobAction> mailbox;
    private final CompletableFuture<Void> idle = new CompletableFuture<>();
    private volatile boolean closed;
    private volatile Throwable refusal;

    /** The route that processes the jobs. */
    @FunctionalInterface
    public interface Route {

        /**
         * Processes a job. Throws nothing.
         *
         * @param done called on any thread with the outcome; with null if there is nothing to report
         */
        void process(JobExecution job, Consumer<JobOutcome> done);
    }

    /**
     * Creates a runner.
     *
     * @param routeThread runs the route
     */
    public JobRunner(JobTopic topic, ReportContext context, Executor routeThread, Route route) {
        this.topic = topic;
        this.context = context;
        this.routeThread = routeThread;
        this.route = route;
        this.mailbox = new Mailbox<>(
                new JobMachine(context.delays()), JobMemory.INITIAL, new SerialQueue(context.pool()), this::perform);
    }

    @Override
    public boolean offer(InboundDelivery delivery) {
        delivery.done(false);
        byte[] message = delivery.message().payload();
        try {
            context.pool().execute(() -> {
                if (JobMessages.announcesJob(message)) {
                    on(new Notified());
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("The runner of {} outlived its threads", topic, e);
        }
        return true;
    }

    @Override
    public void subscribed() {
        on(new Subscribed());
    }

    @Override
    public void pause() {
        on(new Suspended());
    }

    @Override
    public void resume() {
        on(new Resumed());
    }

    @Override
    public Throwable refusal() {
        return refusal;
    }

    /** Starts no further job. The job in the route is finished and reported. */
    @Override
    public CompletableFuture<Void> close() {
        closed = true;
        on(new Suspended());
        return idle;
    }

    /** Starts no further job, because AWS IoT keeps the queue. */
    @Override
    public void leave() {
        on(new Suspended());
    }

    /** Returns 0, because AWS IoT keeps the queue. Each notification is done when it arrives. */
    @Override
    public int clear(Consumer<InboundDelivery> discarded) {
        on(new Suspended());
        return 0;
    }

    @Override
    public void end() {
        JobMemory left = mailbox.memory();
        on(new Stopped());
        if (left.step().isBusy()) {
            LOG.warn(
                    "{} of thing {} stays in progress, because the route stopped before it had completed or reported it:"
                            + " the next start of the route runs it again",
                    left.job().key(),
                    topic.thing());
        }
    }

    private void on(JobEvent event) {
        mailbox.on(event);
        if (closed && !mailbox.memory().step().isBusy()) {
            idle.complete(null);
        }
    }

    private void perform(JobAction action) {
        if (action instanceof Ask ask) {
            ask(ask.number());
        } else if (action instanceof Run run) {
            run(run);
        } else if (action instanceof Report report) {
            report(report);
        } else if (action instanceof Pause next) {
            pause(next);
        } else if (action instanceof Note note) {
            LOG.info(
                    "{} of thing {} {}: {}",
                    note.job(),
                    topic.thing(),
                    Unreported.ended(note.unanswered()),
                    note.cause().getMessage());
        } else if (action instanceof Complain complain) {
            context.complaints().accept(complain.cause());
        }
    }

    private void ask(int number) {
        context.send(topic.startNext(), JobMessages.startNext()).whenComplete((answer, failure) -> {
            if (failure != null) {
                Throwable cause = Unreported.cause(failure);
                notStarted(new NotStarted(number, kind(cause), cause));
            } else if (!answer.isAccepted()) {
                notStarted(new NotStarted(
                        number,
                        JobErrors.kind(answer.code(), null),
                        Unreported.rejected("the request for the next job of thing " + topic.thing(), answer)));
            } else {
                started(number, answer.body());
            }
        });
    }

    private void notStarted(NotStarted failed) {
        if (failed.kind() == ReportFailure.LASTING) {
            refusal = failed.cause();
        }
        on(failed);
    }

    /** No job runs without this request, so that the user must learn of a missing permission. */
    private static ReportFailure kind(Throwable cause) {
        boolean refused = cause instanceof SubscriptionRefusedException
                || cause instanceof PublishException message && message.isLastingRefusal();
        return refused ? ReportFailure.LASTING : Unreported.kind(cause);
    }

    private void started(int number, byte[] answer) {
        Started started;
        try {
            started = new Started(number, JobMessages.started(answer));
        } catch (IOException e) {
            notStarted(new NotStarted(number, ReportFailure.LASTING, e));
            return;
        }
        refusal = null;
        on(started);
    }

    private void run(Run run) {
        try {
            routeThread.execute(() -> route.process(
                    run.job(),
                    outcome -> on(outcome == null ? new LeftOpen(run.number()) : new Routed(run.number(), outcome))));
        } catch (RejectedExecutionException e) {
            LOG.debug("The route of {} has stopped", topic, e);
        }
    }

    private void report(Report report) {
        context.send(topic.update(report.job().jobId()), JobMessages.report(report.job(), report.outcome()))
                .whenComplete((answer, failure) -> {
                    if (failure != null) {
                        Throwable cause = Unreported.cause(failure);
                        on(new NotReported(report.number(), Unreported.kind(cause), cause));
                    } else {
                        on(answer.isAccepted() ? new Reported(report.number()) : rejected(report, answer));
                    }
                });
    }

    private static JobEvent rejected(Report report, Requester.Answer answer) {
        String status = JobMessages.executionStatus(answer.body());
        ReportFailure kind = JobErrors.kind(answer.code(), status);
        // A report whose answer was lost has been carried out.
        return kind == ReportFailure.ENDED && report.outcome().status().name().equals(status)
                ? new Reported(report.number())
                : new NotReported(report.number(), kind, Unreported.rejected("the report of " + report.job(), answer));
    }

    private void pause(Pause next) {
        LOG.warn(
                "Jobs of thing {}: {} (next attempt in {} ms)",
                topic.thing(),
                next.cause().getMessage(),
                next.time().toMillis());
        try {
            context.timer()
                    .schedule(
                            () -> on(new PauseOver(next.number())), next.time().toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The runner of {} outlived its threads", topic, e);
        }
    }
}
