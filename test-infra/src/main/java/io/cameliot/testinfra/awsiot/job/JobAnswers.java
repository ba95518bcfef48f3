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

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.testinfra.awsiot.json.ClientToken;
import io.cameliot.testinfra.awsiot.json.StrictJson;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Creates the JSON of executions. Times are epoch seconds, although examples in AWS's documentation have milliseconds.
 */
final class JobAnswers {
    /** The maximum number of executions in a notification. */
    private static final int NOTIFIED = 10;

    private JobAnswers() {}

    static ObjectNode begin(Optional<String> clientToken, Instant now) {
        return ClientToken.echo(StrictJson.object().put("timestamp", now.getEpochSecond()), clientToken);
    }

    /** JobExecutionSummary. */
    static ObjectNode summary(QueuedExecution execution) {
        return times(StrictJson.object().put("jobId", execution.job().id()), execution)
                .put("versionNumber", execution.version())
                .put("executionNumber", execution.number());
    }

    static ArrayNode summaries(List<QueuedExecution> executions) {
        ArrayNode list = StrictJson.object().arrayNode();
        executions.forEach(execution -> list.add(summary(execution)));
        return list;
    }

    /** JobExecution as in notify-next, without the thing's name. */
    static ObjectNode notified(QueuedExecution execution, Instant now) {
        return execution(StrictJson.object(), execution, true, now);
    }

    /** JobExecution. */
    static ObjectNode execution(QueuedExecution execution, boolean withDocument, Instant now) {
        return execution(StrictJson.object().put("thingName", execution.thing()), execution, withDocument, now);
    }

    private static ObjectNode execution(
            ObjectNode begun, QueuedExecution execution, boolean withDocument, Instant now) {
        begun.put("jobId", execution.job().id()).put("status", execution.state().name());
        putDetails(begun, execution);
        times(begun, execution);
        execution
                .deadline()
                .ifPresent(deadline -> begun.put(
                        "approximateSecondsBeforeTimedOut",
                        Math.max(0, Duration.between(now, deadline).toSeconds())));
        begun.put("versionNumber", execution.version()).put("executionNumber", execution.number());
        if (withDocument) {
            begun.set("jobDocument", execution.job().document());
        }
        return begun;
    }

    /** JobExecutionState. */
    static ObjectNode state(QueuedExecution execution) {
        ObjectNode state = StrictJson.object().put("status", execution.state().name());
        ObjectNode details = state.putObject("statusDetails");
        execution.statusDetails().forEach(details::put);
        return state.put("versionNumber", execution.version());
    }

    /** JobExecutionsChanged. */
    static ObjectNode notifyList(List<QueuedExecution> pending, Instant now) {
        ObjectNode event = StrictJson.object().put("timestamp", now.getEpochSecond());
        ObjectNode jobs = event.putObject("jobs");
        pending.stream()
                .limit(NOTIFIED)
                .forEach(execution -> jobs.withArray(execution.state().name()).add(summary(execution)));
        return event;
    }

    /** NextJobExecutionChanged. */
    static ObjectNode notifyNext(Optional<QueuedExecution> head, Instant now) {
        ObjectNode event = StrictJson.object().put("timestamp", now.getEpochSecond());
        head.ifPresent(execution -> event.set("execution", notified(execution, now)));
        return event;
    }

    private static void putDetails(ObjectNode json, QueuedExecution execution) {
        if (!execution.statusDetails().isEmpty()) {
            ObjectNode details = json.putObject("statusDetails");
            execution.statusDetails().forEach(details::put);
        }
    }

    private static ObjectNode times(ObjectNode json, QueuedExecution execution) {
        json.put("queuedAt", execution.times().queued().getEpochSecond());
        execution.times().started().ifPresent(started -> json.put("startedAt", started.getEpochSecond()));
        return json.put("lastUpdatedAt", execution.times().updated().getEpochSecond());
    }
}
