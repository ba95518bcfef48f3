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
package io.cameliot.awsiot;

import static io.cameliot.awsiot.AwsIotDeviceConstants.EXECUTION_NUMBER;
import static io.cameliot.awsiot.AwsIotDeviceConstants.JOB_ID;
import static io.cameliot.awsiot.AwsIotDeviceConstants.STATUS_DETAILS;
import static io.cameliot.awsiot.AwsIotDeviceConstants.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cameliot.awsiot.report.ExecutionRejectedException;
import io.cameliot.awsiot.testing.Contexts;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.Faults;
import io.cameliot.testinfra.awsiot.job.JobDefinition;
import io.cameliot.testinfra.awsiot.job.JobState;
import io.cameliot.testinfra.awsiot.job.QueuedExecution;
import io.cameliot.testinfra.log.CapturedLog;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.LoggingExceptionHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs, each of which is a message through a route whose outcome is the outcome of the job. */
class JobRouteTest extends DeviceTestSupport {

    private static final String QUICK = "&reconnectMinDelay=100ms&reconnectMaxDelay=200ms";

    /** Job ids, as they enter the route. */
    private final List<String> entered = new CopyOnWriteArrayList<>();

    private final CountDownLatch release = new CountDownLatch(1);
    private String thing;

    @BeforeEach
    void nameThing(TestInfo test) {
        thing = test.getTestMethod().orElseThrow().getName() + "-" + System.nanoTime();
    }

