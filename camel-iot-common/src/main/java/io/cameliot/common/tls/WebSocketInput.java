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
package io.cameliot.common.tls;

import static io.cameliot.common.tls.WebSocketFrames.BINARY;
import static io.cameliot.common.tls.WebSocketFrames.CLOSE;
import static io.cameliot.common.tls.WebSocketFrames.CONTINUATION;
import static io.cameliot.common.tls.WebSocketFrames.FIN;
import static io.cameliot.common.tls.WebSocketFrames.LENGTH_BITS;
import static io.cameliot.common.tls.WebSocketFrames.LENGTH_IN_16_BITS;
import static io.cameliot.common.tls.WebSocketFrames.LENGTH_IN_64_BITS;
import static io.cameliot.common.tls.WebSocketFrames.MASKED;
import static io.cameliot.common.tls.WebSocketFrames.MAX_CONTROL_PAYLOAD;
import static io.cameliot.common.tls.WebSocketFrames.OPCODE_BITS;
import static io.cameliot.common.tls.WebSocketFrames.PING;
import static io.cameliot.common.tls.WebSocketFrames.PONG;
import static io.cameliot.common.tls.WebSocketFrames.RESERVED_BITS;
import static io.cameliot.common.tls.WebSocketFrames.TEXT;

import io.cameliot.common.tls.TlsConnectException.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes of the binary messages that a WebSocket server sends (RFC 6455, section 5), wherever their frames begin and
 * end. Payloads go from the layer below straight to the reader, so that a frame may be as long as it likes.
 *
 * <p>Pings are answered and Close frames reported as a {@link TlsConnectException} with their code; both only while
 * somebody reads. A read timeout anywhere in a frame loses nothing. For one reading thread.
 */
final class WebSocketInput extends InputStream {

    private static final int SHORTEST_HEADER = 2;
    private static final int LONGEST_HEADER = 10;

    private final InputStream in;
    private final WebSocketOutput output;
    private final TlsTarget target;

    private final byte[] header = new byte[LONGEST_HEADER];
    private int headerCount;
    private byte[] control;
    private int controlCount;
    private long payloadLeft;
    private boolean lastFrame = true;
    private boolean ended;

    /**
     * @param in buffered
     * @param output answers pings and Close frames
     * @param target for messages
     */
    WebSocketInput(InputStream in, WebSocketOutput output, TlsTarget target) {
        this.in = in;
        this.output = output;
        this.target = target;
    }

    @Override
    public int read() throws IOException {
        byte[] single = new byte[1];
        return read(single, 0, 1) < 0 ? -1 : single[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (payloadLeft == 0) {
            if (ended || !readFrame()) {
                return -1;
            }
        }
        int count = in.read(bytes, offset, (int) Math.min(length, payloadLeft));
        if (count < 0) {
            throw endedWithinAFrame();
        }
        payloadLeft -= count;
        return count;
    }

    @Override
    public int available() throws IOException {
        return (int) Math.min(payloadLeft, in.available());
    }

    /**
     * Reads on to the payload of a data frame, or through a control frame.
     *
     * @return false at the end of the stream
     */
    private boolean readFrame() throws IOException {
        if (control == null) {
            if (!readHeader(SHORTEST_HEADER)) {
                return false;
            }
            int lengthBits = header[1] & LENGTH_BITS;
            readHeader(
                    switch (lengthBits) {
                        case LENGTH_IN_16_BITS -> SHORTEST_HEADER + Short.BYTES;
                        case LENGTH_IN_64_BITS -> SHORTEST_HEADER + Long.BYTES;
                        default -> SHORTEST_HEADER;
                    });
            headerCount = 0;
            ByteBuffer extended = ByteBuffer.wrap(header, SHORTEST_HEADER, LONGEST_HEADER - SHORTEST_HEADER);
            beginFrame(
                    switch (lengthBits) {
                        case LENGTH_IN_16_BITS -> extended.getShort() & 0xFFFF;
                        case LENGTH_IN_64_BITS -> extended.getLong();
                        default -> lengthBits;
                    });
        }
        if (control != null) {
            readControl();
        }
        return true;
    }

    private boolean readHeader(int length) throws IOException {
        while (headerCount < length) {
            int count = in.read(header, headerCount, length - headerCount);
            if (count < 0) {
                if (headerCount > 0) {
                    throw endedWithinAFrame();
                }
                ended = true;
                return false;
            }
            headerCount += count;
        }
        return true;
    }

    private void beginFrame(long length) throws IOException {
        boolean fin = (header[0] & FIN) != 0;
        int opcode = header[0] & OPCODE_BITS;
        if ((header[0] & RESERVED_BITS) != 0 || (header[1] & MASKED) != 0 || length < 0) {
            throw violation(WebSocketFrames.PROTOCOL_ERROR, "sent a frame that is masked or has reserved bits");
        }
        if (opcode == CLOSE || opcode == PING || opcode == PONG) {
            if (!fin || length > MAX_CONTROL_PAYLOAD) {
                throw violation(WebSocketFrames.PROTOCOL_ERROR, "sent a control frame that is fragmented or too long");
            }
            control = new byte[(int) length];
            controlCount = 0;
        } else if (opcode == TEXT) {
            throw violation(WebSocketFrames.UNSUPPORTED_DATA, "sent text, but only binary messages can carry MQTT");
        } else if (opcode == (lastFrame ? BINARY : CONTINUATION)) {
            lastFrame = fin;
            payloadLeft = length;
        } else {
            throw violation(WebSocketFrames.PROTOCOL_ERROR, "sent a frame with unexpected opcode " + opcode);
        }
    }

    private void readControl() throws IOException {
        while (controlCount < control.length) {
            int count = in.read(control, controlCount, control.length - controlCount);
            if (count < 0) {
                throw endedWithinAFrame();
            }
            controlCount += count;
        }
        byte[] payload = control;
        control = null;
        switch (header[0] & OPCODE_BITS) {
            case PING -> output.pong(payload);
            case CLOSE -> throw closedByServer(payload);
            default -> {
                // A pong that nobody asked for is allowed and means nothing (section 5.5.3).
            }
        }
    }

    private TlsConnectException closedByServer(byte[] payload) {
        int code = payload.length < Short.BYTES
                ? WebSocketFrames.NO_STATUS
                : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
        String reason = payload.length <= Short.BYTES
                ? ""
                : ": "
                        + new String(Arrays.copyOfRange(payload, Short.BYTES, payload.length), StandardCharsets.UTF_8)
                                .replaceAll("\\p{Cntrl}", " ");
        return end(
                code,
                new TlsConnectException(
                        Reason.CONNECTION_LOST,
                        target + " closed the WebSocket with code " + WebSocketFrames.closeCodeText(code) + reason,
                        null));
    }

    private TlsConnectException violation(int code, String what) {
        return end(code, new TlsConnectException(Reason.NO_COMMON_PROTOCOL, target + " " + what + " (RFC 6455)", null));
    }

    private TlsConnectException end(int code, TlsConnectException why) {
        ended = true;
        try {
            output.sendClose(code);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
        return why;
    }

    private EOFException endedWithinAFrame() {
        ended = true;
        payloadLeft = 0;
        return new EOFException(target + " closed the connection within a WebSocket frame");
    }
}
