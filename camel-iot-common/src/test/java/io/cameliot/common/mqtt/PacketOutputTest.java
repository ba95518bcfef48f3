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
package io.cameliot.common.mqtt;

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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Output above a layer that lets each write pass only when told to; MqttSessionTest has a real socket below. */
@Timeout(30)
class PacketOutputTest {

    private static final int SEND_BUFFER = 64 * 1024;
    private static final byte[] NOTHING = {};

    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final GatedOutput below = new GatedOutput();
    private final List<IOException> failures = Collections.synchronizedList(new ArrayList<>());
    private final List<IOException> delayed = Collections.synchronizedList(new ArrayList<>());
    private final PacketOutput out = new PacketOutput(below, SEND_BUFFER, thread, timer, failures::add);

    @AfterEach
    void end() throws InterruptedException {
        below.open();
        out.fail(new SocketException("The test is over"));
        timer.shutdown();
        assertThat(timer.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        thread.shutdown();
        assertThat(thread.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void writesALonePacketAtOnceOnTheThreadThatSendsIt() throws IOException {
        below.open();

        awaitSilence();
        out.send(bytes("lo"), bytes("ne"), null);

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
    void neverHoldsUpASenderHoweverMuchWaits() throws Exception {
        byte[] packet = new byte[SEND_BUFFER];
        for (int i = 0; i < 30; i++) {
            awaitSilence();
            out.send(packet, NOTHING, delayed::add);
        }

        assertThat(delayed).isEmpty();
        below.open();
        await().until(() -> delayed.size() == 30);
        assertThat(delayed).containsOnlyNulls();
        assertThat(below.all.size()).isEqualTo(30 * SEND_BUFFER);
    }

    @Test
    void takesNoMoreThanItsLimitFromWhoWouldRatherWait() throws Exception {
        byte[] packet = new byte[PacketOutput.LIMIT / 4];
        int taken = 0;
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> send("first"));
        below.awaitWriter();
        while (out.trySend(packet, NOTHING)) {
            taken++;
        }
        assertThat(taken).isEqualTo(5);
        assertThat(out.trySend(NOTHING, bytes("more"))).isFalse();

        below.open();

        writer.get(10, TimeUnit.SECONDS);
        await().until(() -> out.trySend(bytes("la"), bytes("st")));
        int expected = 5 + taken * packet.length + 4;
        await().until(() -> below.all.size() == expected);
        assertThat(below.all.toString(StandardCharsets.US_ASCII))
                .startsWith("first")
                .endsWith("last");
    }

    @Test
    void writesAPacketItselfOnlyWhileTheServerIsKnownToRead() throws Exception {
        below.open();
        byte[] packet = new byte[10_000];
        long mark = 0;
        for (int i = 0; i < 20; i++) {
            awaitSilence();
            mark = out.mark();
            out.send(packet);
            int written = i + 1;
            await().until(() -> below.writers.size() == written);
        }
        // Two bytes and more of the send buffer for each byte: two packets fit it, and no more.
        assertThat(below.writers)
                .startsWith(thisThread(), thisThread())
                .filteredOn(thisThread()::equals)
                .hasSize(2);

        out.hold();
        out.release(mark);
        awaitSilence();
        out.send(packet);

        assertThat(below.writers).last().isEqualTo(thisThread());
    }

    @Test
    void holdsBackWhatAThreadSendsUntilItIsReleased() throws Exception {
        below.open();
        awaitSilence();
        out.hold();
        send("a");
        awaitSilence();
        send("b");
        assertThat(below.writes).isEmpty();

        out.release(0);

        assertThat(below.writes).containsExactly("ab");
    }

    @Test
    void aPacketOfAnotherThreadTakesAlongWhatIsHeldBack() throws Exception {
        below.open();
        out.hold();
        send("a");
        awaitSilence();

        CompletableFuture.runAsync(() -> send("b")).get(10, TimeUnit.SECONDS);

        assertThat(below.writes).containsExactly("ab");
        out.release(0);
        assertThat(below.writes).hasSize(1);
    }

    @Test
    void sendsWithTheNextPacketWhatMayWaitForIt() throws Exception {
        CountDownLatch checked = new CountDownLatch(1);
        timer.execute(() -> awaitOpen(checked));
        below.open();
        awaitSilence();
        out.sendSoon(bytes("a"));
        out.sendSoon(bytes("b"));
        assertThat(below.writes).isEmpty();

        send("c");

        assertThat(below.writes).containsExactly("abc");
        checked.countDown();
    }

    @Test
    void sendsWhatMayWaitWhenNothingMoreComes() throws Exception {
        below.open();
        for (int i = 1; i <= 3; i++) {
            out.sendSoon(bytes("a"));
            int sent = i;
            await().until(() -> below.all.size() == sent);
        }
    }

    @Test
    void sendsWhatMayWaitAtOnceWhenTheTimerHasEnded() throws Exception {
        below.open();
        timer.shutdown();

        out.sendSoon(bytes("a"));

        assertThat(below.writes).containsExactly("a");
    }

    @Test
    void keepsPacketsWholeAndInTheOrderOfEachThread() throws Exception {
        below.open();
        List<CompletableFuture<Void>> senders = new ArrayList<>();
        for (int sender = 0; sender < 4; sender++) {
            int number = sender;
            senders.add(CompletableFuture.runAsync(() -> {
                Random random = new Random(number);
                for (int i = 0; i < 5_000; i++) {
                    send(String.valueOf(number), String.format(":%05d;", i));
                    if (random.nextInt(200) == 0) {
                        awaitSilence();
                    }
                }
            }));
        }
        for (CompletableFuture<Void> sender : senders) {
            sender.get(20, TimeUnit.SECONDS);
        }
        await().until(() -> below.all.size() == 4 * 5_000 * 8);

        int[] next = new int[4];
        for (String packet : below.all.toString(StandardCharsets.US_ASCII).split(";")) {
            int sender = packet.charAt(0) - '0';
            assertThat(packet).isEqualTo(String.format("%d:%05d", sender, next[sender]++));
        }
        assertThat(below.writes.size()).isLessThan(20_000);
    }

    @Test
    void tellsOfAFailureOnceAndRefusesWhatComesLater() throws Exception {
        SocketException broken = new SocketException("Broken pipe");
        CompletableFuture.runAsync(() -> send("first"));
        below.awaitWriter();
        out.send(new byte[PacketOutput.LIMIT + 1], NOTHING, delayed::add);
        below.failWith = broken;
        below.open();

        await().untilAsserted(
                        () -> assertThatThrownBy(() -> out.send(bytes("late"))).isSameAs(broken));
        assertThatThrownBy(() -> out.send(bytes("later"))).isSameAs(broken);
        assertThat(failures).containsExactly(broken);
        assertThat(out.fail(broken)).hasSize(1);
        assertThat(out.fail(broken)).isEmpty();
        assertThat(delayed).isEmpty();
    }

    @Test
    void aFailureOfALonePacketReachesItsSender() {
        below.open();
        below.failWith = new SocketException("Broken pipe");
        awaitSilence();

        assertThatThrownBy(() -> out.send(bytes("lone"))).isSameAs(below.failWith);
        assertThat(failures).containsExactly(below.failWith);
    }

    @Test
    void refusesPacketsWhenNoThreadIsLeft() {
        below.open();
        thread.shutdown();

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100; i++) {
                        out.send(bytes("x"));
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("threads");
        assertThat(failures).hasSize(1);
    }

    @Test
    void aLastPacketGoesOutAfterTheRestAndNothingAfterIt() throws Exception {
        CountDownLatch finished = new CountDownLatch(1);
        CompletableFuture.runAsync(() -> send("first"));
        below.awaitWriter();
        send(" rest");

        out.finish(bytes(" last"), finished::countDown);

        assertThatThrownBy(() -> out.send(bytes("late")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("closed");
        assertThat(finished.getCount()).isOne();
        below.open();
        assertThat(finished.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(below.all).hasToString("first rest last");
    }

    @Test
    void aFailureInTheEndRunsNothingThereafter() throws Exception {
        CountDownLatch finished = new CountDownLatch(1);
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> send("first"));
        below.awaitWriter();
        out.finish(bytes(" last"), finished::countDown);

        out.fail(new SocketException("closed"));
        below.open();

        first.get(10, TimeUnit.SECONDS);
        thread.shutdown();
        assertThat(thread.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(finished.getCount()).isOne();
        assertThat(below.all).hasToString("first");
    }

    private void send(String packet) {
        send(packet, "");
    }

    private void send(String head, String body) {
        try {
            out.send(bytes(head), bytes(body), null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitOpen(CountDownLatch gate) {
        try {
            gate.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String thisThread() {
        return Thread.currentThread().getName();
    }

    /** Lets the time pass after which a packet counts as a lone one. */
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
        }

        @Override
        public void flush() {
            flushes++;
        }
    }
}
