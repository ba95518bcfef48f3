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
package io.cameliot.testinfra.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.fault.NetworkFault.AfterBytes;
import io.cameliot.testinfra.fault.NetworkFault.Corrupt;
import io.cameliot.testinfra.fault.NetworkFault.Cut;
import io.cameliot.testinfra.fault.NetworkFault.Delay;
import io.cameliot.testinfra.fault.NetworkFault.HalfOpen;
import io.cameliot.testinfra.fault.NetworkFault.Reset;
import io.cameliot.testinfra.fault.NetworkFault.Slow;
import io.cameliot.testinfra.fault.ProxiedSockets.Ends;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultProxyTest {

    private static final byte[] HELLO = {1, 2, 3, 4, 5};
    /** Long enough for bytes to arrive if no fault stops them. */
    private static final int SILENCE_MILLIS = 200;

    private final ProxiedSockets sockets = new ProxiedSockets();
    private final FaultProxy proxy = sockets.proxy();

    @AfterEach
    void close() throws IOException {
        sockets.close();
    }

    @ParameterizedTest
    @EnumSource
    void forwardsEveryByteAndThenTheEnd(Direction direction) throws Exception {
        Ends ends = sockets.connect();
        byte[] sent = randomBytes(3_000_000);

        CompletableFuture<Void> sending = send(ends.sender(direction), sent);
        assertThat(ends.receiver(direction).getInputStream().readNBytes(sent.length))
                .isEqualTo(sent);
        sending.get(10, TimeUnit.SECONDS);
        assertThat(proxy.bytes(direction)).isEqualTo(sent.length);

        // Half-closed: the other direction still works.
        ends.sender(direction).shutdownOutput();
        assertThat(ends.receiver(direction).getInputStream().read()).isEqualTo(-1);
        ends.receiver(direction).getOutputStream().write(HELLO);
        assertThat(ends.sender(direction).getInputStream().readNBytes(HELLO.length))
                .isEqualTo(HELLO);
        assertThat(proxy.connections()).hasSize(1);

        ends.receiver(direction).close();
        assertThat(ends.sender(direction).getInputStream().read()).isEqualTo(-1);
        awaitNoConnection();
    }

    @ParameterizedTest
    @EnumSource
    void forwardsAReset(Direction direction) throws Exception {
        Ends ends = sockets.connect();
        ends.sender(direction).setSoLinger(true, 0);

        ends.sender(direction).close();

        assertReset(ends.receiver(direction));
        awaitNoConnection();
    }

    @Test
    void resetsAConnectionWhoseServerIsUnreachable() throws Exception {
        sockets.listener().close();

        assertReset(sockets.connectClient());
        awaitNoConnection();
    }

    @Test
    void delaysBytesWithoutReducingTheThroughput() throws Exception {
        Duration oneWay = Duration.ofMillis(100);
        proxy.applyToAll(new Delay(oneWay));
        Ends ends = sockets.connect();
        byte[] sent = randomBytes(2_000);

        long start = System.nanoTime();
        for (byte one : sent) {
            ends.client().getOutputStream().write(one);
        }
        assertThat(ends.server().getInputStream().readNBytes(sent.length)).isEqualTo(sent);
        ends.server().getOutputStream().write(HELLO);
        assertThat(ends.client().getInputStream().readNBytes(HELLO.length)).isEqualTo(HELLO);
        Duration roundTrip = Duration.ofNanos(System.nanoTime() - start);

        // One after the other, the 2,000 would take 200 s.
        assertThat(roundTrip).isBetween(oneWay.multipliedBy(2), Duration.ofSeconds(20));
    }

    @Test
    void carriesABurstOverALongLineAtOnce() throws Exception {
        proxy.applyToAll(new Delay(Duration.ofMillis(500)));
        Ends ends = sockets.connect();
        byte[] sent = randomBytes(3_000_000);

        long start = System.nanoTime();
        send(ends.client(), sent);
        assertThat(ends.server().getInputStream().readNBytes(sent.length)).isEqualTo(sent);

        // With only 64 KiB in flight it would take 23 s.
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void delaysOnlyTheSelectedDirection() throws Exception {
        Ends ends = sockets.connect();
        proxy.apply(new Delay(Duration.ofHours(1), Set.of(Direction.TO_CLIENT)));

        assertPasses(ends, Direction.TO_SERVER);
        ends.server().getOutputStream().write(HELLO);
        assertSilent(ends.client());
    }

    @Test
    void forwardsTheEndAfterTheDelayedBytes() throws Exception {
        proxy.applyToAll(new Delay(Duration.ofMillis(50)));
        Ends ends = sockets.connect();

        ends.client().getOutputStream().write(HELLO);
        ends.client().close();

        assertThat(ends.server().getInputStream().readAllBytes()).isEqualTo(HELLO);
    }

    @ParameterizedTest
    @EnumSource
    void limitsTheRate(Direction direction) throws Exception {
        proxy.applyToAll(new Slow(10_000, Set.of(direction)));
        Ends ends = sockets.connect();
        byte[] sent = randomBytes(3_000);

        long start = System.nanoTime();
        ends.sender(direction).getOutputStream().write(sent);
        assertThat(ends.receiver(direction).getInputStream().readNBytes(sent.length))
                .isEqualTo(sent);

        // The first portion needs no time.
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(250));
    }

    @Test
    void cutsBothSidesAlthoughTheyHaveSentMore() throws Exception {
        Ends ends = sockets.connect();
        proxy.apply(new HalfOpen());
        ends.client().getOutputStream().write(HELLO);
        ends.server().getOutputStream().write(HELLO);

        proxy.apply(new Cut());

        assertThat(ends.client().getInputStream().read()).isEqualTo(-1);
        assertThat(ends.server().getInputStream().read()).isEqualTo(-1);
        assertThat(proxy.connections()).isEmpty();
    }

    @Test
    void resetsBothSides() throws Exception {
        Ends ends = sockets.connect();

        proxy.apply(new Reset());

        assertReset(ends.client());
        assertReset(ends.server());
        assertThat(proxy.connections()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void forwardsNothingOnAHalfOpenConnectionUntilItIsCleared(Direction direction) throws Exception {
        Ends ends = sockets.connect();
        proxy.apply(new HalfOpen(Set.of(direction)));

        ends.sender(direction).getOutputStream().write(HELLO);
        ends.sender(direction).shutdownOutput();
        assertSilent(ends.receiver(direction));
        Direction back = direction == Direction.TO_SERVER ? Direction.TO_CLIENT : Direction.TO_SERVER;
        assertPasses(ends, back);
        assertThat(proxy.connections()).hasSize(1);

        proxy.clear();
        assertThat(ends.receiver(direction).getInputStream().readAllBytes()).isEqualTo(HELLO);
    }

    @Test
    void hidesTheEndOfOneSideFromTheOther() throws Exception {
        Ends ends = sockets.connect();
        proxy.apply(new HalfOpen());

        ends.client().close();
        assertSilent(ends.server());

        ends.server().close();
        awaitNoConnection();
    }

    @Test
    void corruptsOneByteOnce() throws Exception {
        proxy.applyToNext(1, new Corrupt(Direction.TO_SERVER));
        Ends ends = sockets.connect();

        ends.client().getOutputStream().write(HELLO);
        assertThat(ends.server().getInputStream().readNBytes(HELLO.length)).containsExactly(1, 2, 3, 4, ~5);

        assertPasses(ends, Direction.TO_SERVER);
        assertThat(proxy.struck()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void appliesAFaultAfterExactlyTheGivenBytes(Direction direction) throws Exception {
        proxy.applyToNext(1, new AfterBytes(direction, 12_345, new Cut()));
        Ends ends = sockets.connect();

        send(ends.sender(direction), randomBytes(100_000));

        assertThat(ends.receiver(direction).getInputStream().readAllBytes()).hasSize(12_345);
        assertPasses(sockets.connect(), direction);
    }

    @Test
    void fallsSilentAfterTheGivenBytes() throws Exception {
        proxy.applyToNext(1, new AfterBytes(Direction.TO_CLIENT, 3, new HalfOpen()));
        Ends ends = sockets.connect();

        ends.server().getOutputStream().write(HELLO);

        assertThat(ends.client().getInputStream().readNBytes(3)).containsExactly(1, 2, 3);
        assertSilent(ends.client());
        ends.client().getOutputStream().write(HELLO);
        assertSilent(ends.server());
    }

    @Test
    void resetsAfterTheGivenBytes() throws Exception {
        proxy.applyToNext(1, new AfterBytes(Direction.TO_CLIENT, 3, new Reset()));
        Ends ends = sockets.connect();

        ends.server().getOutputStream().write(HELLO);

        assertThatThrownBy(() -> ends.client().getInputStream().readAllBytes())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
        assertThat(proxy.bytes(Direction.TO_CLIENT)).isEqualTo(3);
    }

    @Test
    void countsBytesFromTheApplicationOfTheFault() throws Exception {
        Ends ends = sockets.connect();
        assertPasses(ends, Direction.TO_SERVER);
        proxy.apply(new AfterBytes(
                Direction.TO_SERVER, 3, new AfterBytes(Direction.TO_SERVER, 1, new Corrupt(Direction.TO_SERVER))));

        ends.client().getOutputStream().write(HELLO);

        assertThat(ends.server().getInputStream().readNBytes(HELLO.length)).containsExactly(1, 2, 3, 4, ~5);
    }

    @Test
    void endsTheNextConnectionsAtOnceAndRelaysLaterOnes() throws Exception {
        Ends before = sockets.connect();
        proxy.applyToNext(2, new Cut());
        proxy.applyToNext(1, new Delay(Duration.ofMillis(1)));

        for (int i = 0; i < 2; i++) {
            Socket client = sockets.connectClient();
            client.getOutputStream().write(HELLO);
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
        proxy.applyToNext(1, new Reset());
        assertReset(sockets.connectClient());

        assertPasses(sockets.connect(), Direction.TO_SERVER);
        assertPasses(before, Direction.TO_SERVER);
        assertThat(proxy.accepted()).isEqualTo(5);
        assertThat(proxy.struck()).isEqualTo(3);
    }

    @Test
    void affectsOneConnectionAmongOthers() throws Exception {
        Ends first = sockets.connect();
        Ends second = sockets.connect();
        ProxiedConnection connection = proxy.connections().get(1);
        assertThat(connection.clientAddress()).isEqualTo(second.client().getLocalSocketAddress());

        connection.apply(new Reset());

        assertThat(connection.isOpen()).isFalse();
        assertReset(second.client());
        assertPasses(first, Direction.TO_CLIENT);
        assertThat(proxy.connections().get(0).bytes(Direction.TO_CLIENT)).isEqualTo(HELLO.length);
    }

    @Test
    void removesFaultsOfFutureConnections() throws Exception {
        Ends ends = sockets.connect();
        proxy.applyToAll(new AfterBytes(Direction.TO_SERVER, 1, new Reset()));

        proxy.clear();

        assertPasses(ends, Direction.TO_SERVER);
        assertPasses(sockets.connect(), Direction.TO_SERVER);
        assertThat(proxy.struck()).isZero();
    }

    @Test
    void refusesConnectionsWhileStoppedAndRestartsOnTheSamePort() throws Exception {
        Ends ends = sockets.connect();
        ProxiedConnection connection = proxy.connections().get(0);
        String address = proxy.address();

        proxy.stop();

        assertThat(ends.client().getInputStream().read()).isEqualTo(-1);
        assertThat(ends.server().getInputStream().read()).isEqualTo(-1);
        assertThatThrownBy(sockets::connectClient).isInstanceOf(ConnectException.class);
        assertThat(proxy.connections()).isEmpty();
        connection.apply(new Reset());

        proxy.start();

        assertThat(proxy.address()).isEqualTo(address).endsWith(":" + proxy.port());
        assertPasses(sockets.connect(), Direction.TO_SERVER);
    }

    @Test
    void releasesThreadsAndSocketsWhenClosed() throws Exception {
        Ends delayed = sockets.connect();
        proxy.apply(new Delay(Duration.ofHours(1)));
        delayed.client().getOutputStream().write(HELLO);
        Ends halfOpen = sockets.connect();
        proxy.connections().get(1).apply(new HalfOpen());
        halfOpen.client().close();
        assertThat(threads()).isPositive();

        proxy.close();

        assertThat(delayed.client().getInputStream().read()).isEqualTo(-1);
        assertThat(delayed.server().getInputStream().read()).isEqualTo(-1);
        assertThat(halfOpen.server().getInputStream().read()).isEqualTo(-1);
        await().atMost(10, TimeUnit.SECONDS).until(() -> threads() == 0);
    }

    @Test
    void carriesAThousandConnectionsOverALongLine() throws Exception {
        proxy.applyToAll(new Delay(Duration.ofMillis(25)));
        List<Ends> all = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            all.add(sockets.connect());
        }
        for (Ends ends : all) {
            ends.client().getOutputStream().write(HELLO);
        }
        for (Ends ends : all) {
            assertThat(ends.server().getInputStream().readNBytes(HELLO.length)).isEqualTo(HELLO);
        }
        assertThat(threads()).as("two event loops and the timer").isEqualTo(3);

        proxy.apply(new Reset());
        for (Ends ends : all) {
            assertReset(ends.client());
        }
        assertThat(proxy.connections()).isEmpty();
    }

    private static void assertPasses(Ends ends, Direction direction) throws IOException {
        ends.sender(direction).getOutputStream().write(HELLO);
        assertThat(ends.receiver(direction).getInputStream().readNBytes(HELLO.length))
                .isEqualTo(HELLO);
    }

    private static void assertReset(Socket socket) {
        assertThatThrownBy(() -> socket.getInputStream().read())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }

    private static void assertSilent(Socket socket) throws IOException {
        int timeout = socket.getSoTimeout();
        socket.setSoTimeout(SILENCE_MILLIS);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout(timeout);
    }

    private void awaitNoConnection() {
        await().atMost(10, TimeUnit.SECONDS).until(() -> proxy.connections().isEmpty());
    }

    private static CompletableFuture<Void> send(Socket socket, byte[] bytes) {
        return CompletableFuture.runAsync(() -> {
            try {
                socket.getOutputStream().write(bytes);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("fault-proxy"))
                .count();
    }
}
