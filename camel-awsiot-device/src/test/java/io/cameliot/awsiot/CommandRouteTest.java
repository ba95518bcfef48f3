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

import static io.cameliot.awsiot.AwsIotDeviceConstants.CONTENT_TYPE;
import static io.cameliot.awsiot.AwsIotDeviceConstants.ERROR_CODE;
import static io.cameliot.awsiot.AwsIotDeviceConstants.EXECUTION_ID;
import static io.cameliot.awsiot.AwsIotDeviceConstants.MESSAGE_EXPIRY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cameliot.awsiot.report.ExecutionRejectedException;
import io.cameliot.awsiot.testing.Contexts;
import io.cameliot.testinfra.awsiot.cloud.SentCommand;
import io.cameliot.testinfra.awsiot.command.CommandReport;
import io.cameliot.testinfra.awsiot.command.CommandState;
import io.cameliot.testinfra.awsiot.command.CommandTarget;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.log.CapturedLog;
import java.io.FileNotFoundException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.LoggingExceptionHandler;
import org.apache.camel.support.service.ServiceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands, each of which is a message through a route whose outcome is the outcome of the command. */
class CommandRouteTest extends DeviceTestSupport {

    private static final String QUICK = "&reconnectMinDelay=100ms&reconnectMaxDelay=200ms";

    /** Execution ids, as they enter the route. */
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

    @Test
    void reportsSuccessWithTheResultOfTheRoute() throws Exception {
        List<Message> given = new CopyOnWriteArrayList<>();
        runCommands("", exchange -> {
            given.add(exchange.getMessage().copy());
            exchange.getMessage().setBody(Map.of("battery", 50, "charging", true));
        });

        SentCommand command = aws.commands().send(thing, "{ \"action\": \"measure\" }");

        ended(command, CommandState.SUCCEEDED);
        assertThat(command.result().orElseThrow().toString())
                .isIn(
                        "{\"battery\":{\"s\":\"50\"},\"charging\":{\"b\":true}}",
                        "{\"charging\":{\"b\":true},\"battery\":{\"s\":\"50\"}}");
        assertThat(states(command)).containsExactly(CommandState.CREATED, CommandState.SUCCEEDED);
        assertThat(given).singleElement().satisfies(message -> {
            assertThat(message.getBody(String.class)).isEqualTo("{ \"action\": \"measure\" }");
            assertThat(message.getHeader(EXECUTION_ID)).isEqualTo(command.executionId());
            assertThat(message.getHeader(CONTENT_TYPE)).isEqualTo("application/json");
            assertThat(message.getHeader(MESSAGE_EXPIRY, Long.class)).isBetween(1L, 10L);
        });
    }

