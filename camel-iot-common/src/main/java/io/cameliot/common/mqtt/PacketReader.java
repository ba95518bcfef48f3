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

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts what comes from the server into packets and checks each against MQTT 3.1.1, as far as that needs no knowledge of
 * other packets. Reads whatever there is at once, never byte by byte. For one thread.
 */
final class PacketReader {

    /** Longer packets are refused; AWS IoT Core and Azure send none above 128 KB and 256 KB. */
    static final int MAX_PACKET = 1024 * 1024;

    private static final int INITIAL_SIZE = 8 * 1024;
    private static final int MAX_LENGTH_BYTES = 4;
    private static final byte[] NOTHING = {};

    private final InputStream in;
    private final PacketHandler handler;
    private byte[] buffer = NOTHING;
    private int start; // of the first packet that is not handled
    private int end; // of what was read

    PacketReader(InputStream in, PacketHandler handler) {
        this.in = in;
        this.handler = handler;
    }

    /**
     * Waits until something comes, and hands on every packet that is complete with it.
     *
     * @return false at the end of the stream
     * @throws MqttProtocolException if a packet is not as the standard says, and what the handler throws
     */
    boolean read() throws IOException {
        if (buffer.length == 0) {
            buffer = new byte[INITIAL_SIZE];
        }
        int count = in.read(buffer, end, buffer.length - end);
        if (count < 0) {
            if (start < end) {
                throw new EOFException("The connection ended within a packet");
            }
            return false;
        }
        end += count;
        int missing = handlePackets();
        makeRoom(missing);
        return true;
    }

    /** Gives the memory back if no part of a packet is in it. */
    void release() {
        if (start == end) {
            buffer = NOTHING;
            start = 0;
            end = 0;
        }
    }

    /**
     * @return how long the packet is that is not complete, as far as that is known
     */
    private int handlePackets() throws IOException {
        while (end - start >= 2) {
            int remainingLength = 0;
            int position = start + 1;
            for (int shift = 0; ; shift += 7) {
                if (position - start > MAX_LENGTH_BYTES) {
                    throw new MqttProtocolException(nameOfFirst() + " with a remaining length of more than 4 bytes");
                }
                if (position == end) {
                    return 1 + MAX_LENGTH_BYTES;
                }
                byte digit = buffer[position++];
                remainingLength |= (digit & 0x7F) << shift;
                if (digit >= 0) {
                    break;
                }
            }
            int length = position - start + remainingLength;
            int first = buffer[start] & 0xFF;
            requireSendable(first >>> 4, first & 0x0F);
            if (length > MAX_PACKET) {
                throw new MqttProtocolException(nameOfFirst() + " of " + length + " bytes: the limit is " + MAX_PACKET);
            }
            if (length > end - start) {
                return length;
            }
            start += length;
            handle(first >>> 4, first & 0x0F, position, remainingLength);
        }
        return 1 + MAX_LENGTH_BYTES;
    }

    private void makeRoom(int length) {
        int left = end - start;
        if (left == 0 && buffer.length > INITIAL_SIZE && length <= INITIAL_SIZE) {
            buffer = new byte[INITIAL_SIZE];
        } else if (start + length > buffer.length) {
            byte[] target = length > buffer.length ? new byte[length] : buffer;
            System.arraycopy(buffer, start, target, 0, left);
            buffer = target;
        } else if (left > 0) {
            return;
        }
        start = 0;
        end = left;
    }

    private String nameOfFirst() {
        return PacketType.name((buffer[start] & 0xFF) >>> 4);
    }

    /** Refuses what a server may not send before the rest of it is waited for. */
    private static void requireSendable(int type, int flags) throws MqttProtocolException {
        switch (type) {
            case PacketType.PUBLISH -> {
                // Its flags have a meaning.
            }
            case PacketType.CONNACK, PacketType.PUBACK, PacketType.SUBACK, PacketType.UNSUBACK, PacketType.PINGRESP -> {
                if (flags != 0) {
                    throw new MqttProtocolException(PacketType.name(type) + " with reserved flags " + flags);
                }
            }
            default ->
                throw new MqttProtocolException(PacketType.name(type) + ", which a server may not send to this client");
        }
    }

