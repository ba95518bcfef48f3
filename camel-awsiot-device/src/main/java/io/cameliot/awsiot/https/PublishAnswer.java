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
package io.cameliot.awsiot.https;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.cameliot.awsiot.https.client.HttpAnswer;
import io.cameliot.awsiot.publish.PublishReceipt;
import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.awsiot.service.ServiceJson;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.apache.camel.util.IOHelper;

/**
 * The answer to a Publish request.
 *
 * @param statusCode HTTP status code
 * @param acknowledges whether AWS acknowledges the message: only status 200 with a JSON object that has {@code message}
 *     and {@code traceId} does. Inspecting proxies and captive portals answer 200, too.
 * @param errorType header {@code x-amzn-ErrorType}, null if absent
 * @param message AWS's message, or the beginning of an intermediary's text
 * @param traceId trace id of the body, or request id of the headers; null if absent
 * @param json the body; a missing node if it is no JSON
 */
record PublishAnswer(
        int statusCode, boolean acknowledges, String errorType, String message, String traceId, JsonNode json) {

    static PublishAnswer of(HttpAnswer answer) {
        JsonNode json = json(answer.body());
        JsonNode message = json.path("message");
        JsonNode traceId = json.path("traceId");
        return new PublishAnswer(
                answer.statusCode(),
                answer.statusCode() == 200 && message.isTextual() && traceId.isTextual(),
                errorType(answer),
                message.isTextual() ? message.textValue() : text(answer),
                traceId.asText(answer.header("x-amzn-RequestId")),
                json);
    }

    private static JsonNode json(byte[] body) {
        JsonNode json = ServiceJson.readShortOrNull(body);
        // Without JSON the body is not AWS's: a proxy or load balancer answered. Its text is shown unchanged.
        return json == null ? MissingNode.getInstance() : json;
    }

    PublishReceipt receipt(PublishRequest request) throws HttpPublishException {
        if (acknowledges) {
            return new PublishReceipt(statusCode, traceId);
        }
        throw new HttpPublishException(request, statusCode, errorType, message, traceId);
    }

    /**
     * Returns the error type. The header has the form {@code ForbiddenException:}, optionally with a link after the
     * colon.
     */
    private static String errorType(HttpAnswer answer) {
        String value = answer.header("x-amzn-ErrorType");
        if (value == null) {
            return null;
        }
        int colon = value.indexOf(':');
        return colon < 0 ? value : value.substring(0, colon);
    }

    private static String text(HttpAnswer answer) {
        String location = answer.header("Location");
        String body = answer.body().length == 0
                ? "(no body)"
                : new String(answer.body(), charset(answer.header("Content-Type")));
        return location == null ? body : "(Location " + location + ") " + body;
    }

    private static Charset charset(String contentType) {
        try {
            String name = contentType == null ? null : IOHelper.getCharsetNameFromContentType(contentType);
            return name == null ? StandardCharsets.UTF_8 : Charset.forName(name);
        } catch (IllegalArgumentException e) {
            return StandardCharsets.UTF_8;
        }
    }
}
