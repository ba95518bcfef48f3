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
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.mqtt.MqttConnackException;
import io.cameliot.common.mqtt.MqttConnectRequest;
import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsConnectException.Reason;
import io.cameliot.common.transport.TlsTarget;
import io.cameliot.common.transport.connect.ScriptedServer;
import io.cameliot.common.transport.connect.TestTls;
import io.cameliot.testinfra.fault.FaultProxy;
import io.cameliot.testinfra.fault.NetworkFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.SSLSocket;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A session with a scripted server. The components' tests use brokers. */
@Timeout(60)
class MqttSessionTest {

    private static final Duration AMPLE = Duration.ofSeconds(20);

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final Listener listener = new Listener();
    private MqttThreads threads;
    private ScriptedServer server;

    @BeforeEach
    void start() {
        context.start();
        threads = MqttThreads.create(context, this, "Session");
    }

    @AfterEach
    void stop() {
        server.close();
        await().alias("the session leaves no thread behind")
                .until(() -> ((ThreadPoolExecutor) threads.io()).getActiveCount() == 0);
        threads.shutdown();
        context.stop();
    }

    @Test
    void connectsAndReportsWhetherTheSessionIsPresent() throws Exception {
        serve(connection -> {
            BrokerScript broker = new BrokerScript(connection);
            assertThat(broker.next()).isEqualTo("10" + "00044d5154540402003c" + "0003646576");
            broker.send("20020100");
            broker.next();
        });

        MqttSession session = connect();

        assertThat(session.isSessionPresent()).isTrue();
        assertThat(session.isEnded()).isFalse();
        session.abort();
    }

    @ParameterizedTest
    @CsvSource({"1, unacceptable protocol version", "5, not authorized"})
    void failsWithTheReturnCodeOfTheConnack(int code, String meaning) {
        serve(connection -> {
            BrokerScript broker = new BrokerScript(connection);
            broker.next();
            broker.send("2002 00" + String.format("%02x", code));
            broker.next();
        });

        assertThat(failureOf(attempt()))
                .isInstanceOf(MqttConnackException.class)
                .hasMessageContaining("return code " + code + " (" + meaning + ")");
        assertThat(listener.losses).isEmpty();
    }

    @Test
    void failsWithAnUnknownReturnCode() {
        serve(connection -> {
            BrokerScript broker = new BrokerScript(connection);
            broker.next();
            broker.send("2002 00c8");
            broker.next();
        });

        IOException failure = failureOf(attempt());

        assertThat(failure).hasMessageContaining("does not allow").hasMessageContaining("200");
        assertThat(((TlsConnectException) failure).getReason()).isEqualTo(Reason.PROTOCOL_ERROR);
    }

