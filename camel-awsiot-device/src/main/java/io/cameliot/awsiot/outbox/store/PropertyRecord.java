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
package io.cameliot.awsiot.outbox.store;

import io.cameliot.common.mqtt.MessageProperties;
import io.cameliot.common.mqtt.UserProperty;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Encodes and decodes message properties in an outbox file. They follow each other and are big-endian. A text is its
 * length (int) and its UTF-8 bytes:
 *
 * <pre>
 * content type:      1 (byte), text
 * response topic:    2 (byte), text
 * correlation data:  3 (byte), length (int), bytes
 * message expiry:    4 (byte), seconds (long)
 * payload format:    5 (byte), whether it is UTF-8 (byte)
 * user property:     6 (byte), name (text), value (text); any number of them
 * </pre>
 */
final class PropertyRecord {

    private static final int CONTENT_TYPE = 1;
    private static final int RESPONSE_TOPIC = 2;
    private static final int CORRELATION_DATA = 3;
    private static final int MESSAGE_EXPIRY = 4;
    private static final int PAYLOAD_FORMAT = 5;
    private static final int USER_PROPERTY = 6;

    private PropertyRecord() {}

    static byte[] encode(MessageProperties properties) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            if (properties.contentType() != null) {
                out.writeByte(CONTENT_TYPE);
                put(out, utf8(properties.contentType()));
            }
            if (properties.responseTopic() != null) {
                out.writeByte(RESPONSE_TOPIC);
                put(out, utf8(properties.responseTopic()));
            }
            if (properties.correlationData() != null) {
                out.writeByte(CORRELATION_DATA);
                put(out, properties.correlationData());
            }
            if (properties.messageExpirySeconds() != null) {
                out.writeByte(MESSAGE_EXPIRY);
                out.writeLong(properties.messageExpirySeconds());
            }
            if (properties.utf8Payload() != null) {
                out.writeByte(PAYLOAD_FORMAT);
                out.writeBoolean(properties.utf8Payload());
            }
            if (properties.userProperties() != null) {
                for (UserProperty pair : properties.userProperties()) {
                    out.writeByte(USER_PROPERTY);
                    put(out, utf8(pair.name()));
                    put(out, utf8(pair.value()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void put(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /**
     * Reads message properties.
     *
     * @param record the properties; read to its end
     */
    static MessageProperties decode(ByteBuffer record) {
        String contentType = null;
        String responseTopic = null;
        byte[] correlationData = null;
        Long expiry = null;
        Boolean utf8 = null;
        List<UserProperty> pairs = new ArrayList<>();
        while (record.hasRemaining()) {
            byte kind = record.get();
            switch (kind) {
                case CONTENT_TYPE -> contentType = text(record);
                case RESPONSE_TOPIC -> responseTopic = text(record);
                case CORRELATION_DATA -> correlationData = bytes(record);
                case MESSAGE_EXPIRY -> expiry = record.getLong();
                case PAYLOAD_FORMAT -> utf8 = record.get() == 1;
                case USER_PROPERTY -> pairs.add(new UserProperty(text(record), text(record)));
                default -> throw new IllegalArgumentException("There is no kind of property " + kind);
            }
        }
        return new MessageProperties(
                contentType, responseTopic, correlationData, expiry, utf8, pairs.isEmpty() ? null : pairs);
    }

    private static String text(ByteBuffer record) {
        return new String(bytes(record), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(ByteBuffer record) {
        byte[] bytes = new byte[record.getInt()];
        record.get(bytes);
        return bytes;
    }
}
