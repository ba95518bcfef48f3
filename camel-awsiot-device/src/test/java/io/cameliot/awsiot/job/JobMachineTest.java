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

import static org.assertj.core.api.Assertions.assertThat;

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
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a consumer of jobs does, event by event. */
class JobMachineTest {

    private static final JobExecution FIRST = job("first", 1);
    private static final JobExecution SECOND = job("second", 1);
    private static final JobOutcome SUCCESS = new JobOutcome(JobOutcome.Status.SUCCEEDED, null);
    private static final IOException LOST = new IOException("lost");

    private final JobMachine machine = new JobMachine(new Delays(Duration.ofSeconds(1), Duration.ofSeconds(8)));
    private final Random random = new Random(7);
    private JobMemory memory = JobMemory.INITIAL;

    @Test
    void asksWhenSubscribedAndNotBefore() {
        assertThat(on(new Notified())).isEmpty();

        assertThat(on(new Subscribed())).containsExactly(new Ask(memory.number()));
    }

    @Test
    void runsReportsAndAsksForTheNext() {
        on(new Subscribed());

        assertThat(on(new Started(memory.number(), FIRST))).containsExactly(new Run(memory.number(), FIRST));
        assertThat(on(new Routed(memory.number(), SUCCESS)))
                .containsExactly(new Report(memory.number(), FIRST.key(), SUCCESS));
        assertThat(on(new Reported(memory.number()))).containsExactly(new Ask(memory.number()));
        assertThat(on(new Started(memory.number(), null))).isEmpty();
        assertThat(memory.step()).isEqualTo(JobStep.WAITING);
    }

    @Test
    void asksOnceForAnyNumberOfNotifications() {
        waiting();

        assertThat(on(new Notified())).containsExactly(new Ask(memory.number()));
        assertThat(on(new Notified())).isEmpty();
        assertThat(on(new Started(memory.number(), FIRST))).containsExactly(new Run(memory.number(), FIRST));
    }

    @Test
    void asksAgainWhereTheAnswerThatThereIsNoJobCrossesANotification() {
        waiting();
        on(new Notified());
        on(new Notified());

        assertThat(on(new Started(memory.number(), null))).containsExactly(new Ask(memory.number()));
        assertThat(on(new Started(memory.number(), null))).isEmpty();
    }

    static Stream<JobStep> busy() {
        return Stream.of(JobStep.RUNNING, JobStep.REPORTING, JobStep.UNREPORTED);
    }

    /** greengrass-lite PR 1123: a notification during the final report replaced the job that was reported. */
    @ParameterizedTest
    @MethodSource("busy")
    void keepsItsJobWhateverIsAnnouncedMeanwhile(JobStep step) {
        busy(step);
        JobMemory before = memory;

        assertThat(on(new Notified())).isEmpty();

        assertThat(memory).isEqualTo(before);
    }

    @Test
    void takesTheOutcomeOfAJobOnce() {
        busy(JobStep.RUNNING);
        int first = memory.number();
        on(new Routed(first, SUCCESS));
        on(new Reported(memory.number()));
        on(new Started(memory.number(), SECOND));

        assertThat(on(new Routed(first, SUCCESS))).isEmpty();
        assertThat(on(new LeftOpen(first))).isEmpty();
        assertThat(memory.job()).isEqualTo(SECOND);
    }

    /** greengrass-lite 1151: a second job behind the first is not announced. */
    @Test
    void findsTheJobThatWasQueuedBehindTheOther() {
        busy(JobStep.REPORTING);

        assertThat(on(new Reported(memory.number()))).containsExactly(new Ask(memory.number()));
        assertThat(on(new Started(memory.number(), SECOND))).containsExactly(new Run(memory.number(), SECOND));
    }

    @ParameterizedTest
    @MethodSource("busy")
    void asksForNoSecondJobOnTheNextConnection(JobStep step) {
        busy(step);

        assertThat(on(new Subscribed())).noneMatch(Ask.class::isInstance);

        assertThat(memory.job()).isEqualTo(FIRST);
    }

    @Test
    void reportsAtOnceOnTheNextConnection() {
        busy(JobStep.UNREPORTED);

        assertThat(on(new Subscribed())).containsExactly(new Report(memory.number(), FIRST.key(), SUCCESS));
        assertThat(on(new PauseOver(memory.number() - 1))).isEmpty();
    }

