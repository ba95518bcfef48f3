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
package io.cameliot.azure.dps.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;

/**
 * The body of an answer with a status of 200 to 299: {@code RegistrationOperationStatus} of the DPS REST API.
 *
 * @param operationId the id to poll with; may be empty once the operation has ended
 * @param status the status of the operation
 * @param registrationState the device's registration, {@code DeviceRegistrationResult} of the REST API
 */
public record OperationStatus(String operationId, RegistrationStatus status, Optional<ObjectNode> registrationState) {

    /**
     * Parses a body and checks that it contains the fields that its status requires. All other fields may be absent,
     * null or of another type.
     *
     * @param polled the id of the operation if it is already known; the answer need not repeat it
     * @throws MalformedAnswerException if the body is not a JSON object, its status is unknown, or a required field is
     *     missing
     */
    public static OperationStatus parse(byte[] body, Optional<String> polled) throws MalformedAnswerException {
        JsonNode json;
        try {
            json = DpsJson.read(body);
        } catch (IOException e) {
            throw new MalformedAnswerException("its body is not JSON", body);
        }
        if (!(json instanceof ObjectNode object)) {
            throw new MalformedAnswerException("its body is not a JSON object", body);
        }
        if (!json.path("status").isTextual()) {
            throw new MalformedAnswerException("its body has no status", object);
        }
        RegistrationStatus status = RegistrationStatus.of(json.path("status").textValue())
                .orElseThrow(() -> new MalformedAnswerException("its status is none that is known", object));
        JsonNode state = json.path("registrationState");
        OperationStatus answer = new OperationStatus(
                ServiceError.text(json, "operationId").or(() -> polled).orElse(""),
                status,
                state.isObject() ? Optional.of((ObjectNode) state) : Optional.empty());
        answer.checkComplete(object);
        return answer;
    }

    private void checkComplete(ObjectNode body) throws MalformedAnswerException {
        switch (status) {
            case UNASSIGNED, ASSIGNING -> {
                if (operationId.isEmpty()) {
                    throw new MalformedAnswerException("it has no operationId to poll with", body);
                }
            }
            case ASSIGNED -> {
                if (text("assignedHub").isEmpty() || text("deviceId").isEmpty()) {
                    throw new MalformedAnswerException("it says assigned without an assignedHub and a deviceId", body);
                }
            }
            case FAILED, DISABLED -> {
                // No required field: the service puts its reason into registrationState, or gives none.
            }
        }
    }

    /** Returns the reason why the operation failed or the device is disabled. */
    public ServiceError error() {
        JsonNode state = registrationState.<JsonNode>map(node -> node).orElseGet(() -> DpsJson.fromJava(null));
        return new ServiceError(
                ServiceError.integer(state, "errorCode"), Optional.empty(), ServiceError.text(state, "errorMessage"));
    }

    private String text(String field) {
        return registrationState.map(state -> state.path(field).textValue()).orElse("");
    }
}
