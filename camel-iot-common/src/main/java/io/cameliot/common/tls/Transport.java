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

import java.io.BufferedInputStream;
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

    private volatile Deadline deadline;
    private volatile IOException writeFailure;
    private RecordInput input;
    private OutputStream output;

    Transport(Deadline deadline) {
        this.deadline = deadline;
    }

    /** Ends the attempt: from now on reads wait for as long as {@link #setSoTimeout} says, which is for ever at first. */
    void established() throws IOException {
        if (writeFailure != null) {
            throw writeFailure;
        }
        deadline = null;
        setSoTimeout(0);
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
    private static final class RecordInput extends BufferedInputStream {

        private static final int RECORD_HEADER = 5;

        RecordInput(InputStream in) {
            super(in);
        }

        synchronized boolean hasWholeRecord() {
            int available = count - pos;
            return available >= RECORD_HEADER
                    && available - RECORD_HEADER >= ((buf[pos + 3] & 0xFF) << 8 | buf[pos + 4] & 0xFF);
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
                return in.read(bytes, offset, length);
            }
            setSoTimeout(bound.remainingMillis());
            int count;
            try {
                count = in.read(bytes, offset, length);
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
