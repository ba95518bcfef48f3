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

import static io.cameliot.common.tls.RawWebSocket.frame;
import static io.cameliot.common.tls.TestTls.HOST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.cameliot.common.tls.RawWebSocket.Frame;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames of an open WebSocket, against a server written byte by byte. */
class WebSocketFramesTest {

    private static final int BINARY = 0x82;
    private static final int FIRST = 0x02;
    private static final int CONTINUED = 0x00;
    private static final int LAST = 0x80;
    private static final int CLOSE = 0x88;
    private static final int PING = 0x89;
    private static final int PONG = 0x8A;
    private static final byte[] NOTHING = {};

    @RegisterExtension
    final TestSockets sockets = new TestSockets();

    private final BlockingQueue<Frame> received = new LinkedBlockingQueue<>();

    @Test
    void eachFlushIsOneMaskedBinaryMessage() throws Exception {
        OutputStream out = connectSending().getOutputStream();

        out.write(bytes("one"));
        out.write(' ');
        out.write(bytes("xmessagex"), 1, 7);
        out.flush();
        out.flush();
        out.write(bytes("two"));
        out.flush();

        Frame first = nextFrame();
        assertThat(first).returns(true, Frame::fin).returns(0x2, Frame::opcode);
        assertThat(first.payload()).isEqualTo(bytes("one message"));
        assertThat(nextFrame().payload()).isEqualTo(bytes("two"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 125, 126, 65_535, 65_536, WebSocketOutput.MAX_FRAME_PAYLOAD})
    void masksEveryByteOfAMessage(int length) throws Exception {
        OutputStream out = connectSending().getOutputStream();
        byte[] message = random(length);

        out.write(message);
        out.flush();

        Frame frame = nextFrame();
        assertThat(frame.fin()).isTrue();
        assertThat(frame.payload()).isEqualTo(message);
    }

    @Test
    void fragmentsWhatIsTooLongForOneFrame() throws Exception {
        OutputStream out = connectSending().getOutputStream();
        byte[] message = random(2 * WebSocketOutput.MAX_FRAME_PAYLOAD + 1);

        out.write(message);
        out.flush();

        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        List<String> frames = new ArrayList<>();
        for (Frame frame = nextFrame(); ; frame = nextFrame()) {
            whole.writeBytes(frame.payload());
            frames.add(frame.opcode() + (frame.fin() ? " last" : ""));
            if (frame.fin()) {
                break;
            }
        }
        assertThat(frames).containsExactly("2", "0", "0 last");
        assertThat(whole.toByteArray()).isEqualTo(message);
    }

    @Test
    void aFlushIsOneWriteBelowAndEachFrameHasAMaskOfItsOwn() throws IOException {
        List<byte[]> writes = new ArrayList<>();
        WebSocketOutput out = new WebSocketOutput(new OutputStream() {
            @Override
            public void write(int b) {
                writes.add(new byte[] {(byte) b});
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                writes.add(Arrays.copyOfRange(bytes, offset, offset + length));
            }
        });

        for (int i = 0; i < 20; i++) {
            out.write(bytes("some"));
            out.write(bytes("thing"));
            out.flush();
        }

        assertThat(writes).hasSize(20).allMatch(frame -> frame.length == 6 + 9);
        assertThat(writes.stream().map(frame -> HexFormat.of().formatHex(frame, 2, 6)))
                .doesNotHaveDuplicates();
    }

    @Test
    void aPongThatComesDuringAWriteFollowsIt() throws IOException {
        List<Integer> firstBytes = new ArrayList<>();
        AtomicReference<WebSocketOutput> output = new AtomicReference<>();
        output.set(new WebSocketOutput(new OutputStream() {
            @Override
            public void write(int b) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                firstBytes.add(bytes[offset] & 0xFF);
                if (firstBytes.size() == 1) {
                    CompletableFuture.runAsync(() -> pong(output.get())).join();
                }
            }
        }));

        output.get().write(1);
        output.get().flush();

        assertThat(firstBytes).containsExactly(BINARY, PONG);
    }

