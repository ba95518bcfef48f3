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
package io.cameliot.testinfra.awsiot.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.testinfra.awsiot.command.CommandExecution;
import io.cameliot.testinfra.awsiot.command.CommandExecutions;
import io.cameliot.testinfra.awsiot.command.CommandRejectedException;
import io.cameliot.testinfra.awsiot.command.CommandTarget;
import io.cameliot.testinfra.awsiot.gateway.PublishProperties;
import io.cameliot.testinfra.awsiot.json.ClientToken;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code $aws/commands/…}: answers go only to the reporting device, with or without a subscription. A second report on
 * an execution before the answer to the first is a conflict. Reports in CBOR are not supported.
 */
final class CommandService {
    private static final Pattern REPORT = Pattern.compile(
            "\\$aws/commands/(?<kind>things|clients)/(?<id>[^/]+)" + "/executions/(?<execution>[^/]+)/response/json");

    private final CommandExecutions executions;

    CommandService(CommandExecutions executions) {
        this.executions = executions;
    }

    Optional<RecognizedRequest> recognize(String topic) {
        Matcher matcher = REPORT.matcher(topic);
        return matcher.matches()
                ? Optional.of(new Request(
                        new CommandTarget(
                                CommandTarget.Kind.valueOf(matcher.group("kind").toUpperCase(Locale.ROOT)),
                                matcher.group("id")),
                        matcher.group("execution")))
                : Optional.empty();
    }

    /** The message with a command. Its topic depends on the format of the payload. */
    static ServiceMessage command(CommandExecution execution, byte[] payload, String contentType) {
        String format =
                switch (contentType) {
                    case "application/json" -> "/json";
                    case "application/cbor" -> "/cbor";
                    default -> "";
                };
        return new ServiceMessage(
                execution.target().topicPrefix(execution.id()) + "request" + format,
                payload,
                PublishProperties.NONE
                        .withContentType(contentType)
                        .withMessageExpiry(execution.timeout().toSeconds()),
                false);
    }

    private final class Request implements RecognizedRequest {
        private final CommandTarget target;
        private final String executionId;

        Request(CommandTarget target, String executionId) {
            this.target = target;
            this.executionId = executionId;
        }

        @Override
        public Optional<Limit> limit() {
            return Optional.of(new Limit(
                    "command execution " + executionId,
                    1,
                    payload -> rejected(payload, CommandRejectedException.conflict())));
        }

        @Override
        public ServiceReply handle(byte[] payload) {
            try {
                return answer("accepted", executions.update(target, executionId, payload));
            } catch (CommandRejectedException e) {
                return rejected(payload, e);
            }
        }

        @Override
        public ServiceReply reject(byte[] payload, String code, String message) {
            return rejected(payload, new CommandRejectedException(code, message));
        }

        private ServiceReply rejected(byte[] payload, CommandRejectedException reason) {
            return answer("rejected", CommandExecutions.rejection(reason, executionId, ClientToken.of(payload)));
        }

        private ServiceReply answer(String kind, ObjectNode body) {
            return ServiceReply.of(
                    ServiceMessage.reply(target.topicPrefix(executionId) + "response/" + kind + "/json", body));
        }
    }
}
