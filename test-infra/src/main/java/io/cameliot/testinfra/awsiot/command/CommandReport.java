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

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.testinfra.awsiot.json.StrictJson;
import io.cameliot.testinfra.awsiot.json.StrictJson.NotJsonException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A report of the device or the cloud on an execution.
 *
 * @param state the new state
 * @param reasonCode the reason as a code
 * @param reasonDescription the reason as text
 * @param result the results: by name an object with a text {@code s}, a boolean {@code b} or a Base64 text {@code bin};
 *     must not be changed
 * @see <a href="https://docs.aws.amazon.com/iot/latest/apireference/API_GetCommandExecution.html">GetCommandExecution</a>
 */
public record CommandReport(
        CommandState state,
        Optional<String> reasonCode,
        Optional<String> reasonDescription,
        Optional<ObjectNode> result) {
    private static final Pattern REASON_CODE = Pattern.compile("[A-Z0-9_-]{1,64}");
    private static final Pattern RESULT_NAME = Pattern.compile("[a-zA-Z0-9_-]{1,32}");
    private static final Pattern REASON_DESCRIPTION = Pattern.compile("[^\\p{C}]{0,1024}");

    static CommandReport of(CommandState state) {
        return new CommandReport(state, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * Parses a device's report.
     *
     * @throws CommandRejectedException if it is not a JSON object or not as documented
     */
    static CommandReport read(byte[] document) throws CommandRejectedException {
        ObjectNode body;
        try {
            body = StrictJson.read(document);
        } catch (NotJsonException e) {
            throw new CommandRejectedException("InvalidJson", e.getMessage());
        }
        String name = body.path("status").asText("");
        CommandState state = CommandState.reportable(name)
                .orElseThrow(() -> CommandRejectedException.invalidRequest(
                        "status is IN_PROGRESS, SUCCEEDED, FAILED, REJECTED or TIMED_OUT, and not '" + name + "'"));
        JsonNode reason = body.get("statusReason");
        return new CommandReport(state, reasonCode(reason), description(reason), result(body.get("result")));
    }

    private static Optional<String> reasonCode(JsonNode reason) throws CommandRejectedException {
        if (reason == null || reason.isNull()) {
            return Optional.empty();
        }
        JsonNode code = reason.path("reasonCode");
        if (!code.isTextual() || !REASON_CODE.matcher(code.textValue()).matches()) {
            throw CommandRejectedException.invalidRequest(
                    "statusReason has a reasonCode, which matches " + REASON_CODE + ", and not: " + code);
        }
        return Optional.of(code.textValue());
    }

    private static Optional<String> description(JsonNode reason) throws CommandRejectedException {
        JsonNode description = reason == null ? null : reason.get("reasonDescription");
        if (description == null || description.isNull()) {
            return Optional.empty();
        }
        if (!description.isTextual()
                || !REASON_DESCRIPTION.matcher(description.textValue()).matches()) {
            throw CommandRejectedException.invalidRequest(
                    "reasonDescription is a text of at most 1024 characters, none of them a control character (Unicode category C)");
        }
        return Optional.of(description.textValue());
    }

    private static Optional<ObjectNode> result(JsonNode result) throws CommandRejectedException {
        if (result == null || result.isNull()) {
            return Optional.empty();
        }
        if (!result.isObject() || result.isEmpty()) {
            throw CommandRejectedException.invalidRequest("result is an object that is not empty");
        }
        for (Map.Entry<String, JsonNode> entry : result.properties()) {
            if (!RESULT_NAME.matcher(entry.getKey()).matches()) {
                throw CommandRejectedException.invalidRequest(
                        "result has names that match " + RESULT_NAME + ", and not: " + entry.getKey());
            }
            if (!isValue(entry.getValue())) {
                throw CommandRejectedException.invalidRequest("result has objects with one of s (text), b (boolean)"
                        + " and bin (Base64), none of them empty, and not: " + entry.getKey());
            }
        }
        return Optional.of((ObjectNode) result);
    }

    private static boolean isValue(JsonNode value) {
        return value.isObject()
                && value.size() == 1
                && (value.path("s").isTextual() && !value.path("s").textValue().isEmpty()
                        || value.path("b").isBoolean()
                        || value.path("bin").isTextual() && hasBytes(value.path("bin")));
    }

    private static boolean hasBytes(JsonNode base64) {
        try {
            return Base64.getDecoder().decode(base64.textValue()).length > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
