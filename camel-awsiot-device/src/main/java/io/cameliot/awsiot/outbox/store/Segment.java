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

import io.cameliot.common.file.OwnerOnly;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file of an outbox: a head, then frames. Each frame is on the disk before the next one is written. So a crash, a
 * power loss or a full disk can leave only the last frame of the last file incomplete, and none of its messages was
 * accepted. Only the last file, which is written to, stays open: see {@link SegmentReader}.
 *
 * <pre>
 * file:   "AWSIOBX" (7 bytes), version 1 (byte), frames
 * frame:  "FRAM" (int), length of the records (int), position of the frame in the file (long), CRC-32C of these fields
 *         and of the records (int), records (see {@link MessageCodec})
 * </pre>
 */
final class Segment implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(Segment.class);

    private static final long FILE_HEAD = 0x415753494F425801L;
    private static final int FRAME_MARK = 0x4652414D;
    private static final int FRAME_HEAD = Integer.BYTES + Integer.BYTES + Long.BYTES + Integer.BYTES;

    private final Path file;
    private final SegmentReader reader;
    private final Set<FileMessage> messages = new LinkedHashSet<>();
    private FileChannel channel; // null once nothing more is written to the file
    private boolean readable = true;
    private long liveBytes;
    private long end = Long.BYTES;

    private Segment(Path file, SegmentReader reader, FileChannel channel) {
        this.file = file;
        this.reader = reader;
        this.channel = channel;
    }

    /**
     * Creates an empty file. Replaces a file that an earlier, failed call has left.
     *
     * @param reader reads the file once nothing more is written to it
     */
    static Segment create(Path file, SegmentReader reader) throws IOException {
        FileChannel channel = FileChannel.open(
                file,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE),
                OwnerOnly.file(file));
        Segment segment = new Segment(file, reader, channel);
        try {
            segment.writeHead();
        } catch (IOException e) {
            segment.close();
            throw e;
        }
        return segment;
    }

    /**
     * Opens and reads an existing file.
     *
     * @param last whether no later file holds a frame, so that the last frame of this file may be incomplete, and more
     *     frames may be written to it
     * @param reader reads the file once nothing more is written to it
     * @throws OutboxException if the file is damaged
     */
    static Segment open(Path file, boolean last, SegmentReader reader, MessageCodec.Visitor visitor)
            throws IOException {
        FileChannel channel = last ? FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE) : null;
        Segment segment = new Segment(file, reader, channel);
        try {
            segment.recover(ByteBuffer.wrap(Files.readAllBytes(file)), last, visitor);
        } catch (IOException | RuntimeException e) {
            segment.close();
            throw e;
        }
        return segment;
    }

    private void recover(ByteBuffer content, boolean last, MessageCodec.Visitor visitor) throws IOException {
        if (content.limit() < Long.BYTES || content.getLong(0) != FILE_HEAD) {
            throw damaged("it does not begin as such a file does", null);
        }
        ByteBuffer frame;
        while ((frame = frameAt(content, end)) != null) {
            try {
                MessageCodec.visit(frame.duplicate(), visitor);
            } catch (RuntimeException e) {
                throw damaged("the frame at " + end + " cannot be read", e);
            }
            end = frame.limit();
        }
        if (end == content.limit()) {
            return;
        }
        for (long position = end + 1; position < content.limit(); position++) {
            if (frameAt(content, position) != null) {
                throw damaged("the frame at " + end + " is broken, and the one at " + position + " is not", null);
            }
        }
        if (!last) {
            throw damaged("the frame at " + end + " is broken", null);
        }
        LOG.warn(
                "{} ends in {} bytes of a write that was not finished: they are cut off, none of it was accepted",
                file,
                content.limit() - end);
        seal();
    }

    /** Returns whether the file is too short to hold a frame. */
    static boolean isEmpty(Path file) throws IOException {
        return Files.size(file) <= Long.BYTES;
    }

    /** Returns the records of the frame at the position; null if there is no valid frame. */
    private static ByteBuffer frameAt(ByteBuffer content, long position) {
        int at = (int) position;
        if (content.limit() - at < FRAME_HEAD || content.getInt(at) != FRAME_MARK) {
            return null;
        }
        int length = content.getInt(at + Integer.BYTES);
        if (length < 0 || length > content.limit() - at - FRAME_HEAD) {
            return null;
        }
        ByteBuffer frame =
                content.duplicate().position(at).limit(at + FRAME_HEAD + length).slice();
        if (frame.getLong(2 * Integer.BYTES) != position
                || frame.getInt(FRAME_HEAD - Integer.BYTES) != checksum(frame)) {
            return null;
        }
        return content.duplicate().position(at + FRAME_HEAD).limit(at + FRAME_HEAD + length);
    }

    private static int checksum(ByteBuffer frame) {
        CRC32C crc = new CRC32C();
        crc.update(frame.duplicate().position(0).limit(FRAME_HEAD - Integer.BYTES));
        crc.update(frame.duplicate().position(FRAME_HEAD));
        return (int) crc.getValue();
    }

    private OutboxException damaged(String how, Exception cause) {
        return new OutboxException(
                "The outbox file " + file + " is damaged: " + how + ". Restore it, or move it away; the messages in it"
                        + " are lost then.",
                cause);
    }

    private void writeHead() throws IOException {
        write(0, ByteBuffer.allocate(Long.BYTES).putLong(FILE_HEAD).flip());
        channel.force(true);
    }

    /** Returns a buffer for records, with room for the head of their frame before them. */
    static ByteBuffer frame(int maxSize) {
        return ByteBuffer.allocate(FRAME_HEAD + maxSize).position(FRAME_HEAD);
    }

    /**
     * Writes a frame and waits until it is on the disk. If that fails, the next frame overwrites it.
     *
     * @return position of the frame in the file
     */
    long append(ByteBuffer frame) throws IOException {
        long position = end;
        frame.flip();
        frame.putInt(0, FRAME_MARK).putInt(Integer.BYTES, frame.limit() - FRAME_HEAD);
        frame.putLong(2 * Integer.BYTES, position);
        frame.putInt(FRAME_HEAD - Integer.BYTES, checksum(frame));
        int length = frame.limit();
        try {
            write(position, frame);
            channel.force(false);
        } catch (IOException e) {
            cutOff(e);
            throw e;
        }
        end = position + length;
        return position;
    }

    /** Removes a partly written frame. If that fails too, the next frame overwrites it. */
    private void cutOff(IOException failure) {
        try {
            channel.truncate(end);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private void write(long position, ByteBuffer bytes) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    /**
     * Returns the record of a message.
     *
     * @throws OutboxException if the file no longer holds what was written to it
     */
    ByteBuffer read(FileMessage message) throws IOException {
        readable = false;
        ByteBuffer record = ByteBuffer.allocate(message.length());
        if (channel != null) {
            SegmentReader.fill(record, channel, message.position());
        } else {
            reader.read(record, file, message.position());
        }
        if (record.hasRemaining()) {
            throw damaged("it has become shorter", null);
        }
        if (!message.isRecord(record.flip())) {
            throw damaged("message " + message.number() + " is not as it was written", null);
        }
        readable = true;
        return record;
    }

    /** Returns whether the last {@link #read} was successful. */
    boolean isReadable() {
        return readable;
    }

    void add(FileMessage message) {
        if (messages.add(message)) {
            liveBytes += message.length();
        }
    }

    void remove(FileMessage message) {
        if (messages.remove(message)) {
            liveBytes -= message.length();
        }
    }

    /** Returns the messages of this file that are not removed. */
    Set<FileMessage> messages() {
        return messages;
    }

    long liveBytes() {
        return liveBytes;
    }

    long size() {
        return end;
    }

    /** Deletes all frames. */
    void clear() throws IOException {
        channel.truncate(Long.BYTES);
        end = Long.BYTES;
        channel.force(true);
    }

    /** Deletes the remains of a failed append after the last frame, because nothing more is written to this file. */
    void seal() throws IOException {
        if (channel.size() > end) {
            channel.truncate(end);
            channel.force(true);
        }
    }

    /** Closes the file for writing. All frames are on the disk, so a failure has no consequences. */
    void endWriting() {
        try {
            close();
        } catch (IOException e) {
            LOG.debug("{} was not closed in order", file, e);
        }
    }

    void delete() throws IOException {
        close();
        reader.close(file);
        Files.deleteIfExists(file);
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            FileChannel closing = channel;
            channel = null;
            closing.close();
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
