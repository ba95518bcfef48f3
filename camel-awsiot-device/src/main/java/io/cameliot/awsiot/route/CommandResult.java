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
package io.cameliot.awsiot.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.cameliot.awsiot.service.ServiceJson;
import io.cameliot.common.camel.PayloadBytes;
import java.nio.charset.CharacterCodingException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;

/**
 * The result of a command in the form that AWS IoT requires: values by name, each a string ({@code s}), a Boolean
 * ({@code b}) or bytes ({@code bin}).
 *
 * @see <a href="https://docs.aws.amazon.com/iot/latest/apireference/API_CommandExecutionResult.html">CommandExecutionResult</a>
 */
final class CommandResult {

    /** The name of the only value if the body is a single value. */
    static final String BODY = "body";

    private static final String TEXT = "s";
    private static final String TRUTH = "b";
    private static final String BYTES = "bin";

    private CommandResult() {}

    /**
     * Creates the result from the body: the entries of a Map or JSON object, or any other value under the name
     * {@code body}.
     *
     * @return an empty result if there is no body
     * @throws IllegalArgumentException if the body cannot be a result
     */
    static Map<String, Map<String, Object>> of(Exchange exchange) {
        Object body = PayloadBytes.unwrapped(exchange.getMessage().getBody());
        if (body instanceof Map<?, ?> map) {
            return ofEntries(map);
        }
        if (body instanceof Boolean) {
            return Map.of(BODY, Map.of(TRUTH, body));
        }
        byte[] bytes = PayloadBytes.of(exchange, body, "result of the command");
        if (bytes.length == 0) {
            return Map.of();
        }
        String text = textOrNull(bytes);
        Map<?, ?> entries = text == null ? null : ServiceJson.objectOrNull(text);
        if (entries != null) {
            return ofEntries(entries);
        }
        return Map.of(BODY, text == null ? Map.of(BYTES, bytes) : Map.of(TEXT, text));
    }

    private static Map<String, Map<String, Object>> ofEntries(Map<?, ?> entries) {
        Map<String, Map<String, Object>> result = new LinkedHashMap<>();
        entries.forEach((name, value) -> {
            Object unwrapped = PayloadBytes.unwrapped(value);
            if (unwrapped != null) {
                result.put(String.valueOf(name), typed(name, unwrapped));
            }
        });
        return result;
    }

    /** Returns a value with its type. A typed value keeps its type; a structured value is written as JSON. */
    private static Map<String, Object> typed(Object name, Object value) {
        if (value instanceof Boolean) {
            return Map.of(TRUTH, value);
        } else if (value instanceof byte[]) {
            return Map.of(BYTES, kept(value));
        } else if (value instanceof Map<?, ?> map && isTyped(map)) {
            return Map.of(
                    (String) map.keySet().iterator().next(),
                    kept(map.values().iterator().next()));
        } else if (value instanceof CharSequence || PayloadBytes.isScalar(value)) {
            return Map.of(TEXT, value.toString());
        }
        try {
            return Map.of(TEXT, ServiceJson.writeText(value));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "The value of '" + name + "' in the result of the command, of type "
                            + value.getClass().getName() + ", cannot be written as JSON",
                    e);
        }
    }

    /** Copies what the route may change while the report waits for a connection. */
    private static Object kept(Object value) {
        if (value instanceof byte[] bytes) {
            return bytes.clone();
        }
        return value instanceof CharSequence text ? text.toString() : value;
    }

    private static boolean isTyped(Map<?, ?> value) {
        return value.size() == 1
                && Set.of(TEXT, TRUTH, BYTES).contains(value.keySet().iterator().next())
                && value.values().iterator().next() != null;
    }

    private static String textOrNull(byte[] bytes) {
        try {
            return ServiceJson.text(bytes);
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
