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

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** How the services reject requests. */
public enum Rejection {
    /** The codes are like those of HTTP. */
    SHADOW("/code", "/message", Set.of()),
    JOBS("/code", "/message", Set.of("InternalError", "RequestThrottled")),
    /** DataConflict: two responses for one execution came too close together. */
    COMMANDS("/error", "/errorMessage", Set.of("DataConflict", "InternalError", "RequestThrottled")),
    /** The status is like that of HTTP. */
    PROVISIONING("/errorCode", "/errorMessage", Set.of()),
    /** AWS does not document the payload of these answers; a missing code reads as unknown. */
    DEVICE_DEFENDER("/statusDetails/ErrorCode", "/statusDetails/ErrorMessage", Set.of());

    /** The code if the answer has none or is unreadable. */
    public static final String UNKNOWN = "unknown";

    private static final JsonPointer STATUS = JsonPointer.compile("/statusCode");
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int INTERNAL_ERROR = 500;

    private final JsonPointer code;
    private final JsonPointer message;
    private final Set<String> passing;

    Rejection(String code, String message, Set<String> passing) {
        this.code = JsonPointer.compile(code);
        this.message = JsonPointer.compile(message);
        this.passing = passing;
    }

    /**
     * The content of a rejection.
     *
     * @param code the service's code as text: a number from shadows, a name from the others
     * @param message the service's message; null if it gave none
     * @param retryable whether the same request can succeed later
     */
    public record Reason(String code, String message, boolean retryable) {}

    /** Reads the answer that rejects a request. */
    public Reason read(byte[] answer) {
        JsonNode json = ServiceJson.readOrNull(answer);
        String found = ServiceJson.text(json, code);
        return new Reason(
                found == null ? UNKNOWN : found,
                ServiceJson.text(json, message),
                found != null && (passing.contains(found) || isPassing(found))
                        || isPassing(ServiceJson.text(json, STATUS)));
    }

    /** Returns whether an HTTP-like code says that the same request can succeed later. */
    public static boolean isPassing(String status) {
        if (status == null || !status.matches("[0-9]{3}")) {
            return false;
        }
        int number = Integer.parseInt(status);
        return number == TOO_MANY_REQUESTS || number >= INTERNAL_ERROR;
    }
}
