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

/** A message in a file. Memory holds only its location. */
final class FileMessage implements StoredMessage {

    private final long number;
    private final int length;
    private final Long acceptedNanos;
    private Segment segment;
    private long position;

    /**
     * @param acceptedNanos {@link AcceptedMessage#acceptedNanos}, which is not in the file; null if it is of no use
     */
    FileMessage(long number, Segment segment, long position, int length, Long acceptedNanos) {
        this.number = number;
        this.length = length;
        this.acceptedNanos = acceptedNanos;
        move(segment, position);
    }

    @Override
    public long number() {
        return number;
    }

    @Override
    public AcceptedMessage read() throws IOException {
        AcceptedMessage read = MessageCodec.getMessage(segment.read(position, length));
        return new AcceptedMessage(read.request(), read.acceptedAt(), acceptedNanos);
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
