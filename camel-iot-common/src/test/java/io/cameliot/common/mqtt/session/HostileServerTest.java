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
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.mqtt.MqttProtocolException;
import io.cameliot.common.mqtt.MqttReasonException;
import io.cameliot.common.mqtt.ProtocolVersion;
import io.cameliot.common.mqtt.PublishRefusedException;
import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsConnectException.Reason;
import io.cameliot.common.transport.connect.LeakCheck;
import io.cameliot.common.transport.connect.ScriptedServer;
import io.cameliot.common.transport.connect.TestTls;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server that sends arbitrary packets. Each of them either ends the connection with a specific error or has no
 * harmful effect. A failure reports the seed; {@code -Dcameliot.hostile.seed=… -Dcameliot.hostile.packets=1} repeats
 * it.
 */
@Timeout(120)
@ExtendWith(LeakCheck.class)
class HostileServerTest {

    private static final int PACKETS = Integer.getInteger("cameliot.hostile.packets", 10_000);
    private static final long SEED = Long.getLong("cameliot.hostile.seed", new Random().nextLong() >>> 16);
    private static final int TLS_CONNECTIONS = Math.min(PACKETS, 100);
    private static final Duration AMPLE = Duration.ofSeconds(20);

    @Test
    void endsOrToleratesAnythingTheServerSends() {
        Tally tally = new Tally();
        for (int i = 0; i < PACKETS; i++) {
            long seed = SEED + i;
            byte[] sent = {};
            try {
                ProtocolVersion version = version(seed);
                HostileBytes hostile = new HostileBytes(seed, version);
                Case scene = new Case(version, hostile.random().nextInt(3));
                sent = hostile.next();
                scene.play(hostile.split(sent), HostileBytes.isWhole(sent), tally);
            } catch (Exception | AssertionError e) {
                throw new AssertionError(
                        "-Dcameliot.hostile.seed=" + seed + ", version " + version(seed) + ", bytes "
                                + HexFormat.of().formatHex(sent, 0, Math.min(sent.length, 2_000)),
                        e);
            }
        }
        // A good mixture tests all outcomes.
        assertThat(tally.refused).isGreaterThan(PACKETS / 10);
        assertThat(tally.borne).isGreaterThan(PACKETS / 50);
        assertThat(tally.cut).isGreaterThan(PACKETS / 50);
    }

    /** With TLS 1.3 the server may refuse a certificate until its CONNACK, and not after it. */
    @ParameterizedTest
    @ValueSource(strings = {"Received fatal alert: internal_error", "Tag mismatch", "not an SSL/TLS record: 00"})
    void reportsAFaultOfTlsAfterTheConnackAsALossOfTheConnection(String fault) {
        EmbeddedSession embedded = EmbeddedSession.connectedV5("");

        embedded.channel.pipeline().fireExceptionCaught(new DecoderException(new SSLException(fault)));

        TlsConnectException loss = (TlsConnectException) embedded.losses.get(0);
        assertThat(loss.getReason()).isEqualTo(Reason.CONNECTION_LOST);
        assertThat(loss).hasMessageStartingWith("The connection to ").hasMessageEndingWith(" broke: " + fault);
        embedded.close();
    }

    private static ProtocolVersion version(long seed) {
        return seed % 2 == 0 ? ProtocolVersion.V5 : ProtocolVersion.V3_1_1;
    }

    private static final class Tally {
        int refused;
        int borne;
        int cut;
    }

    /** A session with many unanswered requests. */
    private static final class Case {

        private final ProtocolVersion version;
        private final EmbeddedSession embedded;
        private final List<List<IOException>> outcomes = new ArrayList<>();
        private final List<CompletableFuture<List<Integer>>> answers = new ArrayList<>();

        /**
         * Creates a session.
         *
         * @param phase 0 before the CONNACK, 1 after it, 2 with requests in flight
         */
        Case(ProtocolVersion version, int phase) {
            this.version = version;
            embedded = phase == 0
                    ? new EmbeddedSession(EmbeddedSession.request(version))
                    : EmbeddedSession.connected(version);
            for (int i = 0; phase == 2 && i < 3; i++) {
                publish();
            }
            if (phase == 2) {
                answers.add(embedded.session.subscribe(List.of("a", "b"), 1, AMPLE));
                answers.add(embedded.session.unsubscribe(List.of("c"), AMPLE));
            }
            embedded.run();
        }

