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

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.common.mqtt.MqttConnectRequest;
import io.cameliot.common.mqtt.ProtocolVersion;
import io.cameliot.common.transport.TlsTarget;
import io.cameliot.common.transport.connect.TestTls;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;

/**
 * A session without a network, with its complete pipeline above the transport. Netty's decoder reads its output.
 * Everything happens within the calls, on the caller's thread.
 */
final class EmbeddedSession implements MqttSessionListener {

    static final String ACCEPTED_V5 = "2003000000";

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final SSLContext TLS = TestTls.client();
    private static final TlsTarget TARGET = TestTls.target(8883, TLS, List.of(), null);

    final EmbeddedChannel channel = new EmbeddedChannel();
    final MqttSession session;
    final CompletableFuture<MqttSession> connected;
    final List<InboundMessage> messages = new ArrayList<>();
    final List<IOException> losses = new ArrayList<>();
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    private final byte[] connect;
    private EmbeddedChannel referee;
    private EmbeddedChannel encoder;
    private MqttMessage connectPacket;

    EmbeddedSession(MqttConnectRequest request) {
        channel.config().setAllocator(allocator);
        session = new MqttSession(request, TARGET, null, this);
        connected = session.start(channel.pipeline(), TIMEOUT.toNanos());
        connect = sentBytes();
    }

    /** Creates an MQTT 5 session for another channel, without a listener. */
    static MqttSession unconnected() {
        return new MqttSession(requestV5("dev"), TARGET, null, new MqttSessionListener() {
            @Override
            public void messageArrived(InboundMessage message) {}

            @Override
            public void connectionLost(MqttSession session, IOException cause) {}
        });
    }

    /** An MQTT 5 request, with topic aliases if the server supports them. */
    static MqttConnectRequest requestV5(String clientId) {
        return requestV5(clientId, 100);
    }

    static MqttConnectRequest requestV5(String clientId, int receiveMaximum) {
        return new MqttConnectRequest(
                clientId,
                null,
                new MqttConnectRequest.Session(ProtocolVersion.V5, true, Duration.ZERO, receiveMaximum, true),
                Duration.ofMinutes(1),
                null,
                TIMEOUT);
    }

    static MqttConnectRequest request(ProtocolVersion version) {
        return version == ProtocolVersion.V5 ? requestV5("dev") : Sessions.request(Duration.ofMinutes(1), TIMEOUT);
    }

    static EmbeddedSession connected(ProtocolVersion version) {
        return version == ProtocolVersion.V5 ? connectedV5("") : connectedV311();
    }

    /**
     * Connects a session.
     *
     * @param connackProperties in hexadecimal digits
     */
    static EmbeddedSession connectedV5(String connackProperties) {
        EmbeddedSession session = new EmbeddedSession(requestV5("dev"));
        session.receive(connackV5(connackProperties));
        assertThat(session.connected).isCompleted();
        return session;
    }

    static EmbeddedSession connectedV311() {
        EmbeddedSession session = new EmbeddedSession(request(ProtocolVersion.V3_1_1));
        session.receive(BrokerScript.ACCEPTED);
        assertThat(session.connected).isCompleted();
        return session;
    }

    static String connackV5(String properties) {
        int length = properties.length() / 2;
        return String.format("20%02x0000%02x%s", length + 3, length, properties);
    }

    void receive(String hex) {
        receive(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    /** Receives bytes until the session closes the connection. */
    void receive(byte[] bytes) {
        if (channel.isOpen()) {
            channel.writeInbound(allocator.buffer(Math.max(1, bytes.length)).writeBytes(bytes));
        }
        assertThat(channel.inboundMessages())
                .as("what the session passed on and nobody takes")
                .isEmpty();
    }

    /** Runs the tasks of other threads. */
    void run() {
        channel.runPendingTasks();
    }

    /** Returns the bytes sent since the last call, one element for each buffer. */
    List<byte[]> sentBuffers() {
        run();
        List<byte[]> buffers = new ArrayList<>();
        for (ByteBuf buffer = channel.readOutbound(); buffer != null; buffer = channel.readOutbound()) {
            byte[] bytes = new byte[buffer.readableBytes()];
            buffer.readBytes(bytes);
            buffer.release();
            buffers.add(bytes);
        }
        return buffers;
    }

    byte[] sentBytes() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        sentBuffers().forEach(all::writeBytes);
        return all.toByteArray();
    }

    /**
     * Returns the packets sent since the last call. Netty's encoder must produce the same bytes. A caller that reads a
     * payload must release it.
     */
    List<MqttMessage> sent() {
        connectPacket();
        return judge(sentBytes());
    }

    MqttMessage connectPacket() {
        if (connectPacket == null) {
            // Decoder and encoder read the protocol version from it.
            connectPacket = judge(connect).get(0);
        }
        return connectPacket;
    }

    private List<MqttMessage> judge(byte[] bytes) {
        if (referee == null) {
            referee = new EmbeddedChannel(new MqttDecoder(1 << 28));
            encoder = new EmbeddedChannel(MqttEncoder.INSTANCE);
        }
        referee.writeInbound(referee.alloc().buffer().writeBytes(bytes));
        List<MqttMessage> packets = new ArrayList<>();
        ByteArrayOutputStream again = new ByteArrayOutputStream();
        for (MqttMessage packet = referee.readInbound(); packet != null; packet = referee.readInbound()) {
            assertThat(packet.decoderResult().isSuccess()).as("%s", packet).isTrue();
            packets.add(packet);
            again.writeBytes(encode(packet));
        }
        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(HexFormat.of().formatHex(again.toByteArray()));
        return packets;
    }

    private byte[] encode(MqttMessage packet) {
        encoder.writeOutbound(ReferenceCountUtil.retain(packet));
        ByteBuf encoded = encoder.readOutbound();
        byte[] bytes = new byte[encoded.readableBytes()];
        encoded.readBytes(bytes);
        encoded.release();
        return bytes;
    }

    /** Closes the connection on the server's side, and checks that every buffer was released. */
    void close() {
        channel.close();
        run();
        channel.checkException();
        sentBuffers();
        if (referee != null) {
            referee.finishAndReleaseAll();
            encoder.finishAndReleaseAll();
        }
        assertThat(channel.isOpen()).isFalse();
        assertThat(channel.hasPendingTasks()).as("a timer left behind").isFalse();
        assertThat(allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory())
                .as("bytes of buffers that were not released")
                .isZero();
    }

    @Override
    public void messageArrived(InboundMessage message) {
        messages.add(message);
    }

    @Override
    public void connectionLost(MqttSession lost, IOException cause) {
        losses.add(cause);
    }
}
