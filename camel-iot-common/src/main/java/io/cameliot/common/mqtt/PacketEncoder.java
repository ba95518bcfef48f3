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
package io.cameliot.common.mqtt;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The packets that a client sends (MQTT 3.1.1 chapter 3). */
final class PacketEncoder {

    /** Largest value of the remaining length (section 2.2.3). */
    static final int MAX_REMAINING_LENGTH = 268_435_455;

    private static final byte[] PROTOCOL = {0, 4, 'M', 'Q', 'T', 'T', 4};

    private static final int CLEAN_SESSION = 0x02;
    private static final int WILL = 0x04;
    private static final int WILL_QOS_SHIFT = 3;
    private static final int WILL_RETAIN = 0x20;
    private static final int PASSWORD = 0x40;
    private static final int USER_NAME = 0x80;

    private static final int DUPLICATE = 0x08;
    private static final int RETAIN = 0x01;
    private static final int RESERVED = 0x02;

    private PacketEncoder() {}

    /** Section 3.1. */
    static byte[] connect(MqttConnectRequest request) {
        int flags = request.cleanSession() ? CLEAN_SESSION : 0;
        List<byte[]> fields = new ArrayList<>();
        fields.add(MqttText.encode(request.clientId(), "client identifier"));
        MqttWill will = request.will();
        if (will != null) {
            requireQos(will.qos());
            flags |= WILL | will.qos() << WILL_QOS_SHIFT | (will.retained() ? WILL_RETAIN : 0);
            fields.add(MqttText.encode(will.topic(), "topic of the will"));
            fields.add(will.payload().getBytes(StandardCharsets.UTF_8));
        }
        if (request.username() != null) {
            flags |= USER_NAME;
            fields.add(MqttText.encode(request.username(), "user name"));
        }
        if (request.password() != null) {
            flags |= PASSWORD;
            fields.add(request.password().getBytes(StandardCharsets.UTF_8));
        }
        ByteBuffer packet = begin(PacketType.CONNECT, 0, PROTOCOL.length + 3 + size(fields));
        packet.put(PROTOCOL).put((byte) flags).putShort((short) keepAliveSeconds(request));
        fields.forEach(field -> putField(packet, field));
        return packet.array();
    }

    private static int keepAliveSeconds(MqttConnectRequest request) {
        long seconds = request.keepAlive().toSeconds();
        if (seconds < 0 || seconds > 0xFFFF) {
            throw new IllegalArgumentException(
                    "A keep alive of " + seconds + " s is out of range: MQTT allows 0 to 65535");
        }
        return (int) seconds;
    }

    /**
     * What precedes the payload of a PUBLISH (section 3.3).
     *
     * @param packetId left out at QoS 0
     */
    static byte[] publishHead(
            byte[] topic, int payloadLength, int qos, boolean retain, boolean duplicate, int packetId) {
        int length = Short.BYTES + topic.length + (qos > 0 ? Short.BYTES : 0);
        ByteBuffer head = begin(
                PacketType.PUBLISH,
                (duplicate ? DUPLICATE : 0) | qos << 1 | (retain ? RETAIN : 0),
                length + payloadLength,
                length);
        putField(head, topic);
        if (qos > 0) {
            head.putShort((short) packetId);
        }
        return head.array();
    }

    /** Section 3.4. */
    static byte[] puback(int packetId) {
        return begin(PacketType.PUBACK, 0, Short.BYTES)
                .putShort((short) packetId)
                .array();
    }

    /** Section 3.8. */
    static byte[] subscribe(int packetId, List<byte[]> filters, int qos) {
        requireQos(qos);
        ByteBuffer packet = begin(PacketType.SUBSCRIBE, RESERVED, Short.BYTES + size(filters) + filters.size());
        packet.putShort((short) packetId);
        for (byte[] filter : filters) {
            putField(packet, filter);
            packet.put((byte) qos);
        }
        return packet.array();
    }

    /** Section 3.10. */
    static byte[] unsubscribe(int packetId, List<byte[]> filters) {
        ByteBuffer packet = begin(PacketType.UNSUBSCRIBE, RESERVED, Short.BYTES + size(filters));
        packet.putShort((short) packetId);
        filters.forEach(filter -> putField(packet, filter));
        return packet.array();
    }

    /** Section 3.12. */
    static byte[] pingreq() {
        return begin(PacketType.PINGREQ, 0, 0).array();
    }

    /** Section 3.14. */
    static byte[] disconnect() {
        return begin(PacketType.DISCONNECT, 0, 0).array();
    }

    /**
     * @throws IllegalArgumentException if there is no such PUBLISH
     */
    static void requirePublishable(byte[] topic, byte[] payload, int qos) {
        requireQos(qos);
        if (payload.length > MAX_REMAINING_LENGTH - topic.length - 2 * Short.BYTES) {
            throw new IllegalArgumentException("A payload of " + payload.length
                    + " bytes is too long: MQTT allows packets of " + MAX_REMAINING_LENGTH);
        }
    }

    static void requireQos(int qos) {
        if (qos != 0 && qos != 1) {
            throw new IllegalArgumentException("QoS " + qos + " is not supported, 0 and 1 are");
        }
    }

    private static ByteBuffer begin(int type, int flags, int remainingLength) {
        return begin(type, flags, remainingLength, remainingLength);
    }

    /** A packet, or as much of it as is wanted, with its fixed header (section 2.2) in place. */
    private static ByteBuffer begin(int type, int flags, int remainingLength, int wanted) {
        int left = remainingLength;
        int lengthBytes = left < 1 << 7 ? 1 : left < 1 << 14 ? 2 : left < 1 << 21 ? 3 : 4;
        ByteBuffer packet = ByteBuffer.allocate(1 + lengthBytes + wanted).put((byte) (type << 4 | flags));
        for (; left > 0x7F; left >>>= 7) {
            packet.put((byte) (left | 0x80));
        }
        return packet.put((byte) left);
    }

    private static int size(List<byte[]> fields) {
        int size = 0;
        for (byte[] field : fields) {
            if (field.length > 0xFFFF) {
                throw new IllegalArgumentException(
                        "A field of " + field.length + " bytes is too long: MQTT allows 65535");
            }
            size += Short.BYTES + field.length;
        }
        return size;
    }

    private static void putField(ByteBuffer packet, byte[] field) {
        packet.putShort((short) field.length).put(field);
    }
}
