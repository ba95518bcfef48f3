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
package io.cameliot.testinfra.awsiot.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.testinfra.awsiot.json.StrictJson.NotJsonException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The field {@code clientToken} of a request, by which a device recognizes the answer. */
public final class ClientToken {
    /** The maximum length of a token in bytes of UTF-8. */
    public static final int MAX_BYTES = 64;

    private static final String FIELD = "clientToken";

    private ClientToken() {}

    /** Whether a request has no token, or a text of at most {@link #MAX_BYTES} bytes. */
    public static boolean isAllowed(ObjectNode request) {
        JsonNode token = request.get(FIELD);
        return token == null
                || token.isTextual() && token.textValue().getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
    }

    /** Returns the token of a request; empty if it has none, or one that is not allowed. */
    public static Optional<String> of(ObjectNode request) {
        return Optional.of(request)
                .filter(ClientToken::isAllowed)
                .map(allowed -> allowed.get(FIELD))
                .map(JsonNode::textValue);
    }

    /** Returns the token of a request that is not parsed otherwise; empty if the request is not a JSON object. */
    public static Optional<String> of(byte[] request) {
        try {
            return of(StrictJson.read(request));
        } catch (NotJsonException e) {
            return Optional.empty();
        }
    }

    /**
     * Adds the token of a request to its answer.
     *
     * @return the answer
     */
    public static ObjectNode echo(ObjectNode answer, Optional<String> token) {
        token.ifPresent(text -> answer.put(FIELD, text));
        return answer;
    }

    /** Removes the token from an answer. */
    public static void remove(ObjectNode answer) {
        answer.remove(FIELD);
    }
}