    @Test
    void goesOnWhereTheExceptionHandlerThrows() throws Exception {
        camel.getRegistry().bind("failures", new LoggingExceptionHandler(camel, CommandRouteTest.class) {
            @Override
            public void handleException(String message, Exchange exchange, Throwable exception) {
                throw new IllegalStateException("the exception handler fails, too");
            }
        });
        runCommands("&exceptionHandler=#failures", exchange -> {
            if (entered.size() == 1) {
                throw new IllegalStateException("jammed");
            }
        });

        SentCommand failing = aws.commands().send(thing, "{}");
        ended(failing, CommandState.FAILED);

        ended(aws.commands().send(thing, "{}"), CommandState.SUCCEEDED);
        assertThat(entered).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "things, application/json, request/json",
        "things, application/cbor, request/cbor",
        "things, text/plain, request",
        "clients, application/json, request/json"
    })
    void takesCommandsOfEachKind(String devices, String contentType, String topic) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri("$aws/commands/" + devices + "/" + thing + "/executions/+/" + topic, thing, QUICK))
                        .setBody(simple("${header.CamelAwsiotDeviceContentType}"));
            }
        });
        camel.start();
        CommandTarget target = devices.equals("things") ? CommandTarget.thing(thing) : CommandTarget.client(thing);

        SentCommand command =
                aws.commands().send(target, new byte[] {1, 2, (byte) 0xff}, contentType, Duration.ofSeconds(30));

        ended(command, CommandState.SUCCEEDED);
        assertThat(command.result().orElseThrow().at("/body/s").asText()).isEqualTo(contentType);
    }

    @Test
    void reportsSuccessWithoutAResultWhereTheRouteLeavesTheBodyAsItWas() throws Exception {
        runCommands("&mqttVersion=3.1.1", exchange -> {});

        SentCommand command = aws.commands().send(thing, "{\"action\":\"reboot\"}");

        ended(command, CommandState.SUCCEEDED);
        assertThat(command.result()).isEmpty();
    }

    @Test
    void reportsFailureAsTheRouteSaysOnce() throws Exception {
        runCommands("", exchange -> {
            if (entered.size() == 2) {
                exchange.getMessage().setHeader(ERROR_CODE, "door jammed");
            }
            throw new FileNotFoundException("no such\nfile");
        });

        SentCommand plain = aws.commands().send(thing, "{}");
        ended(plain, CommandState.FAILED);
        SentCommand coded = aws.commands().send(thing, "{}");
        ended(coded, CommandState.FAILED);

        assertThat(last(plain).reasonCode()).hasValue("FILE_NOT_FOUND_EXCEPTION");
        assertThat(last(plain).reasonDescription()).hasValue("no such file");
        assertThat(last(coded).reasonCode()).hasValue("DOOR_JAMMED");
        assertThat(entered).containsExactly(plain.executionId(), coded.executionId());
    }

    @Test
    void reportsRejectionWhereTheRouteSaysSo() throws Exception {
        runCommands("", exchange -> {
            throw new ExecutionRejectedException("not while the motor runs");
        });

        SentCommand command = aws.commands().send(thing, "{}");

        ended(command, CommandState.REJECTED);
        assertThat(last(command).reasonDescription()).hasValue("not while the motor runs");
    }

    @Test
    void reportsFailureWhereTheBodyIsNoResult() throws Exception {
        runCommands("", exchange -> exchange.getMessage().setBody(List.of(1, 2)));

        SentCommand command = aws.commands().send(thing, "{}");

        ended(command, CommandState.FAILED);
        assertThat(last(command).reasonDescription().orElseThrow()).contains("marshal().json()");
    }

    /** AWS IoT Core ends the connection of a client that sends more than 128 KB. */
    @Test
    void reportsFailureWhereTheResultIsTooLargeForAMessage() throws Exception {
        runCommands("", exchange -> exchange.getMessage().setBody("x".repeat(128 * 1024)));

        SentCommand command = aws.commands().send(thing, "{}");

        ended(command, CommandState.FAILED);
        assertThat(last(command).reasonDescription().orElseThrow()).contains("131072 (128 KB)");
        assertThat(reportsOf(command)).isEqualTo(1);
        assertThat(aws.connectionsOf(thing)).hasSize(1);
    }

    @Test
    void reportsThatACommandIsInProgressBeforeItsOutcome() throws Exception {
        aws.faults()
                .inject(
                        new Fault.DelayMessage(
                                "$aws/commands/things/" + thing + "/executions/+/response/accepted/json",
                                Duration.ofMillis(500)),
                        1);
        runCommands("&report=aroundRoute", exchange -> {});

        SentCommand command = aws.commands().send(thing, "{}");

        ended(command, CommandState.SUCCEEDED);
        assertThat(states(command))
                .containsExactly(CommandState.CREATED, CommandState.IN_PROGRESS, CommandState.SUCCEEDED);
        assertThat(reportsOf(command)).as("none was refused").isEqualTo(2);
    }

    /** A handler of all topics below an execution would answer its own answers, for ever. */
    @Test
    void takesNoAnswerForACommand() throws Exception {
        runCommands("&report=aroundRoute", exchange -> {});

        for (int i = 0; i < 5; i++) {
            ended(aws.commands().send(thing, "{}"), CommandState.SUCCEEDED);
        }

        assertThat(entered).hasSize(5).doesNotHaveDuplicates();
    }

    @Test
    void runsCommandsAtATimeWithConcurrentConsumers() throws Exception {
        runCommands("&concurrentConsumers=2", exchange -> {
            if (entered.size() == 1) {
                hold();
            }
        });

        SentCommand slow = aws.commands().send(thing, "{}");
        await().until(() -> entered.size() == 1);
        SentCommand quick = aws.commands().send(thing, "{}");

        ended(quick, CommandState.SUCCEEDED);
        assertThat(slow.state()).isEqualTo(CommandState.CREATED);
        release.countDown();
        ended(slow, CommandState.SUCCEEDED);
    }

    @Test
    void runsTheNextWhileAReportWaitsForItsAnswer() throws Exception {
        aws.faults()
                .inject(
                        new Fault.WithholdMessage(
                                "$aws/commands/things/" + thing + "/executions/+/response/accepted/json"),
                        1);
        runCommands("&requestTimeout=1s", exchange -> {});

        SentCommand unanswered = aws.commands().send(thing, "{}");
        SentCommand next = aws.commands().send(thing, "{}");

        ended(next, CommandState.SUCCEEDED);
        ended(unanswered, CommandState.SUCCEEDED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"DataConflict", "InternalError"})
    void triesAgainWhatCanPass(String code) throws Exception {
        aws.faults().inject(new Fault.RejectRequest(responses(), code, "not now"), 2);
        runCommands("", exchange -> {});

        SentCommand command = aws.commands().send(thing, "{}");

        ended(command, CommandState.SUCCEEDED);
        assertThat(reportsOf(command)).isEqualTo(3);
        assertThat(entered).containsExactly(command.executionId());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TerminalStateReached", "InvalidStateTransition", "ResourceNotFound", "InvalidRequest"})
    void reportsOnceWhatIsRefusedForGood(String code) throws Exception {
        aws.faults().inject(new Fault.RejectRequest(responses(), code, "never"), 1);
        runCommands("", exchange -> {});

        SentCommand refused = aws.commands().send(thing, "{}");
        await().until(() -> reportsOf(refused) == 1);
        ended(aws.commands().send(thing, "{}"), CommandState.SUCCEEDED);

        assertThat(reportsOf(refused)).isEqualTo(1);
        assertThat(entered).hasSize(2);
    }

    @Test
    void asksOnceMoreWhereTheAnswerComesTooLate() throws Exception {
        aws.faults()
                .inject(
                        new Fault.DelayMessage(
                                "$aws/commands/things/" + thing + "/executions/+/response/accepted/json",
                                Duration.ofSeconds(1)),
                        1);
        runCommands("&requestTimeout=300ms", exchange -> {});

        SentCommand late = aws.commands().send(thing, "{}");
        await().until(() -> reportsOf(late) >= 2);
        ended(aws.commands().send(thing, "{}"), CommandState.SUCCEEDED);

        assertThat(states(late)).containsExactly(CommandState.CREATED, CommandState.SUCCEEDED);
        assertThat(entered).hasSize(2);
    }

    /** The outcome is refused, because AWS IoT has not answered the report before; that late answer accepts. */
    @Test
    void reportsTheOutcomeWhereTheAnswerToTheFirstReportComesTooLate() throws Exception {
        String answers = "$aws/commands/things/" + thing + "/executions/+/response/";
        runCommands("&report=aroundRoute&requestTimeout=1s", exchange -> {});
        ended(aws.commands().send(thing, "{}"), CommandState.SUCCEEDED);
        aws.faults().inject(new Fault.DelayMessage(answers + "accepted/json", Duration.ofMillis(1500)), 1);
        aws.faults().inject(new Fault.DelayMessage(answers + "rejected/json", Duration.ofSeconds(5)), 1);

        ended(aws.commands().send(thing, "{}"), CommandState.SUCCEEDED);
    }

    @Test
    void reportsWhatTheCloudHasTimedOutMeanwhile() throws Exception {
        runCommands("", exchange -> hold());
        SentCommand command = aws.commands().send(thing, "{}");
        await().until(() -> entered.size() == 1);

        aws.advanceClock(Duration.ofSeconds(11));
        assertThat(command.state()).isEqualTo(CommandState.TIMED_OUT);
        release.countDown();

        ended(command, CommandState.SUCCEEDED);
    }

    /** The report that it is in progress is refused then, but not that of the outcome. */
    @Test
    void reportsWhatTheCloudHasTimedOutBeforeItsTurn() throws Exception {
        runCommands("&report=aroundRoute", exchange -> hold());
        SentCommand first = aws.commands().send(thing, "{}");
        await().until(() -> entered.size() == 1);
        SentCommand second = aws.commands().send(thing, "{}");

        aws.advanceClock(Duration.ofSeconds(11));
        assertThat(second.state()).isEqualTo(CommandState.TIMED_OUT);
        release.countDown();

        ended(first, CommandState.SUCCEEDED);
        ended(second, CommandState.SUCCEEDED);
    }

    @Test
    void reportsOverAReconnect() throws Exception {
        aws.faults().inject(new Fault.DropAfterRequest(responses()), 1);
        try (CapturedLog log = CapturedLog.at(Map.of("io.cameliot", "info"))) {
            runCommands("&cleanSession=false", exchange -> {});

            SentCommand command = aws.commands().send(thing, "{}");

            ended(command, CommandState.SUCCEEDED);
            await().until(() -> aws.connectionsOf(thing).size() == 2);
            ended(aws.commands().send(thing, "{}"), CommandState.SUCCEEDED);
            assertThat(entered).hasSize(2);
            await().untilAsserted(() -> assertThat(log.text())
                    .contains("Command execution")
                    .contains("has ended, by an earlier report of its outcome whose answer is missing, or otherwise"));
        }
    }

    /** It is acknowledged when its outcome is reported, and so comes again with the session. */
    @Test
    void runsOnceACommandThatComesAgainWithTheSession() throws Exception {
        runCommands("&cleanSession=false", exchange -> hold());
        SentCommand command = aws.commands().send(thing, "{}");
        await().until(() -> entered.size() == 1);

        aws.disconnect(thing);
        await().until(() -> aws.connectionsOf(thing).size() == 2);
        release.countDown();

        ended(command, CommandState.SUCCEEDED);
        ended(aws.commands().send(thing, "{}"), CommandState.SUCCEEDED);
        assertThat(entered).hasSize(2).doesNotHaveDuplicates();
    }

    /** It is acknowledged when its outcome is reported, not when it has left the route. */
    @Test
    void comesAgainWhereTheProcessEndsBeforeItsReportWasAnswered() throws Exception {
        aws.faults()
                .inject(
                        new Fault.WithholdMessage(
                                "$aws/commands/things/" + thing + "/executions/+/response/accepted/json"),
                        1);
        runCommands("&cleanSession=false", exchange -> {});
        SentCommand command =
                aws.commands().send(CommandTarget.thing(thing), bytes("{}"), "application/json", Duration.ofMinutes(5));
        ended(command, CommandState.SUCCEEDED);

        camel.getShutdownStrategy().setTimeout(1);
        camel.stop();
        CamelContext next = Contexts.withoutJmx();
        try {
            runCommands(next, "&cleanSession=false", exchange -> {});
            await().until(() -> entered.size() == 2);
        } finally {
            next.stop();
        }

        assertThat(entered).containsExactly(command.executionId(), command.executionId());
        assertThat(states(command)).containsExactly(CommandState.CREATED, CommandState.SUCCEEDED);
    }

    @Test
    void runsOnceACommandThatIsSentTwice() throws Exception {
        aws.faults().inject(new Fault.RepeatMessage("$aws/commands/things/" + thing + "/executions/+/request/json"), 2);
        runCommands("&concurrentConsumers=2", exchange -> {});

        SentCommand first = aws.commands().send(thing, "{}");
        SentCommand second = aws.commands().send(thing, "{}");

        ended(first, CommandState.SUCCEEDED);
        ended(second, CommandState.SUCCEEDED);
        assertThat(entered).containsExactlyInAnyOrder(first.executionId(), second.executionId());
    }

    @Test
    void leavesUnreportedWhatTheEndOfTheContextInterrupts() throws Exception {
        camel.getShutdownStrategy().setTimeout(1);
        runCommands("", exchange -> hold());
        SentCommand command = aws.commands().send(thing, "{}");
        await().until(() -> entered.size() == 1);

        camel.stop();

        assertThat(states(command)).containsExactly(CommandState.CREATED);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void reportsAFailureAfterTheStopOfAnotherRouteHasTimedOut(boolean suspendedByPolicy) throws Exception {
        List<Throwable> handled = collectFailures();
        runCommands("&exceptionHandler=#failures", exchange -> {
            if (suspendedByPolicy) {
                // As a circuit breaker does, such as Camel's ThrottlingExceptionRoutePolicy.
                ServiceHelper.suspendService(consumer());
            }
            throw new FileNotFoundException("no such file");
        });
        letTheStopOfAnotherRouteTimeOut(release);

        SentCommand command = aws.commands().send(thing, "{}");

        ended(command, CommandState.FAILED);
        assertThat(handled).singleElement().isInstanceOf(FileNotFoundException.class);
    }

    @Test
    void waitsForTheRouteWhereAPolicyStopsTheConsumerAfterTheStopOfAnotherRouteHasTimedOut() throws Exception {
        CountDownLatch other = new CountDownLatch(1);
        runCommands("", exchange -> hold());
        letTheStopOfAnotherRouteTimeOut(other);
        other.countDown();
        SentCommand command = aws.commands().send(thing, "{}");
        await().until(() -> entered.size() == 1);

        DefaultConsumer consumer = consumer();
        Thread stop = new Thread(consumer::stop);
        stop.start();
        await().until(consumer::isStopping);
        await().during(Duration.ofMillis(200)).until(stop::isAlive);
        release.countDown();
        stop.join(30_000);

        assertThat(command.state()).isEqualTo(CommandState.SUCCEEDED);
    }

    @Test
    void reportsBeforeTheStopIsOverWhatIsDoneInTime() throws Exception {
        runCommands("", exchange -> hold());
        SentCommand command = aws.commands().send(thing, "{}");
        await().until(() -> entered.size() == 1);

        Thread stop = new Thread(camel::stop);
        stop.start();
        await().until(() -> camel.isStopping());
        release.countDown();
        stop.join(30_000);

        assertThat(command.state()).isEqualTo(CommandState.SUCCEEDED);
    }

    @Test
    void leavesTheReportToTheRoute() throws Exception {
        String response = "awsiot-device:$aws/commands/things/" + thing
                + "/executions/${header.CamelAwsiotDeviceExecutionId}/response/json" + device.options() + "&clientId="
                + thing + QUICK;
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(commandsUri(QUICK + "&report=none"))
                        .setBody(constant("{\"status\":\"IN_PROGRESS\"}"))
                        .setExchangePattern(ExchangePattern.InOut)
                        .toD(response)
                        .setBody(constant("{\"status\":\"SUCCEEDED\",\"result\":{\"a\":{\"s\":\"b\"}}}"))
                        .setExchangePattern(ExchangePattern.InOut)
                        .toD(response);
            }
        });
        camel.start();

        SentCommand command = aws.commands().send(thing, "{}");

        ended(command, CommandState.SUCCEEDED);
        assertThat(states(command))
                .containsExactly(CommandState.CREATED, CommandState.IN_PROGRESS, CommandState.SUCCEEDED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "$aws/commands/things/door/executions/+/request/+ | | executions/+/request/json",
                "$aws/commands/things/+/executions/+/request/json | | executions/+/request/json",
                "$aws/commands/clients/door/executions/# | | executions/+/request/json",
                "$aws/commands/things/door/executions/+/request/json | subscribe=false | Option subscribe=false"
            })
    void refusesWhatAConsumerOfCommandsCannotHave(String topic, String option, String message) {
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
                .hasStackTraceContaining(message);
    }

    private String commandsUri(String options) {
        return uri("$aws/commands/things/" + thing + "/executions/+/request/json", thing, options);
    }

    private String responses() {
        return "$aws/commands/things/" + thing + "/executions/+/response/json";
    }

    private DefaultConsumer consumer() {
        return (DefaultConsumer) camel.getRoute("commands").getConsumer();
    }

    /** Binds the exception handler {@code failures}. */
    private List<Throwable> collectFailures() {
        List<Throwable> handled = new CopyOnWriteArrayList<>();
        camel.getRegistry().bind("failures", new LoggingExceptionHandler(camel, CommandRouteTest.class) {
            @Override
            public void handleException(String message, Exchange exchange, Throwable exception) {
                handled.add(exception);
            }
        });
        return handled;
    }

    private void runCommands(String options, Processor route) throws Exception {
        runCommands(camel, options, route);
    }

    private void runCommands(CamelContext context, String options, Processor route) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(commandsUri(QUICK + options)).routeId("commands").process(exchange -> {
                    entered.add(exchange.getMessage().getHeader(EXECUTION_ID, String.class));
                    route.process(exchange);
                });
            }
        });
        context.start();
    }

    private void hold() throws InterruptedException {
        release.await(60, TimeUnit.SECONDS);
    }

    private static void ended(SentCommand command, CommandState state) {
        await().until(command::state, state::equals);
    }

    private static CommandReport last(SentCommand command) {
        return command.history().get(command.history().size() - 1);
    }

    private static List<CommandState> states(SentCommand command) {
        List<CommandState> states = new ArrayList<>();
        command.history().forEach(report -> states.add(report.state()));
        return states;
    }

    private int reportsOf(SentCommand command) {
        return aws.receivedPublishes(
                        "$aws/commands/things/" + thing + "/executions/" + command.executionId() + "/response/json")
                .size();
    }
}
