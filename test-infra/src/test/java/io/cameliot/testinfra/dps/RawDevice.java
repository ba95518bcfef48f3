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

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/** A device that writes its packets byte by byte, for what no client library lets one do or see. */
final class RawDevice implements AutoCloseable {

    static final int CONNACK = 2;
    static final int PUBLISH = 3;
    static final int PUBACK = 4;
    static final int SUBACK = 9;
    static final int PINGRESP = 13;

    private final String userName;
    private final String password;
    private final String registrationId;
    private final SSLSocket socket;
    private final DataInputStream in;

    /** A packet of less than 16 KB. */
    record Packet(int type, byte[] body) {}

    RawDevice(DpsEmulator dps, String registrationId, String password) throws IOException {
        this.userName = PahoDevice.userName(dps, registrationId);
        this.password = password;
        this.registrationId = registrationId;
        LoopbackSslSocketFactory factory = new LoopbackSslSocketFactory(
                LoopbackSslSocketFactory.context(dps.serverAuthority(), Optional.empty()),
                DpsEmulator.GLOBAL_HOST_NAME);
        socket = (SSLSocket) factory.createSocket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), dps.mqttPort()), 0);
        socket.setSSLParameters(socket.getSSLParameters());
        socket.setSoTimeout((int) PahoDevice.PATIENCE.toMillis());
        in = new DataInputStream(socket.getInputStream());
    }

    RawDevice send(byte... packet) throws IOException {
        socket.getOutputStream().write(packet);
        socket.getOutputStream().flush();
        return this;
    }

    /** Sends CONNECT as MQTT 3.1.1 has it, with the given protocol level and keep-alive in seconds. */
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
        body.writeUTF(registrationId);
        body.writeUTF(userName);
        body.writeUTF(password);
        return send(0x10, bytes.toByteArray());
    }

    RawDevice subscribe() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bytes);
        body.writeShort(1);
        body.writeUTF(PahoDevice.RESPONSES);
        body.writeByte(1);
        return send(0x82, bytes.toByteArray());
    }

    RawDevice register() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bytes);
        body.writeUTF("$dps/registrations/PUT/iotdps-register/?$rid=1");
        body.writeShort(2);
        return send(0x32, bytes.toByteArray());
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
        int type = in.readUnsignedByte() >> 4;
        int length = in.readUnsignedByte();
        if (length >= 128) {
            length += (in.readUnsignedByte() - 1) * 128;
        }
        return new Packet(type, in.readNBytes(length));
    }

    boolean isClosedByPeer() throws IOException {
        return in.read() == -1;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