    @Test
    void asksAgainOnTheNextConnection() {
        waiting();

        assertThat(on(new Subscribed())).containsExactly(new Ask(memory.number()));
        assertThat(on(new Started(1, FIRST)))
                .as("an answer of the connection before")
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"PASSING", "UNANSWERED"})
    void asksAgainAfterGrowingDelays(ReportFailure kind) {
        on(new Subscribed());

        for (int failures = 0; failures < 5; failures++) {
            Pause pause =
                    (Pause) on(new NotStarted(memory.number(), kind, LOST)).get(0);
            assertThat(pause.time()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(Math.min(8, 1L << failures)));
            assertThat(on(new PauseOver(pause.number() - 1))).isEmpty();
            assertThat(on(new PauseOver(pause.number()))).containsExactly(new Ask(memory.number()));
        }
        on(new Started(memory.number(), null));
        assertThat(memory.failures()).isZero();
    }

    @Test
    void complainsOfWhatDoesNotPassAndAsksAgainAfterALongPause() {
        on(new Subscribed());

        List<JobAction> actions = on(new NotStarted(memory.number(), ReportFailure.LASTING, LOST));

        assertThat(actions).first().isEqualTo(new Complain(LOST));
        assertThat(((Pause) actions.get(1)).time()).isGreaterThanOrEqualTo(Duration.ofSeconds(4));
    }

    @ParameterizedTest
    @EnumSource(names = {"PASSING", "UNANSWERED"})
    void reportsAgainUntilItIsTaken(ReportFailure kind) {
        busy(JobStep.REPORTING);

        for (int i = 0; i < 20; i++) {
            Pause pause =
                    (Pause) on(new NotReported(memory.number(), kind, LOST)).get(0);
            assertThat(on(new PauseOver(pause.number())))
                    .containsExactly(new Report(memory.number(), FIRST.key(), SUCCESS));
        }

        assertThat(on(new Reported(memory.number()))).containsExactly(new Ask(memory.number()));
    }

    @Test
    void takesAnEndThatTheCloudDecidedForTheEnd() {
        busy(JobStep.REPORTING);

        assertThat(on(new NotReported(memory.number(), ReportFailure.ENDED, LOST)))
                .containsExactly(new Note(FIRST.key(), false, LOST), new Ask(memory.number()));
    }

    @ParameterizedTest
    @CsvSource({"UNANSWERED, true", "PASSING, false"})
    void doesNotCallAnEndForeignThatAnUnansweredReportMayHaveCaused(ReportFailure earlier, boolean unanswered) {
        busy(JobStep.REPORTING);
        on(new NotReported(memory.number(), earlier, LOST));
        on(new PauseOver(memory.number()));
        on(new NotReported(memory.number(), ReportFailure.PASSING, LOST));
        on(new PauseOver(memory.number()));

        assertThat(on(new NotReported(memory.number(), ReportFailure.ENDED, LOST)))
                .containsExactly(new Note(FIRST.key(), unanswered, LOST), new Ask(memory.number()));

        on(new Started(memory.number(), SECOND));
        on(new Routed(memory.number(), SUCCESS));
        assertThat(on(new NotReported(memory.number(), ReportFailure.ENDED, LOST)))
                .as("of the next job")
                .contains(new Note(SECOND.key(), false, LOST));
    }

    /** AWS IoT returns what is in progress before all else: to run it again would be to run it for ever. */
    @Test
    void runsAJobOnceWhoseReportIsRefused() {
        busy(JobStep.REPORTING);

        assertThat(on(new NotReported(memory.number(), ReportFailure.LASTING, LOST)))
                .containsExactly(new Complain(LOST), new Ask(memory.number()));
        assertThat(on(new Started(memory.number(), FIRST))).isEmpty();
        assertThat(on(new Notified())).containsExactly(new Ask(memory.number()));
        assertThat(on(new Started(memory.number(), SECOND))).containsExactly(new Run(memory.number(), SECOND));
    }

    @Test
    void runsTheNextExecutionOfAJob() {
        busy(JobStep.REPORTING);
        on(new Reported(memory.number()));

        JobExecution again = job("first", 2);
        assertThat(on(new Started(memory.number(), again))).containsExactly(new Run(memory.number(), again));
    }

    /** AWS IoT may use the execution number of a deleted execution again. */
    @Test
    void runsAJobThatWasDeletedAndMadeAgain() {
        busy(JobStep.REPORTING);
        on(new Reported(memory.number()));

        JobExecution again = job("first", 1, 7);
        assertThat(on(new Started(memory.number(), again))).containsExactly(new Run(memory.number(), again));
    }

    @Test
    void runsAJobThatWasGoneInBetween() {
        busy(JobStep.REPORTING);
        on(new Reported(memory.number()));
        on(new Started(memory.number(), null));
        on(new Notified());

        assertThat(on(new Started(memory.number(), FIRST))).containsExactly(new Run(memory.number(), FIRST));
    }

    @Test
    void leavesTheReportToTheRoute() {
        busy(JobStep.RUNNING);

        assertThat(on(new LeftOpen(memory.number()))).containsExactly(new Ask(memory.number()));
        assertThat(on(new Started(memory.number(), FIRST)))
                .as("the route has not reported it yet")
                .isEmpty();
        assertThat(on(new Notified())).containsExactly(new Ask(memory.number()));
    }

    @Test
    void asksAgainWhereTheAnswerWithTheJobThatLeftTheRouteCrossesANotification() {
        busy(JobStep.RUNNING);
        on(new LeftOpen(memory.number()));

        assertThat(on(new Notified())).isEmpty();

        assertThat(on(new Started(memory.number(), FIRST))).containsExactly(new Ask(memory.number()));
        assertThat(on(new Started(memory.number(), SECOND))).containsExactly(new Run(memory.number(), SECOND));
    }

    @Test
    void doesNotAskForEverForAJobThatTheRouteHasNotReported() {
        busy(JobStep.RUNNING);
        on(new LeftOpen(memory.number()));
        on(new Notified());
        on(new Started(memory.number(), FIRST));

        assertThat(on(new Started(memory.number(), FIRST))).isEmpty();
        assertThat(memory.step()).isEqualTo(JobStep.WAITING);
    }

    @Test
    void startsNothingWhileItIsSuspended() {
        waiting();
        on(new Suspended());

        assertThat(on(new Notified())).isEmpty();
        assertThat(on(new Subscribed())).isEmpty();
        assertThat(on(new Resumed())).containsExactly(new Ask(memory.number()));
    }

    @Test
    void leavesAJobInProgressThatWasStartedWhileItWasSuspended() {
        on(new Subscribed());
        on(new Suspended());

        assertThat(on(new Started(memory.number(), FIRST))).isEmpty();
        assertThat(memory.step().isBusy()).isFalse();
        assertThat(on(new Resumed())).containsExactly(new Ask(memory.number()));
        assertThat(on(new Started(memory.number(), FIRST))).containsExactly(new Run(memory.number(), FIRST));
    }

    @Test
    void finishesItsJobWhileItIsSuspended() {
        busy(JobStep.RUNNING);
        on(new Suspended());

        assertThat(on(new Routed(memory.number(), SUCCESS)))
                .containsExactly(new Report(memory.number(), FIRST.key(), SUCCESS));
        assertThat(on(new Reported(memory.number()))).isEmpty();
        assertThat(memory.step()).isEqualTo(JobStep.WAITING);
    }

    @ParameterizedTest
    @EnumSource(JobStep.class)
    void doesNothingMoreWhenItIsStopped(JobStep step) {
        memory = new JobMemory(step, 2, 0, new JobMemory.Current(FIRST, SUCCESS, false), null, true, false);
        on(new Stopped());

        Stream.of(
                        new Subscribed(),
                        new Notified(),
                        new Started(2, SECOND),
                        new NotStarted(2, ReportFailure.PASSING, LOST),
                        new Routed(memory.number(), SUCCESS),
                        new LeftOpen(memory.number()),
                        new Reported(2),
                        new NotReported(2, ReportFailure.PASSING, LOST),
                        new PauseOver(2),
                        new Resumed())
                .forEach(event -> assertThat(on(event)).as("%s", event).isEmpty());
    }

    private void waiting() {
        on(new Subscribed());
        on(new Started(memory.number(), null));
    }

    private void busy(JobStep step) {
        on(new Subscribed());
        on(new Started(memory.number(), FIRST));
        if (step != JobStep.RUNNING) {
            on(new Routed(memory.number(), SUCCESS));
        }
        if (step == JobStep.UNREPORTED) {
            on(new NotReported(memory.number(), ReportFailure.PASSING, LOST));
        }
        assertThat(memory.step()).isEqualTo(step);
    }

    private List<JobAction> on(JobEvent event) {
        Transition<JobMemory, JobAction> next = machine.on(memory, event, random);
        memory = next.memory();
        return next.actions();
    }

    static JobExecution job(String id, long executionNumber) {
        return job(id, executionNumber, 0);
    }

    private static JobExecution job(String id, long executionNumber, long queuedAt) {
        return new JobExecution(new JobExecution.Key(id, executionNumber, queuedAt), Map.of(), new byte[0]);
    }
}
