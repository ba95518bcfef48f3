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
package io.cameliot.common.mqtt.session;

import static io.cameliot.common.mqtt.session.Sessions.message;
import static io.cameliot.common.mqtt.session.Sessions.publish;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.mqtt.MqttConnectRequest;
import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsConnectException.Reason;
import io.cameliot.common.transport.connect.Descriptors;
import io.cameliot.common.transport.connect.ScriptedServer;
import io.cameliot.common.transport.connect.TestTls;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.net.ssl.SSLSocket;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Idle sessions have no thread of their own and lose nothing. */
@Timeout(60)
class IdleSessionTest {

    private static final Duration AMPLE = Duration.ofSeconds(20);
    private static final int MANY = 40;

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final Queue<BrokerScript> brokers = new ConcurrentLinkedQueue<>();
    private final Listener listener = new Listener();
    private long selectors;
    private MqttThreads threads;
    private ScriptedServer server;

    @BeforeEach
    void start() {
        context.start();
        context.getExecutorServiceManager().setShutdownAwaitTermination(500);
        threads = MqttThreads.create(context, this, "Idle");
        selectors = Descriptors.selectors();
        server = ScriptedServer.tls(TestTls.server(TestTls.HOST), this::serve);
    }

    @AfterEach
    void stop() {
        await().alias("no thread is left").until(() -> activeThreads() == 0);
        await().alias("no connection is left").until(() -> Descriptors.connectedTo(server.port()) == 0);
        server.close();
        threads.shutdown();
        await().alias("no selector is left").until(() -> Descriptors.selectors() <= selectors);
        context.stop();
    }

    /** Accepts a connection and records all packets. */
    private void serve(SSLSocket connection) throws IOException {
        BrokerScript broker = BrokerScript.accept(connection);
        brokers.add(broker);
        String packet;
        do {
            packet = broker.next();
            received.add(packet);
        } while (!packet.isEmpty());
    }

    @Test
    void manyIdleSessionsShareTheEventLoopsAndReceiveMessagesAtTheSameTime() throws Exception {
        List<MqttSession> sessions = connectMany();
        awaitIdle();
        assertThat(eventLoopThreads()).isLessThanOrEqualTo(4);

        for (int round = 1; round <= 3; round++) {
            for (BrokerScript broker : brokers) {
                broker.send("3004 0001 74 0" + round);
            }
            int expected = round * MANY;
            await().until(() -> listener.messages.size() == expected);
            awaitIdle();
        }

        assertThat(listener.messages).hasSize(3 * MANY);
        for (MqttSession session : sessions) {
            publish(session, "t", new byte[1], 0);
        }
        for (int i = 0; i < MANY; i++) {
            assertThat(received.poll(10, SECONDS)).isEqualTo("30" + "000174" + "00");
        }
        sessions.forEach(MqttSession::abort);
    }

    @Test
    void completesAPacketThatArrivesInParts() throws Exception {
        MqttSession session = connect();
        for (String part : List.of("32", "08 0003", "612f", "62 0007 78")) {
            awaitIdle();
            assertThat(listener.messages).isEmpty();
            brokers.element().send(part);
        }

        InboundMessage message = listener.messages.poll(10, SECONDS);

        assertThat(message.topic()).isEqualTo("a/b");
        awaitIdle();
        message.acknowledge();
        assertThat(received.poll(10, SECONDS)).isEqualTo("400007");
        session.abort();
    }

    @Test
    void receivesAnswersWhileIdle() throws Exception {
        MqttSession session = connect();
        awaitIdle();

        CompletableFuture<Void> published = publish(session, "t", new byte[1], 1);
        String publish = received.poll(10, SECONDS);
        awaitIdle();
        brokers.element().send("4002" + BrokerScript.packetId(publish));

        published.get(10, SECONDS);
        session.abort();
    }

    @Test
    void reportsTheLossWhenTheServerCloses() throws Exception {
        connectMany();
        awaitIdle();

        server.close();

        await().until(() -> listener.losses.size() == MANY);
        assertThat(listener.losses).allSatisfy(loss -> assertThat(((TlsConnectException) loss).getReason())
                // The server closes the sockets while the scripts that wait at them end.
                .isIn(Reason.CLOSED_BY_SERVER, Reason.CONNECTION_LOST));
    }

