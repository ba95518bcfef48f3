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
package io.cameliot.awsiot.catchup;

import static io.cameliot.awsiot.catchup.SeenDeltasTest.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

class SeenJobsTest {

    private final SeenJobs next = new SeenJobs(JobEvent.NEXT);
    private final SeenJobs pending = new SeenJobs(JobEvent.PENDING);

    @Test
    void writesTheNextExecutionAsItsEvent() throws Exception {
        assertThat(next.event(json("{'clientToken':'t','timestamp':10,'execution':{'jobId':'a','executionNumber':1,"
                        + "'versionNumber':2,'jobDocument':{'operation':'test'}}}")))
                .isEqualTo(json("{'timestamp':10,'execution':{'jobId':'a','executionNumber':1,'versionNumber':2,"
                        + "'jobDocument':{'operation':'test'}}}"));
    }

    @Test
    void writesThePendingExecutionsAsTheirEvent() throws Exception {
        assertThat(pending.event(json("{'clientToken':'t','timestamp':10,'inProgressJobs':[{'jobId':'a'}],"
                        + "'queuedJobs':[{'jobId':'b'},{'jobId':'c'}]}")))
                .isEqualTo(json("{'timestamp':10,'jobs':{'IN_PROGRESS':[{'jobId':'a'}],"
                        + "'QUEUED':[{'jobId':'b'},{'jobId':'c'}]}}"));
        assertThat(pending.event(json("{'timestamp':10,'inProgressJobs':[],'queuedJobs':[{'jobId':'b'}]}")))
                .isEqualTo(json("{'timestamp':10,'jobs':{'QUEUED':[{'jobId':'b'}]}}"));
    }

    @Test
    void tellsOfAnEmptyQueueOnlyWhereTheRouteKnowsAJob() throws Exception {
        assertThat(next.event(json("{'timestamp':10}"))).isNull();
        assertThat(pending.event(json("{'timestamp':10,'inProgressJobs':[],'queuedJobs':[]}")))
                .isNull();

        assertThat(next.isNews(nextJob(11, "a", 1))).isTrue();
        assertThat(pending.isNews(json("{'timestamp':11,'jobs':{'QUEUED':[{'jobId':'a','executionNumber':1}]}}")))
                .isTrue();

        JsonNode empty = next.event(json("{'timestamp':12}"));
        assertThat(empty).isEqualTo(json("{'timestamp':12}"));
        assertThat(next.isNews(empty)).isTrue();
        assertThat(next.event(json("{'timestamp':13}"))).isNull();
        assertThat(pending.event(json("{'timestamp':12,'inProgressJobs':[],'queuedJobs':[]}")))
                .isEqualTo(json("{'timestamp':12,'jobs':{}}"));
    }

    @Test
    void givesAnExecutionOnceThoughItProgresses() throws Exception {
        assertThat(next.isNews(
                        json("{'timestamp':10,'execution':{'jobId':'a','executionNumber':1,'versionNumber':1}}")))
                .isTrue();
        assertThat(next.isNews(
                        json("{'timestamp':10,'execution':{'jobId':'a','executionNumber':1,'versionNumber':1}}")))
                .isFalse();
        assertThat(next.isNews(json("{'timestamp':12,'execution':{'jobId':'a','executionNumber':1,'versionNumber':2,"
                        + "'status':'IN_PROGRESS'}}")))
                .isFalse();
    }

    @Test
    void givesAnotherExecutionOfTheSameJob() throws Exception {
        assertThat(next.isNews(nextJob(10, "a", 1))).isTrue();
        assertThat(next.isNews(nextJob(11, "a", 2))).isTrue();
    }

    /** AWS IoT may use the execution number of a deleted execution again. */
    @Test
    void givesAJobThatWasDeletedAndMadeAgain() throws Exception {
        assertThat(next.isNews(json("{'timestamp':10,'execution':{'jobId':'a','executionNumber':1,'queuedAt':9}}")))
                .isTrue();
        assertThat(next.isNews(json("{'timestamp':20,'execution':{'jobId':'a','executionNumber':1,'queuedAt':19}}")))
                .isTrue();
    }

    @Test
    void givesNothingThatIsOlder() throws Exception {
        assertThat(next.isNews(nextJob(10, "b", 1))).isTrue();
        assertThat(next.isNews(nextJob(9, "a", 1))).isFalse();
        assertThat(next.isNews(json("{'timestamp':9}"))).isFalse();
        assertThat(next.isNews(nextJob(10, "c", 1))).isTrue();
    }

    @Test
    void givesAJobAgainThatIsNextAgain() throws Exception {
        assertThat(next.isNews(nextJob(10, "a", 1))).isTrue();
        assertThat(next.isNews(nextJob(11, "b", 1))).isTrue();
        assertThat(next.isNews(nextJob(12, "a", 1))).isTrue();
    }

    @Test
    void takesTheListsForSetsBecauseAnExecutionMovesWhenItStarts() throws Exception {
        assertThat(pending.isNews(json("{'timestamp':10,'jobs':{'QUEUED':[{'jobId':'a','executionNumber':1},"
                        + "{'jobId':'b','executionNumber':1}]}}")))
                .isTrue();
        assertThat(pending.isNews(json("{'timestamp':11,'jobs':{'IN_PROGRESS':[{'jobId':'b','executionNumber':1}],"
                        + "'QUEUED':[{'jobId':'a','executionNumber':1}]}}")))
                .isFalse();
        assertThat(pending.isNews(json("{'timestamp':12,'jobs':{'QUEUED':[{'jobId':'a','executionNumber':1}]}}")))
                .isTrue();
    }

    private static JsonNode nextJob(int timestamp, String job, int number) throws Exception {
        return json(
                "{'timestamp':" + timestamp + ",'execution':{'jobId':'" + job + "','executionNumber':" + number + "}}");
    }
}
