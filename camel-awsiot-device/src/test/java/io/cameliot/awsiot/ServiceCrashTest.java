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

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.awsiot.testing.ChildJvm;
import io.cameliot.testinfra.awsiot.cloud.SentCommand;
import io.cameliot.testinfra.awsiot.command.CommandReport;
import io.cameliot.testinfra.awsiot.command.CommandState;
import io.cameliot.testinfra.awsiot.command.CommandTarget;
import io.cameliot.testinfra.awsiot.job.JobState;
import io.cameliot.testinfra.awsiot.job.QueuedExecution;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes that are killed between the start of a job or a command and its report. */
class ServiceCrashTest extends DeviceTestSupport {

    private static final String QUICK = "&reconnectMinDelay=100ms&reconnectMaxDelay=200ms";
    private static final Duration LONG = Duration.ofSeconds(60);

    private String thing;

    @BeforeEach
    void nameThing(TestInfo test) {
        thing = test.getTestMethod().orElseThrow().getName().substring(0, 12) + "-" + System.nanoTime();
    }

    @Test
    void aJobIsRunByTheNextProcessWhenTheFirstWasKilledBeforeItsReport() throws Exception {
        String job = aws.jobs().create(thing, "{\"operation\":\"install\"}");
        String queued = aws.jobs().create(thing, "{}");
        String uri = uri("$aws/things/" + thing + "/jobs/start-next", thing, QUICK);
        String progress = uri("$aws/things/" + thing + "/jobs/${header.CamelAwsiotDeviceJobId}/update", thing, QUICK);

        try (ChildJvm first = ChildJvm.start(WorkingDevice.class, List.of(), uri, progress)) {
            assertThat(first.readUntil(line -> line.startsWith(job))).isNotNull();
            first.kill();
            assertThat(first.readUntil(line -> true)).as("its end").isNull();
        }
        QueuedExecution left = aws.jobs().execution(thing, job);
        assertThat(left.state()).isEqualTo(JobState.IN_PROGRESS);
        assertThat(left.statusDetails()).isEqualTo(Map.of("step", "1"));
        assertThat(aws.jobs().execution(thing, queued).state()).isEqualTo(JobState.QUEUED);

        try (ChildJvm next = ChildJvm.start(WorkingDevice.class, List.of(), uri)) {
            assertThat(next.readUntil(line -> !line.equals("started")))
                    .as("how far the first has come")
                    .isEqualTo(job + " {step=1}");
            assertThat(next.readUntil(line -> !line.equals("started"))).isEqualTo(queued + " {}");
            await().until(() -> aws.jobs().execution(thing, queued).state(), JobState.SUCCEEDED::equals);
        }
        assertThat(aws.jobs().execution(thing, job).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(aws.jobs().execution(thing, job).number()).isEqualTo(1);
        assertThat(aws.receivedPublishes("$aws/things/" + thing + "/jobs/" + job + "/update"))
                .as("the progress, and one report")
                .hasSize(2);
    }

    /** It waits in the session of the device until it is acknowledged, which is when its outcome is reported. */
    @ParameterizedTest
    @ValueSource(strings = {"&cleanSession=false&report=aroundRoute", ""})
    void aCommandIsRunByTheNextProcessOnlyIfItsSessionIsKept(String options) throws Exception {
        boolean kept = options.contains("cleanSession=false");
        String uri = uri("$aws/commands/things/" + thing + "/executions/+/request/json", thing, QUICK + options);
        SentCommand command;
        try (ChildJvm first =
                ChildJvm.start(WorkingDevice.class, List.of(), uri, uri("progress", thing, QUICK + options))) {
            first.readUntil("started"::equals);
            await().atMost(LONG).until(() -> aws.connectionsOf(thing).stream()
                    .anyMatch(connection -> !connection.topicFilters().isEmpty()));
            command = send();
            assertThat(first.readUntil(line -> line.startsWith(command.executionId())))
                    .isNotNull();
            await().until(command::state, (kept ? CommandState.IN_PROGRESS : CommandState.CREATED)::equals);
            first.kill();
            assertThat(first.readUntil(line -> true)).as("its end").isNull();
        }

        List<String> entered = runCommands(uri);
        SentCommand later = send();

        await().atMost(LONG).until(later::state, CommandState.SUCCEEDED::equals);
        if (kept) {
            await().atMost(LONG).until(command::state, CommandState.SUCCEEDED::equals);
            assertThat(entered).containsExactly(command.executionId(), later.executionId());
        } else {
            assertThat(entered).containsExactly(later.executionId());
            assertThat(command.history()).extracting(CommandReport::state).containsExactly(CommandState.CREATED);
            aws.advanceClock(Duration.ofMinutes(10));
            assertThat(command.state()).isEqualTo(CommandState.TIMED_OUT);
        }
    }

    private SentCommand send() throws IOException {
        return aws.commands().send(CommandTarget.thing(thing), bytes("{}"), "application/json", Duration.ofMinutes(10));
    }

    private List<String> runCommands(String uri) throws Exception {
        List<String> entered = new CopyOnWriteArrayList<>();
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri)
                        .process(exchange -> entered.add(
                                exchange.getMessage().getHeader(AwsIotDeviceConstants.EXECUTION_ID, String.class)))
                        .setBody(constant(null));
            }
        });
        camel.start();
        return entered;
    }
}
