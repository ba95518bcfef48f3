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

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.HexFormat;

/** The server's side of an MQTT connection, packet by packet and in bytes. */
final class BrokerScript {

    static final String ACCEPTED = "20020000";

    private final Socket connection;
    private final DataInputStream in;

    BrokerScript(Socket connection) throws IOException {
        this.connection = connection;
        this.in = new DataInputStream(connection.getInputStream());
    }

    /** Receives a CONNECT and accepts it. */
    static BrokerScript accept(Socket connection) throws IOException {
        BrokerScript broker = new BrokerScript(connection);
        assertThat(broker.next()).startsWith("10");
        broker.send(ACCEPTED);
        return broker;
    }

    void send(String hex) throws IOException {
        connection.getOutputStream().write(HexFormat.of().parseHex(hex.replace(" ", "")));
        connection.getOutputStream().flush();
    }

    InputStream input() {
        return in;
    }

    /** Returns the next packet in hexadecimal digits; empty at the end of the stream. */
    String next() throws IOException {
        int first = in.read();
        if (first < 0) {
            return "";
        }
        int length = 0;
        int digit;
        int shift = 0;
        do {
            digit = in.readUnsignedByte();
            length |= (digit & 0x7F) << shift;
            shift += 7;
        } while (digit > 0x7F);
        byte[] body = new byte[length];
        in.readFully(body);
        return String.format("%02x", first) + HexFormat.of().formatHex(body);
    }

    /** Returns the packet identifier of a SUBSCRIBE, an UNSUBSCRIBE, or a PUBLISH to a topic of one character. */
    static String packetId(String packet) {
        return packet.startsWith("3") ? packet.substring(8, 12) : packet.substring(2, 6);
    }
}
