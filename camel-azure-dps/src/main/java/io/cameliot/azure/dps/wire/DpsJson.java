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
package io.cameliot.azure.dps.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.cameliot.common.text.ForeignText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.Optional;
import java.util.Set;

/** Reads and writes JSON. It parses strictly and keeps numbers as they were written. */
public final class DpsJson {

    private static final int EXCERPT_LENGTH = 200;
    /** Fields of an answer without secrets. A custom allocation's payload and the key of a TPM, for example, are secret. */
    private static final Set<String> SHOWN_FIELDS = Set.of(
            "operationId",
            "status",
            "registrationState",
            "registrationId",
            "assignedHub",
            "deviceId",
            "substatus",
            "errorCode",
            "errorMessage");

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            // Without an additional module Jackson refuses java.time.
            .addModule(new SimpleModule()
                    .addSerializer(TemporalAccessor.class, ToStringSerializer.instance)
                    .addSerializer(TemporalAmount.class, ToStringSerializer.instance)
                    .addSerializer(ZoneId.class, ToStringSerializer.instance))
            .build();

    private DpsJson() {}

    /**
     * Parses one JSON value. Text without a value results in a {@linkplain JsonNode#isMissingNode() missing node}.
     *
     * @throws IOException if the text is not JSON
     */
    public static JsonNode read(byte[] json) throws IOException {
        return MAPPER.readTree(json);
    }

    /** Parses one JSON value like {@link #read(byte[])}. */
    public static JsonNode read(String json) throws JsonProcessingException {
        return MAPPER.readTree(json);
    }

    /** Converts a map, list, bean or JSON value to a JSON value. */
    public static JsonNode fromJava(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** Converts a JSON value to maps, lists, text, numbers, booleans or {@code null}. */
    public static <T> T toJava(JsonNode value, Class<T> type) {
        return MAPPER.convertValue(value, type);
    }

    public static String write(JsonNode value) {
        return value.toString();
    }

    /**
     * Returns the body of a register request.
     *
     * @param payload the custom allocation payload; it is sent as a JSON value, not as a JSON string
     */
    public static byte[] registration(String registrationId, Optional<JsonNode> payload) {
        ObjectNode body = MAPPER.createObjectNode().put("registrationId", registrationId);
        payload.ifPresent(value -> body.set("payload", value));
        return write(body).getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the beginning of an answer for an error message, with an ellipsis for each value that may be secret. */
    static String excerpt(ObjectNode answer) {
        return excerpt(write(masked(answer)).getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectNode masked(ObjectNode answer) {
        ObjectNode masked = MAPPER.createObjectNode();
        answer.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (value instanceof ObjectNode state && "registrationState".equals(field.getKey())) {
                masked.set(field.getKey(), masked(state));
            } else if (value.isValueNode() && SHOWN_FIELDS.contains(field.getKey())) {
                masked.set(field.getKey(), value);
            } else {
                masked.put(field.getKey(), "…");
            }
        });
        return masked;
    }

    /** Returns the beginning of an unparseable body, for an error message. */
    public static String excerpt(byte[] body) {
        String text = new String(body, 0, Math.min(body.length, EXCERPT_LENGTH), StandardCharsets.UTF_8);
        String shown = ForeignText.shown(text);
        return body.length > EXCERPT_LENGTH ? shown.replaceFirst("…$", "") + "… (" + body.length + " bytes)" : shown;
    }
}
