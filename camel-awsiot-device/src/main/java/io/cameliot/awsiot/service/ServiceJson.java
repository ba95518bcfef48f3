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
package io.cameliot.awsiot.service;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cameliot.common.camel.MqttThreads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Reads and writes JSON as the services require it: one value, in UTF-8.
 *
 * <p>Documents can be large, so that no event loop may parse one, except by {@link #readShortOrNull}. Assertions hold
 * this in all tests.
 */
public final class ServiceJson {

    /** The most bytes of JSON that an event loop may parse: the answer to a publish has about 70. */
    public static final int SHORT_BYTES = 1024;

    private static final String ON_EVENT_LOOP = "JSON is parsed on an event loop";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private ServiceJson() {}

    /**
     * Returns a value as text.
     *
     * @param json the JSON, may be null
     * @return null if there is no value at this place, or if it is an object or array
     */
    static String text(JsonNode json, JsonPointer place) {
        JsonNode found = json == null || place == null ? null : json.at(place);
        return found == null || !found.isValueNode() || found.isNull() ? null : found.asText();
    }

    /**
     * Parses JSON.
     *
     * @return null if the bytes are not JSON
     */
    public static JsonNode readOrNull(byte[] json) {
        assert !MqttThreads.isEventLoop() : ON_EVENT_LOOP;
        return parsedOrNull(json);
    }

    /**
     * Parses JSON that an event loop may parse if it is short.
     *
     * @return null if the bytes are not JSON
     */
    public static JsonNode readShortOrNull(byte[] json) {
        assert json.length <= SHORT_BYTES || !MqttThreads.isEventLoop() : ON_EVENT_LOOP;
        return parsedOrNull(json);
    }

    private static JsonNode parsedOrNull(byte[] json) {
        try {
            return JSON.readTree(text(json));
        } catch (IOException e) {
            return null;
        }
    }

    static JsonNode read(String json) throws JsonProcessingException {
        assert !MqttThreads.isEventLoop() : ON_EVENT_LOOP;
        return JSON.readTree(json);
    }

    /**
     * Parses a JSON object into a Map, with each number as it is written.
     *
     * @return null if the text is no JSON object
     */
    public static Map<?, ?> objectOrNull(String json) {
        assert !MqttThreads.isEventLoop() : ON_EVENT_LOOP;
        try {
            return JSON.readValue(json, Object.class) instanceof Map<?, ?> object ? object : null;
        } catch (IOException e) {
            return null;
        }
    }

    /**
     * Writes a value as JSON without white space.
     *
     * @throws JsonProcessingException if the value cannot be written as JSON
     */
    public static String writeText(Object value) throws JsonProcessingException {
        return JSON.writeValueAsString(value);
    }

    /** Writes JSON without white space. */
    public static byte[] write(JsonNode json) {
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A JSON tree cannot be written", e);
        }
    }

    /** Decodes strictly, because AWS IoT Core refuses malformed UTF-8. */
    public static String text(byte[] utf8) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    }
}