        private List<IOException> publish() {
            List<IOException> outcome = new ArrayList<>();
            outcomes.add(outcome);
            embedded.session.publish(message("t", new byte[1], 1, false), false, outcome::add);
            return outcome;
        }

        void play(List<byte[]> pieces, boolean whole, Tally tally) {
            pieces.forEach(embedded::receive);
            embedded.run();
            if (!embedded.channel.isOpen()) {
                tally.refused++;
                requireNamed(failure());
            } else if (whole) {
                tally.borne++;
                goOn();
            } else {
                tally.cut++;
            }
            boolean open = embedded.channel.isOpen();
            embedded.messages.forEach(InboundMessage::acknowledge);
            embedded.close();
            if (open) {
                assertThat(((TlsConnectException) failure()).getReason()).isEqualTo(Reason.CONNECTION_LOST);
            }
            embedded.messages.forEach(InboundMessage::acknowledge);
            assertThat(embedded.losses).hasSizeLessThanOrEqualTo(1);
            assertThat(embedded.session.isEnded()).isTrue();
            assertThat(outcomes).allMatch(outcome -> outcome.size() == 1);
            assertThat(answers).allMatch(CompletableFuture::isDone);
        }

        /** Checks that the session still works. */
        private void goOn() {
            if (!embedded.connected.isDone()) {
                embedded.receive(version == ProtocolVersion.V5 ? EmbeddedSession.ACCEPTED_V5 : BrokerScript.ACCEPTED);
            }
            assertThat(embedded.connected).isCompleted();
            embedded.sentBytes();
            List<IOException> outcome = publish();
            byte[] publish = embedded.sentBytes();
            if (publish.length > 0) {
                assertThat(publish).startsWith(0x32, publish.length - 2, 0, 1, 't');
                embedded.receive(new byte[] {0x40, 2, publish[5], publish[6]});
                assertThat(outcome).containsExactly((IOException) null);
            } else {
                // The hostile CONNACK allows this.
                assertThat(outcome).hasSize(1).allMatch(PublishRefusedException.class::isInstance);
            }
            embedded.receive(version == ProtocolVersion.V5 ? "3006 000174 00 6869" : "3005 000174 6869");
            assertThat(embedded.messages.get(embedded.messages.size() - 1).payload())
                    .isEqualTo(new byte[] {'h', 'i'});
        }

        private IOException failure() {
            if (!embedded.losses.isEmpty()) {
                return embedded.losses.get(0);
            }
            assertThat(embedded.connected).isCompletedExceptionally();
            return (IOException)
                    embedded.connected.handle((session, failure) -> failure).join();
        }
    }

    private static void requireNamed(IOException failure) {
        assertThat(failure).hasMessageContaining(TestTls.HOST);
        if (failure instanceof MqttReasonException reason) {
            assertThat(reason.getReasonCode()).isBetween(0, 255);
        } else {
            // An error of the session itself would be explained as a broken connection.
            assertThat(failure).isInstanceOf(TlsConnectException.class).hasCauseInstanceOf(MqttProtocolException.class);
            assertThat(((TlsConnectException) failure).getReason()).isEqualTo(Reason.PROTOCOL_ERROR);
        }
    }

