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

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.common.mqtt.MessageProperties;
import io.cameliot.common.mqtt.UserProperty;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in the files of an outbox after whatever happened to them. */
class FileMessageStoreTest {

    @TempDir
    private Path folder;

    @Test
    void keepsMessagesInOrderAndAsTheyAre() throws IOException {
        List<AcceptedMessage> requests = List.of(
                accepted(new PublishRequest("fabrik/größe", new byte[] {0, -1, 127}, 1, true, MessageProperties.NONE)),
                request("b", ""),
                request("c", "x".repeat(128 * 1024)));
        try (FileMessageStore store = open()) {
            store.append(requests.subList(0, 1));
            store.append(requests.subList(1, 3));
        }

        try (FileMessageStore store = open()) {
            List<StoredMessage> recovered = store.recovered();
            assertThat(recovered).extracting(StoredMessage::number).containsExactly(1L, 2L, 3L);
            for (int i = 0; i < 3; i++) {
                PublishRequest read = recovered.get(i).read().request();
                PublishRequest written = requests.get(i).request();
                assertThat(read.topic()).isEqualTo(written.topic());
                assertThat(read.payload()).isEqualTo(written.payload());
                assertThat(read.retained()).isEqualTo(written.retained());
                assertThat(read.qos()).isEqualTo(1);
            }
        }
    }

    @Test
    void namesItsFilesInAsciiDigits() throws IOException {
        open().close();

        assertThat(onlyFile().getFileName()).hasToString("0000000000000001.log");
    }

    /** As earlier versions named them where the locale is Arabic, Persian or Burmese, or the JVM is told so. */
    @ParameterizedTest
    @ValueSource(chars = {'\u0660', '\u06f0', '\u1040'})
    void readsFilesThatAreNamedInOtherDigits(char zero) throws IOException {
        try (FileMessageStore store = open()) {
            store.append(requests(0, 3));
        }
        String name = String.valueOf(zero).repeat(15) + (char) (zero + 1) + ".log";
        Files.move(onlyFile(), onlyFile().resolveSibling(name));

        try (FileMessageStore store = open()) {
            assertThat(texts(store.recovered())).containsExactly("0", "1", "2");
        }
    }

    @Test
    void forgetsWhatWasRemovedAndGoesOnCounting() throws IOException {
        try (FileMessageStore store = open()) {
            List<StoredMessage> stored = store.append(requests(0, 5));
            store.remove(stored.get(0));
            store.remove(stored.get(2));
            assertThat(store.isFlushDue()).isTrue();
            store.flush();
            assertThat(store.isFlushDue()).isFalse();
        }

        try (FileMessageStore store = open()) {
            assertThat(texts(store.recovered())).containsExactly("1", "3", "4");
            assertThat(store.append(requests(5, 6)).get(0).number()).isEqualTo(6);
        }
    }

    @Test
    void losesNothingAcceptedWhereverTheLastWriteWasCutShort() throws IOException {
        long before;
        long between;
        try (FileMessageStore store = open()) {
            store.append(requests(0, 3));
            before = size(onlyFile());
            store.remove(store.append(requests(3, 4)).get(0));
            between = size(onlyFile());
            store.append(requests(4, 5));
        }
        byte[] whole = Files.readAllBytes(onlyFile());
        for (int length = 0; length <= whole.length; length++) {
            Files.write(onlyFile(), Arrays.copyOf(whole, length));

            try (FileMessageStore store = open()) {
                List<String> kept = texts(store.recovered());
                int complete = length < before ? 0 : length < between ? 3 : 4;
                List<String> expected = length == whole.length
                        ? List.of("0", "1", "2", "4")
                        : List.of("0", "1", "2", "3").subList(0, complete);
                assertThat(kept).as("cut at %d", length).isEqualTo(expected);
                store.append(List.of(request("t", "next")));
            }
            try (FileMessageStore store = open()) {
                assertThat(texts(store.recovered())).as("cut at %d", length).endsWith("next");
            }
        }
    }

