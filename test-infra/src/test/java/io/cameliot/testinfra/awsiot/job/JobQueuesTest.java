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
package io.cameliot.testinfra.awsiot.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobQueuesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String THING = "thing-1";

    private Instant now = Instant.ofEpochSecond(1_517_016_947);
    private final JobQueues jobs = new JobQueues(() -> now);

    @Test
    void tellsAThingOfItsFirstJobAndThatItsQueueIsEmptyAgain() throws Exception {
        QueueNews first = only(create("job1"));
        // The vectors of the Developer Guide, in which a second passes before the message is sent.
        assertThat(plain(first.next().orElseThrow()))
                .isEqualTo(json("{'timestamp':1517016947,'execution':{'jobId':'job1','status':'QUEUED',"
                        + "'queuedAt':1517016947,'lastUpdatedAt':1517016947,'versionNumber':1,'executionNumber':1,"
                        + "'jobDocument':{'operation':'test'}}}"));
        assertThat(plain(first.list().orElseThrow()))
                .isEqualTo(json("{'timestamp':1517016947,'jobs':{'QUEUED':[{'jobId':'job1','queuedAt':1517016947,"
                        + "'lastUpdatedAt':1517016947,'versionNumber':1,'executionNumber':1}]}}"));
        start();

        now = Instant.ofEpochSecond(1_517_189_551);
        QueueNews emptied = only(update("job1", "{'status':'SUCCEEDED'}").news());

        assertThat(plain(emptied.list().orElseThrow())).isEqualTo(json("{'timestamp':1517189551,'jobs':{}}"));
        assertThat(plain(emptied.next().orElseThrow())).isEqualTo(json("{'timestamp':1517189551}"));
    }

    @Test
    void tellsOfTheNextJobOnlyIfItIsAnotherOne() throws Exception {
        create("job1");

        QueueNews second = only(create("job2"));
        assertThat(second.list()).isPresent();
        assertThat(second.next()).isEmpty();

        start(); // tells nobody: what starts is the head and stays so

        QueueNews ended = only(update("job1", "{'status':'FAILED'}").news());
        assertThat(ended.next().orElseThrow().at("/execution/jobId").textValue())
                .isEqualTo("job2");
    }

    @Test
    void makesAJobTheNextThatIsStartedOutOfTurn() throws Exception {
        create("job1");
        create("job2");

        QueueNews news = only(update("job2", "{'status':'IN_PROGRESS'}").news());

        assertThat(news.list()).isEmpty();
        assertThat(news.next().orElseThrow().at("/execution/jobId").textValue()).isEqualTo("job2");
        assertThat(start().at("/execution/jobId").textValue()).isEqualTo("job2");
    }

    @Test
    void listsAtMostTenJobs() {
        for (int i = 0; i < 12; i++) {
            create("job" + i);
        }

        assertThat(only(create("last")).list().orElseThrow().at("/jobs/QUEUED")).hasSize(10);
    }

    @Test
    void startsTheOldestAndGivesAgainWhatIsInProgress() throws Exception {
        create("job1");
        create("job2");
        now = now.plusSeconds(5);

        JsonNode started = jobs.startNext(THING, request("{'statusDetails':{'step':'1'},'clientToken':'t'}"));
        assertThat(plain(started))
                .isEqualTo(json("{'timestamp':1517016952,'clientToken':'t','execution':{'thingName':'thing-1',"
                        + "'jobId':'job1','status':'IN_PROGRESS','statusDetails':{'step':'1'},"
                        + "'queuedAt':1517016947,'startedAt':1517016952,'lastUpdatedAt':1517016952,"
                        + "'versionNumber':2,'executionNumber':1,'jobDocument':{'operation':'test'}}}"));
        JsonNode again = jobs.startNext(THING, request("{'statusDetails':{'step':'2'}}"));

        assertThat(again.at("/execution/jobId").textValue()).isEqualTo("job1");
        assertThat(again.at("/execution/versionNumber").intValue()).isEqualTo(2);
        assertThat(again.at("/execution/statusDetails/step").textValue()).isEqualTo("1");
    }

    @Test
    void hasNoExecutionWhereNothingIsPending() throws Exception {
        assertThat(plain(jobs.startNext(THING, request("{'clientToken':'t'}"))))
                .isEqualTo(json("{'timestamp':1517016947,'clientToken':'t'}"));
        assertThat(plain(jobs.describe(THING, "$next", request("")))).isEqualTo(json("{'timestamp':1517016947}"));
    }

    @Test
    void describesWithOrWithoutTheDocument() throws Exception {
        create("job1");

        assertThat(jobs.describe(THING, "job1", request("{}")).at("/execution/jobDocument/operation"))
                .isNotNull();
        assertThat(jobs.describe(THING, "job1", request("{'includeJobDocument':false}"))
                        .at("/execution")
                        .has("jobDocument"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "'2'"})
    void takesAnExpectedVersionAsNumberOrText(String version) throws Exception {
        create("job1");
        start();

        JsonNode accepted = update(
                        "job1",
                        "{'status':'IN_PROGRESS','expectedVersion':" + version
                                + ",'includeJobExecutionState':true,'includeJobDocument':true,"
                                + "'statusDetails':{'progress':'50'}}")
                .accepted();

        assertThat(plain(accepted.get("executionState")))
                .isEqualTo(json("{'status':'IN_PROGRESS','statusDetails':{'progress':'50'},'versionNumber':3}"));
        assertThat(plain(accepted.get("jobDocument"))).isEqualTo(json("{'operation':'test'}"));
        assertThat(update("job1", "{'status':'IN_PROGRESS'}").accepted()).hasSize(1);
        assertThat(jobs.execution(THING, "job1").orElseThrow().statusDetails()).containsEntry("progress", "50");
    }

    @Test
    void takesAnyCharacterInStatusDetailsThatIsNoControlCharacter() throws Exception {
        create("job1");

        update("job1", "{'status':'IN_PROGRESS','statusDetails':{'a':'ä 漢 \\ud83d\\ude00'}}");

        assertThat(jobs.execution(THING, "job1").orElseThrow().statusDetails()).containsEntry("a", "ä 漢 \ud83d\ude00");
    }

    @Test
    void tellsTheStateWithAVersionMismatchAndAnImpossibleTransition() throws Exception {
        create("job1");
        start();

        assertThat(plain(jobs.rejection(
                        rejection("job1", "{'status':'SUCCEEDED','expectedVersion':7}"), Optional.of("t"))))
                .isEqualTo(json("{'timestamp':1517016947,'clientToken':'t','code':'VersionMismatch',"
                        + "'message':'The execution has version 2 and not 7',"
                        + "'executionState':{'status':'IN_PROGRESS','statusDetails':{},'versionNumber':2}}"));
        jobs.cancel("job1", true);
        assertThat(plain(jobs.rejection(rejection("job1", "{'status':'SUCCEEDED'}"), Optional.empty())))
                .isEqualTo(json("{'timestamp':1517016947,'code':'InvalidStateTransition',"
                        + "'message':'The execution is CANCELED and cannot become SUCCEEDED',"
                        + "'executionState':{'status':'CANCELED','statusDetails':{},'versionNumber':3}}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{|InvalidJson",
                "[]|InvalidJson",
                "{}|InvalidRequest",
                "{'status':'CANCELED'}|InvalidRequest",
                "{'status':'QUEUED'}|InvalidRequest",
                "{'status':'IN_PROGRESS','statusDetails':[]}|InvalidRequest",
                "{'status':'IN_PROGRESS','statusDetails':{'a b':'c'}}|InvalidRequest",
                "{'status':'IN_PROGRESS','statusDetails':{'a':''}}|InvalidRequest",
                "{'status':'IN_PROGRESS','statusDetails':{'a':5}}|InvalidRequest",
                "{'status':'IN_PROGRESS','statusDetails':{'a':'b\\u0007'}}|InvalidRequest",
                "{'status':'IN_PROGRESS','statusDetails':{'a':'b\\u200b'}}|InvalidRequest",
                "{'status':'IN_PROGRESS','statusDetails':{'a':'b\\ud800'}}|InvalidRequest",
                "{'status':'IN_PROGRESS','statusDetails':{'a':'b\\ue000'}}|InvalidRequest",
                "{'status':'IN_PROGRESS','statusDetails':{'1':'x','2':'x','3':'x','4':'x','5':'x','6':'x','7':'x',"
                        + "'8':'x','9':'x','10':'x','11':'x'}}|InvalidRequest",
                "{'status':'IN_PROGRESS','stepTimeoutInMinutes':0}|InvalidRequest",
                "{'status':'IN_PROGRESS','stepTimeoutInMinutes':10081}|InvalidRequest",
                "{'status':'IN_PROGRESS','stepTimeoutInMinutes':'5'}|InvalidRequest",
                "{'status':'IN_PROGRESS','expectedVersion':'two'}|InvalidRequest",
                "{'status':'IN_PROGRESS','includeJobDocument':'yes'}|InvalidRequest",
                "{'status':'IN_PROGRESS','clientToken':7}|InvalidRequest",
                "{'status':'IN_PROGRESS','executionNumber':2}|ResourceNotFound",
                "{'status':'IN_PROGRESS','expectedVersion':5}|VersionMismatch"
            })
    void rejectsAnUpdateThatIsNotRight(String request, String code) {
        create("job1");

        assertThat(rejection("job1", request).code()).isEqualTo(code);
        assertThat(jobs.execution(THING, "job1").orElseThrow().version()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "IN_PROGRESS, SUCCEEDED, ''",
        "IN_PROGRESS, FAILED, ''",
        "IN_PROGRESS, REJECTED, ''",
        "IN_PROGRESS, IN_PROGRESS, ''",
        "REJECTED, REJECTED, InvalidStateTransition",
        "SUCCEEDED, IN_PROGRESS, InvalidStateTransition",
        "FAILED, SUCCEEDED, InvalidStateTransition"
    })
    void knowsWhatMayFollow(String first, String second, String code) throws Exception {
        create("job1");
        update("job1", "{'status':'" + first + "'}");
        String request = "{'status':'" + second + "'}";

        if (code.isEmpty()) {
            update("job1", request);
            assertThat(jobs.execution(THING, "job1").orElseThrow().state()).isEqualTo(JobState.valueOf(second));
        } else {
            assertThat(rejection("job1", request).code()).isEqualTo(code);
        }
    }

    @Test
    void describesNothingThatHasEndedOrIsUnknown() throws Exception {
        create("job1");
        update("job1", "{'status':'REJECTED'}");

        assertThat(catchThrowableOfType(JobRejectedException.class, () -> jobs.describe(THING, "job1", request("")))
                        .code())
                .isEqualTo("TerminalStateReached");
        assertThat(catchThrowableOfType(JobRejectedException.class, () -> jobs.describe(THING, "job2", request("")))
                        .code())
                .isEqualTo("ResourceNotFound");
        assertThat(rejection("job2", "{'status':'FAILED'}").code()).isEqualTo("ResourceNotFound");
    }

    @Test
    void cancelsWhatIsInProgressOnlyByForce() throws Exception {
        create("job1");
        start();

        assertThat(jobs.cancel("job1", false)).isEmpty();
        assertThat(only(jobs.cancel("job1", true)).next()).isPresent();
        assertThat(jobs.execution(THING, "job1").orElseThrow().state()).isEqualTo(JobState.CANCELED);
    }

    @Test
    void leavesAnEndedExecutionAsItIs() throws Exception {
        jobs.create(definition("job1").withTimeout(Duration.ofMinutes(1)), List.of(THING));
        start();
        update("job1", "{'status':'SUCCEEDED'}");
        now = now.plus(Duration.ofDays(1));

        assertThat(jobs.cancel("job1", true)).isEmpty();
        assertThat(jobs.timePassed()).isEmpty();
        assertThatThrownBy(() -> jobs.timeOut(THING, "job1")).isInstanceOf(NoSuchElementException.class);

        assertThat(jobs.execution(THING, "job1").orElseThrow().state()).isEqualTo(JobState.SUCCEEDED);
    }

    @ParameterizedTest
    @CsvSource({"PT10M, 1, PT1M", "PT1M, 10, PT1M"})
    void timesOutByTheTimerThatEndsFirst(Duration ofJob, int ofThing, Duration first) throws Exception {
        jobs.create(definition("job1").withTimeout(ofJob), List.of(THING));
        JsonNode started = jobs.startNext(THING, request("{'stepTimeoutInMinutes':" + ofThing + "}"));
        assertThat(started.at("/execution/approximateSecondsBeforeTimedOut").longValue())
                .isEqualTo(first.toSeconds());

        now = now.plus(first).minusMillis(1);
        assertThat(jobs.timePassed()).isEmpty();
        now = now.plusMillis(1);
        assertThat(jobs.timePassed()).hasSize(1);
    }

    @Test
    void timesOutByTheTimerOfTheJobHoweverOftenTheThingReports() throws Exception {
        jobs.create(definition("job1").withTimeout(Duration.ofMinutes(10)), List.of(THING));
        assertThat(start().at("/execution/approximateSecondsBeforeTimedOut").intValue())
                .isEqualTo(600);
        now = now.plus(Duration.ofMinutes(9));
        update("job1", "{'status':'IN_PROGRESS','stepTimeoutInMinutes':60}");
        assertThat(jobs.timePassed()).isEmpty();
        now = now.plus(Duration.ofMinutes(1));

        assertThat(only(jobs.timePassed()).next()).isPresent();

        assertThat(jobs.execution(THING, "job1").orElseThrow().state()).isEqualTo(JobState.TIMED_OUT);
    }

    @Test
    void timesOutByTheTimerOfTheThingUnlessItIsSetAnewOrStopped() throws Exception {
        create("job1");
        jobs.startNext(THING, request("{'stepTimeoutInMinutes':1}"));
        now = now.plusSeconds(59);
        update("job1", "{'status':'IN_PROGRESS','stepTimeoutInMinutes':1}");
        now = now.plusSeconds(59);
        assertThat(jobs.timePassed()).isEmpty();
        update("job1", "{'status':'IN_PROGRESS','stepTimeoutInMinutes':-1}");
        now = now.plusSeconds(1_000);
        assertThat(jobs.timePassed()).isEmpty();
        update("job1", "{'status':'IN_PROGRESS','stepTimeoutInMinutes':1}");
        now = now.plusSeconds(60);

        assertThat(jobs.timePassed()).hasSize(1);
    }

    @Test
    void doesNotTimeOutWhatIsQueued() {
        jobs.create(definition("job1").withTimeout(Duration.ofMinutes(1)), List.of(THING));
        now = now.plus(Duration.ofDays(1));

        assertThat(jobs.timePassed()).isEmpty();
    }

    @Test
    void countsTheExecutionsOfAJobOnAThing() throws Exception {
        create("job1");
        update("job1", "{'status':'FAILED'}");

        create("job1");

        assertThat(jobs.executions(THING)).extracting(QueuedExecution::number).containsExactly(1L, 2L);
        assertThat(jobs.execution(THING, "job1").orElseThrow().state()).isEqualTo(JobState.QUEUED);
    }

    @Test
    void forgetsAJobThatIsDeleted() {
        create("job1");

        assertThat(only(jobs.delete("job1")).next()).isPresent();
        assertThat(jobs.executions(THING)).isEmpty();
    }

    private List<QueueNews> create(String id) {
        return jobs.create(definition(id), List.of(THING));
    }

    private static JobDefinition definition(String id) {
        return JobDefinition.of(id, "{\"operation\":\"test\"}");
    }

    private JsonNode start() throws Exception {
        return jobs.startNext(THING, request(""));
    }

    private JobReply update(String job, String document) throws JobRejectedException {
        return jobs.update(THING, job, request(document));
    }

    private JobRejectedException rejection(String job, String document) {
        JobRejectedException rejection = catchThrowableOfType(JobRejectedException.class, () -> update(job, document));
        assertThat(rejection).as(document).isNotNull();
        return rejection;
    }

    private static QueueNews only(List<QueueNews> news) {
        assertThat(news).hasSize(1);
        return news.get(0);
    }

    private static JobRequest request(String document) throws JobRejectedException {
        return JobRequest.read(document.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    /** As a reader of the answer has it. */
    private static JsonNode plain(JsonNode answer) throws Exception {
        return JSON.readTree(answer.toString());
    }

    private static JsonNode json(String text) throws Exception {
        return JSON.readTree(text.replace('\'', '"'));
    }
}
