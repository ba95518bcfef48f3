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
package io.cameliot.testinfra.awsiot.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads and writes the format of the device services: a JSON object in UTF-8. */
public final class StrictJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES) // 3.0 stays 3.0
            .build();

    private StrictJson() {}

    /** A text is not a JSON object in UTF-8. */
    public static final class NotJsonException extends Exception {
        private static final long serialVersionUID = 1L;

        private final boolean utf8;

        NotJsonException(String message, boolean utf8) {
            super(message);
            this.utf8 = utf8;
        }

        /** Whether the text is UTF-8. */
        public boolean isUtf8() {
            return utf8;
        }
    }

    /**
     * Parses an object.
     *
     * @param bytes its text; an empty text is an object without fields, because most requests may be empty
     * @throws NotJsonException if it is not an object
     */
    public static ObjectNode read(byte[] bytes) throws NotJsonException {
        if (bytes.length == 0) {
            return object();
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (MAPPER.readTree(text) instanceof ObjectNode object) {
                return object;
            }
            throw new NotJsonException("It is no JSON object", true);
        } catch (CharacterCodingException e) {
            throw new NotJsonException("It is not UTF-8", false);
        } catch (JsonProcessingException e) {
            throw new NotJsonException(e.getOriginalMessage(), true);
        }
    }

    /**
     * Parses an object that a test has written.
     *
     * @throws IllegalArgumentException if it is not a JSON object
     */
    public static ObjectNode read(String text) {
        try {
            return read(text.getBytes(StandardCharsets.UTF_8));
        } catch (NotJsonException e) {
            throw new IllegalArgumentException("Not a JSON object: " + text, e);
        }
    }

    public static byte[] write(JsonNode json) {
        try {
            return MAPPER.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of plain values is always JSON", e);
        }
    }

    /** Returns the text of an answer. */
    public static String text(JsonNode json) {
        return new String(write(json), StandardCharsets.UTF_8);
    }

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }
}
