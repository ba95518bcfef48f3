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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores messages in a directory as a log of files. It appends to the last file, and deletes the first file when none
 * of its messages is needed any more. Appended messages are on the disk when {@link #append} returns. If the disk is
 * full, appends fail without other effects, and they work again once there is room.
 *
 * <p>However many files there are, at most two are open: the last one, and the one that was read last. The lock of the
 * directory is a third.
 *
 * <p>The files together are at most about twice as large as their messages, plus {@link #SPARE_BYTES}. To keep to that,
 * the remaining messages of the first file are moved to the end.
 */
public final class FileMessageStore implements MessageStore {

    private static final Logger LOG = LoggerFactory.getLogger(FileMessageStore.class);

    private static final long SEGMENT_BYTES = 4 << 20;

    /**
     * How many bytes of removed messages the files may hold, besides as many as of messages, before the remaining
     * messages are moved.
     */
    static final long SPARE_BYTES = 2 * SEGMENT_BYTES;

    private final StoreDirectory directory;
    private final long segmentBytes;
    private final SegmentReader reader = new SegmentReader();
    private final Deque<Segment> segments = new ArrayDeque<>();
    private final List<Long> removed = new ArrayList<>();
    private final NavigableMap<Long, FileMessage> recovered = new TreeMap<>();
    private long lastFile;
    private long lastNumber;
    private boolean undeletable;

    private FileMessageStore(StoreDirectory directory, long segmentBytes) {
        this.directory = directory;
        this.segmentBytes = segmentBytes;
    }

    /**
     * Opens the outbox in a directory of its own, and creates the directory if it does not exist.
     *
     * @throws OutboxException if the directory is unusable, another store has it open, or a file in it is damaged
     */
    public static FileMessageStore open(Path directory) throws OutboxException {
        return open(directory, SEGMENT_BYTES);
    }

    /**
     * @param segmentBytes size from which nothing more is written to a file
     */
    static FileMessageStore open(Path directory, long segmentBytes) throws OutboxException {
        FileMessageStore store = new FileMessageStore(StoreDirectory.open(directory), segmentBytes);
        try {
            store.recover();
            return store;
        } catch (IOException | RuntimeException e) {
            try {
                store.close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e instanceof OutboxException outbox ? outbox : StoreDirectory.unusable(directory, e.toString(), e);
        }
    }

    private void recover() throws IOException {
        List<Path> files = directory.files();
        int count = files.size();
        while (count > 0 && Segment.isEmpty(files.get(count - 1))) {
            // The file was created but not written to, perhaps because the disk was full.
            Files.delete(files.get(--count));
        }
        for (int i = 0; i < count; i++) {
            Collector collector = new Collector();
            Segment segment = Segment.open(files.get(i), i == count - 1, reader, collector);
            segments.addLast(segment);
            lastFile = StoreDirectory.numberOf(files.get(i));
            collector.assign(segment);
        }
        if (segments.isEmpty()) {
            addSegment();
        }
    }

    @Override
    public List<StoredMessage> recovered() {
        List<StoredMessage> messages = new ArrayList<>(recovered.values());
        recovered.clear();
        return messages;
    }

    @Override
    public boolean isDurable() {
        return true;
    }

    @Override
    public List<StoredMessage> append(List<AcceptedMessage> messages) throws IOException {
        dropEmptySegments();
        Segment segment = writableSegment();
        int maxSize = removed.size() * MessageCodec.REMOVAL_SIZE;
        for (AcceptedMessage message : messages) {
            maxSize += MessageCodec.maxSize(message.request());
        }
        ByteBuffer frame = Segment.frame(maxSize);
        removed.forEach(number -> MessageCodec.putRemoval(frame, number));
        int[] starts = new int[messages.size() + 1];
        for (int i = 0; i < messages.size(); i++) {
            starts[i] = frame.position();
            MessageCodec.putMessage(frame, lastNumber + 1 + i, messages.get(i));
        }
        starts[messages.size()] = frame.position();
        long position = segment.append(frame);

        List<StoredMessage> stored = new ArrayList<>(messages.size());
        for (int i = 0; i < messages.size(); i++) {
            FileMessage inFile = new FileMessage(
                    ++lastNumber,
                    segment,
                    position + starts[i],
                    frame.slice(starts[i], starts[i + 1] - starts[i]),
                    acceptedNanos(messages.get(i)));
            segment.add(inFile);
            stored.add(inFile);
        }
        removed.clear();
        moveStragglers();
        return stored;
    }

    /** Memory holds the time only of those messages that need it. */
    private static Long acceptedNanos(AcceptedMessage message) {
        return message.request().properties().messageExpirySeconds() == null ? null : message.acceptedNanos();
    }

    @Override
    public void remove(StoredMessage message) {
        FileMessage inFile = (FileMessage) message;
        inFile.segment().remove(inFile);
        removed.add(inFile.number());
    }

    @Override
    public boolean isFlushDue() {
        return !removed.isEmpty();
    }

    @Override
    public void flush() throws IOException {
        if (removed.isEmpty()) {
            return;
        }
        dropEmptySegments();
        if (segments.size() == 1 && segments.getFirst().messages().isEmpty()) {
            // Truncating needs no disk space, unlike writing removals.
            segments.getFirst().clear();
            removed.clear();
        } else {
            append(List.of());
        }
    }

    /**
     * Deletes the first files as long as none of their messages is needed. Their removal records concern only messages
     * of files that are deleted as well. So a file that cannot be deleted stays the first one until a later call deletes
     * it: without the records in the files after it, its messages would be sent again after a restart.
     */
    private void dropEmptySegments() {
        while (segments.size() > 1 && segments.getFirst().messages().isEmpty()) {
            try {
                segments.getFirst().delete();
            } catch (IOException e) {
                if (!undeletable) {
                    LOG.warn(
                            "The outbox file {} is no longer needed and cannot be deleted. It and later files take up"
                                    + " space until it can; nothing in it is sent again",
                            segments.getFirst(),
                            e);
                }
                undeletable = true;
                return;
            }
            segments.removeFirst();
            undeletable = false;
        }
    }

    private Segment writableSegment() throws IOException {
        Segment last = segments.getLast();
        if (last.size() < segmentBytes) {
            return last;
        }
        last.seal();
        Segment next = addSegment();
        // Not before there is another one: it stays the last one where the disk is full.
        last.endWriting();
        return next;
    }

    private Segment addSegment() throws IOException {
        Segment segment = Segment.create(directory.file(lastFile + 1), reader);
        lastFile++;
        segments.addLast(segment);
        directory.sync();
        return segment;
    }

    /** Moves the messages of the first file to the end if the files hold too many removed messages. */
    private void moveStragglers() {
        long total = 0;
        long live = 0;
        for (Segment segment : segments) {
            total += segment.size();
            live += segment.liveBytes();
        }
        Segment first = segments.getFirst();
        // A first file without messages is one that cannot be deleted. One that cannot be read is not read at each
        // append.
        if (segments.size() < 2
                || total <= 2 * live + SPARE_BYTES
                || first.messages().isEmpty()
                || !first.isReadable()) {
            return;
        }
        try {
            moveMessages(first);
            dropEmptySegments();
        } catch (IOException e) {
            // They stay where they are until a later append succeeds in moving them.
            LOG.debug("The messages of {} could not be moved", first, e);
        }
    }

    private void moveMessages(Segment from) throws IOException {
        List<FileMessage> messages = new ArrayList<>(from.messages());
        ByteBuffer frame = Segment.frame((int) from.liveBytes());
        int[] starts = new int[messages.size()];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = frame.position();
            frame.put(from.read(messages.get(i)));
        }
        Segment to = writableSegment();
        long position = to.append(frame);
        for (int i = 0; i < starts.length; i++) {
            FileMessage message = messages.get(i);
            from.remove(message);
            message.move(to, position + starts[i]);
            to.add(message);
        }
    }

    @Override
    public void close() throws IOException {
        try (directory;
                reader) {
            for (Segment segment : segments) {
                segment.close();
            }
        }
    }

    /** Collects the messages and removals of one file. */
    private final class Collector implements MessageCodec.Visitor {

        private final Set<FileMessage> here = new LinkedHashSet<>();

        @Override
        public void message(long number, int position, ByteBuffer record) {
            FileMessage message = new FileMessage(number, null, position, record, null);
            forget(recovered.put(number, message));
            here.add(message);
            lastNumber = Math.max(lastNumber, number);
        }

        @Override
        public void removal(long number) {
            forget(recovered.remove(number));
            lastNumber = Math.max(lastNumber, number);
        }

        private void forget(FileMessage message) {
            if (message != null && !here.remove(message)) {
                message.segment().remove(message);
            }
        }

        void assign(Segment segment) {
            for (FileMessage message : here) {
                message.move(segment, message.position());
                segment.add(message);
            }
        }
    }
}
