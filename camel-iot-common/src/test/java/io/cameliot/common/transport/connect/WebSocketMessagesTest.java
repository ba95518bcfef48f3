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
package io.cameliot.common.transport.connect;

import static io.cameliot.common.transport.connect.RawWebSocket.frame;
import static io.cameliot.common.transport.connect.TestTls.HOST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.cameliot.common.mqtt.MqttConnectRequest;
import io.cameliot.common.mqtt.session.InboundMessage;
import io.cameliot.common.mqtt.session.MqttSession;
import io.cameliot.common.mqtt.session.MqttSessionListener;
import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsConnectException.Reason;
import io.cameliot.common.transport.WebSocketUpgrade;
import io.cameliot.common.transport.connect.RawWebSocket.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames of an open WebSocket, with a server that is written in bytes. */
@ExtendWith(LeakCheck.class)
class WebSocketMessagesTest {

    private static final int BINARY = 0x82;
    private static final int FIRST = 0x02;
    private static final int CONTINUED = 0x00;
    private static final int LAST = 0x80;
    private static final int CLOSE = 0x88;
    private static final int PING = 0x89;
    private static final int PONG = 0x8A;
    private static final byte[] NOTHING = {};
    private static final Duration AMPLE = Duration.ofSeconds(20);
    private static final WebSocketUpgrade UPGRADE = new WebSocketUpgrade("/mqtt", Map.of(), "mqtt");

    @RegisterExtension
    final TestConnections connections = new TestConnections();

    private final BlockingQueue<Frame> received = new LinkedBlockingQueue<>();

