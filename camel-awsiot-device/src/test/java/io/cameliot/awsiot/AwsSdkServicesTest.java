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

import static io.cameliot.awsiot.AwsSdkClient.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cameliot.awsiot.testing.Contexts;
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.cloud.SentCommand;
import io.cameliot.testinfra.awsiot.command.CommandState;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.job.JobState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.crt.iot.MqttRequestResponseClientOptions;
import software.amazon.awssdk.crt.iot.StreamingOperation;
import software.amazon.awssdk.iot.V2ClientStreamOptions;
import software.amazon.awssdk.iot.iotcommands.IotCommandsV2Client;
import software.amazon.awssdk.iot.iotcommands.model.CommandExecutionStatus;
import software.amazon.awssdk.iot.iotcommands.model.DeviceType;
import software.amazon.awssdk.iot.iotcommands.model.RejectedErrorCode;
import software.amazon.awssdk.iot.iotcommands.model.UpdateCommandExecutionRequest;
import software.amazon.awssdk.iot.iotcommands.model.V2ErrorResponseException;
import software.amazon.awssdk.iot.iotjobs.IotJobsV2Client;
import software.amazon.awssdk.iot.iotjobs.model.JobStatus;
import software.amazon.awssdk.iot.iotjobs.model.StartNextJobExecutionResponse;
import software.amazon.awssdk.iot.iotjobs.model.StartNextPendingJobExecutionRequest;
import software.amazon.awssdk.iot.iotjobs.model.UpdateJobExecutionRequest;
import software.amazon.awssdk.iot.iotshadow.IotShadowV2Client;
import software.amazon.awssdk.iot.iotshadow.model.ShadowDeltaUpdatedEvent;
import software.amazon.awssdk.iot.iotshadow.model.ShadowDeltaUpdatedSubscriptionRequest;
import software.amazon.awssdk.iot.iotshadow.model.ShadowState;
import software.amazon.awssdk.iot.iotshadow.model.UpdateShadowRequest;

/** What a route does to shadows, jobs and commands is seen by the clients of AWS's SDK, and the other way round. */
class AwsSdkServicesTest {

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS =
            new AwsIotEmulatorExtension(AwsIotEmulator.builder().customDomain(AwsSdkClient.HOST));

    private static final MqttRequestResponseClientOptions OPTIONS = MqttRequestResponseClientOptions.builder()
            .withMaxRequestResponseSubscriptions(8)
            .withMaxStreamingSubscriptions(8)
            .withOperationTimeoutSeconds(10)
            .build();

    @TempDir
    private Path folder;

    private final AwsIotEmulator aws = AWS.emulator();
    private final CamelContext camel = Contexts.withoutJmx();
    private final CountDownLatch release = new CountDownLatch(1);
    private final String thing = "thing-" + System.nanoTime();
    private DeviceFiles files;
    private AwsSdkClient sdk;

    @BeforeEach
    void connectSdk() throws Exception {
        files = DeviceFiles.write(folder, aws.issueDevice("device"), aws.serverAuthority());
        sdk = new AwsSdkClient(aws, thing + "-sdk");
    }

    @AfterEach
    void stop() throws Exception {
        release.countDown();
        camel.stop();
        sdk.close();
        Threads.assertNoneLeft();
    }

    @Test
    void theSdkHearsTheDeltaOfAnUpdateByARoute() throws Exception {
        camel.start();
        ShadowDeltaUpdatedSubscriptionRequest subscription = new ShadowDeltaUpdatedSubscriptionRequest();
        subscription.thingName = thing;
        BlockingQueue<ShadowDeltaUpdatedEvent> deltas = new LinkedBlockingQueue<>();
        try (IotShadowV2Client shadows = IotShadowV2Client.newFromMqtt5(sdk.client(), OPTIONS);
                StreamingOperation stream =
                        open(options -> shadows.createShadowDeltaUpdatedStream(subscription, options), deltas)) {

            String accepted = camel.createProducerTemplate()
                    .requestBody(
                            uri("$aws/things/" + thing + "/shadow/update", ""),
                            "{\"state\":{\"desired\":{\"color\":\"blue\"}}}",
                            String.class);

            ShadowDeltaUpdatedEvent delta = deltas.poll(20, TimeUnit.SECONDS);
            assertThat(delta.state).isEqualTo(Map.of("color", "blue"));
            assertThat(new ObjectMapper().readTree(accepted).get("version").asInt())
                    .isEqualTo(delta.version);
        }
    }