    @Test
    void failsWithoutAConnackInTime() {
        serve(connection -> {
            new BrokerScript(connection).next();
            ScriptedServer.stall();
        });

        IOException failure = failureOf(
                MqttSession.connect(request(60, Duration.ofMillis(700)), target(), threads.connector(), listener));

        assertThat(failure).hasMessageContaining("No CONNACK").hasMessageContaining("within 700 ms");
        assertThat(((TlsConnectException) failure).getReason()).isEqualTo(Reason.TIMEOUT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void saysThatTheServerClosedInsteadOfAConnack(String version) {
        serve(connection -> new BrokerScript(connection).next());

        assertThat(failureOf(attempt(TestTls.target(server.port(), TestTls.client(), List.of(version), null))))
                .hasMessageContaining("closed the connection without saying why")
                .isInstanceOfSatisfying(TlsConnectException.class, failure -> assertThat(failure.getReason())
                        .isEqualTo(Reason.CLOSED_BY_SERVER));
    }

    /** A server that refuses closes with close_notify. Nobody on the way can send that. */
    @ParameterizedTest
    @CsvSource({"TLSv1.2, false", "TLSv1.2, true", "TLSv1.3, false", "TLSv1.3, true"})
    void takesNoBrokenConnectionForACloseByTheServer(String version, boolean reset) throws Exception {
        CompletableFuture<String> connect = new CompletableFuture<>();
        serve(connection -> {
            connect.complete(new BrokerScript(connection).next());
            ScriptedServer.stall();
        });
        try (FaultProxy network = FaultProxy.to("127.0.0.1", server.port()).start()) {
            CompletableFuture<MqttSession> attempt =
                    attempt(TestTls.target(network.port(), TestTls.client(), List.of(version), null));
            connect.get(20, SECONDS);

            network.apply(reset ? new NetworkFault.Reset() : new NetworkFault.Cut());

            assertThat(failureOf(attempt))
                    .hasMessageContaining("broke")
                    .isInstanceOfSatisfying(TlsConnectException.class, failure -> assertThat(failure.getReason())
                            .isEqualTo(Reason.CONNECTION_LOST));
        }
    }

    @Test
    void cancellingAnAttemptEndsIt() throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        serve(connection -> {
            BrokerScript broker = new BrokerScript(connection);
            broker.next();
            seen.complete("CONNECT");
            broker.next();
        });
        CompletableFuture<MqttSession> attempt = attempt();
        seen.get(10, SECONDS);

        attempt.cancel(false);

        await().until(() -> ((ThreadPoolExecutor) threads.io()).getActiveCount() == 0);
        assertThat(listener.losses).isEmpty();
    }

    @Test
    void refusesAConnectThatMqttCannotCarry() {
        serve(connection -> ScriptedServer.stall());

        assertThat(MqttSession.connect(
                        new MqttConnectRequest(
                                "d\u0000", null, MqttConnectRequest.Session.v311(true), AMPLE, null, AMPLE),
                        target(),
                        threads.connector(),
                        listener))
                .failsWithin(AMPLE)
                .withThrowableThat()
                .withCauseInstanceOf(IllegalArgumentException.class);
    }

    /** The server closes while the CONNACK is still being processed. */
    @RepeatedTest(20)
    void reportsTheLossOnceAndAfterTheConnect() throws Exception {
        serve(BrokerScript::accept);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        listener.onLoss = () -> order.add("lost");

        attempt().thenRun(() -> order.add("connected")).get(10, SECONDS);

        awaitSoon().until(() -> order.size() == 2);
        assertThat(order).containsExactly("connected", "lost");
        assertThat(reasonOfLoss()).isEqualTo(Reason.CLOSED_BY_SERVER);
    }

    @Test
    void publishesAtQos1AndReportsEachPuback() throws Exception {
        BlockingQueue<String> publishes = new LinkedBlockingQueue<>();
        serve(connection -> {
            BrokerScript broker = BrokerScript.accept(connection);
            Set<String> ids = new HashSet<>();
            List<String> open = new ArrayList<>();
            for (String packet = broker.next(); packet.startsWith("3"); packet = broker.next()) {
                publishes.add(packet);
                assertThat(ids.add(BrokerScript.packetId(packet))).isTrue();
                open.add(BrokerScript.packetId(packet));
                if (open.size() == 50) {
                    Collections.reverse(open);
                    for (String id : open) {
                        broker.send("4002" + id);
                        ids.remove(id);
                    }
                    open.clear();
                }
            }
        });
        MqttSession session = connect();
        List<CompletableFuture<Void>> done = new ArrayList<>();

        for (int i = 0; i < 1_000; i++) {
            done.add(publish(session, message("t", bytes("" + i), 1, i % 2 == 1), i % 3 == 1));
        }

        for (CompletableFuture<Void> publish : done) {
            publish.get(10, SECONDS);
        }
        for (int i = 0; i < 1_000; i++) {
            String packet = publishes.take();
            assertThat(packet).startsWith(i % 3 == 1 ? i % 2 == 1 ? "3b" : "3a" : i % 2 == 1 ? "33" : "32");
            assertThat(packet.substring(12)).isEqualTo(hex("" + i));
        }
        session.abort();
    }

    @Test
    void publishesAtQos0WithoutWaiting() throws Exception {
        CompletableFuture<String> received = new CompletableFuture<>();
        serve(connection -> {
            received.complete(BrokerScript.accept(connection).next());
            ScriptedServer.stall();
        });
        MqttSession session = connect();

        assertThat(session.tryEnqueue(message("t", bytes("x"), 0, false))).isTrue();
        session.flush();

        assertThat(received.get(10, SECONDS)).isEqualTo("30" + "000174" + "78");
        session.abort();
    }

    @Test
    void refusesMessagesThatMqttForbids() throws Exception {
        serve(connection -> BrokerScript.accept(connection).next());
        MqttSession session = connect();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> session.publish(message("t", bytes("x"), 2, false), false, failure -> {}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> session.publish(message("t\u0000", bytes("x"), 1, false), false, failure -> {}));
        assertThat(publish(session, "t", bytes("x"), 2)).isCompletedExceptionally();
        session.abort();
    }

    @Test
    void failsMessagesWithoutPubackAndLaterOnesWhenTheConnectionEnds() throws Exception {
        serve(connection -> {
            BrokerScript broker = BrokerScript.accept(connection);
            broker.next();
            broker.next();
        });
        MqttSession session = connect();

        CompletableFuture<Void> publish = publish(session, "t", bytes("x"), 1);
        CompletableFuture<List<Integer>> subscribe = session.subscribe(List.of("a"), 1, AMPLE);

        assertThat(failureOf(publish)).hasMessageContaining("closed the connection");
        assertThat(failureOf(subscribe)).hasMessageContaining("closed the connection");
        await().until(session::isEnded);
        assertThat(failureOf(publish(session, "t", bytes("x"), 1))).isNotNull();
        assertThat(failureOf(publish(session, "t", bytes("x"), 0))).isNotNull();
        assertThat(failureOf(session.unsubscribe(List.of("t"), AMPLE))).isNotNull();
    }

    @Test
    void subscribesAndUnsubscribes() throws Exception {
        serve(connection -> {
            BrokerScript broker = BrokerScript.accept(connection);
            String subscribe = broker.next();
            assertThat(subscribe).startsWith("82").endsWith("0003612f23 01 0001 62 01".replace(" ", ""));
            broker.send("9004" + BrokerScript.packetId(subscribe) + "0180");
            String unsubscribe = broker.next();
            assertThat(unsubscribe).startsWith("a2").endsWith("0003612f23");
            broker.send("b002" + BrokerScript.packetId(unsubscribe));
            broker.next();
        });
        MqttSession session = connect();

        assertThat(session.subscribe(List.of("a/#", "b"), 1, AMPLE).get(10, SECONDS))
                .containsExactly(1, 128);
        session.unsubscribe(List.of("a/#"), AMPLE).get(10, SECONDS);
        session.abort();
    }

    @Test
    void failsTheRequestButKeepsTheConnectionWithoutASuback() throws Exception {
        CountDownLatch late = new CountDownLatch(1);
        serve(connection -> {
            BrokerScript broker = BrokerScript.accept(connection);
            String subscribe = broker.next();
            late.await();
            broker.send("9003" + BrokerScript.packetId(subscribe) + "00");
            broker.send("4002" + BrokerScript.packetId(broker.next()));
            broker.next();
        });
        MqttSession session = connect();

        assertThat(failureOf(session.subscribe(List.of("a"), 0, Duration.ofMillis(100))))
                .hasMessageContaining("No SUBACK");
        late.countDown();

        publish(session, "t", bytes("x"), 1).get(10, SECONDS);
        session.abort();
    }

    @Test
    void acknowledgesFromAnyThreadOnce() throws Exception {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        serve(connection -> {
            BrokerScript broker = BrokerScript.accept(connection);
            broker.send("3208 0003612f62 0007 78" + "3007 0003612f62 79 7a" + "320a 0003612f62 ffff 78797a");
            for (String packet = broker.next(); !packet.isEmpty(); packet = broker.next()) {
                received.add(packet);
            }
        });
        MqttSession session = connect();
        InboundMessage first = listener.messages.take();
        InboundMessage atQos0 = listener.messages.take();
        InboundMessage last = listener.messages.take();

        assertThat(first.topic()).isEqualTo("a/b");
        assertThat(atQos0.payload()).isEqualTo(bytes("yz"));
        assertThat(last.packetId()).isEqualTo(0xFFFF);
        List<CompletableFuture<Void>> acknowledging = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            for (InboundMessage message : List.of(last, atQos0, first)) {
                acknowledging.add(CompletableFuture.runAsync(message::acknowledge));
            }
        }
        for (CompletableFuture<Void> acknowledged : acknowledging) {
            acknowledged.get(10, SECONDS);
        }
        session.disconnect(AMPLE).get(10, SECONDS);
        first.acknowledge();

        await().until(() -> received.contains("e0"));
        assertThat(received).containsExactlyInAnyOrder("40ffff", "400007", "e0");
    }

