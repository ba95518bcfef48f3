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
package io.cameliot.benchmarks.peer.client;

import io.cameliot.benchmarks.peer.api.Completion;
import io.cameliot.benchmarks.peer.api.PemIdentity;
import io.cameliot.benchmarks.peer.api.PublishSettings;
import io.cameliot.benchmarks.peer.api.Publisher;
import io.cameliot.benchmarks.server.ServerAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import javax.net.ssl.SSLSocket;

/**
 * Shows the limit of the machine, the JDK's TLS and the broker: a blocking socket writes many prepared packets at a
 * time, and a thread only counts the acknowledgements. For one publishing thread and a constant payload.
 */
public final class SocketPublisher implements Publisher {

    private static final int INPUT_BUFFER = 16 * 1024;
    private static final int PUBACK_LENGTH = 4;

    private final int qos;
    private final SSLSocket socket;
    private final OutputStream out;
    private final int packetLength;
    /** One packet for each message of the window. */
    private final byte[] packets;

    private final BlockingQueue<Completion> unacknowledged;
    private final Thread reader;
    private int first;
    private int count;

    public SocketPublisher(PublishSettings settings) throws IOException {
        qos = settings.qos();
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        byte[] payload = new byte[settings.payloadBytes()];
        for (int packetId = 1; packetId <= settings.window(); packetId++) {
            encoded.writeBytes(MqttPackets.publish(settings.topic(), qos, packetId, payload));
        }
        packets = encoded.toByteArray();
        packetLength = packets.length / settings.window();
        unacknowledged = new ArrayBlockingQueue<>(settings.window());
        socket = (SSLSocket) PemIdentity.of(settings.server(), settings.identity())
                .context()
                .getSocketFactory()
                .createSocket(ServerAddress.HOST, settings.server().port());
        socket.setTcpNoDelay(true);
        out = socket.getOutputStream();
        out.write(MqttPackets.connect(settings.identity() + "-socket"));
        requireConnack(socket.getInputStream().readNBytes(4));
        reader = new Thread(this::read, "socket-reader");
        reader.setDaemon(true);
        reader.start();
    }

    private static void requireConnack(byte[] packet) throws IOException {
        if (packet.length < 4 || packet[0] != 0x20 || packet[3] != 0) {
            throw new IOException("The broker refused the connection");
        }
    }

    @Override
    public void publish(byte[] payload, Completion completion) {
        count++;
        if (qos > 0) {
            unacknowledged.add(completion);
        } else {
            completion.done(null);
        }
        if ((first + count) * packetLength == packets.length) {
            flush();
        }
    }

    @Override
    public void flush() {
        if (count == 0) {
            return;
        }
        try {
            out.write(packets, first * packetLength, count * packetLength);
        } catch (IOException e) {
            throw new IllegalStateException("The connection broke", e);
        }
        first += count;
        count = 0;
        if (first * packetLength == packets.length) {
            first = 0;
        }
    }

    private void read() {
        byte[] buffer = new byte[INPUT_BUFFER];
        int bytes = 0;
        try {
            InputStream in = socket.getInputStream();
            int length = in.read(buffer);
            while (length > 0) {
                bytes += length;
                while (bytes >= PUBACK_LENGTH) {
                    bytes -= PUBACK_LENGTH;
                    unacknowledged.remove().done(null);
                }
                length = in.read(buffer);
            }
        } catch (IOException e) {
            unacknowledged.forEach(completion -> completion.done(e));
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
