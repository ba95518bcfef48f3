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
package io.cameliot.awsiot.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.common.text.ForeignText;
import java.util.Base64;
import java.util.Iterator;
import java.util.regex.Pattern;

/**
 * Checks, before a request is sent, the limits that hold in every state of the thing.
 *
 * @see <a href="https://docs.aws.amazon.com/general/latest/gr/iot-core.html">AWS IoT Core endpoints and quotas</a>
 * @see <a href="https://docs.aws.amazon.com/iot/latest/apireference/API_iot-jobs-data_UpdateJobExecution.html">AWS IoT
 *     Jobs data plane API</a>
 */
public final class ServiceLimits {

    /** Maximum number of status details of a job (AWS IoT Device Management jobs quotas; API reference, DetailsMap). */
    public static final int MAX_DETAILS = 10;

    /**
     * Maximum number of characters of a value of status details and of the description of a reason (API reference,
     * DetailsMap and StatusReason). AWS counts Unicode scalar values and not UTF-16 units.
     *
     * @see <a href="https://smithy.io/2.0/spec/constraint-traits.html#length-trait">Smithy, length trait</a>
     */
    public static final int MAX_TEXT = 1024;

    /** What AWS IoT accepts as a value of status details, for messages. */
    public static final String DETAIL_VALUE =
            "text of 1 to " + MAX_TEXT + " characters without control characters (Unicode category C)";

    /** What AWS IoT accepts as a name in the result of a command, for messages (API reference, GetCommandExecution). */
    public static final String RESULT_NAME = "1 to 32 letters (a to z), digits, underscores and hyphens";

    /** Maximum size of a shadow document in bytes: desired and reported state, without metadata. */
    static final int MAX_SHADOW_BYTES = 8192;

    private static final Pattern DETAIL_NAME = Pattern.compile("[a-zA-Z0-9:_-]{1,128}");
    private static final Pattern REASON_CODE = Pattern.compile("[A-Z0-9_-]{1,64}");
    private static final Pattern RESULT = Pattern.compile("[a-zA-Z0-9_-]{1,32}");

    private ServiceLimits() {}

    /**
     * Checks the body of a request.
     *
     * @throws IllegalArgumentException if the body exceeds a limit; the message names the member and the limit
     */
    static void check(ServiceCall call, JsonNode body) {
        switch (call.request()) {
            case SHADOW_UPDATE, NAMED_SHADOW_UPDATE -> checkShadow(call, body.path("state"));
            case START_NEXT_JOB, UPDATE_JOB -> checkDetails(call, body.path("statusDetails"));
            case COMMAND_RESPONSE, CLIENT_COMMAND_RESPONSE -> checkResponse(call, body);
            default -> {
                // The service answers at once and says what is wrong.
            }
        }
    }

    static IllegalArgumentException refused(ServiceCall call, String reason) {
        return new IllegalArgumentException(
                ForeignText.escaped("The request to topic '" + call.topic() + "' is not sent: " + reason));
    }

    /**
     * Checks the size of an update. The document contains all that an update sets, so an update cannot be larger than a
     * document.
     */
    private static void checkShadow(ServiceCall call, JsonNode state) {
        int bytes = size(state.path("desired")) + size(state.path("reported"));
        if (bytes > MAX_SHADOW_BYTES) {
            throw refused(
                    call,
                    "desired and reported state have " + bytes + " bytes, and a shadow document may have "
                            + MAX_SHADOW_BYTES
                            + ": use several named shadows. Where AWS has raised the limit for the account, publish it"
                            + " with request=never");
        }
    }

    private static int size(JsonNode state) {
        return state.isObject() ? ServiceJson.write(withoutNulls(state.deepCopy())).length : 0;
    }

    /** Removes the members that are null, because a null in an update deletes the member. */
    private static JsonNode withoutNulls(ObjectNode state) {
        for (Iterator<JsonNode> members = state.elements(); members.hasNext(); ) {
            JsonNode member = members.next();
            if (member.isNull()) {
                members.remove();
            } else if (member.isObject()) {
                withoutNulls((ObjectNode) member);
            }
        }
        return state;
    }

    private static void checkDetails(ServiceCall call, JsonNode details) {
        if (!details.isObject()) {
            return;
        }
        if (details.size() > MAX_DETAILS) {
            throw refused(call, "statusDetails has " + details.size() + " members: " + MAX_DETAILS + " are allowed");
        }
        details.fields().forEachRemaining(detail -> {
            if (!isDetailName(detail.getKey())) {
                throw refused(
                        call,
                        "the name '" + detail.getKey()
                                + "' in statusDetails is not of 1 to 128 letters, digits, colons, underscores and hyphens");
            }
            JsonNode value = detail.getValue();
            if (!value.isTextual() || !isDetailValue(value.textValue())) {
                throw refused(call, "the value of '" + detail.getKey() + "' in statusDetails is no " + DETAIL_VALUE);
            }
        });
    }

    /** Returns whether AWS IoT accepts the name of a status detail of a job. */
    public static boolean isDetailName(String name) {
        return DETAIL_NAME.matcher(name).matches();
    }

    /** Returns whether AWS IoT accepts the value of a status detail of a job. */
    public static boolean isDetailValue(String value) {
        return !value.isEmpty() && isText(value);
    }

    private static boolean isText(String value) {
        return value.codePointCount(0, value.length()) <= MAX_TEXT && !hasControl(value);
    }

    private static boolean hasControl(String text) {
        return text.codePoints().anyMatch(ServiceLimits::isControl);
    }

    /**
     * Returns whether AWS IoT rejects a character in a value of status details or in the description of a reason
     * ({@code \p{C}}; API reference, DetailsMap and StatusReason).
     */
    public static boolean isControl(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }

    private static void checkResponse(ServiceCall call, JsonNode response) {
        JsonNode reason = response.path("statusReason");
        JsonNode code = reason.path("reasonCode");
        if (reason.isObject() && !REASON_CODE.matcher(code.asText()).matches()) {
            throw refused(
                    call,
                    "reasonCode in statusReason is " + (code.isMissingNode() ? "missing" : "'" + code.asText() + "'")
                            + ": it is of 1 to 64 upper-case letters, digits, underscores and hyphens");
        }
        if (!isText(reason.path("reasonDescription").asText())) {
            throw refused(
                    call,
                    "reasonDescription in statusReason is no text of at most " + MAX_TEXT
                            + " characters without control characters (Unicode category C)");
        }
        JsonNode result = response.path("result");
        if (result.isObject() && result.isEmpty()) {
            throw refused(call, "result is empty: leave it out where there is none");
        }
        result.fields().forEachRemaining(value -> checkResult(call, value.getKey(), value.getValue()));
    }

    private static void checkResult(ServiceCall call, String name, JsonNode value) {
        if (!isResultName(name)) {
            throw refused(call, "the name '" + name + "' in result is not of " + RESULT_NAME);
        }
        String text = value.path("s").textValue();
        boolean typed = text != null && !text.isEmpty()
                || value.path("b").isBoolean()
                || isBytes(value.path("bin").textValue());
        if (value.size() != 1 || !typed) {
            throw refused(
                    call,
                    "the value of '" + name + "' in result is no object with one member, which is s (text), b (true or"
                            + " false) or bin (Base64), and not empty");
        }
    }

    /** Returns whether AWS IoT accepts the name of a value in the result of a command. */
    public static boolean isResultName(String name) {
        return RESULT.matcher(name).matches();
    }

    /** Returns whether a text is Base64 of at least one byte; false for null. */
    public static boolean isBytes(String base64) {
        try {
            return base64 != null && Base64.getDecoder().decode(base64).length > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
