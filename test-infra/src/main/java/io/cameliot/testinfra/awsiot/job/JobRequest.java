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

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.testinfra.awsiot.job.QueuedExecution.StepTimer;
import io.cameliot.testinfra.awsiot.json.ClientToken;
import io.cameliot.testinfra.awsiot.json.StrictJson;
import io.cameliot.testinfra.awsiot.json.StrictJson.NotJsonException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** The document of a request. Its fields are checked when they are read ("Jobs MQTT API operations"). */
public final class JobRequest {
    private static final int STATUS_DETAILS = 10;
    private static final Pattern DETAIL_NAME = Pattern.compile("[a-zA-Z0-9:_-]{1,128}");
    private static final Pattern DETAIL_VALUE = Pattern.compile("[^\\p{C}]{1,1024}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final long STOP_TIMER = -1;
    private static final long LONGEST_STEP_MINUTES = 10_080;

    private final ObjectNode body;

    private JobRequest(ObjectNode body) {
        this.body = body;
    }

    /**
     * Parses a request; an empty one has no fields.
     *
     * @throws JobRejectedException if it is not a JSON object, or if its client token is not a text or too long
     */
    public static JobRequest read(byte[] document) throws JobRejectedException {
        try {
            JobRequest request = new JobRequest(StrictJson.read(document));
            if (!ClientToken.isAllowed(request.body)) {
                throw JobRejectedException.invalidRequest(
                        "clientToken is a text of at most " + ClientToken.MAX_BYTES + " bytes");
            }
            return request;
        } catch (NotJsonException e) {
            throw JobRejectedException.invalidJson(e.getMessage());
        }
    }

    Optional<String> clientToken() {
        return ClientToken.of(body);
    }

    JobState status() throws JobRejectedException {
        String name = body.path("status").asText("");
        return JobState.reportable(name)
                .orElseThrow(() -> JobRejectedException.invalidRequest(
                        "status is IN_PROGRESS, SUCCEEDED, FAILED or REJECTED, and not '" + name + "'"));
    }

    Optional<Map<String, String>> statusDetails() throws JobRejectedException {
        JsonNode details = body.get("statusDetails");
        if (details == null || details.isNull()) {
            return Optional.empty();
        }
        if (!details.isObject() || details.size() > STATUS_DETAILS) {
            throw JobRejectedException.invalidRequest(
                    "statusDetails is an object of at most " + STATUS_DETAILS + " fields");
        }
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> detail : details.properties()) {
            if (!DETAIL_NAME.matcher(detail.getKey()).matches()) {
                throw JobRejectedException.invalidRequest(
                        "A name in statusDetails matches " + DETAIL_NAME + ", and not so: " + detail.getKey());
            }
            if (!detail.getValue().isTextual()
                    || !DETAIL_VALUE.matcher(detail.getValue().textValue()).matches()) {
                throw JobRejectedException.invalidRequest(
                        "The value of " + detail.getKey()
                                + " in statusDetails is a text of 1 to 1024 characters, none of them a control character (Unicode category C)");
            }
            texts.put(detail.getKey(), detail.getValue().textValue());
        }
        return Optional.of(texts);
    }

    StepTimer stepTimer() throws JobRejectedException {
        JsonNode minutes = body.get("stepTimeoutInMinutes");
        if (minutes == null || minutes.isNull()) {
            return StepTimer.UNCHANGED;
        }
        long value = minutes.isIntegralNumber() ? minutes.longValue() : 0;
        if (value == STOP_TIMER) {
            return StepTimer.STOPPED;
        }
        if (value < 1 || value > LONGEST_STEP_MINUTES) {
            throw JobRejectedException.invalidRequest("stepTimeoutInMinutes is 1 to " + LONGEST_STEP_MINUTES + ", or "
                    + STOP_TIMER + " to stop the timer, and not " + minutes);
        }
        return StepTimer.of(Duration.ofMinutes(value));
    }

    OptionalLong expectedVersion() throws JobRejectedException {
        return number("expectedVersion");
    }

    OptionalLong executionNumber() throws JobRejectedException {
        return number("executionNumber");
    }

    /** AWS's documentation and clients write these as numbers and as texts. */
    private OptionalLong number(String name) throws JobRejectedException {
        JsonNode value = body.get(name);
        if (value == null || value.isNull()) {
            return OptionalLong.empty();
        }
        if (!(value.isIntegralNumber() || value.isTextual())
                || !NUMBER.matcher(value.asText()).matches()) {
            throw JobRejectedException.invalidRequest(name + " is a number, and not " + value);
        }
        return OptionalLong.of(Long.parseLong(value.asText()));
    }

    boolean flag(String name, boolean otherwise) throws JobRejectedException {
        JsonNode value = body.get(name);
        if (value == null || value.isNull()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw JobRejectedException.invalidRequest(name + " is true or false, and not " + value);
        }
        return value.booleanValue();
    }
}
