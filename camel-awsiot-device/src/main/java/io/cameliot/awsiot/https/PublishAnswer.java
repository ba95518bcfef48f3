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
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cameliot.awsiot.connection.PublishReceipt;
import io.cameliot.awsiot.connection.PublishRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpUtil;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * The answer to a Publish request.
 *
 * @param statusCode HTTP status code
 * @param errorType header {@code x-amzn-ErrorType}, null if absent
 * @param message what AWS says, or the beginning of what an intermediary says
 * @param traceId trace id of the body, or request id of the headers; null if absent
 */
record PublishAnswer(int statusCode, String errorType, String message, String traceId) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHOWN_CHARACTERS = 200;

    static PublishAnswer of(HttpAnswer answer) {
        JsonNode json = json(answer.body());
        return new PublishAnswer(
                answer.status(),
                errorType(answer),
                json.hasNonNull("message") ? json.get("message").asText() : text(answer),
                json.path("traceId").asText(answer.headers().get("x-amzn-RequestId")));
    }

    private static JsonNode json(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            // Not AWS's JSON: a proxy or load balancer in between has answered; its text is shown as it is.
            return JSON.missingNode();
        }
    }

    PublishReceipt receipt(PublishRequest request) throws HttpPublishException {
        if (statusCode == 200) {
            return new PublishReceipt(statusCode, traceId);
        }
        throw new HttpPublishException(request, statusCode, errorType, message, traceId);
    }

    /** The header has the form {@code ForbiddenException:}, with or without a link behind the colon. */
    private static String errorType(HttpAnswer answer) {
        String value = answer.headers().get("x-amzn-ErrorType");
        if (value == null) {
            return null;
        }
        int colon = value.indexOf(':');
        return colon < 0 ? value : value.substring(0, colon);
    }

    private static String text(HttpAnswer answer) {
        Charset charset =
                HttpUtil.getCharset(answer.headers().get(HttpHeaderNames.CONTENT_TYPE), StandardCharsets.UTF_8);
        String text = new String(answer.body(), charset);
        return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "…";
    }
}
