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
package io.cameliot.testinfra.awsiot;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageBuilders.ConnectBuilder;
import io.netty.handler.codec.mqtt.MqttMessageBuilders.SubscribeBuilder;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Optional;

/** MQTT packet by packet on a connected socket, for packets that no well-behaved client sends. */
final class MqttWire implements AutoCloseable {
    private static final int MAX_BYTES = 1024 * 1024;
    private static final int SILENCE_MILLIS = 300;

    private final Socket socket;
    private final EmbeddedChannel codec = new EmbeddedChannel(new MqttDecoder(MAX_BYTES), MqttEncoder.INSTANCE);
    private final byte[] buffer = new byte[64 * 1024];

    MqttWire(Socket socket) {
        this.socket = socket;
    }

    static ConnectBuilder connect(MqttVersion version, String clientId) {
        return MqttMessageBuilders.connect()
                .protocolVersion(version)
                .clientId(clientId)
                .cleanSession(true)
                .keepAlive(60);
    }

    static MqttPublishMessage publish(String topic, int packetId, MqttQoS qos, byte[] payload) {
        return MqttMessageBuilders.publish()
                .topicName(topic)
                .messageId(packetId)
                .qos(qos)
                .payload(Unpooled.wrappedBuffer(payload))
                .build();
    }

    static MqttMessage subscribe(int packetId, String... topicFilters) {
        return subscribe(packetId, MqttQoS.AT_LEAST_ONCE, topicFilters);
    }

    static MqttMessage subscribe(int packetId, MqttQoS qos, String... topicFilters) {
        SubscribeBuilder subscribe = MqttMessageBuilders.subscribe().messageId(packetId);
        for (String filter : topicFilters) {
            subscribe.addSubscription(qos, filter);
        }
        return subscribe.build();
    }

    static MqttMessage pingRequest() {
        return new MqttMessage(new MqttFixedHeader(MqttMessageType.PINGREQ, false, MqttQoS.AT_MOST_ONCE, false, 0));
    }

    /** Sends packets in one TLS record, so that the server receives them together. */
    MqttWire send(MqttMessage... messages) throws IOException {
        ByteArrayOutputStream together = new ByteArrayOutputStream();
        for (MqttMessage message : messages) {
            assertThat(codec.writeOutbound(message)).isTrue();
            for (ByteBuf bytes = codec.readOutbound(); bytes != null; bytes = codec.readOutbound()) {
                together.write(ByteBufUtil.getBytes(bytes));
                bytes.release();
            }
        }
        socket.getOutputStream().write(together.toByteArray());
        return this;
    }

    /** Reads the next packet, which must have one type. Fails if the connection ends first. */
    <M extends MqttMessage> M expect(Class<M> type, MqttMessageType packet) throws IOException {
        Optional<MqttMessage> next = read();
        assertThat(next).as("a packet rather than the end").isPresent();
        assertThat(next.get().fixedHeader().messageType()).isEqualTo(packet);
        return type.cast(next.get());
    }

    MqttMessage expect(MqttMessageType packet) throws IOException {
        return expect(MqttMessage.class, packet);
    }

    /** Reads the next packet of one type; one packet of another type may precede it. */
    <M extends MqttMessage> M expectPast(MqttMessageType before, Class<M> type, MqttMessageType packet)
            throws IOException {
        Optional<MqttMessage> next = read();
        assertThat(next).as("a packet rather than the end").isPresent();
        if (next.get().fixedHeader().messageType() == before) {
            return expect(type, packet);
        }
        assertThat(next.get().fixedHeader().messageType()).isEqualTo(packet);
        return type.cast(next.get());
    }

    /** Sends a packet on which the server closes the connection, possibly before it has read the whole packet. */
    void sendIntoTheEnd(MqttMessage message) throws IOException {
        try {
            send(message);
        } catch (SocketException e) {
            return;
        }
        expectEnd();
    }

    /** Expects that the server closes without another packet. */
    void expectEnd() throws IOException {
        assertThat(read()).as("the end of the connection").isEmpty();
    }

    /** Expects that the server sends nothing for a moment and leaves the connection open. */
    void expectSilence() throws IOException {
        int timeout = socket.getSoTimeout();
        socket.setSoTimeout(SILENCE_MILLIS);
        try {
            Optional<MqttMessage> next = read();
            throw new AssertionError("Expected silence but got " + next);
        } catch (SocketTimeoutException e) {
            socket.setSoTimeout(timeout);
        }
    }

    /** Reads the next packet of any type. */
    MqttMessage next() throws IOException {
        return read().orElseThrow(() -> new AssertionError("Expected a packet, but the connection ended"));
    }

    /** Reads the next packet; empty when the server closes. */
    private Optional<MqttMessage> read() throws IOException {
        MqttMessage message = codec.readInbound();
        while (message == null) {
            int count = readBytes();
            if (count < 0) {
                return Optional.empty();
            }
            codec.writeInbound(Unpooled.copiedBuffer(buffer, 0, count));
            message = codec.readInbound();
        }
        return Optional.of(message);
    }

    private int readBytes() throws IOException {
        try {
            return socket.getInputStream().read(buffer);
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            return -1; // a reset is also an end
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        codec.finishAndReleaseAll();
    }
}
