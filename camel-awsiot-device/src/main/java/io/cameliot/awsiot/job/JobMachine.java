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
import io.cameliot.awsiot.concurrent.Transition;
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
import io.cameliot.awsiot.report.Delays;
import io.cameliot.awsiot.report.ReportFailure;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Runs the jobs of a thing one after the other, as a pure function: it maps an event and a memory to the next memory
 * and actions. It uses no network, no clock and no thread.
 *
 * <p>It asks for the next job when it is subscribed, on each connection, after each job, and when a job is announced
 * while it has none. An announcement during a job changes nothing, because the machine asks after that job anyway. AWS
 * IoT announces only the job that becomes the head of the queue, so it does not announce a job that is queued behind
 * another.
 *
 * <p>A job that has left the route does not enter it again, even if AWS IoT still returns it as in progress. Once AWS
 * IoT has no job, a job with the same key is a new one.
 */
final class JobMachine implements Mailbox.Machine<JobMemory, JobEvent, JobAction> {

    private final Delays delays;

    JobMachine(Delays delays) {
        this.delays = delays;
    }

    /**
     * Handles an event. Events that are late or have no meaning in the current step change nothing.
     *
     * @param random source of the jitter of delays
     */
    @Override
    public Transition<JobMemory, JobAction> on(JobMemory memory, JobEvent event, RandomGenerator random) {
        if (memory.step() == JobStep.STOPPED) {
            return Transition.to(memory);
        } else if (event instanceof Subscribed) {
            return subscribed(memory);
        } else if (event instanceof Notified) {
            return notified(memory);
        } else if (event instanceof Started started && isAt(memory, JobStep.ASKING, started.number())) {
            return started(memory.answered(), started.job());
        } else if (event instanceof NotStarted failed && isAt(memory, JobStep.ASKING, failed.number())) {
            return pause(memory, JobStep.PAUSED, failed.kind(), failed.cause(), random);
        } else if (event instanceof Routed routed && isAt(memory, JobStep.RUNNING, routed.number())) {
            return report(memory.with(routed.outcome()));
        } else if (event instanceof LeftOpen open && isAt(memory, JobStep.RUNNING, open.number())) {
            return ask(memory.withJobDone());
        } else if (event instanceof Reported reported && isAt(memory, JobStep.REPORTING, reported.number())) {
            return ask(memory.withJobDone());
        } else if (event instanceof NotReported failed && isAt(memory, JobStep.REPORTING, failed.number())) {
            return notReported(memory, failed.kind(), failed.cause(), random);
        } else if (event instanceof PauseOver over && isAt(memory, JobStep.PAUSED, over.number())) {
            return ask(memory);
        } else if (event instanceof PauseOver over && isAt(memory, JobStep.UNREPORTED, over.number())) {
            return report(memory);
        } else if (event instanceof Suspended) {
            return Transition.to(memory.suspended(true));
        } else if (event instanceof Resumed) {
            return memory.step() == JobStep.WAITING
                    ? ask(memory.suspended(false))
                    : Transition.to(memory.suspended(false));
        } else if (event instanceof Stopped) {
            return Transition.to(memory.at(JobStep.STOPPED));
        }
        return Transition.to(memory);
    }

    private static boolean isAt(JobMemory memory, JobStep step, int number) {
        return memory.step() == step && memory.number() == number;
    }

    private static Transition<JobMemory, JobAction> subscribed(JobMemory memory) {
        return switch (memory.step()) {
            case NEW, PAUSED, WAITING -> ask(memory);
            case UNREPORTED -> report(memory);
            default -> Transition.to(memory);
        };
    }

    private static Transition<JobMemory, JobAction> notified(JobMemory memory) {
        return switch (memory.step()) {
            case WAITING -> ask(memory);
            case ASKING -> Transition.to(memory.notified(true));
            default -> Transition.to(memory);
        };
    }

    private static Transition<JobMemory, JobAction> ask(JobMemory memory) {
        if (memory.suspended()) {
            return Transition.to(memory.at(JobStep.WAITING));
        }
        JobMemory asking = memory.atNext(JobStep.ASKING).notified(false);
        return Transition.to(asking, new Ask(asking.number()));
    }

    private static Transition<JobMemory, JobAction> started(JobMemory memory, JobExecution job) {
        if (job == null) {
            return none(memory.withNoneDone());
        }
        if (job.key().equals(memory.done())) {
            return none(memory);
        }
        if (memory.suspended()) {
            // The job stays in progress. AWS IoT returns it first when the consumer asks again.
            return Transition.to(memory.at(JobStep.WAITING));
        }
        JobMemory running = memory.running(job);
        return Transition.to(running, new Run(running.number(), job));
    }

    private static Transition<JobMemory, JobAction> none(JobMemory memory) {
        // The answer can be older than the announcement.
        return memory.notified() ? ask(memory) : Transition.to(memory.at(JobStep.WAITING));
    }

    private static Transition<JobMemory, JobAction> report(JobMemory memory) {
        JobMemory reporting = memory.atNext(JobStep.REPORTING);
        return Transition.to(
                reporting, new Report(reporting.number(), memory.job().key(), memory.outcome()));
    }

    private Transition<JobMemory, JobAction> notReported(
            JobMemory memory, ReportFailure kind, Throwable cause, RandomGenerator random) {
        if (kind.canPass()) {
            JobMemory unreported = kind == ReportFailure.UNANSWERED ? memory.withUnanswered() : memory;
            return pause(unreported, JobStep.UNREPORTED, kind, cause, random);
        }
        JobAction told = kind == ReportFailure.ENDED
                ? new Note(memory.job().key(), memory.current().unanswered(), cause)
                : new Complain(cause);
        return first(told, ask(memory.withJobDone()));
    }

    private Transition<JobMemory, JobAction> pause(
            JobMemory memory, JobStep step, ReportFailure kind, Throwable cause, RandomGenerator random) {
        JobMemory paused = memory.failed().atNext(step);
        if (kind.canPass()) {
            return Transition.to(paused, new Pause(paused.number(), delays.next(memory.failures(), random), cause));
        }
        // The user may fix the cause, such as a policy or a thing that is not registered yet.
        return Transition.to(paused, new Complain(cause), new Pause(paused.number(), delays.longOne(random), cause));
    }

    private static Transition<JobMemory, JobAction> first(JobAction action, Transition<JobMemory, JobAction> next) {
        return new Transition<>(
                next.memory(),
                next.actions().isEmpty()
                        ? List.of(action)
                        : List.of(action, next.actions().get(0)));
    }
}
