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
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.job.JobDefinition;
import io.cameliot.testinfra.awsiot.job.JobState;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.crt.mqtt.MqttClientConnection;
import software.amazon.awssdk.iot.iotjobs.IotJobsV2Client;
import software.amazon.awssdk.iot.iotjobs.model.DescribeJobExecutionRequest;
import software.amazon.awssdk.iot.iotjobs.model.GetPendingJobExecutionsRequest;
import software.amazon.awssdk.iot.iotjobs.model.GetPendingJobExecutionsResponse;
import software.amazon.awssdk.iot.iotjobs.model.JobExecutionData;
import software.amazon.awssdk.iot.iotjobs.model.JobExecutionsChangedEvent;
import software.amazon.awssdk.iot.iotjobs.model.JobExecutionsChangedSubscriptionRequest;
import software.amazon.awssdk.iot.iotjobs.model.JobStatus;
import software.amazon.awssdk.iot.iotjobs.model.NextJobExecutionChangedEvent;
import software.amazon.awssdk.iot.iotjobs.model.NextJobExecutionChangedSubscriptionRequest;
import software.amazon.awssdk.iot.iotjobs.model.RejectedErrorCode;
import software.amazon.awssdk.iot.iotjobs.model.StartNextPendingJobExecutionRequest;
import software.amazon.awssdk.iot.iotjobs.model.UpdateJobExecutionRequest;
import software.amazon.awssdk.iot.iotjobs.model.UpdateJobExecutionResponse;
import software.amazon.awssdk.iot.iotjobs.model.V2ErrorResponse;
import software.amazon.awssdk.iot.iotjobs.model.V2ErrorResponseException;

/** What the jobs client of AWS's SDK makes of the emulator's jobs. */
class AwsSdkJobsTest {
    private static final String DOCUMENT = "{\"operation\":\"test\"}";

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS =
            new AwsIotEmulatorExtension(AwsIotEmulator.builder().customDomain(AwsSdkDevice.HOST));

    private final AwsIotEmulator aws = AWS.emulator();
    private String thing;
    private AwsSdkDevice device;
    private IotJobsV2Client jobs;

    @BeforeEach
    void connect(TestInfo test) throws Exception {
        thing = test.getTestMethod().orElseThrow().getName();
        device = new AwsSdkDevice(aws, thing);
        jobs = IotJobsV2Client.newFromMqtt5(device.client(), AwsSdkDevice.options());
    }

    @AfterEach
    void disconnect() throws Exception {
        jobs.close();
        device.close();
    }

