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

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** A message in a file. Memory holds only its location and checksum. */
final class FileMessage implements StoredMessage {

    private final long number;
    private final int length;
    private final int checksum;
    private final Long acceptedNanos;
    private Segment segment;
    private long position;

    /**
     * @param segment the file; may be set later by {@link #move}
     * @param position position of the record in the file
     * @param acceptedNanos {@link AcceptedMessage#acceptedNanos}, which is not in the file; null if it is of no use
     */
    FileMessage(long number, Segment segment, long position, ByteBuffer record, Long acceptedNanos) {
        this.number = number;
        this.length = record.remaining();
        this.checksum = checksum(record);
        this.acceptedNanos = acceptedNanos;
        move(segment, position);
    }

    private static int checksum(ByteBuffer record) {
        CRC32C crc = new CRC32C();
        crc.update(record.duplicate());
        return (int) crc.getValue();
    }

    @Override
    public long number() {
        return number;
    }

    @Override
    public AcceptedMessage read() throws IOException {
        ByteBuffer record = segment.read(this);
        try {
            AcceptedMessage read = MessageCodec.getMessage(record);
            return new AcceptedMessage(read.request(), read.acceptedAt(), acceptedNanos);
        } catch (RuntimeException e) {
            throw new OutboxException(
                    "This version cannot read message " + number + " in the outbox file " + segment
                            + ". If a later version has written it, use that version",
                    e);
        }
    }

    /** Returns whether these bytes are the record of this message. */
    boolean isRecord(ByteBuffer bytes) {
        return bytes.remaining() == length && checksum(bytes) == checksum;
    }

    int length() {
        return length;
    }

    long position() {
        return position;
    }

    Segment segment() {
        return segment;
    }

    void move(Segment to, long newPosition) {
        segment = to;
        position = newPosition;
    }
}
