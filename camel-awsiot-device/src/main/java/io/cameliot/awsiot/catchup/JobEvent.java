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
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The two events of AWS IoT Jobs: the next job execution, and the pending job executions. */
enum JobEvent {
    NEXT {
        @Override
        void copyState(JsonNode answer, ObjectNode event) {
            if (answer.has(EXECUTION)) {
                event.set(EXECUTION, answer.get(EXECUTION));
            }
        }

        @Override
        List<JsonNode> executions(JsonNode event) {
            return event.has(EXECUTION) ? List.of(event.get(EXECUTION)) : List.of();
        }
    },
    PENDING {
        @Override
        void copyState(JsonNode answer, ObjectNode event) {
            ObjectNode jobs = event.putObject(JOBS);
            copyJobs(answer.path("inProgressJobs"), jobs, "IN_PROGRESS");
            copyJobs(answer.path("queuedJobs"), jobs, "QUEUED");
        }

        private void copyJobs(JsonNode from, ObjectNode to, String status) {
            if (!from.isEmpty()) {
                to.set(status, from);
            }
        }

        @Override
        List<JsonNode> executions(JsonNode event) {
            List<JsonNode> all = new ArrayList<>();
            event.path(JOBS).forEach(list -> list.forEach(all::add));
            return all;
        }
    };

    private static final String EXECUTION = "execution";
    private static final String JOBS = "jobs";
    private static final String TIMESTAMP = "timestamp";

    /** Converts the answer to the request for the current state to an event. */
    ObjectNode of(JsonNode answer) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.set(TIMESTAMP, answer.path(TIMESTAMP));
        copyState(answer, event);
        return event;
    }

    abstract void copyState(JsonNode answer, ObjectNode event);

    /** Returns the job executions in an event. */
    abstract List<JsonNode> executions(JsonNode event);

    /** Returns the timestamp in seconds since the epoch; 0 if the event has none. */
    static long timestamp(JsonNode event) {
        return event.path(TIMESTAMP).asLong();
    }
}