    @Test
    void endsOrToleratesItOverTlsAndReleasesEverything() throws Exception {
        BlockingQueue<Long> seeds = new LinkedBlockingQueue<>();
        DefaultCamelContext context = new DefaultCamelContext();
        context.start();
        MqttThreads threads = MqttThreads.create(context, this, "Hostile");
        try (ScriptedServer server = ScriptedServer.tls(TestTls.server(TestTls.HOST), connection -> {
            long seed = seeds.take();
            HostileBytes hostile = new HostileBytes(seed, version(seed));
            BrokerScript broker = new BrokerScript(connection);
            broker.next();
            if (hostile.random().nextInt(3) > 0) {
                broker.send(version(seed) == ProtocolVersion.V5 ? EmbeddedSession.ACCEPTED_V5 : BrokerScript.ACCEPTED);
            }
            for (byte[] piece : hostile.split(hostile.next())) {
                connection.getOutputStream().write(piece);
            }
        })) {
            for (int i = 0; i < TLS_CONNECTIONS; i++) {
                long seed = SEED + i;
                seeds.add(seed);
                CompletableFuture<IOException> lost = new CompletableFuture<>();
                IOException failure = MqttSession.connect(
                                EmbeddedSession.request(version(seed)),
                                TestTls.target(server.port()),
                                threads.connector(),
                                losing(lost))
                        .thenCompose(session -> lost)
                        .exceptionally(refused -> (IOException) unwrapped(refused))
                        .get(20, TimeUnit.SECONDS);

                assertThat(failure)
                        .as("-Dcameliot.hostile.seed=%d", seed)
                        .isInstanceOfAny(TlsConnectException.class, MqttReasonException.class);
                if (failure instanceof TlsConnectException named) {
                    assertThat(named.getReason())
                            .as("-Dcameliot.hostile.seed=%d", seed)
                            .isIn(Reason.PROTOCOL_ERROR, Reason.CLOSED_BY_SERVER, Reason.CONNECTION_LOST);
                }
            }
        } finally {
            threads.shutdown();
            context.stop();
        }
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().contains("Hostile")));
    }

    /** mosquitto 2.0.11 does so if a client has a backlog. */
    @Test
    void toleratesAServerThatExceedsTheReceiveMaximum() throws Exception {
        Unacknowledged client = new Unacknowledged();
        client.run(
                broker -> {
                    for (int id = 1; id <= 1_000; id++) {
                        broker.send("3206 0001 61" + String.format("%04x", id) + "00");
                    }
                    client.arrived.await(20, TimeUnit.SECONDS);
                },
                1_000);

        assertThat(client.arrived.getCount()).isZero();
    }

    @Test
    void disconnectsAServerThatExceedsTheMemoryForUnacknowledgedMessages() throws Exception {
        Unacknowledged client = new Unacknowledged();
        int large = 120_000;
        int tooMany = InboundMessage.Window.LARGEST_BYTES / large + 1;
        CompletableFuture<String> answered = new CompletableFuture<>();
        client.run(
                broker -> {
                    for (int id = 1; id <= tooMany; id++) {
                        // The remaining length is 6 bytes more than the payload.
                        broker.send("32c6a907 0001 61" + String.format("%04x", id) + "00" + "00".repeat(large));
                    }
                    answered.complete(broker.next());
                },
                tooMany);

        assertThat(answered.get(20, TimeUnit.SECONDS)).isEqualTo("e09300");
        requireNamed(client.lost.get(20, TimeUnit.SECONDS));
        assertThat(client.lost.join()).hasMessageContaining("Receive Maximum").hasMessageContaining("32 MB");
    }

    private interface Script {
        void play(BrokerScript broker) throws Exception;
    }

    /** A client with a slow route, which acknowledges nothing. */
    private final class Unacknowledged implements MqttSessionListener {

        private final CompletableFuture<IOException> lost = new CompletableFuture<>();
        private CountDownLatch arrived;

        void run(Script script, int messages) throws Exception {
            arrived = new CountDownLatch(messages);
            DefaultCamelContext context = new DefaultCamelContext();
            context.start();
            MqttThreads threads = MqttThreads.create(context, this, "Hostile");
            CompletableFuture<Void> played = new CompletableFuture<>();
            try (ScriptedServer server = ScriptedServer.tls(TestTls.server(TestTls.HOST), connection -> {
                BrokerScript broker = new BrokerScript(connection);
                broker.next();
                broker.send(EmbeddedSession.ACCEPTED_V5);
                try {
                    script.play(broker);
                    played.complete(null);
                } catch (Exception e) {
                    played.completeExceptionally(e);
                }
            })) {
                MqttSession.connect(
                                EmbeddedSession.requestV5("dev"),
                                TestTls.target(server.port()),
                                threads.connector(),
                                this)
                        .get(20, TimeUnit.SECONDS);
                played.get(40, TimeUnit.SECONDS);
            } finally {
                threads.shutdown();
                context.stop();
            }
        }

        @Override
        public void messageArrived(InboundMessage message) {
            arrived.countDown();
        }

        @Override
        public void connectionLost(MqttSession session, IOException cause) {
            lost.complete(cause);
        }
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException ? failure.getCause() : failure;
    }

    private static MqttSessionListener losing(CompletableFuture<IOException> lost) {
        return new MqttSessionListener() {
            @Override
            public void messageArrived(InboundMessage message) {
                message.acknowledge();
            }

            @Override
            public void connectionLost(MqttSession session, IOException cause) {
                lost.complete(cause);
            }
        };
    }

    @ParameterizedTest
    @CsvSource({
        // Reserved packet types, and packets from a client to a server.
        "0000, type 0",
        "f000, AUTH",
        "100a 0004 4d515454 04 03 0000, cannot be decoded",
        "c000, PINGREQ, which no server sends",
        "8206 0001 00 0001 61 00, SUBSCRIBE with flags 2",
        "6202 0001, PUBREL with flags 2",
        "d100, PINGRESP with flags 1",
        "4802 0001, PUBACK with flags 8",
        // Lengths.
        "30 80808001, 2097157 bytes",
        "30 ffffffff, remaining length",
        "30 03 00ff61, do not fit its length",
        "30 04 0001 61 7f, do not fit its length",
        "40 00, do not fit its length",
        "90 02 0001, do not fit its length",
        "d001 00, do not fit its length",
        "d003 300a00, do not fit its length",
        // Topics.
        "3003 0000 00, empty topic",
        "3006 0003 612f2b 00, wildcards",
        "3006 0003 612f23 00, wildcards",
        "3006 0003 610062 00, U+0000",
        "3007 0001 61 03 230001, topic alias",
        "3006 0000 03 230001, topic alias",
        "3607 0001 61 0001 00 00, cannot be decoded",
        "3406 0001 61 0001 00, QoS 2",
        "3206 0001 61 0000 00 00, cannot be decoded",
        "3007 0001 61 02 2b00 00, cannot be decoded",
        // Unexpected answers.
        "2003 000000, a second CONNACK",
        "4002 0007, PUBACK for packet identifier 7",
        "9004 0007 00 00, SUBACK for packet identifier 7",
        "b004 0007 00 00, UNSUBACK for packet identifier 7",
        // Reason codes.
        "9004 0007 00 03, SUBACK with a reason code",
        "9004 0007 00 7f, SUBACK with a reason code",
        "b004 0007 00 01, UNSUBACK with a reason code",
        "b004 0007 00 12, UNSUBACK with a reason code"
    })
    void endsTheConnectionAndNamesAViolationOfMqtt5(String bytes, String complaint) {
        EmbeddedSession embedded = EmbeddedSession.connectedV5("");

        embedded.receive(bytes);
        embedded.run();

        assertThat(embedded.losses).hasSize(1);
        assertThat(embedded.losses.get(0)).hasMessageContaining("MQTT 5").hasMessageContaining(complaint);
        requireNamed(embedded.losses.get(0));
        embedded.close();
    }

    @ParameterizedTest
    @CsvSource({
        "2006 0000 03 210000, Receive Maximum of 0",
        "2008 0000 05 2700000000, Maximum Packet Size of 0",
        "3004 0001 61 00, PUBLISH before the CONNACK",
        "e000, DISCONNECT before the CONNACK"
    })
    void failsTheConnectAndNamesAViolationOfMqtt5(String bytes, String complaint) {
        EmbeddedSession embedded = new EmbeddedSession(EmbeddedSession.request(ProtocolVersion.V5));

        embedded.receive(bytes);
        embedded.run();

        assertThat(embedded.connected)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withMessageContaining(complaint);
        embedded.close();
    }

    /**
     * Netty's decoder reads the next packet at the end of this one's contents. The last four end with a fixed header, after
     * which it would take the packets to come for the contents of that packet.
     */
    @ParameterizedTest
    @CsvSource({
        "V5, 4005 0001 00 00 30",
        "V5, 4006 0001 00 00 d000",
        "V5, d001 40",
        "V5, d005 3003000161",
        "V5, d003 e0e000",
        "V5, 4007 0001 00 00 e0e000",
        "V3_1_1, d003 e0e000",
        "V3_1_1, 4007 0001 00 00 e0e000"
    })
    void endsTheConnectionWhenAPacketIsLongerThanItsContents(ProtocolVersion version, String packet) {
        EmbeddedSession embedded = EmbeddedSession.connected(version);
        embedded.session.publish(message("t", new byte[1], 1, false), false, failure -> {});
        embedded.run();

        embedded.receive(packet);
        embedded.run();

        assertThat(embedded.losses).hasSize(1);
        assertThat(embedded.losses.get(0)).message().contains("do not fit its length");
        embedded.close();
    }

    @ParameterizedTest
    @EnumSource(ProtocolVersion.class)
    void decodesPacketsThatAreSplitAnywhere(ProtocolVersion version) {
        String properties = version == ProtocolVersion.V5 ? "05 03 0002 7478" : "";
        int length = version == ProtocolVersion.V5 ? 13 : 7;
        byte[] stream = HexFormat.of()
                .parseHex(("32" + String.format("%02x", length) + "0001 61 0009" + properties + "7879" + "d000"
                                + (version == ProtocolVersion.V5 ? "3004 0001 62 00" : "3003 0001 62"))
                        .replace(" ", ""));
        for (int first = 0; first <= stream.length; first++) {
            for (int second = first; second <= stream.length; second++) {
                EmbeddedSession embedded = EmbeddedSession.connected(version);
                embedded.receive(Arrays.copyOfRange(stream, 0, first));
                embedded.receive(Arrays.copyOfRange(stream, first, second));
                embedded.receive(Arrays.copyOfRange(stream, second, stream.length));

                assertThat(embedded.messages).extracting(InboundMessage::topic).containsExactly("a", "b");
                assertThat(embedded.messages.get(0).payload()).isEqualTo(new byte[] {'x', 'y'});
                embedded.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ProtocolVersion.class)
    void acceptsPacketsOfTheMaximumSizeAndRefusesLargerOnes(ProtocolVersion version) {
        byte[] head = version == ProtocolVersion.V5 ? new byte[] {0, 1, 'a', 0} : new byte[] {0, 1, 'a'};
        byte[] largest = HostileBytes.framed(0x30, HostileBytes.concat(head, new byte[149_504 - 4 - head.length]));
        assertThat(largest).hasSize(149_504);
        EmbeddedSession embedded = EmbeddedSession.connected(version);

        embedded.receive(largest);
        embedded.receive(largest);
        assertThat(embedded.messages).hasSize(2);
        embedded.receive(HostileBytes.framed(0x30, HostileBytes.concat(head, new byte[149_505 - 4 - head.length])));
        embedded.run();

        assertThat(embedded.messages).hasSize(2);
        assertThat(embedded.losses.get(0)).hasMessageContaining("149505 bytes, more than the 149504");
        embedded.close();
    }

    /** The reason is not a violation of the protocol. */
    @ParameterizedTest
    @EnumSource(ProtocolVersion.class)
    void reportsConnectionLostWhenItEndsWithinAPacket(ProtocolVersion version) {
        for (String start : List.of("30", "300a", "300a 0001", "300a 0001 61 0000", "40", "40020000".substring(0, 6))) {
            EmbeddedSession embedded = EmbeddedSession.connected(version);

            embedded.receive(start);
            embedded.close();

            assertThat(((TlsConnectException) embedded.losses.get(0)).getReason())
                    .isEqualTo(Reason.CONNECTION_LOST);
            assertThat(embedded.messages).isEmpty();
        }
    }

    @Test
    void callsNoListenerAfterTheEnd() {
        EmbeddedSession embedded = EmbeddedSession.connectedV5("");

        embedded.receive("3204 0000 0000" + "3004 0001 61 00" + "e000");
        embedded.run();

        assertThat(embedded.messages).isEmpty();
        assertThat(embedded.losses).hasSize(1);
        embedded.close();
    }

    @Test
    void continuesAfterAnErrorOfTheListener() {
        AtomicInteger heard = new AtomicInteger();
        EmbeddedSession embedded = EmbeddedSession.connectedV5("");
        embedded.session.publish(message("t", new byte[1], 1, false), false, failure -> {
            heard.incrementAndGet();
            throw new AssertionError("not the session's");
        });
        embedded.run();

        embedded.receive("4002 0001");

        assertThat(heard).hasValue(1);
        assertThat(embedded.losses).isEmpty();
        embedded.close();
    }
}
