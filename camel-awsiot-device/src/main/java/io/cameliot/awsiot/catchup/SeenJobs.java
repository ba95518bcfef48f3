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

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;

/**
 * The job executions of the latest event, by job, execution number, and the time when they were queued: a job that was
 * deleted and created again may have the same number. AWS IoT Jobs sends an event when the set of pending executions or
 * the next execution changes, but not when an execution starts or progresses. The version of an execution is therefore
 * not compared. The timestamp, in seconds, decides which of two events is older.
 *
 * @see <a href="https://docs.aws.amazon.com/iot/latest/developerguide/jobs-comm-notifications.html">AWS IoT Developer
 *     Guide, Jobs notifications</a>
 */
final class SeenJobs implements SeenState {

    private final JobEvent form;
    private Set<String> given; // guarded by this: null before the first event
    private long timestamp; // guarded by this: of the latest event

    SeenJobs(JobEvent form) {
        this.form = form;
    }

    @Override
    public synchronized JsonNode event(JsonNode answer) {
        JsonNode event = form.of(answer);
        boolean nothing = form.executions(event).isEmpty() && (given == null || given.isEmpty());
        return nothing ? null : event;
    }

    @Override
    public synchronized boolean isNews(JsonNode event) {
        Set<String> told = new TreeSet<>();
        form.executions(event)
                .forEach(execution -> told.add(execution.path("jobId").asText()
                        + '#'
                        + execution.path("executionNumber").asLong()
                        + '#'
                        + execution.path("queuedAt").asLong()));
        if (JobEvent.timestamp(event) < timestamp || told.equals(given)) {
            return false;
        }
        given = told;
        timestamp = JobEvent.timestamp(event);
        return true;
    }
}