    @Test
    void eachWriteIsOneMaskedBinaryMessage() throws Exception {
        TestConnection client = connectSending();

        client.write(bytes("one message"));
        client.write(bytes("two"));

        Frame first = nextFrame();
        assertThat(first).returns(true, Frame::fin).returns(0x2, Frame::opcode);
        assertThat(first.payload()).isEqualTo(bytes("one message"));
        assertThat(nextFrame().payload()).isEqualTo(bytes("two"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 125, 126, 65_535, 65_536, 149_504})
    void masksEveryByteOfAMessage(int length) throws Exception {
        TestConnection client = connectSending();
        byte[] message = random(length);

        client.write(message);

        Frame frame = nextFrame();
        assertThat(frame.fin()).isTrue();
        assertThat(frame.payload()).isEqualTo(message);
    }

    @Test
    void joinsFragmentsAndAnswersPingsBetweenThem() throws Exception {
        TestConnection client = connectReceiving(
                frame(PING, random(125)),
                frame(FIRST, bytes("frag")),
                frame(PING, bytes("in between")),
                frame(CONTINUED, NOTHING),
                frame(PONG, bytes("nobody asked")),
                frame(CONTINUED, bytes("men")),
                frame(LAST, bytes("ted")),
                frame(PING, NOTHING),
                frame(BINARY, NOTHING),
                frame(BINARY, bytes("!")));

        assertThat(client.readNBytes(11)).isEqualTo(bytes("fragmented!"));

        assertThat(nextFrame()).returns(0xA, Frame::opcode).satisfies(f -> assertThat(f.payload())
                .hasSize(125));
        assertThat(nextFrame()).returns(0xA, Frame::opcode).satisfies(f -> assertThat(f.payload())
                .isEqualTo(bytes("in between")));
        assertThat(nextFrame()).returns(0xA, Frame::opcode).satisfies(f -> assertThat(f.payload())
                .isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 125, 126, 65_535, 65_536, 3_000_000})
    void readsFramesOfAnyLength(int length) throws Exception {
        byte[] message = random(length);
        TestConnection client = connectReceiving(frame(BINARY, message), frame(BINARY, bytes("next")));

        assertThat(client.readNBytes(length)).isEqualTo(message);
        assertThat(client.readNBytes(4)).isEqualTo(bytes("next"));
    }

    @Test
    void losesNothingWhenTheNetworkPausesWithinAFrame() throws Exception {
        byte[] message = random(300);
        TestConnection client = connectThen(peer -> {
            for (byte b : concat(
                    frame(BINARY, message),
                    frame(PING, bytes("?")),
                    frame(FIRST, bytes("ab")),
                    frame(LAST, bytes("c")))) {
                peer.send(new byte[] {b});
            }
            received.add(peer.readFrame());
        });

        assertThat(client.readNBytes(303)).isEqualTo(concat(message, bytes("abc")));
        assertThat(nextFrame()).returns(0xA, Frame::opcode).satisfies(f -> assertThat(f.payload())
                .isEqualTo(bytes("?")));
    }

    @Test
    void answersPingsWhileNothingElseArrives() throws Exception {
        CompletableFuture<RawWebSocket> opened = new CompletableFuture<>();
        TestConnection client = connectThen(peer -> {
            // Arrives with the answer to the upgrade, or right after it.
            peer.send(frame(BINARY, bytes("first")));
            opened.complete(peer);
            while (true) {
                received.add(peer.readFrame());
            }
        });
        assertThat(client.readNBytes(5)).isEqualTo(bytes("first"));
        RawWebSocket peer = opened.get(10, TimeUnit.SECONDS);

        for (int round = 1; round <= 3; round++) {
            peer.send(frame(PING, bytes("?")));
            assertThat(nextFrame().opcode()).isEqualTo(0xA);
        }
        peer.send(frame(BINARY, bytes("last")), frame(PING, NOTHING));

        assertThat(client.readNBytes(4)).isEqualTo(bytes("last"));
    }

    /** The client would have to buffer such a frame until its end; no broker sends one. */
    @Test
    void endsTheConnectionOnAFrameThatIsTooLong() throws Exception {
        TestConnection client = connectReceiving(HexFormat.of().parseHex("827f0000000010000000"));

        assertThat(catchThrowableOfType(TlsConnectException.class, client::readAllBytes))
                .hasMessageContaining("Max frame length");
        assertThat(ByteBuffer.wrap(nextFrame().payload()).getShort()).isEqualTo((short) 1009);
        assertThat(client.read()).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({
        "03e8, 1000 (normal closure)",
        "03e9676f6e65, '1001 (going away): gone'",
        "03f0646f6e0a74, '1008 (policy violation): don\\nt'",
        "0fa0, 4000",
        "'', 1005 (none given)"
    })
    void reportsTheCodeOfACloseFrameAndAnswersIt(String payload, String text) throws Exception {
        byte[] close = HexFormat.of().parseHex(payload);
        TestConnection client = connectReceiving(frame(BINARY, bytes("x")), frame(CLOSE, close));
        assertThat(client.read()).isEqualTo('x');

        assertThatThrownBy(() -> client.read())
                .isInstanceOf(TlsConnectException.class)
                .hasMessageContaining(HOST)
                .hasMessageEndingWith("closed the WebSocket with code " + text);
        assertThat(client.read()).isEqualTo(-1);
        Frame answer = nextFrame();
        assertThat(answer.opcode()).isEqualTo(0x8);
        assertThat(answer.payload()).isEqualTo(Arrays.copyOf(close, Math.min(2, close.length)));
        assertThatThrownBy(() -> client.write((byte) 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Closed");
    }

    @ParameterizedTest
    @CsvSource({
        "text, 81026869, 1003, sent text",
        "fragmented text, 010168, 1003, sent text",
        "masked, 8281000000000a, 1002, masked",
        "reserved bit, c20161, 1002, RSV != 0",
        "continuation of nothing, 800161, 1002, outside fragmented message",
        "message within a message, 020161820162, 1002, inside fragmented message",
        "reserved opcode, 830161, 1002, reserved opcode 3",
        "reserved control opcode, 8b00, 1002, reserved opcode 11",
        "fragmented ping, 0900, 1002, control frame",
        "long ping, 897e007e, 1002, control frame",
        "negative length, 827fffffffffffffffff, 1002, negative length"
    })
    void endsTheConnectionOnAViolationOfTheProtocol(String name, String bytes, int code, String reason)
            throws Exception {
        TestConnection client = connectReceiving(HexFormat.of().parseHex(bytes));

        assertThat(catchThrowableOfType(TlsConnectException.class, () -> client.readAllBytes()))
                .hasMessageContaining(HOST)
                .hasMessageContaining(reason)
                .returns(Reason.NO_COMMON_PROTOCOL, TlsConnectException::getReason);
        Frame answer = nextFrame();
        assertThat(answer.opcode()).isEqualTo(0x8);
        assertThat(ByteBuffer.wrap(answer.payload()).getShort()).isEqualTo((short) code);
        assertThat(client.read()).isEqualTo(-1);
    }

    /** A session closes the channel as soon as it hears why the connection ends. */
    @ParameterizedTest
    @CsvSource({"880203e9, 1001", "81026869, 1003", "8281000000000a, 1002"})
    void sendsTheCloseFrameBeforeAnMqttSessionEndsTheConnection(String bytes, int code) throws Exception {
        ScriptedServer server = connections.tls(TestTls.server(HOST), connection -> {
            RawWebSocket peer = RawWebSocket.open(connection);
            peer.readFrame(); // CONNECT
            byte[] connack = {0x20, 2, 0, 0};
            peer.send(frame(BINARY, connack), HexFormat.of().parseHex(bytes));
            while (true) {
                received.add(peer.readFrame());
            }
        });
        CompletableFuture<IOException> lost = new CompletableFuture<>();

        MqttSession.connect(
                new MqttConnectRequest("dev", null, MqttConnectRequest.Session.v311(true), AMPLE, null, AMPLE),
                TestTls.target(server.port()).withWebSocket(UPGRADE),
                new TransportConnector(connections.eventLoops(), connections.workers()),
                new MqttSessionListener() {
                    @Override
                    public void messageArrived(InboundMessage message) {}

                    @Override
                    public void connectionLost(MqttSession session, IOException cause) {
                        lost.complete(cause);
                    }
                });

        Frame answer = nextFrame();
        assertThat(answer.opcode()).isEqualTo(0x8);
        assertThat(ByteBuffer.wrap(answer.payload()).getShort()).isEqualTo((short) code);
        assertThat(lost).succeedsWithin(AMPLE).asString().contains(HOST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"82", "827e", "827e01", "820261", "8902", "890261"})
    void deliversNoMessageWhenTheConnectionEndsWithinAFrame(String bytes) throws Exception {
        TestConnection client = connectThen(
                peer -> peer.send(frame(BINARY, bytes("x")), HexFormat.of().parseHex(bytes)));

        assertThat(client.readAllBytes()).isEqualTo(bytes("x"));
    }

    @Test
    void endsTheStreamWhenTheConnectionEndsBetweenFrames() throws Exception {
        TestConnection client = connectThen(peer -> peer.send(frame(BINARY, bytes("x"))));

        assertThat(client.readAllBytes()).isEqualTo(bytes("x"));
    }

    @Test
    void sendsNormalClosureOnAnOrderlyClose() throws Exception {
        connectSending().close();

        assertThat(nextFrame().payload()).isEqualTo(new byte[] {0x03, (byte) 0xE8});
    }

    @Test
    void readsAndClosesWhileAWriterIsBlocked() throws Exception {
        BlockingQueue<Integer> toSend = new LinkedBlockingQueue<>();
        TestConnection client = connectThen(peer -> {
            for (int i = toSend.take(); ; i = toSend.take()) {
                peer.send(frame(PING, bytes("?")), frame(BINARY, new byte[] {(byte) i}));
            }
        });
        HeldUpWriter writer = new HeldUpWriter(client);
        CompletableFuture<IOException> outcome = CompletableFuture.supplyAsync(writer);
        await().until(writer::isHeldUp);

        for (int i = 0; i < 100; i++) {
            toSend.add(i);
            assertThat(client.read()).isEqualTo(i);
        }
        client.close();

        assertThat(outcome.get(10, TimeUnit.SECONDS)).isNotNull();
    }

    private TestConnection connectSending() throws IOException {
        return connectThen(peer -> {
            while (true) {
                received.add(peer.readFrame());
            }
        });
    }

    /** A connection on which the server sends these frames and then reads. */
    private TestConnection connectReceiving(byte[]... frames) throws IOException {
        return connectThen(peer -> {
            peer.send(frames);
            while (true) {
                received.add(peer.readFrame());
            }
        });
    }

    private TestConnection connectThen(Conversation conversation) throws IOException {
        ScriptedServer server = connections.tls(
                TestTls.server(HOST), connection -> conversation.continueOn(RawWebSocket.open(connection)));
        return connections.connect(TestTls.target(server.port()).withWebSocket(UPGRADE));
    }

    private Frame nextFrame() throws InterruptedException {
        Frame frame = received.poll(10, TimeUnit.SECONDS);
        assertThat(frame).isNotNull();
        return frame;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }

    @FunctionalInterface
    private interface Conversation {
        void continueOn(RawWebSocket peer) throws Exception;
    }
}