    @Test
    void startsAJobAndReportsItsEnd() throws Exception {
        String job = aws.jobs().create(thing, DOCUMENT);

        JobExecutionData execution = startNext();
        assertThat(execution.jobId).isEqualTo(job);
        assertThat(execution.thingName).isEqualTo(thing);
        assertThat(execution.status).isEqualTo(JobStatus.IN_PROGRESS);
        assertThat(execution.versionNumber).isEqualTo(2);
        assertThat(execution.executionNumber).isEqualTo(1);
        assertThat(execution.jobDocument).containsExactly(Map.entry("operation", "test"));
        assertThat(execution.startedAt).isNotNull();

        UpdateJobExecutionRequest update = update(job, JobStatus.SUCCEEDED);
        update.expectedVersion = 2;
        update.statusDetails = new HashMap<>(Map.of("progress", "100 %"));
        update.includeJobExecutionState = true;
        update.includeJobDocument = true;
        UpdateJobExecutionResponse answer = await(jobs.updateJobExecution(update));
        assertThat(answer.executionState.status).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(answer.executionState.versionNumber).isEqualTo(3);
        assertThat(answer.executionState.statusDetails).containsExactly(Map.entry("progress", "100 %"));
        assertThat(answer.jobDocument).containsExactly(Map.entry("operation", "test"));

        assertThat(aws.jobs().execution(thing, job).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(aws.jobs().execution(thing, job).statusDetails()).containsEntry("progress", "100 %");
        assertThat(startNext()).isNull();
    }

    @Test
    void isGivenAgainWhatIsInProgress() throws Exception {
        String first = aws.jobs().create(thing, DOCUMENT);
        aws.jobs().create(thing, DOCUMENT);
        startNext();

        JobExecutionData again = startNext();

        assertThat(again.jobId).isEqualTo(first);
        assertThat(again.versionNumber).isEqualTo(2);
    }

    @Test
    void listsWhatIsPending() throws Exception {
        String first = aws.jobs().create(thing, DOCUMENT);
        String second = aws.jobs().create(thing, DOCUMENT);
        startNext();
        GetPendingJobExecutionsRequest request = new GetPendingJobExecutionsRequest();
        request.thingName = thing;

        GetPendingJobExecutionsResponse pending = await(jobs.getPendingJobExecutions(request));

        assertThat(pending.inProgressJobs).extracting(summary -> summary.jobId).containsExactly(first);
        assertThat(pending.queuedJobs).extracting(summary -> summary.jobId).containsExactly(second);
    }

    @Test
    void describesAJobAndTheNext() throws Exception {
        String job = aws.jobs().create(thing, DOCUMENT);

        assertThat(describe(job).jobDocument).containsExactly(Map.entry("operation", "test"));
        assertThat(describe("$next").jobId).isEqualTo(job);
        aws.jobs().cancel(job);
        assertThat(describe("$next")).isNull();
        assertThat(rejection(() -> describe(job)).code).isEqualTo(RejectedErrorCode.TERMINAL_STATE_REACHED);
        assertThat(rejection(() -> describe("no-such-job")).code).isEqualTo(RejectedErrorCode.RESOURCE_NOT_FOUND);
    }

    @Test
    void isToldOfTheNextOnlyWhenItIsAnotherOne() throws Exception {
        NextJobExecutionChangedSubscriptionRequest nextSubscription = new NextJobExecutionChangedSubscriptionRequest();
        nextSubscription.thingName = thing;
        JobExecutionsChangedSubscriptionRequest listSubscription = new JobExecutionsChangedSubscriptionRequest();
        listSubscription.thingName = thing;
        try (Stream<NextJobExecutionChangedEvent> next =
                        Stream.open(options -> jobs.createNextJobExecutionChangedStream(nextSubscription, options));
                Stream<JobExecutionsChangedEvent> lists =
                        Stream.open(options -> jobs.createJobExecutionsChangedStream(listSubscription, options))) {
            String first = aws.jobs().create(thing, DOCUMENT);
            assertThat(next.next().execution.jobId).isEqualTo(first);
            assertThat(lists.next().jobs.get(JobStatus.QUEUED)).hasSize(1);

            String second = aws.jobs().create(thing, DOCUMENT);
            assertThat(lists.next().jobs.get(JobStatus.QUEUED)).hasSize(2);

            startNext(); // the head stays, and nothing comes or goes
            await(jobs.updateJobExecution(update(first, JobStatus.FAILED)));
            assertThat(next.next().execution.jobId).isEqualTo(second);
            assertThat(lists.next().jobs.get(JobStatus.QUEUED)).hasSize(1);

            aws.jobs().cancel(second);
            assertThat(next.next().execution).isNull();
            assertThat(lists.next().jobs).isEmpty();
            assertThat(next.isEmpty()).isTrue();
        }
    }

    @Test
    void learnsHowThingsAreWhenTheyAreOtherwise() throws Exception {
        String job = aws.jobs().create(thing, DOCUMENT);
        startNext();
        UpdateJobExecutionRequest stale = update(job, JobStatus.SUCCEEDED);
        stale.expectedVersion = 1;

        V2ErrorResponse mismatch = rejection(() -> await(jobs.updateJobExecution(stale)));
        assertThat(mismatch.code).isEqualTo(RejectedErrorCode.VERSION_MISMATCH);
        assertThat(mismatch.executionState.status).isEqualTo(JobStatus.IN_PROGRESS);
        assertThat(mismatch.executionState.versionNumber).isEqualTo(2);

        aws.jobs().forceCancel(job);
        V2ErrorResponse ended = rejection(() -> await(jobs.updateJobExecution(update(job, JobStatus.SUCCEEDED))));
        assertThat(ended.code).isEqualTo(RejectedErrorCode.INVALID_STATE_TRANSITION);
        assertThat(ended.executionState.status).isEqualTo(JobStatus.CANCELED);

        V2ErrorResponse unknown = rejection(() -> await(jobs.updateJobExecution(update("none", JobStatus.SUCCEEDED))));
        assertThat(unknown.code).isEqualTo(RejectedErrorCode.RESOURCE_NOT_FOUND);

        V2ErrorResponse invalid = rejection(() -> await(jobs.updateJobExecution(update(job, JobStatus.CANCELED))));
        assertThat(invalid.code).isEqualTo(RejectedErrorCode.INVALID_REQUEST);
    }

    @Test
    void timesOutByTheJobsTimerAndByItsOwn() throws Exception {
        aws.jobs().create(JobDefinition.of("timed", DOCUMENT).withTimeout(Duration.ofMinutes(5)), List.of(thing));
        String second = aws.jobs().create(thing, DOCUMENT);
        startNext();

        aws.advanceClock(Duration.ofMinutes(5));
        assertThat(aws.jobs().execution(thing, "timed").state()).isEqualTo(JobState.TIMED_OUT);

        StartNextPendingJobExecutionRequest request = new StartNextPendingJobExecutionRequest();
        request.thingName = thing;
        request.stepTimeoutInMinutes = 2L;
        assertThat(await(jobs.startNextPendingJobExecution(request)).execution.jobId)
                .isEqualTo(second);
        aws.advanceClock(Duration.ofMinutes(1));
        assertThat(aws.jobs().execution(thing, second).state()).isEqualTo(JobState.IN_PROGRESS);
        aws.advanceClock(Duration.ofMinutes(1));
        assertThat(aws.jobs().execution(thing, second).state()).isEqualTo(JobState.TIMED_OUT);
    }

    @Test
    void learnsOfAnErrorThatATestInjects() {
        aws.faults().inject(new Fault.RejectRequest("$aws/things/+/jobs/start-next", "RequestThrottled", "Slow down"));

        assertThat(rejection(this::startNext).code).isEqualTo(RejectedErrorCode.REQUEST_THROTTLED);
    }

    @Test
    void worksOverMqtt311() throws Exception {
        String job = aws.jobs().create(thing, DOCUMENT);
        MqttClientConnection connection = AwsSdkDevice.connectMqtt311(aws, thing + "-3");
        try (IotJobsV2Client client = IotJobsV2Client.newFromMqtt311(connection, AwsSdkDevice.options())) {
            StartNextPendingJobExecutionRequest request = new StartNextPendingJobExecutionRequest();
            request.thingName = thing;
            assertThat(await(client.startNextPendingJobExecution(request)).execution.jobId)
                    .isEqualTo(job);
        } finally {
            await(connection.disconnect());
            connection.close();
        }
    }

    private JobExecutionData startNext() throws Exception {
        StartNextPendingJobExecutionRequest request = new StartNextPendingJobExecutionRequest();
        request.thingName = thing;
        return await(jobs.startNextPendingJobExecution(request)).execution;
    }

    private JobExecutionData describe(String job) throws Exception {
        DescribeJobExecutionRequest request = new DescribeJobExecutionRequest();
        request.thingName = thing;
        request.jobId = job;
        return await(jobs.describeJobExecution(request)).execution;
    }

    private UpdateJobExecutionRequest update(String job, JobStatus status) {
        UpdateJobExecutionRequest request = new UpdateJobExecutionRequest();
        request.thingName = thing;
        request.jobId = job;
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
