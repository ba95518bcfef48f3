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
package io.cameliot.testinfra.awsiot.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cameliot.testinfra.net.HttpReply;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** The responses of AWS IoT Core's HTTPS data plane: JSON with a trace id, which is also the request id. */
final class AwsReply {
    private static final ObjectMapper JSON = new ObjectMapper();

    private AwsReply() {}

    static HttpReply ok() {
        return reply(200, Map.of(), "OK");
    }

    static HttpReply invalidRequest(String message) {
        return error(400, "InvalidRequestException", message);
    }

    static HttpReply forbidden(String message) {
        return error(403, "ForbiddenException", message);
    }

    static HttpReply notFound() {
        return error(404, "ResourceNotFoundException", "Not Found");
    }

    static HttpReply methodNotAllowed() {
        return error(405, "MethodNotAllowedException", "Method Not Allowed");
    }

    static HttpReply tooLarge(String message) {
        return error(413, "RequestEntityTooLargeException", message);
    }

    static HttpReply internalFailure() {
        return error(500, "InternalFailureException", "Internal Failure");
    }

    /** Answers with a document that the client asked for. */
    static HttpReply json(String body) {
        return reply(200, Map.of(), UUID.randomUUID().toString(), body);
    }

    /** Answers with an error of the Device Shadow service. */
    static HttpReply rejected(int status, String message) {
        String type =
                switch (status) {
                    case 400 -> "InvalidRequestException";
                    case 403 -> "ForbiddenException";
                    case 404 -> "ResourceNotFoundException";
                    case 409 -> "ConflictException";
                    case 413 -> "RequestEntityTooLargeException";
                    case 415 -> "UnsupportedDocumentEncodingException";
                    case 429 -> "ThrottlingException";
                    default -> "InternalFailureException";
                };
        return error(status, type, message);
    }

    private static HttpReply error(int status, String type, String message) {
        return reply(status, Map.of("x-amzn-ErrorType", type + ":"), message);
    }

    private static HttpReply reply(int status, Map<String, String> headers, String message) {
        String traceId = UUID.randomUUID().toString();
        try {
            return reply(
                    status,
                    headers,
                    traceId,
                    JSON.writeValueAsString(
                            JSON.createObjectNode().put("message", message).put("traceId", traceId)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of plain values is always JSON", e);
        }
    }

    private static HttpReply reply(int status, Map<String, String> headers, String requestId, String body) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("content-type", "application/json");
        all.put("x-amzn-RequestId", requestId);
        return new HttpReply(status, all, body);
    }
}