    @Test
    void reportsTheLossWhenTheServerStopsAnswering() throws Exception {
        attempt(Duration.ofSeconds(1)).get(20, SECONDS);
        awaitIdle();

        await().atMost(AMPLE).until(() -> listener.losses.size() == 1);

        assertThat(((TlsConnectException) listener.losses.peek()).getReason()).isEqualTo(Reason.KEEP_ALIVE_EXPIRED);
        assertThat(received).contains("c0");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endsWhenItIsClosed(boolean orderly) throws Exception {
        List<MqttSession> sessions = connectMany();
        awaitIdle();
        AtomicInteger failures = new AtomicInteger();
        for (MqttSession session : sessions) {
            publish(session, "t", new byte[1], 1).whenComplete((nothing, failure) -> {
                assertThat(failure).isInstanceOf(IOException.class);
                failures.incrementAndGet();
            });
        }
        await().until(() -> received.size() == MANY);
        awaitIdle();

        for (MqttSession session : sessions) {
            if (orderly) {
                session.disconnect(AMPLE).get(10, SECONDS);
            } else {
                session.abort();
            }
        }

        await().until(() -> failures.get() == MANY);
        await().until(() -> received.stream().filter(String::isEmpty).count() == MANY);
        assertThat(received.stream().filter("e0"::equals)).hasSize(orderly ? MANY : 0);
        assertThat(listener.losses).isEmpty();
    }

    /** The server sends and closes while this side closes. In any order, the session ends once. */
    @RepeatedTest(3)
    void endsOnceWhenDataArrivesAtTheSameTime() throws Exception {
        List<MqttSession> sessions = connectMany();
        AtomicInteger ends = new AtomicInteger();
        sessions.forEach(session ->
                session.publish(message("t", new byte[1], 1, false), false, failure -> ends.incrementAndGet()));
        await().until(() -> received.size() == MANY);
        awaitIdle();

        CompletableFuture<Void> sending =
                CompletableFuture.runAsync(() -> brokers.forEach(IdleSessionTest::sendMessage));
        CompletableFuture<Void> closing =
                CompletableFuture.runAsync(() -> IntStream.range(0, MANY).forEach(i -> {
                    if (i % 2 == 0) {
                        sessions.get(i).abort();
                    } else {
                        sessions.get(i).disconnect(AMPLE);
                    }
                }));
        server.close();
        sending.join();
        closing.join();

        await().untilAsserted(() -> assertThat(ends).hasValue(MANY));
        await().until(() -> activeThreads() == 0);
        assertThat(ends).hasValue(MANY);
        assertThat(sessions).allMatch(MqttSession::isEnded);
    }

    private static void sendMessage(BrokerScript broker) {
        try {
            broker.send("3004 0001 74 00");
        } catch (IOException e) {
            // Closed before, which is one of the possible orders.
            return;
        }
    }

    @Test
    void endsWithTheThreadsIfItWasNotClosed() throws Exception {
        connectMany();
        awaitIdle();

        threads.shutdown();

        await().until(() -> listener.losses.size() == MANY);
        await().until(() -> received.stream().filter(String::isEmpty).count() == MANY);
    }

    private void awaitIdle() {
        await().until(() -> activeThreads() == 0);
    }

    private static long eventLoopThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains("IdleEventLoop"))
                .count();
    }

    private int activeThreads() {
        return ((ThreadPoolExecutor) threads.io()).getActiveCount();
    }

    private List<MqttSession> connectMany() throws Exception {
        List<CompletableFuture<MqttSession>> attempts = IntStream.range(0, MANY)
                .mapToObj(i -> attempt(Duration.ofMinutes(10)))
                .toList();
        List<MqttSession> sessions = new ArrayList<>();
        for (CompletableFuture<MqttSession> attempt : attempts) {
            sessions.add(attempt.get(20, SECONDS));
        }
        await().until(() -> brokers.size() == MANY);
        return sessions;
    }

    private MqttSession connect() throws Exception {
        return attempt(Duration.ofMinutes(10)).get(20, SECONDS);
    }

    private CompletableFuture<MqttSession> attempt(Duration keepAlive) {
        MqttConnectRequest request = Sessions.request(keepAlive, AMPLE);
        return MqttSession.connect(request, TestTls.target(server.port()), threads.connector(), listener);
    }

    private static final class Listener implements MqttSessionListener {

        final BlockingQueue<InboundMessage> messages = new LinkedBlockingQueue<>();
        final Queue<IOException> losses = new ConcurrentLinkedQueue<>();

        @Override
        public void messageArrived(InboundMessage message) {
            messages.add(message);
        }

        @Override
        public void connectionLost(MqttSession session, IOException cause) {
            losses.add(cause);
        }
    }
}
