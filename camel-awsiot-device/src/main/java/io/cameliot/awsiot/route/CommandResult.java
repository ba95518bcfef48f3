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
import io.cameliot.awsiot.service.ServiceLimits;
import io.cameliot.common.camel.PayloadBytes;
import java.nio.charset.CharacterCodingException;
import java.util.LinkedHashMap;
import java.util.Map;
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

    private static final Map<String, Object> NOTHING = Map.of();

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

    /** Leaves out what is empty, because AWS IoT accepts no empty value. */
    private static Map<String, Map<String, Object>> ofEntries(Map<?, ?> entries) {
        Map<String, Map<String, Object>> result = new LinkedHashMap<>();
        entries.forEach((name, value) -> {
            Object unwrapped = PayloadBytes.unwrapped(value);
            Map<String, Object> typed = unwrapped == null ? NOTHING : typed(name, unwrapped);
            if (!isEmpty(typed)) {
                result.put(name(name), typed);
            }
        });
        return result;
    }

    private static boolean isEmpty(Map<String, Object> typed) {
        return typed.values().stream()
                .allMatch(value -> value.equals("") || value instanceof byte[] bytes && bytes.length == 0);
    }

    private static String name(Object name) {
        String text = String.valueOf(name);
        if (!ServiceLimits.isResultName(text)) {
            throw new IllegalArgumentException(
                    "The result of the command has an entry '" + text + "': a name has " + ServiceLimits.RESULT_NAME);
        }
        return text;
    }

    /** Returns a value with its type. A typed value keeps its type; a structured value is written as JSON. */
    private static Map<String, Object> typed(Object name, Object value) {
        if (value instanceof Boolean) {
            return Map.of(TRUTH, value);
        } else if (value instanceof byte[]) {
            return Map.of(BYTES, kept(value));
        } else if (value instanceof Map<?, ?> map && isTyped(map)) {
            return Map.of(
                    String.valueOf(map.keySet().iterator().next()),
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

    /** A value of another type than its name says is a structured value of the route. */
    private static boolean isTyped(Map<?, ?> map) {
        if (map.size() != 1) {
            return false;
        }
        Object value = map.values().iterator().next();
        return switch (String.valueOf(map.keySet().iterator().next())) {
            case TEXT -> value instanceof CharSequence;
            case TRUTH -> value instanceof Boolean;
            case BYTES ->
                value instanceof byte[]
                        || value instanceof CharSequence base64
                                && (base64.isEmpty() || ServiceLimits.isBytes(base64.toString()));
            default -> false;
        };
    }

    private static String textOrNull(byte[] bytes) {
        try {
            return ServiceJson.text(bytes);
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
