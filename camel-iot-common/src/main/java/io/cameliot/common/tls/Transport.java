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

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;

/**
 * The TCP connection underneath, which behaves otherwise until {@link #established()}:
 *
 * <ul>
 *   <li>Each read is bounded by what is left of the attempt's time: a peer that sends a byte now and then cannot hold
 *       the attempt up, as it could with the socket's own timeout, which starts anew with each read.
 *   <li>A write that fails is no end yet: a server that refuses, say, a client certificate sends an alert and closes,
 *       and only a read finds the alert. The failure is thrown by the first read that finds nothing.
 * </ul>
 */
final class Transport extends Socket {

    private final ChannelSocketImpl impl;
    private volatile Deadline deadline;
    private volatile int idleTimeout;
    private volatile IOException writeFailure;
    // Belong to the connecting thread
    private boolean spoke;
    private int flights;
    private RecordInput input;
    private OutputStream output;

    Transport(Deadline deadline) throws IOException {
        this(deadline, new ChannelSocketImpl());
    }

    private Transport(Deadline deadline, ChannelSocketImpl impl) throws IOException {
        super(impl);
        this.impl = impl;
        this.deadline = deadline;
    }

    /** Ends the attempt: from now on reads wait for as long as {@link #setIdleTimeout} or {@link #setSoTimeout} say. */
    void established() throws IOException {
        if (writeFailure != null) {
            throw writeFailure;
        }
        deadline = null;
    }

    /** How often this side spoke and then waited for an answer, until {@link #established()}. For the connecting thread. */
    int flights() {
        return flights;
    }

    /**
     * How long a read may wait once the connection is established, zero for as long as {@link #setSoTimeout} says. JSSE
     * knows nothing of it: where it sees a timeout, closing waits for the peer for that long.
     */
    void setIdleTimeout(int millis) {
        idleTimeout = millis;
    }

    /** See {@link TlsSocket#park}. */
    boolean park(IdleWatch watch, Runnable task) throws IOException {
        input.release();
        return impl.park(watch, task);
    }

    /** Whatever state it is in: a socket that never was used closes nothing. */
    @Override
    public void close() throws IOException {
        super.close();
        impl.close();
    }

    @Override
    public synchronized InputStream getInputStream() throws IOException {
        if (input == null) {
            input = new RecordInput(new AttemptInput(super.getInputStream()));
        }
        return input;
    }

    @Override
    public synchronized OutputStream getOutputStream() throws IOException {
        if (output == null) {
            output = new AttemptOutput(super.getOutputStream());
        }
        return output;
    }

    /** Whether the next TLS record has arrived and was read from the network. For the reading thread. */
    boolean hasWholeRecord() {
        return input.hasWholeRecord();
    }

    /** Reads many records at once where they are small: TLS itself makes two system calls for each. */
    private static final class RecordInput extends ReleasableInput {

        private static final int SIZE = 8 * 1024;
        private static final int RECORD_HEADER = 5;

        RecordInput(InputStream in) {
            super(in, SIZE);
        }

        synchronized boolean hasWholeRecord() {
            return ahead() >= RECORD_HEADER && ahead() - RECORD_HEADER >= (peek(3) << 8 | peek(4));
        }
    }

    private final class AttemptInput extends FilterInputStream {

        AttemptInput(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] single = new byte[1];
            return read(single, 0, 1) < 0 ? -1 : single[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            Deadline bound = deadline;
            if (bound == null) {
                int idle = idleTimeout;
                return idle == 0 ? in.read(bytes, offset, length) : impl.read(bytes, offset, length, idle);
            }
            if (spoke) {
                spoke = false;
                flights++;
            }
            int count;
            try {
                count = impl.read(bytes, offset, length, bound.remainingMillis());
            } catch (SocketException e) {
                throw writeFailure == null ? e : writeFailure;
            }
            if (count < 0 && writeFailure != null) {
                throw writeFailure;
            }
            return count;
        }
    }

    private final class AttemptOutput extends FilterOutputStream {

        AttemptOutput(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (deadline != null) {
                spoke = true;
            }
            try {
                out.write(bytes, offset, length);
            } catch (SocketException e) {
                if (deadline == null || isClosed()) {
                    throw e;
                }
                writeFailure = e;
            }
        }
    }
}
