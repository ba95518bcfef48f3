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

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cameliot.awsiot.outbox.store.AcceptedMessage;
import io.cameliot.awsiot.outbox.store.FileMessageStore;
import io.cameliot.awsiot.outbox.store.MemoryMessageStore;
import io.cameliot.awsiot.outbox.store.MessageStore;
import io.cameliot.awsiot.outbox.store.StoredMessage;
import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.awsiot.testing.UnconnectedDevice;
import io.cameliot.common.mqtt.MessageProperties;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Outboxes whose disk does not answer, or not yet, and those beside them. A named pipe stands for a file that hangs. */
class SlowDiskTest {

    private final UnconnectedDevice slow = new UnconnectedDevice("slow", Duration.ofMillis(300));
    private final UnconnectedDevice other = new UnconnectedDevice("other", Duration.ofMillis(300));
    private final OutboxManager manager = new OutboxManager(slow.threads(), settings -> new OutboxCounters());
    private final CountDownLatch answer = new CountDownLatch(1);

    @TempDir
    private Path folder;

    private OutboxSettings settings;
    private Path directory;
    private Path pipe;
    private byte[] firstFile;

    @BeforeEach
    void prepare() {
        settings = new OutboxSettings(OutboxMode.file, folder, 1, OutboxOverflow.block);
        directory = OutboxDirectory.of(folder, "slow");
    }

