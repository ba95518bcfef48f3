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
package io.cameliot.testinfra.awsiot;

import static io.cameliot.testinfra.awsiot.AwsSdkDevice.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.cameliot.testinfra.awsiot.AwsSdkDevice.Stream;
import io.cameliot.testinfra.awsiot.cloud.SentCommand;
import io.cameliot.testinfra.awsiot.command.CommandReport;
import io.cameliot.testinfra.awsiot.command.CommandState;
import io.cameliot.testinfra.awsiot.command.CommandTarget;
import io.cameliot.testinfra.awsiot.fault.Fault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.iot.iotcommands.IotCommandsV2Client;
import software.amazon.awssdk.iot.iotcommands.model.CommandExecutionEvent;
import software.amazon.awssdk.iot.iotcommands.model.CommandExecutionStatus;
import software.amazon.awssdk.iot.iotcommands.model.CommandExecutionsSubscriptionRequest;
import software.amazon.awssdk.iot.iotcommands.model.DeviceType;
import software.amazon.awssdk.iot.iotcommands.model.RejectedErrorCode;
import software.amazon.awssdk.iot.iotcommands.model.StatusReason;
import software.amazon.awssdk.iot.iotcommands.model.UpdateCommandExecutionRequest;
import software.amazon.awssdk.iot.iotcommands.model.V2ErrorResponse;
import software.amazon.awssdk.iot.iotcommands.model.V2ErrorResponseException;

/** What the commands client of AWS's SDK makes of the emulator's commands. */
class AwsSdkCommandsTest {
    @RegisterExtension
    static final AwsIotEmulatorExtension AWS =
            new AwsIotEmulatorExtension(AwsIotEmulator.builder().customDomain(AwsSdkDevice.HOST));

    private final AwsIotEmulator aws = AWS.emulator();
    private String thing;
    private AwsSdkDevice device;
    private IotCommandsV2Client commands;

    @BeforeEach
    void connect(TestInfo test) throws Exception {
        thing = test.getTestMethod().orElseThrow().getName();
        device = new AwsSdkDevice(aws, thing);
        commands = IotCommandsV2Client.newFromMqtt5(device.client(), AwsSdkDevice.options());
    }

    @AfterEach
    void disconnect() throws Exception {
        commands.close();
        device.close();
    }

    @Test
    void takesAJsonCommandAndReportsItsProgressAndItsEnd() throws Exception {
        try (Stream<CommandExecutionEvent> json = Stream.open(options ->
                commands.createCommandExecutionsJsonPayloadStream(subscription(DeviceType.THING), options))) {
            SentCommand sent = aws.commands().send(thing, "{\"open\":true}");

            CommandExecutionEvent event = json.next();
            assertThat(event.executionId).isEqualTo(sent.executionId());
            assertThat(event.payload).asString(StandardCharsets.UTF_8).isEqualTo("{\"open\":true}");
            assertThat(event.contentType).isEqualTo("application/json");
            assertThat(event.timeout).isBetween(1, 10);
            assertThat(sent.state()).isEqualTo(CommandState.CREATED);

            assertThat(await(commands.updateCommandExecution(
                                    update(DeviceType.THING, sent, CommandExecutionStatus.IN_PROGRESS)))
                            .executionId)
                    .isEqualTo(sent.executionId());
            UpdateCommandExecutionRequest end = update(DeviceType.THING, sent, CommandExecutionStatus.FAILED);
            end.statusReason = new StatusReason();
            end.statusReason.reasonCode = "DOOR_STUCK";
            end.statusReason.reasonDescription = "It does not move";
            await(commands.updateCommandExecution(end));

            assertThat(sent.history())
                    .extracting(CommandReport::state)
                    .containsExactly(CommandState.CREATED, CommandState.IN_PROGRESS, CommandState.FAILED);
            assertThat(sent.history().get(2).reasonCode()).contains("DOOR_STUCK");
            assertThat(sent.history().get(2).reasonDescription()).contains("It does not move");
        }
    }

