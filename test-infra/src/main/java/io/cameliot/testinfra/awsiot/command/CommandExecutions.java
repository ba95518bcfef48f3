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
package io.cameliot.testinfra.awsiot.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.testinfra.awsiot.json.ClientToken;
import io.cameliot.testinfra.awsiot.json.StrictJson;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.UUID;

/** The executions of all commands ("AWS IoT Commands" in the Developer Guide). */
public final class CommandExecutions {
    /** The maximum time limit of an execution. */
    public static final Duration LONGEST_TIMEOUT = Duration.ofHours(12);

    private final InstantSource clock;
    private final Map<String, CommandExecution> executions = new LinkedHashMap<>();

    public CommandExecutions(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Creates an execution.
     *
     * @param timeout one second to {@link #LONGEST_TIMEOUT}
     */
    public synchronized CommandExecution create(CommandTarget target, Duration timeout) {
        if (timeout.compareTo(Duration.ofSeconds(1)) < 0 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException("A command may take 1 s to 12 h, and not " + timeout);
        }
        CommandExecution execution = new CommandExecution(
                UUID.randomUUID().toString(),
                target,
                clock.instant(),
                timeout,
                List.of(CommandReport.of(CommandState.CREATED)),
                false);
        executions.put(execution.id(), execution);
        return execution;
    }

    /**
     * The current state of an execution, which has timed out if it is overdue.
     *
     * @throws NoSuchElementException if it does not exist
     */
    public synchronized CommandExecution get(String id) {
        return find(id).orElseThrow(() -> new NoSuchElementException("No command execution " + id));
    }

    /** The current states of all executions, oldest first. */
    public synchronized List<CommandExecution> all() {
        return List.copyOf(executions.keySet()).stream().map(this::get).toList();
    }

    private Optional<CommandExecution> find(String id) {
        return Optional.ofNullable(executions.computeIfPresent(
                id,
                (key, execution) -> execution.isOverdue(clock.instant())
                        ? execution.with(CommandReport.of(CommandState.TIMED_OUT), false)
                        : execution));
    }

    /**
     * UpdateCommandExecution.
     *
     * @param target the reporting device
     * @return the answer
     */
    public synchronized ObjectNode update(CommandTarget target, String id, byte[] document)
            throws CommandRejectedException {
        CommandExecution execution =
                find(id).filter(found -> found.target().equals(target)).orElseThrow(CommandRejectedException::notFound);
        CommandReport report = CommandReport.read(document);
        execution.checkNext(report.state());
        executions.put(id, execution.with(report, true));
        return StrictJson.object().put("executionId", id);
    }

    /** Creates the body of a rejecting answer, which in AWS's example has the client token of the report. */
    public static ObjectNode rejection(CommandRejectedException reason, String id, Optional<String> clientToken) {
        return ClientToken.echo(StrictJson.object(), clientToken)
                .put("executionId", id)
                .put("error", reason.error())
                .put("errorMessage", reason.getMessage());
    }
}