    private static void pong(WebSocketOutput output) {
        try {
            output.pong(NOTHING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void joinsFragmentsAndAnswersPingsBetweenThem() throws Exception {
        TlsSocket socket = connectReceiving(
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

        assertThat(socket.getInputStream().readNBytes(11)).isEqualTo(bytes("fragmented!"));

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
        TlsSocket socket = connectReceiving(frame(BINARY, message), frame(BINARY, bytes("next")));

        assertThat(socket.getInputStream().readNBytes(length)).isEqualTo(message);
        assertThat(socket.getInputStream().readNBytes(4)).isEqualTo(bytes("next"));
    }

    @Test
    void aReadTimeoutAnywhereInAFrameLosesNothing() throws Exception {
        byte[] stream = concat(
                frame(BINARY, random(300)),
                frame(PING, bytes("?")),
                frame(FIRST, bytes("ab")),
                frame(LAST, bytes("c")));
        InputStream trickling = new TimingOutBeforeEachByte(stream);
        ByteArrayOutputStream answers = new ByteArrayOutputStream();
        WebSocketInput in = new WebSocketInput(trickling, new WebSocketOutput(answers), TestTls.target(1));

        byte[] data = new byte[303];
        int count = 0;
        int timeouts = 0;
        while (count < data.length) {
            try {
                count += in.read(data, count, data.length - count);
            } catch (SocketTimeoutException e) {
                timeouts++;
            }
        }

        assertThat(data).isEqualTo(concat(random(300), bytes("abc")));
        assertThat(timeouts).isEqualTo(stream.length);
        assertThat(answers.toByteArray()).hasSize(7).startsWith(PONG, 0x81);
    }

    @ParameterizedTest
    @CsvSource({
        "03e8, 1000 (normal closure)",
        "03e9676f6e65, '1001 (going away): gone'",
        "03f0646f6e0a74, '1008 (policy violation): don t'",
        "0fa0, 4000",
        "'', 1005 (none given)"
    })
    void reportsTheCodeOfACloseFrameAndAnswersIt(String payload, String text) throws Exception {
        byte[] close = HexFormat.of().parseHex(payload);
        TlsSocket socket = connectReceiving(frame(BINARY, bytes("x")), frame(CLOSE, close));
        assertThat(socket.getInputStream().read()).isEqualTo('x');

        assertThatThrownBy(() -> socket.getInputStream().read())
                .isInstanceOf(TlsConnectException.class)
                .hasMessageContaining(HOST)
                .hasMessageEndingWith("closed the WebSocket with code " + text);
        assertThat(socket.getInputStream().read()).isEqualTo(-1);
        Frame answer = nextFrame();
        assertThat(answer.opcode()).isEqualTo(0x8);
        assertThat(answer.payload()).isEqualTo(Arrays.copyOf(close, Math.min(2, close.length)));
        assertThatThrownBy(() -> {
                    socket.getOutputStream().write(1);
                    socket.getOutputStream().flush();
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("closed");
    }

    @ParameterizedTest
    @CsvSource({
        "text, 81026869, 1003, sent text",
        "fragmented text, 010168, 1003, sent text",
        "masked, 8281000000000a, 1002, masked",
        "reserved bit, c20161, 1002, reserved bits",
        "continuation of nothing, 800161, 1002, unexpected opcode 0",
        "message within a message, 020161820162, 1002, unexpected opcode 2",
        "reserved opcode, 830161, 1002, unexpected opcode 3",
        "reserved control opcode, 8b00, 1002, unexpected opcode 11",
        "fragmented ping, 0900, 1002, control frame",
        "long ping, 897e007e, 1002, control frame",
        "negative length, 827fffffffffffffffff, 1002, reserved bits"
    })
    void endsTheConnectionOnWhatBreaksTheProtocol(String name, String bytes, int code, String reason) throws Exception {
        TlsSocket socket = connectReceiving(HexFormat.of().parseHex(bytes));

        assertThat(catchThrowableOfType(
                        TlsConnectException.class, () -> socket.getInputStream().readAllBytes()))
                .hasMessageContaining(reason);
        Frame answer = nextFrame();
        assertThat(answer.opcode()).isEqualTo(0x8);
        assertThat(ByteBuffer.wrap(answer.payload()).getShort()).isEqualTo((short) code);
        assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"82", "827e", "827e01", "820261", "8902", "890261"})
    void anEndWithinAFrameIsAnError(String bytes) throws Exception {
        TlsSocket socket = connectThen(peer -> peer.send(HexFormat.of().parseHex(bytes)));

        assertThatThrownBy(() -> socket.getInputStream().readAllBytes())
                .isInstanceOf(EOFException.class)
                .hasMessageContaining("within a WebSocket frame");
        assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void anEndBetweenFramesIsTheEndOfTheStream() throws Exception {
        TlsSocket socket = connectThen(peer -> peer.send(frame(BINARY, bytes("x"))));

        assertThat(socket.getInputStream().readAllBytes()).isEqualTo(bytes("x"));
    }

    @Test
    void anOrderlyCloseSaysNormalClosure() throws Exception {
        connectSending().close();

        assertThat(nextFrame().payload()).isEqualTo(new byte[] {0x03, (byte) 0xE8});
    }

    @Test
    void goesOnReadingAndClosesWhileAWriterIsHeldUp() throws Exception {
        BlockingQueue<Integer> toSend = new LinkedBlockingQueue<>();
        TlsSocket socket = connectThen(peer -> {
            for (int i = toSend.take(); ; i = toSend.take()) {
                peer.send(frame(PING, bytes("?")), frame(BINARY, new byte[] {(byte) i}));
            }
        });
        HeldUpWriter writer = new HeldUpWriter(socket);
        CompletableFuture<IOException> outcome = CompletableFuture.supplyAsync(writer);
        await().until(writer::isHeldUp);

        for (int i = 0; i < 100; i++) {
            toSend.add(i);
            assertThat(socket.getInputStream().read()).isEqualTo(i);
        }
        socket.close();

        assertThat(outcome.get(10, TimeUnit.SECONDS)).isNotNull();
    }

    private TlsSocket connectSending() throws IOException {
        return connectThen(peer -> {
            while (true) {
                received.add(peer.readFrame());
            }
        });
    }

    /** A connection on which the server sends these frames, and then listens. */
    private TlsSocket connectReceiving(byte[]... frames) throws IOException {
        return connectThen(peer -> {
            peer.send(frames);
            while (true) {
                received.add(peer.readFrame());
            }
        });
    }

    private TlsSocket connectThen(Conversation conversation) throws IOException {
        ScriptedServer server =
                sockets.tls(TestTls.server(HOST), connection -> conversation.continueOn(RawWebSocket.open(connection)));
        return sockets.connect(
                TestTls.target(server.port()).withWebSocket(new WebSocketUpgrade("/mqtt", Map.of(), "mqtt")));
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

    private static final class TimingOutBeforeEachByte extends InputStream {

        private final ByteArrayInputStream bytes;
        private boolean ready = true;

        TimingOutBeforeEachByte(byte[] bytes) {
            this.bytes = new ByteArrayInputStream(bytes);
        }

        @Override
        public int read() throws IOException {
            ready = !ready;
            if (!ready) {
                throw new SocketTimeoutException("Read timed out");
            }
            return bytes.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int b = read();
            target[offset] = (byte) b;
            return b < 0 ? -1 : 1;
        }
    }
}