    @Test
    void losesNothingAcceptedWhenALossOfPowerLeavesHolesInTheLastWrite() throws IOException {
        long before;
        try (FileMessageStore store = open()) {
            store.append(requests(0, 3));
            before = size(onlyFile());
            store.append(IntStream.range(0, 20)
                    .mapToObj(i -> request("t", "y".repeat(997)))
                    .toList());
        }
        byte[] whole = Files.readAllBytes(onlyFile());
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            byte[] torn = whole.clone();
            int from = (int) before + random.nextInt(whole.length - (int) before);
            Arrays.fill(torn, from, Math.min(torn.length, from + 512), (byte) 0);
            Files.write(onlyFile(), torn);

            try (FileMessageStore store = open()) {
                assertThat(texts(store.recovered())).containsExactly("0", "1", "2");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"3, does not begin as such a file does", "30, is broken", "60, is broken"})
    void refusesADamagedFileAndLeavesItAsItIs(int position, String reason) throws IOException {
        try (FileMessageStore store = open()) {
            for (int i = 0; i < 10; i++) {
                store.append(requests(i, i + 1));
            }
        }
        Path file = onlyFile();
        try (RandomAccessFile damaged = new RandomAccessFile(file.toFile(), "rw")) {
            damaged.seek(position);
            int old = damaged.read();
            damaged.seek(position);
            damaged.write(old ^ 1);
        }
        byte[] content = Files.readAllBytes(file);

        assertThatThrownBy(this::open)
                .isInstanceOf(OutboxException.class)
                .hasMessageContaining("The outbox file " + file + " is damaged")
                .hasMessageContaining(reason)
                .hasMessageContaining("Restore it, or move it away");
        assertThat(file).hasBinaryContent(content);
    }