    @ParameterizedTest
    @CsvSource({
        "40020001, PUBACK for packet identifier 1",
        "9003000100, SUBACK for packet identifier 1",
        "b0020001, UNSUBACK for packet identifier 1",
        "20020000, a second CONNACK",
        "34050001740001, QoS 2",
        "30ffffffff, remaining length",
        "485454502f312e312034303020426164, PUBACK"
    })
    void endsTheConnectionWhenTheServerViolatesTheProtocol(String bytes, String complaint) throws Exception {
        CompletableFuture<String> end = new CompletableFuture<>();
        serve(connection -> {
            BrokerScript broker = BrokerScript.accept(connection);
            broker.send(bytes);
            end.complete(broker.next());
        });

        connect();

        await().until(() -> listener.losses.size() == 1);
        assertThat(listener.losses.get(0)).hasMessageContaining("MQTT 3.1.1").hasMessageContaining(complaint);
        assertThat(reasonOfLoss()).isEqualTo(Reason.PROTOCOL_ERROR);
    }

    @Test
    void refusesPacketsBeforeTheConnack() {
        serve(connection -> {
            BrokerScript broker = new BrokerScript(connection);
            broker.next();
            broker.send("30030001 74");
            broker.next();
        });

        assertThat(failureOf(attempt())).hasMessageContaining("PUBLISH before the CONNACK");
        assertThat(listener.messages).isEmpty();
    }

