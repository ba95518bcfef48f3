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

import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.common.mqtt.MessageProperties;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Encodes and decodes the records of an outbox file. They follow each other and are big-endian:
 *
 * <pre>
 * message:  1 (byte), number (long), retained (byte), topic length (short), topic (UTF-8), payload length (int), payload
 * removal:  2 (byte), number (long)
 * message with properties:  3 (byte), then as a message, then accepted at (long), length (int) and {@link PropertyRecord}s
 * </pre>
 *
 * <p>Versions of this component before messages with properties report a file with such a message as damaged.
 */
final class MessageCodec {

    static final int REMOVAL_SIZE = Byte.BYTES + Long.BYTES;

    private static final byte MESSAGE = 1;
    private static final byte REMOVAL = 2;
    private static final byte MESSAGE_WITH_PROPERTIES = 3;
    private static final int QOS = 1;

    private MessageCodec() {}

    /** Receives the records of a file, in order. */
    interface Visitor {

        /**
         * Called for a message.
         *
         * @param position position of the record in the buffer
         */
        void message(long number, int position, ByteBuffer record);

        void removal(long number);
    }

    /** Returns an upper bound of the record's size in bytes. A UTF-16 char of the topic takes at most three bytes. */
    static int maxSize(PublishRequest request) {
        return 2 * Byte.BYTES
                + 2 * Long.BYTES
                + Short.BYTES
                + 3 * request.topic().length()
                + 2 * Integer.BYTES
                + request.payload().length
                + (hasProperties(request) ? PropertyRecord.encode(request.properties()).length : 0);
    }

    private static boolean hasProperties(PublishRequest request) {
        return request.properties() != MessageProperties.NONE;
    }

    static void putMessage(ByteBuffer records, long number, AcceptedMessage message) {
        PublishRequest request = message.request();
        byte[] topic = request.topic().getBytes(StandardCharsets.UTF_8);
        records.put(hasProperties(request) ? MESSAGE_WITH_PROPERTIES : MESSAGE).putLong(number);
        records.put((byte) (request.retained() ? 1 : 0));
        records.putShort((short) topic.length).put(topic);
        records.putInt(request.payload().length).put(request.payload());
        if (hasProperties(request)) {
            byte[] properties = PropertyRecord.encode(request.properties());
            records.putLong(message.acceptedAt()).putInt(properties.length).put(properties);
        }
    }

    static void putRemoval(ByteBuffer records, long number) {
        records.put(REMOVAL).putLong(number);
    }

    static AcceptedMessage getMessage(ByteBuffer record) {
        byte kind = record.get();
        record.position(record.position() + Long.BYTES);
        boolean retained = record.get() == 1;
        byte[] topic = new byte[Short.toUnsignedInt(record.getShort())];
        record.get(topic);
        byte[] payload = new byte[record.getInt()];
        record.get(payload);
        long acceptedAt = 0;
        MessageProperties properties = MessageProperties.NONE;
        if (kind == MESSAGE_WITH_PROPERTIES) {
            acceptedAt = record.getLong();
            ByteBuffer encoded = record.slice(record.position() + Integer.BYTES, record.getInt());
            properties = PropertyRecord.decode(encoded);
        }
        return new AcceptedMessage(
                new PublishRequest(new String(topic, StandardCharsets.UTF_8), payload, QOS, retained, properties),
                acceptedAt);
    }

    /**
     * Passes all records to a visitor.
     *
     * @throws RuntimeException if the buffer contains anything but complete records
     */
    static void visit(ByteBuffer records, Visitor visitor) {
        while (records.hasRemaining()) {
            int position = records.position();
            byte kind = records.get();
            long number = records.getLong();
            if (kind == REMOVAL) {
                visitor.removal(number);
                continue;
            }
            if (kind != MESSAGE && kind != MESSAGE_WITH_PROPERTIES) {
                throw new IllegalArgumentException("There is no kind of record " + kind);
            }
            records.get();
            skip(records, Short.toUnsignedInt(records.getShort()));
            skip(records, records.getInt());
            if (kind == MESSAGE_WITH_PROPERTIES) {
                skip(records, Long.BYTES);
                skip(records, records.getInt());
            }
            visitor.message(number, position, records.slice(position, records.position() - position));
        }
    }

    private static void skip(ByteBuffer records, int length) {
        records.position(Math.addExact(records.position(), length));
    }
}
