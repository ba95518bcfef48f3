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

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.cameliot.awsiot.publish.PublishRequest;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * The payload of a request, and the id that its answer repeats.
 *
 * @param payload the given payload, plus a client token if it lacked one
 * @param id client token or report id; null if there is none
 */
public record ServiceBody(byte[] payload, String id) {

    /** Maximum size of a client token in UTF-8 bytes (AWS IoT Developer Guide, Device Shadow error messages). */
    static final int MAX_TOKEN_BYTES = 64;

    private static final String TOKEN = "clientToken";

    /**
     * Creates the body of a request over MQTT. If answers are assigned by client token, a JSON object without a token
     * gets one.
     *
     * @throws IllegalArgumentException if the service would refuse the body; the message says why
     */
    public static ServiceBody of(ServiceCall call, byte[] given) {
        ServiceBody body = call.request().correlation() == Correlation.CLIENT_TOKEN
                ? withToken(call, given)
                : new ServiceBody(given, idOf(call, given));
        if (body.payload().length > PublishRequest.MAX_PAYLOAD_BYTES) {
            throw ServiceLimits.refused(
                    call,
                    "it has " + body.payload().length + " bytes with its client token: " + PublishRequest.MAX_PAYLOAD);
        }
        return body;
    }

    /**
     * Checks the body of a request that needs no token, because its answer arrives on the same HTTPS connection.
     *
     * @return the parsed body; no object if it is blank
     * @throws IllegalArgumentException if the service would refuse the body; the message says why
     */
    public static JsonNode checked(ServiceCall call, byte[] given) {
        String text = text(call, given);
        if (text.isBlank()) {
            return MissingNode.getInstance();
        }
        JsonNode object = object(call, text);
        check(call, object);
        return object;
    }

    private static String idOf(ServiceCall call, byte[] given) {
        if (call.request().rejection() != Rejection.COMMANDS) {
            return call.request().correlation().inRequest(ServiceJson.readOrNull(given));
        }
        JsonNode report = object(call, text(call, given));
        ServiceLimits.check(call, report);
        return call.request().correlation().inRequest(report);
    }

    private static ServiceBody withToken(ServiceCall call, byte[] given) {
        String text = text(call, given);
        JsonNode object = object(call, text.isBlank() ? "{}" : text);
        String token = check(call, object);
        if (token != null) {
            return new ServiceBody(given, token);
        }
        String made = UUID.randomUUID().toString();
        return new ServiceBody(
                splice(text, "\"" + TOKEN + "\":\"" + made + "\"", object.isEmpty())
                        .getBytes(StandardCharsets.UTF_8),
                made);
    }

    /** Inserts the token in front of the other members, which keep their exact text. */
    private static String splice(String text, String member, boolean alone) {
        int begin = text.indexOf('{') + 1;
        return begin == 0
                ? "{" + member + "}"
                : text.substring(0, begin) + member + (alone ? "" : ",") + text.substring(begin);
    }

    /**
     * Checks a body.
     *
     * @return the token in the body; null if there is none
     */
    private static String check(ServiceCall call, JsonNode object) {
        ServiceLimits.check(call, object);
        JsonNode token = object.get(TOKEN);
        if (token == null) {
            return null;
        }
        int bytes = token.asText().getBytes(StandardCharsets.UTF_8).length;
        if (!token.isTextual() || bytes == 0 || bytes > MAX_TOKEN_BYTES) {
            throw ServiceLimits.refused(
                    call,
                    "clientToken is " + (token.isTextual() ? "a text of " + bytes + " bytes" : "no text")
                            + ": allowed is a text of 1 to " + MAX_TOKEN_BYTES + " bytes; without one it gets one");
        }
        return token.textValue();
    }

    private static JsonNode object(ServiceCall call, String text) {
        try {
            JsonNode json = ServiceJson.read(text);
            if (json.isObject()) {
                return json;
            }
            throw ServiceLimits.refused(call, "the body is no JSON object");
        } catch (JsonProcessingException e) {
            // Omits the parser's message, because it quotes the text.
            throw ServiceLimits.refused(
                    call,
                    "the body is no JSON object (line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ")");
        }
    }

    private static String text(ServiceCall call, byte[] given) {
        try {
            return ServiceJson.text(given);
        } catch (CharacterCodingException e) {
            throw ServiceLimits.refused(call, "the body is not in UTF-8");
        }
    }
}