    @Test
    void endsTheConnectionWhenASubackDoesNotAnswerEachFilter() throws Exception {
        serve(connection -> {
            BrokerScript broker = BrokerScript.accept(connection);
            broker.send("9003" + BrokerScript.packetId(broker.next()) + "00");
            broker.next();
        });
        MqttSession session = connect();

        assertThat(failureOf(session.subscribe(List.of("a", "b"), 1, AMPLE)))
                .hasMessageContaining("1 return codes for 2 topic filters");
        await().until(() -> listener.losses.size() == 1);
    }

    @Test
    void pingsWhileNothingElseIsSent() throws Exception {
        CompletableFuture<Duration> third = new CompletableFuture<>();
        serve(connection -> {
            long start = System.nanoTime();
            BrokerScript broker = BrokerScript.accept(connection);
            for (int pings = 1; broker.next().equals("c0"); pings++) {
                if (pings == 3) {
                    third.complete(Duration.ofNanos(System.nanoTime() - start));
                }
                broker.send("d000");
            }
        });

        MqttSession session = connect(1);

        // Each ping is due after three quarters of a second, and not sooner because the one before it was no message.
        assertThat(third.get(20, SECONDS)).isGreaterThan(Duration.ofSeconds(2));
        assertThat(session.isEnded()).isFalse();
        session.abort();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endsTheConnectionWhenTheServerStopsAnswering(boolean publishing) throws Exception {
        serve(connection -> {
            BrokerScript.accept(connection);
            ScriptedServer.stall();
        });
        MqttSession session = connect(1);
        byte[] payload = new byte[200_000];

        // More than all buffers hold. Neither the calls nor the detection of the end may block.
        List<CompletableFuture<Void>> publishes = new ArrayList<>();
        for (int i = 0; publishing && i < 200; i++) {
            publishes.add(publish(session, "t", payload, i % 2));
        }

        await().atMost(AMPLE).until(() -> listener.losses.size() == 1);
        assertThat(reasonOfLoss()).isEqualTo(Reason.KEEP_ALIVE_EXPIRED);
        assertThat(listener.losses.get(0)).hasMessageContaining("no PINGREQ within 500 ms");
        assertThat(publishes).allMatch(CompletableFuture::isDone);
        if (publishing) {
            assertThat(publishes.get(199)).isCompletedExceptionally();
            assertThat(publishes.get(198)).isCompletedExceptionally();
        }
    }

    @Test
    void readsWhileTheServerDoesNot() throws Exception {
        CountDownLatch full = new CountDownLatch(1);
        CountDownLatch resume = new CountDownLatch(1);
        AtomicInteger received = new AtomicInteger();
        serve(connection -> {
            BrokerScript broker = BrokerScript.accept(connection);
            full.await();
            for (int i = 1; i <= 1_000; i++) {
                broker.send("3207 000174" + String.format("%04x", i) + "7878");
            }
            resume.await();
            for (String packet = broker.next(); !packet.isEmpty(); packet = broker.next()) {
                received.incrementAndGet();
            }
        });
        MqttSession session = connect();
        listener.onMessage = InboundMessage::acknowledge;
        AtomicInteger written = new AtomicInteger();
        byte[] payload = new byte[200_000];
        int tried = 0;
        while (tried < 200 && session.tryEnqueue(message("t", payload, 0, false))) {
            tried++;
        }
        assertThat(tried).isLessThan(200);
        for (int i = tried; i < 200; i++) {
            session.publish(message("t", payload, 0, false), false, failure -> written.incrementAndGet());
        }
        assertThat(written).hasValue(0);

        full.countDown();
        await().atMost(AMPLE).until(() -> listener.messages.size() == 1_000);
        resume.countDown();

        await().atMost(AMPLE).until(() -> received.get() == 1_200);
        int expected = 200 - tried;
        await().atMost(AMPLE).until(() -> written.get() == expected);
        session.abort();
    }

    @Test
    void continuesAfterAListenerFails() throws Exception {
        serve(connection -> {
            BrokerScript broker = BrokerScript.accept(connection);
            broker.send("30030001 74");
            for (String packet = broker.next(); packet.startsWith("3"); packet = broker.next()) {
                broker.send("4002" + BrokerScript.packetId(packet));
            }
        });
        listener.onMessage = message -> {
            throw new IllegalStateException("the listener's own fault");
        };
        MqttSession session = connect();
        session.publish(message("t", bytes("x"), 1, false), false, failure -> {
            throw new IllegalStateException("the callback's own fault");
        });

        publish(session, "t", bytes("x"), 1).get(10, SECONDS);

        assertThat(listener.messages).hasSize(1);
        session.abort();
    }

    @Test
    void disconnectWritesQueuedPacketsBeforeTheDisconnect() throws Exception {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        serve(connection -> {
            BrokerScript broker = BrokerScript.accept(connection);
            for (String packet = broker.next(); !packet.isEmpty(); packet = broker.next()) {
                received.add(packet);
            }
            received.add("end");
        });
        MqttSession session = connect();
        for (int i = 0; i < 100; i++) {
            publish(session, "t", new byte[10_000], 0);
        }

        session.disconnect(AMPLE).get(10, SECONDS);

        assertThat(session.isEnded()).isTrue();
        await().until(() -> received.contains("end"));
        assertThat(received).hasSize(102).endsWith("e0", "end");
        assertThat(listener.losses).isEmpty();
        assertThat(session.disconnect(AMPLE)).succeedsWithin(AMPLE);
    }

    @Test
    void disconnectClosesTheConnectionToADeadPeerAfterTheTimeout() throws Exception {
        serve(connection -> {
            BrokerScript.accept(connection);
            ScriptedServer.stall();
        });
        MqttSession session = connect();
        List<CompletableFuture<Void>> publishes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            publishes.add(publish(session, "t", new byte[200_000], 1));
        }

        session.disconnect(Duration.ofMillis(200)).get(10, SECONDS);

        await().until(() -> publishes.stream().allMatch(CompletableFuture::isCompletedExceptionally));
        assertThat(listener.losses).isEmpty();
    }

