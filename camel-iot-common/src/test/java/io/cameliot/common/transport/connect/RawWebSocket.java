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
package io.cameliot.common.transport.connect;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;

/**
 * The server's side of a WebSocket in bytes, written from RFC 6455 and without a library, so that it can also send what
 * no library sends.
 */
final class RawWebSocket {

    private final DataInputStream in;
    private final DataOutputStream out;
    private String key;

    /** A frame of the client, unmasked. */
    record Frame(boolean fin, int opcode, byte[] payload) {}

    RawWebSocket(Socket connection) throws IOException {
        in = new DataInputStream(connection.getInputStream());
        out = new DataOutputStream(connection.getOutputStream());
    }

    /** Reads the request and answers it correctly. */
    static RawWebSocket open(Socket connection) throws Exception {
        RawWebSocket peer = new RawWebSocket(connection);
        peer.answer("HTTP/1.1 101 Switching Protocols\r\nupgrade: WebSocket\r\nconnection: keep-alive, upgrade\r\n"
                + "sec-websocket-protocol: mqtt\r\nsec-websocket-accept: " + peer.accept() + "\r\n\r\n");
        return peer;
    }

    void answer(String text) throws Exception {
        readRequest();
        send(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** The value of Sec-WebSocket-Accept. */
    String accept() throws Exception {
        readRequest();
        byte[] text = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
        return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
    }

    private void readRequest() throws IOException {
        if (key != null) {
            return;
        }
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        key = head.toString().replaceFirst("(?is).*\r\nSec-WebSocket-Key: (\\S+)\r\n.*", "$1");
        if (Base64.getDecoder().decode(key).length != 16) {
            throw new ProtocolException("The key is not 16 bytes long: " + key);
        }
    }

    Frame readFrame() throws IOException {
        int first = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        if ((second & 0x80) == 0) {
            throw new ProtocolException("The client did not mask");
        }
        long length = second & 0x7F;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        byte[] mask = in.readNBytes(4);
        byte[] payload = in.readNBytes((int) length);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i % 4];
        }
        return new Frame((first & 0x80) != 0, first & 0x0F, payload);
    }

    /** Encodes a frame of a server: first byte, length in the shortest form, payload. */
    static byte[] frame(int firstByte, byte[] payload) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream frame = new DataOutputStream(bytes);
        frame.writeByte(firstByte);
        if (payload.length < 126) {
            frame.writeByte(payload.length);
        } else if (payload.length < 65_536) {
            frame.writeByte(126);
            frame.writeShort(payload.length);
        } else {
            frame.writeByte(127);
            frame.writeLong(payload.length);
        }
        frame.write(payload);
        return bytes.toByteArray();
    }

    void send(byte[]... parts) throws IOException {
        ByteArrayOutputStream together = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            together.writeBytes(part);
        }
        out.write(together.toByteArray());
        out.flush();
    }
}
