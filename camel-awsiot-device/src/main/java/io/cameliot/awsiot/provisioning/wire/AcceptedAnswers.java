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
package io.cameliot.awsiot.provisioning.wire;

import com.fasterxml.jackson.databind.JsonNode;
import io.cameliot.awsiot.service.ServiceJson;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the answers that accept a request.
 *
 * @see <a href="https://docs.aws.amazon.com/iot/latest/developerguide/fleet-provision-api.html">AWS IoT Developer Guide,
 *     Device provisioning MQTT API</a>
 */
public final class AcceptedAnswers {

    private AcceptedAnswers() {}

    public static CreatedCertificate certificate(byte[] body) throws MalformedAnswerException {
        JsonNode json = read(body);
        return new CreatedCertificate(
                text(json, "certificateId"),
                text(json, "certificatePem"),
                Optional.ofNullable(json.path("privateKey").textValue()),
                text(json, "certificateOwnershipToken"));
    }

    public static RegisteredThing thing(byte[] body) throws MalformedAnswerException {
        JsonNode json = read(body);
        Map<String, String> configuration = new LinkedHashMap<>();
        json.path("deviceConfiguration")
                .properties()
                .forEach(entry ->
                        configuration.put(entry.getKey(), entry.getValue().asText()));
        return new RegisteredThing(text(json, "thingName"), configuration);
    }

    private static JsonNode read(byte[] body) throws MalformedAnswerException {
        JsonNode json = ServiceJson.readOrNull(body);
        if (json == null || !json.isObject()) {
            throw new MalformedAnswerException("it is no JSON object");
        }
        return json;
    }

    private static String text(JsonNode json, String field) throws MalformedAnswerException {
        String value = json.path(field).textValue();
        if (value == null || value.isEmpty()) {
            throw new MalformedAnswerException("it has no text " + field);
        }
        return value;
    }
}