    /** Neither MQTT nor TLS sends anything: the end of reading must not make JSSE send an alert. */
    @RepeatedTest(20)
    void abortSendsNothingAndReportsNoLoss() throws Exception {
        CompletableFuture<String> end = new CompletableFuture<>();
        serve(connection -> {
            BrokerScript broker = BrokerScript.accept(connection);
            try {
                end.complete(broker.next());
            } catch (IOException e) {
                end.completeExceptionally(e);
            }
        });
        MqttSession session = connect();

        session.abort();

        assertThat(end).succeedsWithin(AMPLE).isEqualTo("");
        assertThat(failureOf(publish(session, "t", bytes("x"), 1))).hasMessageContaining("closed on this side");
        awaitSoon().until(() -> ((ThreadPoolExecutor) threads.io()).getActiveCount() == 0);
        assertThat(listener.losses).isEmpty();
    }

    /** For tests that are repeated: looks more often than ten times a second. */
    private static ConditionFactory awaitSoon() {
        return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
    }

    private void serve(ScriptedServer.Script<SSLSocket> script) {
        server = ScriptedServer.tls(TestTls.server(TestTls.HOST), script);
    }

    private TlsTarget target() {
        return TestTls.target(server.port());
    }

    private CompletableFuture<MqttSession> attempt() {
        return attempt(target());
    }