    @Test
    void refusesAnUnfinishedWriteInTheMiddle() throws IOException {
        try (FileMessageStore store = open()) {
            store.append(IntStream.range(0, 100)
                    .mapToObj(i -> request("t", "z".repeat(50_000)))
                    .toList());
            store.append(requests(0, 1));
        }
        List<Path> files = files();
        assertThat(files).hasSize(2);
        Files.write(files.get(0), Arrays.copyOf(Files.readAllBytes(files.get(0)), 1000));

        assertThatThrownBy(this::open).hasMessageContaining("The outbox file " + files.get(0) + " is damaged");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 8})
    void opensWithAFileThatWasOnlyBegun(int length) throws IOException {
        try (FileMessageStore store = open()) {
            store.append(requests(0, 3));
        }
        Path file = onlyFile();
        byte[] whole = Files.readAllBytes(file);
        // The last write to the file before was not finished either.
        Files.write(file, Arrays.copyOf(whole, whole.length + 30));
        Files.write(folder.resolve("0000000000000002.log"), Arrays.copyOf(whole, length));

        try (FileMessageStore store = open()) {
            assertThat(texts(store.recovered())).containsExactly("0", "1", "2");
            store.append(requests(3, 4));
        }
        try (FileMessageStore store = open()) {
            assertThat(texts(store.recovered())).containsExactly("0", "1", "2", "3");
        }
    }

    @Test
    void refusesASecondUser() throws IOException {
        try (FileMessageStore store = open()) {
            assertThatThrownBy(this::open)
                    .isInstanceOf(OutboxException.class)
                    .hasMessageContaining(folder + " is in use by another process or Camel context");
        }
        open().close();
    }

    @Test
    void keepsMessagePropertiesAndTheTimeOfAcceptance() throws IOException {
        List<MessageProperties> written = List.of(
                new MessageProperties(
                        "text/plain; charset=UTF-8",
                        "antwort/größe",
                        new byte[] {0, -1},
                        90L,
                        true,
                        List.of(new UserProperty("a", "1"), new UserProperty("b", ""), new UserProperty("a", "ü"))),
                new MessageProperties(null, null, new byte[0], 4_294_967_295L, false, null),
                MessageProperties.NONE);
        try (FileMessageStore store = open()) {
            for (MessageProperties properties : written) {
                store.append(List.of(
                        new AcceptedMessage(new PublishRequest("t", new byte[] {1}, 1, false, properties), 1_234L)));
            }
        }

        try (FileMessageStore store = open()) {
            List<StoredMessage> recovered = store.recovered();
            assertThat(recovered).hasSize(3);
            for (int i = 0; i < 2; i++) {
                AcceptedMessage read = recovered.get(i).read();
                assertThat(read.acceptedAt()).isEqualTo(1_234L);
                assertThat(read.request().payload()).containsExactly(1);
                assertThat(read.request().properties())
                        .usingRecursiveComparison()
                        .isEqualTo(written.get(i));
            }
            assertThat(recovered.get(2).read().request().properties()).isSameAs(MessageProperties.NONE);
        }
    }

    @Test
    void remembersTheMonotonicTimeOfAcceptanceAsLongAsItIsOpen() throws IOException {
        MessageProperties expiring = new MessageProperties(null, null, null, 90L, null, null);
        AcceptedMessage message =
                new AcceptedMessage(new PublishRequest("t", new byte[] {1}, 1, false, expiring), 1_234L, 5L);
        try (FileMessageStore store = open()) {
            assertThat(store.append(List.of(message)).get(0).read().acceptedNanos())
                    .isEqualTo(5L);
        }

        try (FileMessageStore store = open()) {
            assertThat(store.recovered().get(0).read().acceptedNanos()).isNull();
        }
    }

    /** Written by the version that did not know of message properties: the records that it had. */
    @Test
    void writesMessagesWithoutPropertiesAsEarlierVersionsReadThem() throws IOException {
        ByteBuffer record = ByteBuffer.allocate(100);
        MessageCodec.putMessage(record, 7, request("a/b", "xy"));

        assertThat(Arrays.copyOf(record.array(), record.position()))
                .containsExactly(1, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 3, 'a', '/', 'b', 0, 0, 0, 2, 'x', 'y');
        assertThat(text(MessageCodec.getMessage(record.flip()))).isEqualTo("xy");
    }

    @Test
    void takesNoMoreRoomThanTwiceItsMessages() throws IOException {
        byte[] payload = new byte[1_000];
        AcceptedMessage request = accepted(new PublishRequest("t", payload, 1, false, MessageProperties.NONE));
        Deque<StoredMessage> kept = new ArrayDeque<>();
        List<StoredMessage> staying = new ArrayList<>();
        try (FileMessageStore store = open()) {
            staying.addAll(store.append(requests(0, 5)));
            for (int round = 0; round < 500; round++) {
                kept.addAll(store.append(
                        IntStream.range(0, 100).mapToObj(i -> request).toList()));
                while (kept.size() > 500) {
                    store.remove(kept.removeFirst());
                }
                assertThat(totalSize()).isLessThan(2 * 600 * 1_030 + 3 * FileMessageStore.SPARE_BYTES / 2);
            }
            assertThat(texts(staying)).containsExactly("0", "1", "2", "3", "4");
            kept.forEach(store::remove);
            staying.forEach(store::remove);
            store.flush();
            assertThat(totalSize()).isLessThan(100);
        }
        try (FileMessageStore store = open()) {
            assertThat(store.recovered()).isEmpty();
        }
    }

    /** As on Windows while a virus scanner reads it. */
    @Test
    void acceptsWhileAFileCannotBeDeletedAndDeletesItLater() throws IOException {
        try (FileMessageStore store = open()) {
            List<StoredMessage> first = store.append(megabytes(5));
            store.append(requests(0, 1));
            Path file = files().get(0);
            first.forEach(store::remove);
            Path hidden = makeUndeletable(file);

            store.append(requests(1, 2));
            store.flush();

            assertThat(file).isDirectory();
            makeDeletable(file, hidden);
            store.append(requests(2, 3));
            assertThat(files()).hasSize(1).doesNotContain(file);
        }
        try (FileMessageStore store = open()) {
            assertThat(texts(store.recovered())).containsExactly("0", "1", "2");
        }
    }

    @Test
    void sendsNothingAgainOfAFileThatCouldNotBeDeleted() throws IOException {
        Path file;
        Path hidden;
        try (FileMessageStore store = open()) {
            List<StoredMessage> first = store.append(megabytes(5));
            List<StoredMessage> second = new ArrayList<>(store.append(megabytes(1)));
            file = files().get(0);
            hidden = makeUndeletable(file);
            first.forEach(store::remove);
            store.flush();
            second.addAll(store.append(megabytes(5)));
            store.append(requests(0, 1));
            second.forEach(store::remove);
            store.flush();
            for (int i = 1; i < 5; i++) {
                store.append(requests(i, i + 1));
            }
            assertThat(files())
                    .as("those behind it hold the records of its removals")
                    .hasSize(3);
        }
        makeDeletable(file, hidden);

        try (FileMessageStore store = open()) {
            assertThat(texts(store.recovered())).containsExactly("0", "1", "2", "3", "4");
            store.append(requests(5, 6));
            assertThat(files()).hasSize(1).doesNotContain(file);
        }
    }

    private static List<AcceptedMessage> megabytes(int count) {
        return IntStream.range(0, 20 * count)
                .mapToObj(i -> request("t", "z".repeat(50_000)))
                .toList();
    }

    /**
     * Puts a directory that is not empty in the place of a file.
     *
     * @return where the file is now
     */
    private Path makeUndeletable(Path file) throws IOException {
        Path hidden = Files.move(file, file.resolveSibling("hidden"));
        Files.createDirectories(file.resolve("inside"));
        return hidden;
    }

    private static void makeDeletable(Path file, Path hidden) throws IOException {
        Files.delete(file.resolve("inside"));
        Files.delete(file);
        Files.move(hidden, file);
    }

    @ParameterizedTest
    @ValueSource(ints = {100_000, 4 << 20})
    void survivesARandomLifeWithCrashes(int segmentBytes) throws IOException {
        Random random = new Random(42);
        Path crashed = folder.resolveSibling(folder.getFileName() + "-crashed");
        Files.createDirectories(crashed);
        List<StoredMessage> live = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        int next = 0;
        FileMessageStore store = FileMessageStore.open(folder, segmentBytes);
        for (int step = 0; step < 300; step++) {
            for (int removals = random.nextInt(20); removals > 0 && !live.isEmpty(); removals--) {
                // Mostly the oldest ones, so that a few stay for long.
                int index = random.nextInt(Math.min(live.size(), 5));
                store.remove(live.remove(index));
                texts.remove(index);
            }
            List<AcceptedMessage> batch = new ArrayList<>();
            for (int i = random.nextInt(20); i > 0; i--) {
                batch.add(request("t", next++ + " ".repeat(random.nextInt(20_000))));
            }
            if (batch.isEmpty()) {
                store.flush();
            } else {
                live.addAll(store.append(batch));
                batch.forEach(request -> texts.add(text(request)));
            }
            if (random.nextInt(10) == 0) {
                copy(folder, crashed);
                try (FileMessageStore copy = FileMessageStore.open(crashed)) {
                    assertThat(texts(copy.recovered())).isEqualTo(texts);
                }
            }
            if (random.nextInt(30) == 0) {
                store.close();
                store = FileMessageStore.open(folder, segmentBytes);
                live = store.recovered();
                assertThat(texts(live)).isEqualTo(texts);
            }
        }
        store.close();
    }

    /** A long backlog must not use up the descriptors of the process: those of the connection that sends it too. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void holdsFewFilesOpenHoweverManyThereAre() throws IOException {
        int files = 50;
        List<String> all = IntStream.range(0, files).mapToObj(String::valueOf).toList();
        try (FileMessageStore store = FileMessageStore.open(folder, 20)) {
            List<StoredMessage> stored = new ArrayList<>();
            for (int i = 0; i < files; i++) {
                stored.addAll(store.append(requests(i, i + 1)));
            }
            assertThat(files()).hasSize(files);
            assertThat(openFiles()).isLessThanOrEqualTo(2);

            assertThat(texts(stored)).isEqualTo(all);
            assertThat(openFiles()).isLessThanOrEqualTo(3);
        }
        assertThat(openFiles()).isZero();
        try (FileMessageStore store = FileMessageStore.open(folder, 20)) {
            assertThat(openFiles()).isLessThanOrEqualTo(2);
            List<StoredMessage> stored = store.recovered();
            assertThat(texts(stored)).isEqualTo(all);
            assertThat(openFiles()).isLessThanOrEqualTo(3);

            stored.forEach(store::remove);
            store.flush();

            assertThat(files()).hasSize(1);
            assertThat(openFiles()).isLessThanOrEqualTo(2);
        }
        assertThat(openFiles()).isZero();
    }

    /** Returns how many files of the outbox this process has open, its lock included (proc(5)). */
    private long openFiles() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(this::isOfTheOutbox).count();
        }
    }

    private boolean isOfTheOutbox(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).startsWith(folder.toRealPath());
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    @Test
    void acceptsAgainAfterTheNextFileCouldNotBeMade() throws IOException {
        try (FileMessageStore store = FileMessageStore.open(folder, 20)) {
            store.append(requests(0, 1));
            Path inTheWay = Files.createDirectory(folder.resolve("0000000000000002.log"));
            assertThatThrownBy(() -> store.append(requests(1, 2))).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> store.append(requests(1, 2))).isInstanceOf(IOException.class);
            Files.delete(inTheWay);

            store.append(requests(2, 3));
        }
        try (FileMessageStore store = open()) {
            assertThat(texts(store.recovered())).containsExactly("0", "2");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 4 << 20})
    void readsNothingThatIsNotAsItWasWritten(int segmentBytes) throws IOException {
        try (FileMessageStore store = FileMessageStore.open(folder, segmentBytes)) {
            List<StoredMessage> stored = new ArrayList<>(store.append(requests(0, 1)));
            stored.addAll(store.append(requests(1, 2)));
            Path file = files().get(0);
            byte[] content = Files.readAllBytes(file);
            // The end of the record of the first message: its payload.
            for (int position = 28; position < 28 + 18; position++) {
                flip(file, position);

                assertThatThrownBy(stored.get(0)::read)
                        .isInstanceOf(OutboxException.class)
                        .hasMessageContaining("The outbox file " + file + " is damaged: message 1 is not as it was");
                assertThat(text(stored.get(1).read())).isEqualTo("1");
                flip(file, position);
            }
            assertThat(file).hasBinaryContent(content);
            assertThat(text(stored.get(0).read())).isEqualTo("0");
        }
    }

    private static void flip(Path file, int position) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(position);
            int old = bytes.read();
            bytes.seek(position);
            bytes.write(old ^ 1);
        }
    }

    /** Properties are first decoded when the message is read. */
    @Test
    void saysThatALaterVersionHasWrittenAMessageWithAPropertyThatItDoesNotKnow() throws IOException {
        MessageProperties properties = new MessageProperties(null, null, null, 60L, null, null);
        ByteBuffer frame = Segment.frame(100);
        int start = frame.position();
        MessageCodec.putMessage(frame, 1, accepted(new PublishRequest("t", new byte[0], 1, false, properties)));
        byte[] record = Arrays.copyOfRange(frame.array(), start, frame.position());
        frame.put(frame.position() - Long.BYTES - 1, (byte) 7);
        MessageCodec.putMessage(frame, 2, request("t", "two"));
        Path file = folder.resolve("0000000000000001.log");
        try (Segment segment = Segment.create(file, new SegmentReader())) {
            segment.append(frame);
        }
        assertThat(record[record.length - Long.BYTES - 1])
                .as("kind of property")
                .isEqualTo((byte) 4);

        try (FileMessageStore store = open()) {
            List<StoredMessage> recovered = store.recovered();
            assertThatThrownBy(recovered.get(0)::read)
                    .isInstanceOf(OutboxException.class)
                    .hasMessageContaining("This version cannot read message 1 in the outbox file " + file)
                    .hasStackTraceContaining("There is no kind of property 7");
            assertThat(text(recovered.get(1).read())).isEqualTo("two");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "file/below"})
    void refusesAFileInPlaceOfItsDirectory(String name) throws IOException {
        Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> FileMessageStore.open(folder.resolve(name)))
                .isInstanceOf(OutboxException.class)
                .hasMessageContaining("Option outboxDirectory")
                .hasMessageContaining(folder.resolve(name).toString());
    }

    @Test
    void makesItsDirectoryForItsOwnerOnly() throws IOException {
        Path missing = folder.resolve("not/there/yet");

        FileMessageStore.open(missing).close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(missing)))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(missing)) {
            assertThat(files).isNotEmpty().allSatisfy(file -> assertThat(
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------"));
        }
    }

    private FileMessageStore open() throws OutboxException {
        return FileMessageStore.open(folder);
    }

    private Path onlyFile() throws IOException {
        assertThat(files()).hasSize(1);
        return files().get(0);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
    }

    private long totalSize() throws IOException {
        return files().stream().mapToLong(FileMessageStoreTest::size).sum();
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> old = Files.list(to)) {
            for (Path file : old.toList()) {
                Files.delete(file);
            }
        }
        try (Stream<Path> files = Files.list(from)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".log")).toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static AcceptedMessage request(String topic, String text) {
        return accepted(
                new PublishRequest(topic, text.getBytes(StandardCharsets.UTF_8), 1, false, MessageProperties.NONE));
    }

    private static AcceptedMessage accepted(PublishRequest request) {
        return new AcceptedMessage(request, 1_000);
    }

    private static List<AcceptedMessage> requests(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> request("t", String.valueOf(i)))
                .toList();
    }

    private static String text(AcceptedMessage message) {
        return new String(message.request().payload(), StandardCharsets.UTF_8);
    }

    private static List<String> texts(List<StoredMessage> messages) throws IOException {
        List<String> texts = new ArrayList<>();
        for (StoredMessage message : messages) {
            texts.add(text(message.read()));
        }
        return texts;
    }
}
