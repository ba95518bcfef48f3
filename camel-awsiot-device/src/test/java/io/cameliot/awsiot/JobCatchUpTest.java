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

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What consumers of jobs get of the time while they were offline. */
class JobCatchUpTest extends CatchUpTestSupport {

    @Test
    void getsTheJobOfTheTimeOfflineAndThatItWasCanceled() throws Exception {
        consume("jobs/notify-next", "", exchange -> {});
        awaitRequests("jobs/$next/get", 1);
        withhold("jobs/notify-next");
        String job = aws.jobs().create(thing, "{\"operation\":\"test\"}");
        reconnect();

        JsonNode next = received(1).get(0);
        assertThat(next.at("/execution/jobId").asText()).isEqualTo(job);
        assertThat(next.at("/execution/jobDocument/operation").asText()).isEqualTo("test");
        assertThat(next.get("timestamp").isNumber()).isTrue();
        assertThat(next.has("clientToken")).isFalse();
        reconnect();
        getsNothingMore(1);

        aws.advanceClock(Duration.ofSeconds(2));
        aws.jobs().cancel(job);
        reconnect();

        assertThat(received(2).get(1).has("execution")).isFalse();
        aws.faults().clear();
        reconnect();
        getsNothingMore(2);
    }

    @Test
    void getsTheJobsOfTheTimeOffline() throws Exception {
        consume("jobs/notify", "", exchange -> {});
        awaitRequests("jobs/get", 1);
        withhold("jobs/notify");
        String first = aws.jobs().create(thing, "{}");
        String second = aws.jobs().create(thing, "{}");

        reconnect();

        assertThat(received(1).get(0).at("/jobs/QUEUED"))
                .extracting(execution -> execution.get("jobId").asText())
                .containsExactlyInAnyOrder(first, second);
        reconnect();
        getsNothingMore(1);
    }
}