    @Test
    void takesCommandsOfOtherFormatsOnTopicsOfTheirOwn() throws Exception {
        try (Stream<CommandExecutionEvent> cbor = Stream.open(options ->
                        commands.createCommandExecutionsCborPayloadStream(subscription(DeviceType.CLIENT), options));
                Stream<CommandExecutionEvent> others =
                        Stream.open(options -> commands.createCommandExecutionsGenericPayloadStream(
                                subscription(DeviceType.CLIENT), options))) {
            CommandTarget target = CommandTarget.client(thing);
            byte[] payload = {1, 2, 3};

            SentCommand asCbor = aws.commands().send(target, payload, "application/cbor", Duration.ofMinutes(1));
            assertThat(cbor.next().executionId).isEqualTo(asCbor.executionId());

            SentCommand asImage = aws.commands().send(target, payload, "image/png", Duration.ofMinutes(1));
            CommandExecutionEvent event = others.next();
            assertThat(event.executionId).isEqualTo(asImage.executionId());
            assertThat(event.payload).isEqualTo(payload);
            assertThat(event.contentType).isEqualTo("image/png");

            await(commands.updateCommandExecution(
                    update(DeviceType.CLIENT, asImage, CommandExecutionStatus.SUCCEEDED)));
            assertThat(asImage.state()).isEqualTo(CommandState.SUCCEEDED);
        }
    }

    @Test
    void learnsThatAnExecutionHasEndedOrIsUnknown() throws Exception {
        SentCommand sent = aws.commands().send(thing, "{}");
        await(commands.updateCommandExecution(update(DeviceType.THING, sent, CommandExecutionStatus.SUCCEEDED)));

        assertThat(rejection(() -> await(commands.updateCommandExecution(
                                update(DeviceType.THING, sent, CommandExecutionStatus.FAILED))))
                        .error)
                .isEqualTo(RejectedErrorCode.TERMINAL_STATE_REACHED);
        V2ErrorResponse back = rejection(() -> await(
                commands.updateCommandExecution(update(DeviceType.THING, sent, CommandExecutionStatus.IN_PROGRESS))));
        assertThat(back.error).isEqualTo(RejectedErrorCode.INVALID_STATE_TRANSITION);
        assertThat(back.executionId).isEqualTo(sent.executionId());
        UpdateCommandExecutionRequest unknown = update(DeviceType.THING, sent, CommandExecutionStatus.SUCCEEDED);
        unknown.executionId = "none";
        assertThat(rejection(() -> await(commands.updateCommandExecution(unknown))).error)
                .isEqualTo(RejectedErrorCode.RESOURCE_NOT_FOUND);
    }

    @Test
    void mayStillReportWhatTheCloudHasGivenUp() throws Exception {
        SentCommand sent = aws.commands().send(thing, "{}");
        aws.advanceClock(Duration.ofSeconds(10));
        assertThat(sent.state()).isEqualTo(CommandState.TIMED_OUT);

        await(commands.updateCommandExecution(update(DeviceType.THING, sent, CommandExecutionStatus.SUCCEEDED)));

        assertThat(sent.state()).isEqualTo(CommandState.SUCCEEDED);
    }

    @Test
    void mayNotReportMoreOfWhatItHasGivenUpItself() throws Exception {
        SentCommand sent = aws.commands().send(thing, "{}");
        await(commands.updateCommandExecution(update(DeviceType.THING, sent, CommandExecutionStatus.TIMED_OUT)));

        assertThat(rejection(() -> await(commands.updateCommandExecution(
                                update(DeviceType.THING, sent, CommandExecutionStatus.SUCCEEDED))))
                        .error)
                .isEqualTo(RejectedErrorCode.INVALID_STATE_TRANSITION);
    }

    @Test
    void learnsOfAnErrorThatATestInjects() {
        SentCommand sent = aws.commands().send(thing, "{}");
        aws.faults()
                .inject(new Fault.RejectRequest(
                        "$aws/commands/things/+/executions/+/response/json", "DataConflict", "Modified concurrently"));

        V2ErrorResponse error = rejection(() -> await(
                commands.updateCommandExecution(update(DeviceType.THING, sent, CommandExecutionStatus.SUCCEEDED))));

        assertThat(error.error).isEqualTo(RejectedErrorCode.UNKNOWN_ENUM_VALUE); // the SDK does not know it
        assertThat(error.errorMessage).isEqualTo("Modified concurrently");
    }

    private CommandExecutionsSubscriptionRequest subscription(DeviceType deviceType) {
        CommandExecutionsSubscriptionRequest request = new CommandExecutionsSubscriptionRequest();
        request.deviceType = deviceType;
        request.deviceId = thing;
        return request;
    }

    private UpdateCommandExecutionRequest update(
            DeviceType deviceType, SentCommand sent, CommandExecutionStatus status) {
        UpdateCommandExecutionRequest request = new UpdateCommandExecutionRequest();
        request.deviceType = deviceType;
        request.deviceId = thing;
        request.executionId = sent.executionId();
        request.status = status;
        return request;
    }

    private static V2ErrorResponse rejection(ThrowingCallable request) {
        return assertThatThrownBy(request)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .asInstanceOf(type(V2ErrorResponseException.class))
                .actual()
                .getModeledError();
    }
}