    @AfterEach
    void close() {
        answer.countDown();
        slow.close();
        other.close();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void holdsUpNoOtherOutboxWhileItReadsItsFiles() throws Exception {
        Outbox beside = manager.acquire(other.connection(), settings);
        makePipe();

        CompletableFuture<Outbox> first = later(() -> acquire(slow));
        awaitOpening();
        CompletableFuture<Outbox> second = later(() -> acquire(slow));

        assertThat(later(() -> manager.status(slow.connection().settings())).get(10, TimeUnit.SECONDS))
                .isEqualTo(OutboxStatus.NONE);
        later(() -> manager.release(beside)).get(10, TimeUnit.SECONDS).get(10, TimeUnit.SECONDS);
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();
        Files.write(pipe, firstFile);

        Outbox opened = first.get(10, TimeUnit.SECONDS);
        assertThat(second.get(10, TimeUnit.SECONDS)).isSameAs(opened);
        assertThat(opened.status().depth()).isEqualTo(2);
        assertThat(manager.release(opened)).isDone();
        assertThat(manager.status(slow.connection().settings()).depth()).isEqualTo(2);
        manager.release(opened).get(10, TimeUnit.SECONDS);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void opensAfterAnotherThreadHasFailedTo() throws Exception {
        makePipe();
        CompletableFuture<Outbox> first = later(() -> acquire(slow));
        awaitOpening();
        CompletableFuture<Outbox> second = later(() -> acquire(slow));

        Files.write(pipe, new byte[] {1});

        assertThatThrownBy(() -> first.get(10, TimeUnit.SECONDS)).hasMessageContaining("is damaged");
        // It reads the pipe again.
        Files.write(pipe, firstFile);
        assertThat(second.get(10, TimeUnit.SECONDS).status().depth()).isEqualTo(2);
        manager.closeAll().get(10, TimeUnit.SECONDS);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void failsWhenAnotherThreadDoesNotOpenItInTime() throws Exception {
        OutboxManager impatient =
                new OutboxManager(slow.threads(), settings -> new OutboxCounters(), Duration.ofSeconds(1));
        makePipe();
        CompletableFuture<Outbox> first = later(() -> acquire(impatient, slow));
        awaitOpening();

        assertThatThrownBy(() -> later(() -> acquire(impatient, slow)).get(10, TimeUnit.SECONDS))
                .hasMessageContaining("Another route has been opening the outbox of client id slow for 1 s")
                .hasMessageContaining("outboxDirectory");

        assertThat(first).isNotDone();
        Files.write(pipe, firstFile);
        impatient.release(first.get(10, TimeUnit.SECONDS)).get(10, TimeUnit.SECONDS);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void closesWhatOpensWhileTheComponentStops() throws Exception {
        makePipe();
        CompletableFuture<Outbox> opening = later(() -> acquire(slow));
        awaitOpening();

        CompletableFuture<Void> closed = manager.closeAll();
        assertThat(closed).isNotDone();
        Files.write(pipe, firstFile);

        closed.get(10, TimeUnit.SECONDS);
        assertThat(opening.get(10, TimeUnit.SECONDS).offer(message(1)))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withMessageContaining("is closed");
        Files.delete(pipe);
        FileMessageStore.open(directory).close();
    }

    /** The second one waits behind the write that hangs. */
    @Test
    void failsAfterPublishTimeoutWhatItCannotWrite() throws Exception {
        MessageStore hanging = new Hanging();
        Outbox outbox = new Outbox(slow.connection(), settings, hanging, slow.threads(), new OutboxCounters());
        CompletableFuture<Void> first = outbox.offer(message(1));
        CompletableFuture<Void> second = outbox.offer(message(1));

        for (CompletableFuture<Void> offer : List.of(first, second)) {
            assertThat(offer)
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableThat()
                    .withMessageContaining("could not write the message within publishTimeout (300 ms)")
                    .withMessageContaining("outboxDirectory " + folder + " does not answer");
        }
        answer.countDown();
        await().until(() -> outbox.status().depth() == 1);
        assertThat(outbox.status().accepted())
                .as("the second one is not written any more")
                .isEqualTo(1);
        outbox.close().get(10, TimeUnit.SECONDS);
    }

    @Test
    void takesNoMoreThan64MegabytesOfMessagesThatWaitForRoom() throws Exception {
        try (UnconnectedDevice patient = new UnconnectedDevice("patient", Duration.ofMinutes(10))) {
            OutboxSettings memory = new OutboxSettings(OutboxMode.memory, null, 1, OutboxOverflow.block);
            Outbox outbox = new Outbox(
                    patient.connection(), memory, new MemoryMessageStore(), patient.threads(), new OutboxCounters());
            outbox.offer(message(1)).get(10, TimeUnit.SECONDS);
            List<CompletableFuture<Void>> waiting = new ArrayList<>();
            PublishRequest megabyte = message(1 << 20);
            for (int i = 0; i < 63; i++) {
                waiting.add(outbox.offer(megabyte));
            }
            assertThat(outbox.offer(megabyte))
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withMessageContaining("The outbox of client id patient takes no more messages now")
                    .withMessageContaining("more than 64 MB of them wait");

            assertThat(waiting).noneMatch(CompletableFuture::isDone);
            assertThat(outbox.offer(message(1))).as("there is room for less").isNotDone();
            outbox.close().get(10, TimeUnit.SECONDS);
        }
    }

    /** Leaves two files with a message each, and puts a pipe in the place of the first one. */
    private void makePipe() throws Exception {
        try (FileMessageStore store = FileMessageStore.open(directory)) {
            store.append(List.of(new AcceptedMessage(message(4 << 20), 0)));
            store.append(List.of(new AcceptedMessage(message(1), 0)));
        }
        Files.delete(directory.resolve("lock"));
        pipe = directory.resolve("0000000000000001.log");
        firstFile = Files.readAllBytes(pipe);
        Files.delete(pipe);
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
    }

    private void awaitOpening() {
        await().until(() -> Files.exists(directory.resolve("lock")));
    }

    private Outbox acquire(UnconnectedDevice device) {
        return acquire(manager, device);
    }

    private Outbox acquire(OutboxManager outboxes, UnconnectedDevice device) {
        try {
            return outboxes.acquire(device.connection(), settings);
        } catch (IOException | InterruptedException e) {
            throw new CompletionException(e);
        }
    }

    private <T> CompletableFuture<T> later(Supplier<T> action) {
        return CompletableFuture.supplyAsync(action, slow.threads().io());
    }

    private static PublishRequest message(int bytes) {
        return new PublishRequest("t", new byte[bytes], 1, false, MessageProperties.NONE);
    }

    /** Writes nothing until it is to answer. */
    private final class Hanging implements MessageStore {

        private final MessageStore memory = new MemoryMessageStore();

        @Override
        public List<StoredMessage> append(List<AcceptedMessage> messages) throws IOException {
            try {
                answer.await();
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
            return memory.append(messages);
        }

        @Override
        public List<StoredMessage> recovered() {
            return List.of();
        }

        @Override
        public boolean isDurable() {
            return true;
        }

        @Override
        public void remove(StoredMessage message) {
            throw new IllegalStateException("Nothing is sent");
        }

        @Override
        public boolean isFlushDue() {
            return false;
        }

        @Override
        public void flush() {
            // There is nothing to write.
        }

        @Override
        public void close() {
            // There is nothing to close.
        }
    }
}
