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
package io.cameliot.awsiot.outbox;

import io.cameliot.awsiot.connection.PublishRequest;
import io.cameliot.common.mqtt.MessageProperties;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The records of an outbox file, one behind the other and big-endian:
 *
 * <pre>
 * message:  1 (byte), number (long), retained (byte), topic length (short), topic (UTF-8), payload length (int), payload
 * removal:  2 (byte), number (long)
 * </pre>
 */
final class MessageCodec {

    static final int REMOVAL_SIZE = Byte.BYTES + Long.BYTES;

    private static final byte MESSAGE = 1;
    private static final byte REMOVAL = 2;
    private static final int QOS = 1;

    private MessageCodec() {}

    /** Hears what a file holds, in order. */
    interface Visitor {

        /**
         * @param position where the record begins in the buffer
         * @param length of the record in bytes
         */
        void message(long number, int position, int length);

        void removal(long number);
    }

    /** At least what the record of the message takes; no character of a topic needs more than three bytes. */
    static int maxSize(PublishRequest request) {
        return 2 * Byte.BYTES
                + Long.BYTES
                + Short.BYTES
                + 3 * request.topic().length()
                + Integer.BYTES
                + request.payload().length;
    }

    static void putMessage(ByteBuffer records, long number, PublishRequest request) {
        byte[] topic = request.topic().getBytes(StandardCharsets.UTF_8);
        records.put(MESSAGE).putLong(number).put((byte) (request.retained() ? 1 : 0));
        records.putShort((short) topic.length).put(topic);
        records.putInt(request.payload().length).put(request.payload());
    }

    static void putRemoval(ByteBuffer records, long number) {
        records.put(REMOVAL).putLong(number);
    }

    static PublishRequest getMessage(ByteBuffer record) {
        record.position(record.position() + Byte.BYTES + Long.BYTES);
        boolean retained = record.get() == 1;
        byte[] topic = new byte[Short.toUnsignedInt(record.getShort())];
        record.get(topic);
        byte[] payload = new byte[record.getInt()];
        record.get(payload);
        return new PublishRequest(
                new String(topic, StandardCharsets.UTF_8), payload, QOS, retained, MessageProperties.NONE);
    }

    /**
     * @throws RuntimeException if there is something else in it than whole records
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
            if (kind != MESSAGE) {
                throw new IllegalArgumentException("There is no kind of record " + kind);
            }
            records.get();
            skip(records, Short.toUnsignedInt(records.getShort()));
            skip(records, records.getInt());
            visitor.message(number, position, records.position() - position);
        }
    }

    private static void skip(ByteBuffer records, int length) {
        records.position(Math.addExact(records.position(), length));
    }
}