    private void handle(int type, int flags, int offset, int length) throws IOException {
        switch (type) {
            case PacketType.CONNACK -> connack(offset, length);
            case PacketType.PUBACK -> {
                requireLength(type, length, length == Short.BYTES);
                handler.puback(packetId(type, offset));
            }
            case PacketType.SUBACK -> {
                requireLength(type, length, length > Short.BYTES);
                handler.suback(packetId(type, offset), returnCodes(offset + Short.BYTES, offset + length));
            }
            case PacketType.UNSUBACK -> {
                requireLength(type, length, length == Short.BYTES);
                handler.unsuback(packetId(type, offset));
            }
            case PacketType.PINGRESP -> {
                requireLength(type, length, length == 0);
                handler.pingresp();
            }
            case PacketType.PUBLISH -> publish(flags, offset, length);
            default -> throw new IllegalStateException("requireSendable() lets no other type through");
        }
    }

    /** Section 3.2. */
    private void connack(int offset, int length) throws IOException {
        requireLength(PacketType.CONNACK, length, length == 2);
        int flags = buffer[offset];
        if ((flags & ~1) != 0) {
            throw new MqttProtocolException("CONNACK with reserved flags " + (flags & 0xFF));
        }
        handler.connack(flags == 1, buffer[offset + 1] & 0xFF);
    }

    /** Section 3.3. */
    private void publish(int flags, int offset, int length) throws IOException {
        int qos = flags >>> 1 & 3;
        boolean duplicate = (flags & 8) != 0;
        if (qos > 1) {
            // Nothing is subscribed to above QoS 1, and a server may not raise it (section 3.8.4).
            throw new MqttProtocolException("PUBLISH at QoS " + qos + ", which nothing was subscribed at");
        }
        if (qos == 0 && duplicate) {
            throw new MqttProtocolException("PUBLISH at QoS 0 marked as duplicate");
        }
        int idBytes = qos == 0 ? 0 : Short.BYTES;
        int topicLength = length < Short.BYTES ? 0 : number(offset);
        int payloadStart = offset + Short.BYTES + topicLength + idBytes;
        requireLength(PacketType.PUBLISH, length, payloadStart <= offset + length);
        String topic = MqttText.decodeTopic(buffer, offset + Short.BYTES, topicLength);
        int packetId = qos == 0 ? 0 : packetId(PacketType.PUBLISH, payloadStart - idBytes);
        byte[] payload = Arrays.copyOfRange(buffer, payloadStart, offset + length);
        handler.publish(topic, payload, qos, (flags & 1) != 0, duplicate, packetId);
    }

    /** Section 3.9.3. */
    private List<Integer> returnCodes(int from, int to) throws MqttProtocolException {
        List<Integer> codes = new ArrayList<>(to - from);
        for (int i = from; i < to; i++) {
            int code = buffer[i] & 0xFF;
            if (code > 2 && code != 0x80) {
                throw new MqttProtocolException("SUBACK with return code " + code);
            }
            codes.add(code);
        }
        return codes;
    }

    private int packetId(int type, int offset) throws MqttProtocolException {
        int id = number(offset);
        if (id == 0) {
            throw new MqttProtocolException(PacketType.name(type) + " with packet identifier 0");
        }
        return id;
    }

    private int number(int offset) {
        return (buffer[offset] & 0xFF) << 8 | buffer[offset + 1] & 0xFF;
    }

    private static void requireLength(int type, int length, boolean valid) throws MqttProtocolException {
        if (!valid) {
            throw new MqttProtocolException(PacketType.name(type) + " of impossible length " + length);
        }
    }
}
