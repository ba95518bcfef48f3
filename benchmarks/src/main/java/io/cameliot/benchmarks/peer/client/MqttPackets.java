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

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The packets of MQTT 3.1.1 for a bare socket. */
final class MqttPackets {

    private static final int CLEAN_SESSION = 2;
    private static final int KEEP_ALIVE_SECONDS = 600;

    private MqttPackets() {}

    static byte[] connect(String clientId) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        text(body, "MQTT");
        body.write(4);
        body.write(CLEAN_SESSION);
        number(body, KEEP_ALIVE_SECONDS);
        text(body, clientId);
        return packet(0x10, body);
    }

    /**
     * Encodes a PUBLISH.
     *
     * @param packetId not sent at QoS 0
     */
    static byte[] publish(String topic, int qos, int packetId, byte[] payload) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        text(body, topic);
        if (qos > 0) {
            number(body, packetId);
        }
        body.writeBytes(payload);
        return packet(0x30 | qos << 1, body);
    }

    private static byte[] packet(int firstByte, ByteArrayOutputStream body) {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(firstByte);
        int length = body.size();
        do {
            int digit = length & 0x7f;
            length >>>= 7;
            packet.write(length == 0 ? digit : digit | 0x80);
        } while (length > 0);
        packet.writeBytes(body.toByteArray());
        return packet.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(out, bytes.length);
        out.writeBytes(bytes);
    }

    private static void number(ByteArrayOutputStream out, int value) {
        out.write(value >>> 8);
        out.write(value);
    }
}
