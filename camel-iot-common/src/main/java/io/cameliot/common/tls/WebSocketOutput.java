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
import static io.cameliot.common.tls.WebSocketFrames.LENGTH_IN_16_BITS;
import static io.cameliot.common.tls.WebSocketFrames.LENGTH_IN_64_BITS;
import static io.cameliot.common.tls.WebSocketFrames.MASKED;
import static io.cameliot.common.tls.WebSocketFrames.MAX_CONTROL_PAYLOAD;
import static io.cameliot.common.tls.WebSocketFrames.PONG;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes masked WebSocket frames (RFC 6455, section 5): each flush makes what was written since the last one a binary
 * message, and is one write to the layer below. Messages of more than {@value #MAX_FRAME_PAYLOAD} bytes are fragmented.
 *
 * <p>The frames are put together here and not by a library: Java-WebSocket's codec masks byte by byte into a buffer of its
 * own per frame, reads only whole frames, takes masked ones from a server, and hides the answer of a server that refuses.
 *
 * <p>One thread writes; pongs and the Close frame may come from others, and never wait for a writer that is held up.
 */
final class WebSocketOutput extends OutputStream {

    static final int MAX_FRAME_PAYLOAD = 256 * 1024;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int MAX_HEADER = 14;
    private static final int INITIAL_PAYLOAD = 8 * 1024;

    private final OutputStream out;
    private final ReentrantLock lock = new ReentrantLock();
    private byte[] frame = new byte[MAX_HEADER + INITIAL_PAYLOAD]; // guarded by lock
    private int end = MAX_HEADER; // guarded by lock
    private boolean fragmented; // guarded by lock
    private boolean closed; // guarded by lock
    private volatile byte[] pendingPong;

    /**
     * @param out takes whole frames
     */
    WebSocketOutput(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        lock.lock();
        try {
            int from = offset;
            int left = length;
            while (left > 0) {
                int count = Math.min(left, room(left));
                System.arraycopy(bytes, from, frame, end, count);
                end += count;
                from += count;
                left -= count;
            }
        } finally {
            unlock();
        }
    }

    /** Makes room for up to that many bytes, by sending a fragment if there is none left. */
    private int room(int wanted) throws IOException {
        if (end == MAX_HEADER + MAX_FRAME_PAYLOAD) {
            sendData(false);
        }
        if (end + wanted > frame.length) {
            int size = Math.max(end + wanted, 2 * frame.length);
            frame = Arrays.copyOf(frame, Math.min(size, MAX_HEADER + MAX_FRAME_PAYLOAD));
        }
        return frame.length - end;
    }

    @Override
    public void flush() throws IOException {
        lock.lock();
        try {
            if (end > MAX_HEADER || fragmented) {
                sendData(true);
            }
            out.flush();
        } finally {
            unlock();
        }
    }

    /** Answers a ping: at once, or as soon as the frame that is being written is through. */
    void pong(byte[] payload) throws IOException {
        pendingPong = payload;
        sendPendingPong();
    }

    /**
     * Sends a Close frame and refuses everything after it. Does nothing if that was done before, or if a writer is held
     * up: the peer is then taken for dead.
     */
    void sendClose(int code) throws IOException {
        if (lock.tryLock()) {
            try {
                if (!closed) {
                    closed = true;
                    sendControl(
                            CLOSE,
                            code == WebSocketFrames.NO_STATUS
                                    ? new byte[0]
                                    : new byte[] {(byte) (code >>> 8), (byte) code});
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** A pong that came while the lock was held is sent by the one who held it. */
    private void unlock() throws IOException {
        lock.unlock();
        sendPendingPong();
    }

    private void sendPendingPong() throws IOException {
        while (pendingPong != null && lock.tryLock()) {
            try {
                byte[] payload = pendingPong;
                pendingPong = null;
                if (payload != null && !closed) {
                    sendControl(PONG, payload);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private void sendData(boolean last) throws IOException {
        if (closed) {
            throw new SocketException("The WebSocket is closed");
        }
        int opcode = fragmented ? CONTINUATION : BINARY;
        fragmented = !last;
        int length = end - MAX_HEADER;
        end = MAX_HEADER;
        send(frame, last ? FIN | opcode : opcode, length);
    }

    private void sendControl(int opcode, byte[] payload) throws IOException {
        byte[] control = new byte[MAX_HEADER + payload.length];
        System.arraycopy(payload, 0, control, MAX_HEADER, payload.length);
        send(control, FIN | opcode, payload.length);
        out.flush();
    }

    /** Sends a frame whose payload stands behind room for the longest header, in one write. */
    private void send(byte[] room, int firstByte, int length) throws IOException {
        int mask = RANDOM.nextInt();
        mask(room, MAX_HEADER, length, mask);
        int headerLength = length <= MAX_CONTROL_PAYLOAD ? 6 : length <= 0xFFFF ? 8 : MAX_HEADER;
        int start = MAX_HEADER - headerLength;
        ByteBuffer header = ByteBuffer.wrap(room, start, headerLength).put((byte) firstByte);
        switch (headerLength) {
            case 6 -> header.put((byte) (MASKED | length));
            case 8 -> header.put((byte) (MASKED | LENGTH_IN_16_BITS)).putShort((short) length);
            default -> header.put((byte) (MASKED | LENGTH_IN_64_BITS)).putLong(length);
        }
        header.putInt(mask);
        out.write(room, start, headerLength + length);
    }

    private static void mask(byte[] bytes, int offset, int length, int mask) {
        long wide = (long) mask << 32 | mask & 0xFFFFFFFFL;
        int position = offset;
        int stop = offset + length;
        for (; position <= stop - Long.BYTES; position += Long.BYTES) {
            LONGS.set(bytes, position, (long) LONGS.get(bytes, position) ^ wide);
        }
        for (int shift = 24; position < stop; position++, shift = (shift - 8) & 31) {
            bytes[position] ^= (byte) (mask >>> shift);
        }
    }
}