    /** Lest a test that fails wait for a route that waits for the test. */
    @AfterEach
    void releaseRoutes() {
        release.countDown();
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "3.1.1"})
    void reportsSuccessWithTheDetailsOfTheRoute(String mqttVersion) throws Exception {
        List<Message> given = new CopyOnWriteArrayList<>();
        runJobs("&mqttVersion=" + mqttVersion, exchange -> {
            given.add(exchange.getMessage().copy());
            exchange.getMessage().setHeader(STATUS_DETAILS, Map.of("firmware", "2.1", "reboots", 3));
        });

        String job = aws.jobs().create(thing, "{\"operation\":\"install\",\"sizes\":[1,2.25]}");

        QueuedExecution ended = ended(job, JobState.SUCCEEDED);
        assertThat(ended.statusDetails()).isEqualTo(Map.of("firmware", "2.1", "reboots", "3"));
        assertThat(given).singleElement().satisfies(message -> {
            assertThat(message.getBody()).isInstanceOf(byte[].class);
            assertThat(message.getBody(String.class)).isEqualTo("{\"operation\":\"install\",\"sizes\":[1,2.25]}");
            assertThat(message.getHeader(JOB_ID)).isEqualTo(job);
            assertThat(message.getHeader(EXECUTION_NUMBER)).isEqualTo(1L);
            assertThat(message.getHeader(STATUS_DETAILS)).isEqualTo(Map.of());
            assertThat(message.getHeader(TOPIC)).isEqualTo("$aws/things/" + thing + "/jobs/start-next");
        });
    }

    @Test
    void reportsFailureWithItsReasonAndGoesOn() throws Exception {
        runJobs("", exchange -> {
            if (entered.size() == 1) {
                exchange.getMessage().setHeader(STATUS_DETAILS, Map.of("step", "4"));
                throw new IOException("no space left\non device");
            }
        });

        String failing = aws.jobs().create(thing, "{}");
        ended(failing, JobState.FAILED);
        String next = aws.jobs().create(thing, "{}");

        assertThat(ended(next, JobState.SUCCEEDED).number()).isEqualTo(1);
        assertThat(ended(failing, JobState.FAILED).statusDetails())
                .isEqualTo(Map.of("step", "4", "reason", "no space left on device"));
        assertThat(entered).containsExactly(failing, next);
    }

    @Test
    void goesOnWhereTheExceptionHandlerThrows() throws Exception {
        camel.getRegistry().bind("failures", new LoggingExceptionHandler(camel, JobRouteTest.class) {
            @Override
            public void handleException(String message, Exchange exchange, Throwable exception) {
                throw new IllegalStateException("the exception handler fails, too");
            }
        });
        runJobs("&exceptionHandler=#failures", exchange -> {
            if (entered.size() == 1) {
                throw new IOException("no space left");
            }
        });

        String failing = aws.jobs().create(thing, "{}");
        ended(failing, JobState.FAILED);

        ended(aws.jobs().create(thing, "{}"), JobState.SUCCEEDED);
        assertThat(entered).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"SUBSCRIBE, /+, SubscriptionRefusedException", "PUBLISH, '', PublishException"})
    void tellsThatThePolicyForbidsToAskForAJobAndAsksAgain(Action action, String level, String exception)
            throws Exception {
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        camel.getRegistry().bind("failures", new LoggingExceptionHandler(camel, JobRouteTest.class) {
            @Override
            public void handleException(String message, Exchange exchange, Throwable failure) {
                failures.add(failure);
            }
        });
        aws.policy(thing, DevicePolicy.ALLOW_ALL.deny(action, "$aws/things/" + thing + "/jobs/start-next" + level));

        runJobs("&exceptionHandler=#failures", exchange -> {});

        await().until(() -> failures.size() > 1);
        assertThat(failures).allSatisfy(failure -> assertThat(failure)
                .hasMessageContaining("jobs/start-next" + level)
                .extracting(told -> told.getClass().getSimpleName())
                .isEqualTo(exception));
        aws.policy(thing, DevicePolicy.ALLOW_ALL);
        ended(aws.jobs().create(thing, "{}"), JobState.SUCCEEDED);
    }

    @Test
    void reportsRejectionWhereTheRouteSaysSo() throws Exception {
        runJobs("", exchange -> {
            throw new IllegalStateException(new ExecutionRejectedException("battery is low"));
        });

        String job = aws.jobs().create(thing, "{}");

        assertThat(ended(job, JobState.REJECTED).statusDetails()).isEqualTo(Map.of("reason", "battery is low"));
    }

    @Test
    void reportsSuccessWhereTheRouteHandlesItsFailure() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(jobsUri(QUICK))
                        .onException(IOException.class)
                        .handled(true)
                        .end()
                        .throwException(new IOException("handled"));
            }
        });
        camel.start();

        ended(aws.jobs().create(thing, "{}"), JobState.SUCCEEDED);
    }

    @Test
    void reportsFailureWhereTheDetailsWouldBeRefused() throws Exception {
        Map<String, Object> eleven = new LinkedHashMap<>();
        IntStream.range(0, 11).forEach(i -> eleven.put("detail-" + i, i));
        List<Object> bad = List.of(
                eleven,
                Map.of("with space", "x"),
                Map.of("long", "x".repeat(1025)),
                Map.of("empty", ""),
                Map.of("control", "a\tb"),
                "no map");
        runJobs("", exchange -> exchange.getMessage().setHeader(STATUS_DETAILS, bad.get(entered.size() - 1)));

        for (Object details : bad) {
            assertThat(ended(aws.jobs().create(thing, "{}"), JobState.FAILED)
                            .statusDetails()
                            .get("reason"))
                    .as("%s", details)
                    .startsWith("Header CamelAwsiotDeviceStatusDetails ");
        }
    }

    /** The report names no version, so that progress does not make it a conflict. */
    @Test
    void letsTheRouteReportProgressByARequest() throws Exception {
        String update = "awsiot-device:$aws/things/" + thing + "/jobs/${header.CamelAwsiotDeviceJobId}/update"
                + device.options() + "&clientId=" + thing + QUICK;
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(jobsUri(QUICK))
                        .setBody(constant("{\"status\":\"IN_PROGRESS\",\"statusDetails\":{\"step\":\"1\"}}"))
                        .setExchangePattern(ExchangePattern.InOut)
                        .toD(update)
                        .setBody(constant("{\"status\":\"IN_PROGRESS\",\"statusDetails\":{\"step\":\"2\"}}"))
                        .setExchangePattern(ExchangePattern.InOut)
                        .toD(update);
            }
        });
        camel.start();

        QueuedExecution ended = ended(aws.jobs().create(thing, "{}"), JobState.SUCCEEDED);

        assertThat(ended.version()).as("started, twice in progress, succeeded").isEqualTo(5);
        assertThat(ended.statusDetails()).isEqualTo(Map.of("step", "2"));
        assertThat(aws.connectionsOf(thing)).hasSize(1);
    }

    @Test
    void runsJobsThatWereQueuedBeforeItStartedAndBehindOneAnotherWithoutBeingTold() throws Exception {
        aws.faults().inject(new Fault.WithholdMessage("$aws/things/" + thing + "/jobs/notify-next"), Faults.ALWAYS);
        List<String> jobs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            jobs.add(aws.jobs().create(thing, "{}"));
        }
        runJobs("", exchange -> {
            if (entered.size() == 1) {
                jobs.add(aws.jobs().create(thing, "{}"));
            }
        });

        await().until(() -> entered.size() == 4);

        assertThat(entered).containsExactlyElementsOf(jobs);
        jobs.forEach(job -> ended(job, JobState.SUCCEEDED));
    }

    @Test
    void runsEachJobOnceHoweverOftenItIsAnnounced() throws Exception {
        aws.faults().inject(new Fault.RepeatMessage("$aws/things/+/jobs/notify-next"), Faults.ALWAYS);
        runJobs("", exchange -> {});

        List<String> jobs = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            jobs.add(aws.jobs().create(thing, "{}"));
        }

        jobs.forEach(job -> ended(job, JobState.SUCCEEDED));
        assertThat(entered).containsExactlyElementsOf(jobs);
        jobs.forEach(job -> assertThat(updatesOf(job)).isEqualTo(1));
    }

    /** The end of a job makes the next one the head of the queue, of which AWS IoT tells before the report is answered. */
    @Test
    void runsTheJobThatIsAnnouncedWhileTheReportOfTheOneBeforeWaitsForItsAnswer() throws Exception {
        aws.faults()
                .inject(
                        new Fault.DelayMessage(
                                "$aws/things/" + thing + "/jobs/+/update/accepted", Duration.ofMillis(500)),
                        1);
        runJobs("", exchange -> hold());
        String first = aws.jobs().create(thing, "{}");
        await().until(() -> entered.size() == 1);
        String second = aws.jobs().create(thing, "{}");

        release.countDown();

        ended(second, JobState.SUCCEEDED);
        ended(first, JobState.SUCCEEDED);
        assertThat(entered).containsExactly(first, second);
        assertThat(updatesOf(first)).isEqualTo(1);
    }

    @Test
    void endsWithoutASecondReportWhatWasCanceledMeanwhile() throws Exception {
        runJobs("", exchange -> hold());
        String canceled = aws.jobs().create(thing, "{}");
        await().until(() -> entered.size() == 1);
        String next = aws.jobs().create(thing, "{}");

        aws.jobs().forceCancel(canceled);
        try (CapturedLog log = CapturedLog.at(Map.of("io.cameliot", "info"))) {
            release.countDown();

            ended(next, JobState.SUCCEEDED);
            assertThat(log.text())
                    .contains("job " + canceled + " (execution 1) of thing " + thing
                            + " has ended otherwise while it was in the route");
        }
        assertThat(aws.jobs().execution(thing, canceled).state()).isEqualTo(JobState.CANCELED);
        assertThat(updatesOf(canceled)).isEqualTo(1);
        assertThat(entered).containsExactly(canceled, next);
    }

    @Test
    void endsWithoutASecondReportWhatTimedOutMeanwhile() throws Exception {
        runJobs("", exchange -> hold());
        String late = aws.jobs().create(thing, "{}");
        await().until(() -> entered.size() == 1);

        aws.jobs().timeOut(thing, late);
        release.countDown();

        ended(aws.jobs().create(thing, "{}"), JobState.SUCCEEDED);
        assertThat(aws.jobs().execution(thing, late).state()).isEqualTo(JobState.TIMED_OUT);
        assertThat(updatesOf(late)).isEqualTo(1);
    }

    @Test
    void endsWithoutASecondReportWhatWasDeletedMeanwhile() throws Exception {
        runJobs("", exchange -> hold());
        String deleted = aws.jobs().create(thing, "{}");
        await().until(() -> entered.size() == 1);

        aws.jobs().delete(deleted);
        release.countDown();

        ended(aws.jobs().create(thing, "{}"), JobState.SUCCEEDED);
        assertThat(updatesOf(deleted)).isEqualTo(1);
    }

    /** AWS IoT counts the executions of a job that was deleted from 1 again. */
    @Test
    void runsAJobThatWasDeletedAndMadeAgain() throws Exception {
        runJobs("", exchange -> {});
        JobDefinition job = JobDefinition.of("again-" + thing.hashCode(), "{}");
        aws.jobs().create(job, List.of(thing));
        ended(job.id(), JobState.SUCCEEDED);

        aws.jobs().delete(job.id());
        aws.advanceClock(Duration.ofSeconds(1));
        aws.jobs().create(job, List.of(thing));

        ended(job.id(), JobState.SUCCEEDED);
        assertThat(entered).containsExactly(job.id(), job.id());
    }

    /** A job that is tried again has the same id: the end of the first execution must not be that of the second. */
    @Test
    void doesNotEndTheNextExecutionOfAJobWithTheOutcomeOfTheFirst() throws Exception {
        runJobs("", exchange -> {
            if (entered.size() == 1) {
                hold();
                throw new IOException("the first");
            }
        });
        JobDefinition job = JobDefinition.of("again-" + thing.hashCode(), "{}");
        aws.jobs().create(job, List.of(thing));
        await().until(() -> entered.size() == 1);

        aws.jobs().timeOut(thing, job.id());
        aws.jobs().create(job, List.of(thing));
        release.countDown();

        await().until(() -> aws.jobs().execution(thing, job.id()).state() == JobState.SUCCEEDED);
        assertThat(aws.jobs().execution(thing, job.id()).number()).isEqualTo(2);
        assertThat(entered).containsExactly(job.id(), job.id());
    }

    @Test
    void finishesItsJobOverAReconnectAndFindsWhatCameMeanwhile() throws Exception {
        runJobs("", exchange -> hold());
        String first = aws.jobs().create(thing, "{}");
        await().until(() -> entered.size() == 1);

        aws.disconnect(thing);
        String second = aws.jobs().create(thing, "{}");
        release.countDown();

        ended(second, JobState.SUCCEEDED);
        assertThat(aws.jobs().execution(thing, first).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(entered).containsExactly(first, second);
    }

    @Test
    void asksAgainAfterEachReconnect() throws Exception {
        runJobs("", exchange -> {});
        aws.faults().inject(new Fault.WithholdMessage("$aws/things/" + thing + "/jobs/notify-next"), 1);
        String unannounced = aws.jobs().create(thing, "{}");

        aws.disconnect(thing);

        ended(unannounced, JobState.SUCCEEDED);
    }

    @ParameterizedTest
    @CsvSource({"start-next", "update"})
    void survivesAnAnswerThatIsLostWithTheConnection(String request) throws Exception {
        aws.faults().inject(new Fault.DropAfterRequest("$aws/things/" + thing + "/jobs/" + topicOf(request)), 1);
        try (CapturedLog log = CapturedLog.at(Map.of("io.cameliot", "info"))) {
            runJobs("", exchange -> {});

            String first = aws.jobs().create(thing, "{}");
            String second = aws.jobs().create(thing, "{}");

            ended(second, JobState.SUCCEEDED);
            assertThat(aws.jobs().execution(thing, first).state()).isEqualTo(JobState.SUCCEEDED);
            assertThat(entered).containsExactly(first, second);
            assertThat(log.text()).doesNotContain("has ended");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "start-next, InternalError",
        "start-next, RequestThrottled",
        "update, InternalError",
        "update, RequestThrottled",
        "update, VersionMismatch"
    })
    void triesAgainWhatCanPass(String request, String code) throws Exception {
        aws.faults()
                .inject(
                        new Fault.RejectRequest("$aws/things/" + thing + "/jobs/" + topicOf(request), code, "not now"),
                        2);
        runJobs("", exchange -> {});

        String job = aws.jobs().create(thing, "{}");

        ended(job, JobState.SUCCEEDED);
        assertThat(entered).containsExactly(job);
    }

    @ParameterizedTest
    @CsvSource({"start-next/accepted", "+/update/accepted"})
    void asksAgainWhereNoAnswerComes(String answer) throws Exception {
        aws.faults().inject(new Fault.WithholdMessage("$aws/things/" + thing + "/jobs/" + answer), 1);
        runJobs("&requestTimeout=300ms", exchange -> {});

        String first = aws.jobs().create(thing, "{}");
        ended(first, JobState.SUCCEEDED);
        String second = aws.jobs().create(thing, "{}");

        ended(second, JobState.SUCCEEDED);
        assertThat(entered).containsExactly(first, second);
    }

    /** Else it would run for ever: what is in progress is what AWS IoT gives out first. */
    @Test
    void runsAJobOnceWhoseReportIsRefusedForGood() throws Exception {
        aws.faults()
                .inject(new Fault.RejectRequest("$aws/things/" + thing + "/jobs/+/update", "InvalidRequest", "never"));
        runJobs("", exchange -> {});
        String refused = aws.jobs().create(thing, "{}");
        await().until(() -> updatesOf(refused) == 1);

        aws.jobs().forceCancel(refused);
        ended(aws.jobs().create(thing, "{}"), JobState.SUCCEEDED);

        assertThat(entered).hasSize(2).containsOnlyOnce(refused);
    }

    @Test
    void runsAgainAfterTheNextStartWhatWasNotReported() throws Exception {
        camel.getShutdownStrategy().setTimeout(1);
        runJobs("", exchange -> {
            exchange.getMessage().setHeader(STATUS_DETAILS, Map.of("run", "1"));
            hold();
        });
        String job = aws.jobs().create(thing, "{}");
        await().until(() -> entered.size() == 1);

        camel.stop();

        assertThat(aws.jobs().execution(thing, job).state()).isEqualTo(JobState.IN_PROGRESS);
        assertThat(updatesOf(job)).isZero();
        CamelContext next = Contexts.withoutJmx();
        try {
            runJobs(next, "", exchange -> {});
            ended(job, JobState.SUCCEEDED);
            assertThat(entered).containsExactly(job, job);
            assertThat(aws.jobs().execution(thing, job).number()).isEqualTo(1);
        } finally {
            next.stop();
        }
    }

    @Test
    void reportsAFailureAfterTheStopOfAnotherRouteHasTimedOut() throws Exception {
        List<Throwable> handled = new CopyOnWriteArrayList<>();
        camel.getRegistry().bind("failures", new LoggingExceptionHandler(camel, JobRouteTest.class) {
            @Override
            public void handleException(String message, Exchange exchange, Throwable exception) {
                handled.add(exception);
            }
        });
        runJobs("&exceptionHandler=#failures", exchange -> {
            throw new IOException("no space left");
        });
        letTheStopOfAnotherRouteTimeOut(release);

        String job = aws.jobs().create(thing, "{}");

        ended(job, JobState.FAILED);
        assertThat(handled).singleElement().isInstanceOf(IOException.class);
    }

    @Test
    void reportsBeforeTheStopIsOverWhatIsDoneInTime() throws Exception {
        runJobs("", exchange -> hold());
        String running = aws.jobs().create(thing, "{}");
        String waiting = aws.jobs().create(thing, "{}");
        await().until(() -> entered.size() == 1);

        Thread stop = new Thread(camel::stop);
        stop.start();
        await().until(() -> camel.isStopping());
        release.countDown();
        stop.join(30_000);

        assertThat(aws.jobs().execution(thing, running).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(aws.jobs().execution(thing, waiting).state()).isEqualTo(JobState.QUEUED);
    }

    @Test
    void startsNothingWhileTheRouteIsSuspended() throws Exception {
        runJobs("", exchange -> {});
        camel.getRouteController().suspendRoute("jobs");
        String job = aws.jobs().create(thing, "{}");
        aws.disconnect(thing);
        await().until(() -> aws.connectionsOf(thing).size() == 2);

        // It can be in progress: what was asked for before can be answered after.
        await().during(Duration.ofMillis(300)).until(entered::isEmpty);
        camel.getRouteController().resumeRoute("jobs");

        ended(job, JobState.SUCCEEDED);
    }

    @Test
    void goesOnAfterAStopThatCamelAborted() throws Exception {
        runJobs("", exchange -> hold());
        String running = aws.jobs().create(thing, "{}");
        await().until(() -> entered.size() == 1);

        assertThat(camel.getRouteController().stopRoute("jobs", 100, TimeUnit.MILLISECONDS, true))
                .isFalse();
        release.countDown();

        ended(running, JobState.SUCCEEDED);
        ended(aws.jobs().create(thing, "{}"), JobState.SUCCEEDED);
    }

    @Test
    void leavesTheReportToTheRoute() throws Exception {
        String update = "awsiot-device:$aws/things/" + thing + "/jobs/${header.CamelAwsiotDeviceJobId}/update"
                + device.options() + "&clientId=" + thing + QUICK;
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(jobsUri(QUICK + "&report=none"))
                        .process(exchange -> entered.add(exchange.getMessage().getHeader(JOB_ID, String.class)))
                        .setBody(constant("{\"status\":\"SUCCEEDED\"}"))
                        .setExchangePattern(ExchangePattern.InOut)
                        .toD(update);
            }
        });
        camel.start();

        String first = aws.jobs().create(thing, "{}");
        String second = aws.jobs().create(thing, "{}");

        ended(second, JobState.SUCCEEDED);
        assertThat(entered).containsExactly(first, second);
        assertThat(updatesOf(first)).isEqualTo(1);
    }

    /** AWS IoT announces the second job while the answer that still has the first one is on its way. */
    @Test
    void runsTheJobThatIsAnnouncedBeforeTheAnswerWithTheJobThatHasLeftTheRoute() throws Exception {
        String startNext = "$aws/things/" + thing + "/jobs/start-next";
        AtomicInteger asked = new AtomicInteger();
        runJobs("&report=none", exchange -> {
            if (entered.size() == 1) {
                aws.faults().inject(new Fault.DelayMessage(startNext + "/accepted", Duration.ofSeconds(1)), 1);
                asked.set(aws.receivedPublishes(startNext).size());
            }
        });
        String first = aws.jobs().create(thing, "{}");
        await().until(
                        () -> aws.receivedPublishes(startNext).size(),
                        requests -> asked.get() > 0 && requests > asked.get());
        String second = aws.jobs().create(thing, "{}");

        aws.jobs().forceCancel(first);

        await().untilAsserted(() -> assertThat(entered).containsExactly(first, second));
    }

    @Test
    void runsOnceWhatTheRouteNeverReports() throws Exception {
        runJobs("&report=none", exchange -> {});
        String open = aws.jobs().create(thing, "{}");
        await().until(() -> entered.size() == 1);

        aws.disconnect(thing);
        await().until(() -> aws.connectionsOf(thing).size() == 2);
        aws.jobs().forceCancel(open);
        aws.jobs().create(thing, "{}");

        await().until(() -> entered.size() == 2);
        assertThat(entered).containsOnlyOnce(open);
        assertThat(updatesOf(open)).isZero();
    }

    @Test
    void refusesASecondRouteForTheJobsOfOneThing() throws Exception {
        runJobs("", exchange -> {});

        assertThatThrownBy(() -> camel.addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri("$aws/things/" + thing + "/jobs/start-next", thing + "-2", QUICK))
                                .routeId("second")
                                .to("mock:second");
                    }
                }))
                .hasStackTraceContaining("The jobs of thing '" + thing + "' are run by route 'jobs' already: route"
                        + " 'second' would run the same ones");

        camel.getRouteController().stopRoute("jobs");
        camel.getRouteController().startRoute("second");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "$aws/things/+/jobs/start-next | | jobs are run for one thing",
                "$share/group/$aws/things/door/jobs/start-next | | jobs are run for one thing",
                "$aws/things/door/jobs/start-next | qos=0 | Option qos=0 is not possible for a consumer of jobs",
                "$aws/things/door/jobs/start-next | concurrentConsumers=2 | Option concurrentConsumers=2",
                "$aws/things/door/jobs/start-next | acknowledgement=onReceive | Option acknowledgement=onReceive",
                "$aws/things/door/jobs/start-next | subscribe=false | Option subscribe=false",
                "$aws/things/door/jobs/start-next | report=sometimes | [afterRoute, aroundRoute, none]"
            })
    void refusesWhatAConsumerOfJobsCannotHave(String topic, String option, String message) {
        assertThatThrownBy(() -> {
                    camel.addRoutes(new RouteBuilder() {
                        @Override
                        public void configure() {
                            from(uri(topic, "refused", option == null ? "" : "&" + option))
                                    .to("mock:never");
                        }
                    });
                    camel.start();
                })
                .isInstanceOfAny(FailedToCreateRouteException.class, Exception.class)
                .hasStackTraceContaining(message);
    }

    private static String topicOf(String request) {
        return request.equals("update") ? "+/update" : request;
    }

    private String jobsUri(String options) {
        return uri("$aws/things/" + thing + "/jobs/start-next", thing, options);
    }

    private void runJobs(String options, Processor route) throws Exception {
        runJobs(camel, options, route);
    }

    private void runJobs(CamelContext context, String options, Processor route) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(jobsUri(QUICK + options)).routeId("jobs").process(exchange -> {
                    entered.add(exchange.getMessage().getHeader(JOB_ID, String.class));
                    route.process(exchange);
                });
            }
        });
        context.start();
    }

    private void hold() throws InterruptedException {
        release.await(60, TimeUnit.SECONDS);
    }

    private QueuedExecution ended(String job, JobState state) {
        await().until(() -> aws.jobs().execution(thing, job).state(), state::equals);
        return aws.jobs().execution(thing, job);
    }

    private int updatesOf(String job) {
        return aws.receivedPublishes("$aws/things/" + thing + "/jobs/" + job + "/update")
                .size();
    }
}
