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
package io.cameliot.testinfra.dps;

import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.net.TlsClient;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocket;

/** A device that writes its packets in bytes, for what client libraries do not allow or show. */
final class RawDevice implements AutoCloseable {

    static final int CONNACK = 2;
    static final int PUBLISH = 3;
    static final int PUBACK = 4;
    static final int SUBACK = 9;
    static final int PINGRESP = 13;

    private final String clientId;
    private final String userName;
    private final String password;
    private final SSLSocket socket;
    private final DataInputStream in;
    private final ByteArrayOutputStream unsent = new ByteArrayOutputStream();

    /** A packet of less than 16 KB. */
    record Packet(int type, byte[] body) {}

    private RawDevice(SSLSocket socket, String clientId, String userName, String password) throws IOException {
        this.socket = socket;
        this.clientId = clientId;
        this.userName = userName;
        this.password = password;
        in = new DataInputStream(socket.getInputStream());
    }

    static RawDevice at(DpsEmulator dps, String clientId, String userName, String password) throws IOException {
        SSLSocket socket = TlsClient.trusting(dps.serverAuthority().certificate())
                .connect("127.0.0.1", dps.mqttPort(), DpsEmulator.GLOBAL_HOST_NAME);
        return new RawDevice(socket, clientId, userName, password);
    }

    static RawDevice at(DpsEmulator dps, String registrationId, EnrollmentKey key) throws IOException {
        return at(
                dps,
                registrationId,
                PahoDevice.userName(dps, registrationId),
                PahoDevice.token(dps, registrationId, key));
    }

    static RawDevice atHub(DpsEmulator dps, String hub, String clientId, String userName, String password)
            throws IOException {
        SSLSocket socket =
                TlsClient.trusting(dps.serverAuthority().certificate()).connect("127.0.0.1", dps.hubPort(), hub);
        return new RawDevice(socket, clientId, userName, password);
    }

    /** Sends bytes in one TLS record with everything else before the next receive. */
    RawDevice send(byte... packet) throws IOException {
        unsent.write(packet);
        return this;
    }

    private void flush() throws IOException {
        if (unsent.size() == 0) {
            return;
        }
        socket.getOutputStream().write(unsent.toByteArray());
        socket.getOutputStream().flush();
        unsent.reset();
    }

    /** Sends an MQTT 3.1.1 CONNECT with the given protocol level and the keep alive in seconds. */
    RawDevice connect(int level, int keepAlive) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bytes);
        body.writeUTF(level == 3 ? "MQIsdp" : "MQTT");
        body.writeByte(level);
        body.writeByte(0xc2); // user name, password, clean session
        body.writeShort(keepAlive);
        if (level >= 5) {
            body.writeByte(0); // no properties
        }
        body.writeUTF(clientId);
        body.writeUTF(userName);
        body.writeUTF(password);
        return send(0x10, bytes.toByteArray());
    }

    RawDevice connect() throws IOException {
        return connect(4, 60);
    }

    RawDevice subscribe(String filter) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bytes);
        body.writeShort(1);
        body.writeUTF(filter);
        body.writeByte(1);
        return send(0x82, bytes.toByteArray());
    }

    RawDevice subscribe() throws IOException {
        return subscribe(PahoDevice.RESPONSES);
    }

    /** Publishes an empty message at QoS 1. */
    RawDevice publish(String topic) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bytes);
        body.writeUTF(topic);
        body.writeShort(2);
        return send(0x32, bytes.toByteArray());
    }

    RawDevice register() throws IOException {
        return publish("$dps/registrations/PUT/iotdps-register/?$rid=1");
    }

    RawDevice acknowledge(int packetId) throws IOException {
        return send((byte) 0x40, (byte) 2, (byte) (packetId >> 8), (byte) packetId);
    }

    RawDevice ping() throws IOException {
        return send((byte) 0xc0, (byte) 0);
    }

    private RawDevice send(int firstByte, byte[] body) throws IOException {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(firstByte);
        // The remaining length in two bytes (MQTT 3.1.1, section 2.2.3).
        packet.write(body.length % 128 + 128);
        packet.write(body.length / 128);
        packet.write(body);
        return send(packet.toByteArray());
    }

    Packet receive() throws IOException {
        flush();
        int type = in.readUnsignedByte() >> 4;
        int length = in.readUnsignedByte();
        if (length >= 128) {
            length += (in.readUnsignedByte() - 1) * 128;
        }
        return new Packet(type, in.readNBytes(length));
    }

    /** Receives until an answer of the service arrives. */
    String receiveAnswer() throws IOException {
        Packet packet = receive();
        while (packet.type() != PUBLISH) {
            packet = receive();
        }
        ByteBuffer body = ByteBuffer.wrap(packet.body());
        int topicLength = Short.toUnsignedInt(body.getShort());
        int packetIdLength = 2;
        body.position(body.position() + topicLength + packetIdLength);
        return StandardCharsets.UTF_8.decode(body).toString();
    }

    boolean isClosedByPeer() throws IOException {
        flush();
        return in.read() == -1;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
