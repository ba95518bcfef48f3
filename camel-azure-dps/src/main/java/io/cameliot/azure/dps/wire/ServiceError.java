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
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.Optional;

/**
 * The service's description of an error. Each part may be absent.
 *
 * @param errorCode the extended code, such as 401002; divided by 1000 it is the status
 * @param trackingId the id to quote to Azure support
 * @param message the service's message
 */
public record ServiceError(Optional<Integer> errorCode, Optional<String> trackingId, Optional<String> message) {

    /**
     * Parses the body of an answer with a status of 300 or more. If the body is not a JSON object, the message is the
     * beginning of the body.
     */
    public static ServiceError parse(byte[] body) {
        JsonNode json = readLeniently(body);
        if (!json.isObject()) {
            return new ServiceError(
                    Optional.empty(),
                    Optional.empty(),
                    body.length == 0 ? Optional.empty() : Optional.of(DpsJson.excerpt(body)));
        }
        return new ServiceError(integer(json, "errorCode"), text(json, "trackingId"), text(json, "message"));
    }

    private static JsonNode readLeniently(byte[] body) {
        try {
            return DpsJson.read(body);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    static Optional<Integer> integer(JsonNode json, String field) {
        return json.path(field).canConvertToInt() ? Optional.of(json.path(field).intValue()) : Optional.empty();
    }

    static Optional<String> text(JsonNode json, String field) {
        return Optional.ofNullable(json.path(field).textValue()).filter(text -> !text.isBlank());
    }
}
