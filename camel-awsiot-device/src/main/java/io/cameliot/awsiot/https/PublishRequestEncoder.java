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

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.common.mqtt.MessageProperties;
import io.cameliot.common.mqtt.UserProperty;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Encodes a message as path, query and headers of the Publish operation.
 *
 * @see <a href="https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_Publish.html">AWS IoT data plane API,
 *     Publish</a>
 */
final class PublishRequestEncoder {

    private static final ObjectMapper JSON = new ObjectMapper();

    private PublishRequestEncoder() {}

    /** Returns the path. The topic is one path segment, so its slashes are encoded too. */
    static String path(PublishRequest request) {
        return "/topics/" + encode(request.topic());
    }

    static Map<String, List<String>> query(PublishRequest request) {
        MessageProperties properties = request.properties();
        Map<String, List<String>> query = new LinkedHashMap<>();
        query.put("qos", List.of(Integer.toString(request.qos())));
        if (request.retained()) {
            query.put("retain", List.of("true"));
        }
        put(query, "contentType", properties.contentType());
        put(query, "responseTopic", properties.responseTopic());
        put(query, "messageExpiry", properties.messageExpirySeconds());
        return query;
    }

    static String encode(Map<String, List<String>> query) {
        StringJoiner encoded = new StringJoiner("&");
        query.forEach((name, values) -> values.forEach(value -> encoded.add(encode(name) + "=" + encode(value))));
        return encoded.toString();
    }

    static Map<String, List<String>> headers(PublishRequest request) {
        MessageProperties properties = request.properties();
        Map<String, List<String>> headers = new LinkedHashMap<>();
        if (properties.userProperties() != null && !properties.userProperties().isEmpty()) {
            put(headers, "x-amz-mqtt5-user-properties", userProperties(properties.userProperties()));
        }
        if (properties.utf8Payload() != null) {
            put(
                    headers,
                    "x-amz-mqtt5-payload-format-indicator",
                    properties.utf8Payload() ? "UTF8_DATA" : "UNSPECIFIED_BYTES");
        }
        if (properties.correlationData() != null) {
            put(
                    headers,
                    "x-amz-mqtt5-correlation-data",
                    Base64.getEncoder().encodeToString(properties.correlationData()));
        }
        return headers;
    }

    /** Returns base64 of a JSON array of objects with one property each. */
    private static String userProperties(List<UserProperty> userProperties) {
        List<Map<String, String>> pairs = new ArrayList<>();
        userProperties.forEach(pair -> pairs.add(Map.of(pair.name(), pair.value())));
        try {
            return Base64.getEncoder().encodeToString(JSON.writeValueAsBytes(pairs));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The user properties cannot be written as JSON", e);
        }
    }

    private static void put(Map<String, List<String>> map, String name, Object value) {
        if (value != null) {
            map.put(name, List.of(value.toString()));
        }
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }
}