    @Test
    void aRouteHearsTheDeltaOfAnUpdateByTheSdk() throws Exception {
        MockEndpoint heard = camel.getEndpoint("mock:heard", MockEndpoint.class);
        heard.expectedMessageCount(1);
        start("$aws/things/" + thing + "/shadow/update/delta", "&catchUp=true", exchange -> {});
        try (IotShadowV2Client shadows = IotShadowV2Client.newFromMqtt5(sdk.client(), OPTIONS)) {
            UpdateShadowRequest update = new UpdateShadowRequest();
            update.thingName = thing;
            update.state = new ShadowState();
            update.state.desired = new HashMap<>(Map.of("color", "blue"));

            await(shadows.updateShadow(update));

            heard.assertIsSatisfied(20_000);
            assertThat(heard.getReceivedExchanges().get(0).getMessage().getBody(String.class))
                    .contains("\"state\":{\"color\":\"blue\"}");
        }
    }

    @Test
    void theSdkTakesAJobThatARouteLeft() throws Exception {
        camel.getShutdownStrategy().setTimeout(1);
        CountDownLatch entered = new CountDownLatch(1);
        start("$aws/things/" + thing + "/jobs/start-next", "", exchange -> {
            entered.countDown();
            release.await(60, TimeUnit.SECONDS);
        });
        String job = aws.jobs().create(thing, "{\"operation\":\"install\"}");
        assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
        camel.stop();

        try (IotJobsV2Client jobs = IotJobsV2Client.newFromMqtt5(sdk.client(), OPTIONS)) {
            StartNextJobExecutionResponse started = await(jobs.startNextPendingJobExecution(startNext()));
            UpdateJobExecutionRequest update = new UpdateJobExecutionRequest();
            update.thingName = thing;
            update.jobId = job;
            update.status = JobStatus.SUCCEEDED;
            await(jobs.updateJobExecution(update));

            assertThat(started.execution.jobId).isEqualTo(job);
            assertThat(started.execution.status).isEqualTo(JobStatus.IN_PROGRESS);
            assertThat(started.execution.jobDocument).isEqualTo(Map.of("operation", "install"));
            assertThat(aws.jobs().execution(thing, job).state()).isEqualTo(JobState.SUCCEEDED);
        }
    }

    @Test
    void aRouteFinishesAJobThatTheSdkLeft() throws Exception {
        String job = aws.jobs().create(thing, "{}");
        try (IotJobsV2Client jobs = IotJobsV2Client.newFromMqtt5(sdk.client(), OPTIONS)) {
            assertThat(await(jobs.startNextPendingJobExecution(startNext())).execution.jobId)
                    .isEqualTo(job);
        }

        start("$aws/things/" + thing + "/jobs/start-next", "", exchange -> {});

        await().until(() -> aws.jobs().execution(thing, job).state(), JobState.SUCCEEDED::equals);
    }

    @Test
    void theSdkCannotReportACommandThatARouteHasCarriedOut() throws Exception {
        start("$aws/commands/things/" + thing + "/executions/+/request/json", "", exchange -> {});
        SentCommand command = aws.commands().send(thing, "{}");
        await().atMost(Duration.ofSeconds(20)).until(command::state, CommandState.SUCCEEDED::equals);
        UpdateCommandExecutionRequest report = new UpdateCommandExecutionRequest();
        report.deviceType = DeviceType.THING;
        report.deviceId = thing;
        report.executionId = command.executionId();
        report.status = CommandExecutionStatus.FAILED;

        try (IotCommandsV2Client commands = IotCommandsV2Client.newFromMqtt5(sdk.client(), OPTIONS)) {
            assertThatThrownBy(() -> await(commands.updateCommandExecution(report)))
                    .cause()
                    .isInstanceOfSatisfying(
                            V2ErrorResponseException.class, rejection -> assertThat(rejection.getModeledError().error)
                                    .isEqualTo(RejectedErrorCode.TERMINAL_STATE_REACHED));
        }
        assertThat(command.state()).isEqualTo(CommandState.SUCCEEDED);
    }

    private StartNextPendingJobExecutionRequest startNext() {
        StartNextPendingJobExecutionRequest request = new StartNextPendingJobExecutionRequest();
        request.thingName = thing;
        return request;
    }

    /** Opens a stream of the SDK, and waits for its subscription. */
    private static <T> StreamingOperation open(
            Function<V2ClientStreamOptions<T>, StreamingOperation> opener, BlockingQueue<T> events) throws Exception {
        CompletableFuture<Void> established = new CompletableFuture<>();
        StreamingOperation stream = opener.apply(V2ClientStreamOptions.<T>builder()
                .withStreamEventHandler(events::add)
                .withSubscriptionEventHandler(event -> established.complete(null))
                .build());
        stream.open();
        await(established);
        return stream;
    }

    private void start(String topic, String options, Processor route) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri(topic, options)).process(route).to("mock:heard");
            }
        });
        camel.start();
    }

    private String uri(String topic, String options) {
        return "awsiot-device:" + topic + "?endpoint=" + AwsSdkClient.HOST + "&connectTo="
                + aws.address(GatewayPort.MQTT_8883) + "&clientId=" + thing + "&" + files.options() + options;
    }
}