    private CompletableFuture<MqttSession> attempt(TlsTarget target) {
        return MqttSession.connect(request(60, AMPLE), target, threads.connector(), listener);
    }

    private MqttSession connect() throws Exception {
        return attempt().get(20, SECONDS);
    }

    private MqttSession connect(int keepAliveSeconds) throws Exception {
        return MqttSession.connect(request(keepAliveSeconds, AMPLE), target(), threads.connector(), listener)
                .get(20, SECONDS);
    }

    private static MqttConnectRequest request(int keepAliveSeconds, Duration timeout) {
        return Sessions.request(Duration.ofSeconds(keepAliveSeconds), timeout);
    }

    private Reason reasonOfLoss() {
        assertThat(listener.losses).hasSize(1);
        return ((TlsConnectException) listener.losses.get(0)).getReason();
    }

    private static IOException failureOf(CompletableFuture<?> future) {
        try {
            throw new AssertionError("No failure but " + future.get(20, SECONDS));
        } catch (ExecutionException e) {
            return (IOException) e.getCause();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(bytes(text));
    }

    private static final class Listener implements MqttSessionListener {

        final BlockingQueue<InboundMessage> messages = new LinkedBlockingQueue<>();
        final List<IOException> losses = Collections.synchronizedList(new ArrayList<>());
        volatile Consumer<InboundMessage> onMessage = message -> {};
        volatile Runnable onLoss = () -> {};

        @Override
        public void messageArrived(InboundMessage message) {
            messages.add(message);
            onMessage.accept(message);
        }

        @Override
        public void connectionLost(MqttSession session, IOException cause) {
            losses.add(cause);
            onLoss.run();
        }
    }
}
