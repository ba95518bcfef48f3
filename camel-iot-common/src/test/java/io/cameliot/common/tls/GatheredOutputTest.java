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
package io.cameliot.common.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gathering above a layer that lets each write pass only when told to; TlsSocketGatheringTest has the real one below. */
@Timeout(30)
class GatheredOutputTest {

    private static final Duration AMPLE = Duration.ofSeconds(10);

    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final GatedOutput below = new GatedOutput();
    private final AtomicBoolean goodbye = new AtomicBoolean();
    private final GatheredOutput out = new GatheredOutput(below, thread, () -> goodbye.set(true));

    @AfterEach
    void end() throws InterruptedException {
        below.open();
        out.abort();
        thread.shutdown();
        assertThat(thread.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aLoneFlushWritesAtOnceOnTheThreadThatFlushes() throws IOException {
        below.open();

        awaitSilence();
        out.write(bytes("lone"));
        out.flush();

        assertThat(below.writes).containsExactly("lone");
        assertThat(below.writers).containsExactly(Thread.currentThread().getName());
    }

    @Test
    void gathersWhatComesWhileAWriteGoesOn() throws Exception {
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> send("first"));
        below.awaitWriter();

        for (int i = 0; i < 100; i++) {
            send("," + i);
        }
        assertThat(below.writes).isEmpty();
        below.open();

        first.get(10, TimeUnit.SECONDS);
        await().until(() -> below.writes.size() >= 2);
        assertThat(below.writes).hasSize(2).first().isEqualTo("first");
        assertThat(below.writes.get(1)).startsWith(",0,1,2").endsWith(",98,99");
        assertThat(below.flushes).isEqualTo(2);
    }

    @Test
    void keepsTheOrderOfEveryByte() throws Exception {
        below.open();
        Random random = new Random(1);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (int i = 0; i < 5_000; i++) {
            byte[] message = new byte[random.nextInt(600)];
            random.nextBytes(message);
            expected.writeBytes(message);
            out.write(message, 0, message.length / 2);
            out.write(message, message.length / 2, message.length - message.length / 2);
            out.flush();
            if (random.nextInt(100) == 0) {
                awaitSilence();
            }
        }

        out.finish(AMPLE);

        assertThat(below.all.toByteArray()).isEqualTo(expected.toByteArray());
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, GatheredOutput.LIMIT, 3 * GatheredOutput.LIMIT})
    void holdsWritersBackAtTheLimit(int chunk) throws Exception {
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> send("first"));
        below.awaitWriter();
        byte[] message = new byte[chunk];
        int total = 4 * GatheredOutput.LIMIT / chunk * chunk + chunk;

        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            for (int written = 0; written < total; written += chunk) {
                send(message);
            }
        });

        assertThat(writer).failsWithin(Duration.ofMillis(200)).withThrowableOfType(TimeoutException.class);
        below.open();
        first.get(10, TimeUnit.SECONDS);
        writer.get(10, TimeUnit.SECONDS);
        out.finish(AMPLE);
        assertThat(below.all.size()).isEqualTo(5 + total);
        assertThat(below.largest).isEqualTo(GatheredOutput.LIMIT);
    }

    @Test
    void anInterruptEndsTheWaitForRoom() throws Exception {
        CompletableFuture.runAsync(() -> send("first"));
        below.awaitWriter();
        out.write(new byte[GatheredOutput.LIMIT]);

        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> out.write(1)).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void throwsAFailureOfTheThreadAtEachLaterCall() throws Exception {
        SocketException broken = new SocketException("Broken pipe");
        CompletableFuture.runAsync(() -> send("first"));
        below.awaitWriter();
        send("second");
        below.failWith = broken;
        below.open();

        await().untilAsserted(() -> assertThatThrownBy(() -> out.write(1)).isSameAs(broken));
        assertThatThrownBy(out::flush).isSameAs(broken);
        assertThatThrownBy(() -> out.write(new byte[1])).isSameAs(broken);
        out.finish(AMPLE);
        assertThat(goodbye).isFalse();
    }

    @Test
    void throwsAFailureOfALoneFlushAtOnceAndEndsTheThread() {
        below.open();
        below.failWith = new SocketException("Broken pipe");
        awaitSilence();

        assertThatThrownBy(() -> {
                    out.write(1);
                    out.flush();
                })
                .isSameAs(below.failWith);
        out.finish(AMPLE);
        assertThat(goodbye).isFalse();
    }

    @Test
    void aFailureReleasesAWriterThatWaitsForRoom() throws Exception {
        CompletableFuture.runAsync(() -> send("first"));
        below.awaitWriter();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> send(new byte[GatheredOutput.LIMIT + 1]));
        below.failWith = new SocketException("Broken pipe");
        below.open();

        assertThat(writer).failsWithin(AMPLE).withThrowableThat().withRootCauseInstanceOf(SocketException.class);
    }

    @Test
    void anOrderlyEndWritesTheRestAndThenSaysGoodbye() throws Exception {
        CompletableFuture.runAsync(() -> send("first"));
        below.awaitWriter();
        send(" rest");
        CompletableFuture<Void> end = CompletableFuture.runAsync(() -> out.finish(AMPLE));
        await().untilAsserted(() -> assertThatThrownBy(() -> out.write(1))
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("closed"));
        assertThat(goodbye).isFalse();

        below.open();

        end.get(10, TimeUnit.SECONDS);
        assertThat(below.all).hasToString("first rest");
        assertThat(goodbye).isTrue();
    }

    @Test
    void writesItselfWhenNoOtherThreadIsLeft() throws IOException {
        below.open();
        thread.shutdown();

        for (int i = 0; i < 10; i++) {
            send("x");
        }
        assertThat(below.all).hasToString("xxxxxxxxxx");
        out.write(new byte[2 * GatheredOutput.LIMIT]);
        out.flush();
        assertThat(below.all.size()).isEqualTo(10 + 2 * GatheredOutput.LIMIT);
        out.finish(AMPLE);
        assertThat(goodbye).isFalse();
    }

    @Test
    void anOrderlyEndLosesPatienceWithADeadPeer() throws Exception {
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> send("first"));
        below.awaitWriter();
        send(" rest");

        out.finish(Duration.ofMillis(100));

        assertThatThrownBy(out::flush).isInstanceOf(SocketException.class);
        assertOnlyTheFirstIsWritten(first);
    }

    @Test
    void anAbortDropsWhatIsGathered() throws Exception {
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> send("first"));
        below.awaitWriter();
        send(" rest");

        out.abort();

        assertOnlyTheFirstIsWritten(first);
    }

    private void assertOnlyTheFirstIsWritten(CompletableFuture<Void> first) throws Exception {
        below.open();
        first.get(10, TimeUnit.SECONDS);
        thread.shutdown();
        assertThat(thread.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(below.all).hasToString("first");
        assertThat(goodbye).isFalse();
    }

    private void send(String message) {
        send(bytes(message));
    }

    private void send(byte[] message) {
        try {
            out.write(message);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets the time pass after which a flush counts as a lone one. */
    private static void awaitSilence() {
        long start = System.nanoTime();
        while (System.nanoTime() - start < 200_000) {
            LockSupport.parkNanos(100_000);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static final class GatedOutput extends OutputStream {

        final List<String> writes = Collections.synchronizedList(new ArrayList<>());
        final List<String> writers = Collections.synchronizedList(new ArrayList<>());
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        volatile int flushes;
        volatile int largest;
        volatile SocketException failWith;
        private final Semaphore arrived = new Semaphore(0);
        private final CountDownLatch gate = new CountDownLatch(1);

        void open() {
            gate.countDown();
        }

        void awaitWriter() throws InterruptedException {
            assertThat(arrived.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        }

        @Override
        public void write(int b) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            arrived.release();
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
            if (failWith != null) {
                throw failWith;
            }
            all.write(bytes, offset, length);
            writes.add(new String(bytes, offset, length, StandardCharsets.US_ASCII));
            writers.add(Thread.currentThread().getName());
            largest = Math.max(largest, length);
        }

        @Override
        public void flush() {
            flushes++;
        }
    }
}
