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
package io.cameliot.awsiot.credentials;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cameliot.awsiot.https.client.HttpAnswer;
import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.text.ForeignText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/** Reads the answers of the credentials provider, and says what a refusal means. */
final class RoleAliasAnswer {

    private static final ObjectMapper JSON = new ObjectMapper();

    private RoleAliasAnswer() {}

    /**
     * Returns the credentials of an answer.
     *
     * @throws RoleAliasException if there are none; it quotes nothing of an answer that may contain credentials
     */
    static AwsSessionCredentials read(HttpAnswer answer, RoleAliasRequest role) {
        int status = answer.statusCode();
        JsonNode json = json(answer.body());
        if (status != 200) {
            throw new RoleAliasException(
                    "HTTP " + status + " instead of credentials for " + role + message(answer, json) + ": "
                            + advice(status, role),
                    status,
                    null);
        }
        JsonNode credentials = json.path("credentials");
        String accessKeyId = credentials.path("accessKeyId").asText("");
        String secretAccessKey = credentials.path("secretAccessKey").asText("");
        String sessionToken = credentials.path("sessionToken").asText("");
        if (accessKeyId.isBlank() || secretAccessKey.isBlank() || sessionToken.isBlank()) {
            throw notAws(status, role);
        }
        return AwsSessionCredentials.builder()
                .accessKeyId(accessKeyId)
                .secretAccessKey(secretAccessKey)
                .sessionToken(sessionToken)
                .expirationTime(expiration(credentials, role))
                .build();
    }

    private static Instant expiration(JsonNode credentials, RoleAliasRequest role) {
        try {
            return Instant.parse(credentials.path("expiration").asText(""));
        } catch (DateTimeParseException e) {
            throw notAws(200, role);
        }
    }

    private static RoleAliasException notAws(int status, RoleAliasRequest role) {
        return new RoleAliasException(
                "HTTP " + status + " without credentials for " + role + ": " + advice(status, role), status, null);
    }

    private static JsonNode json(byte[] body) {
        assert !MqttThreads.isEventLoop() : "JSON is parsed on an event loop";
        try {
            JsonNode json = JSON.readTree(body);
            return json == null ? JSON.missingNode() : json;
        } catch (IOException e) {
            // The body is not AWS's JSON: a proxy or a captive portal answered.
            return JSON.missingNode();
        }
    }

    /** A proxy may change the status of an answer with credentials, for example to 203 (RFC 9110, section 15.3.4). */
    private static String message(HttpAnswer answer, JsonNode json) {
        String body = new String(answer.body(), StandardCharsets.UTF_8);
        if (answer.statusCode() < 300 || body.contains("\"credentials\"")) {
            return "";
        }
        String message = json.path("message").asText("");
        String text = message.isBlank() ? body : message;
        return ", " + (text.isBlank() ? "without a message" : ForeignText.shown(text));
    }

    private static String advice(int status, RoleAliasRequest role) {
        return switch (status) {
            case 400 -> "check options roleAlias and thingName";
            case 401, 403 ->
                "check that an AWS IoT policy of the certificate allows iot:AssumeRoleWithCertificate on"
                        + " arn:aws:iot:<region>:<account>:rolealias/" + role.name()
                        + ", that the certificate is active, that the role trusts credentials.iot.amazonaws.com"
                        + (role.thingName() == null
                                ? ", and that option thingName is set if the policy has variables of the thing"
                                : ", and that the certificate is attached to the thing of option thingName ("
                                        + role.thingName() + ")");
            case 404 ->
                "there is no such role alias in the account and region of that endpoint (option roleAlias), or option"
                        + " credentialsEndpoint is another endpoint than " + RoleAliasRequest.FIND_ENDPOINT + " prints";
            case 429 -> "the account's rate of requests is exceeded, and it is tried again later";
            default ->
                status >= 500
                        ? "the service had an internal error, and it is tried again later"
                        : "this is not the credentials provider's answer. Check what is on the way to it (a proxy, a"
                                + " captive portal) and option proxy";
        };
    }
}
