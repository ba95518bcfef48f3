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
import java.io.IOException;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.EntityUtils;

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
    private static final int MAX_BODY_CHARACTERS = 16 * 1024;
    private static final int SHOWN_CHARACTERS = 200;

    static PublishAnswer read(ClassicHttpResponse response) throws IOException, HttpException {
        String body =
                response.getEntity() == null ? "" : EntityUtils.toString(response.getEntity(), MAX_BODY_CHARACTERS);
        String message = text(body);
        String traceId = header(response, "x-amzn-RequestId");
        try {
            JsonNode json = JSON.readTree(body);
            if (json != null && json.isObject()) {
                message = json.path("message").asText(message);
                traceId = json.path("traceId").asText(traceId);
            }
        } catch (IOException e) {
            // Not AWS's JSON: a proxy or load balancer in between has answered; its text is shown as it is.
            message = text(body);
        }
        return new PublishAnswer(response.getCode(), errorType(response), message, traceId);
    }

    PublishReceipt receipt(PublishRequest request) throws HttpPublishException {
        if (statusCode == 200) {
            return new PublishReceipt(statusCode, traceId);
        }
        throw new HttpPublishException(request, statusCode, errorType, message, traceId);
    }

    /** The header has the form {@code ForbiddenException:}, with or without a link behind the colon. */
    private static String errorType(ClassicHttpResponse response) {
        String value = header(response, "x-amzn-ErrorType");
        if (value == null) {
            return null;
        }
        int colon = value.indexOf(':');
        return colon < 0 ? value : value.substring(0, colon);
    }

    private static String header(ClassicHttpResponse response, String name) {
        Header header = response.getFirstHeader(name);
        return header == null ? null : header.getValue();
    }

    private static String text(String body) {
        return body.length() <= SHOWN_CHARACTERS ? body : body.substring(0, SHOWN_CHARACTERS) + "…";
    }
}
