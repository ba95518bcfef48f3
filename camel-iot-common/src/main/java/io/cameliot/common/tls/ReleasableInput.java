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

import java.io.IOException;
import java.io.InputStream;

/**
 * Reads ahead, as much as comes at once, and holds memory only while there is something in it or somebody reads. Unlike
 * {@link java.io.BufferedInputStream}, which keeps its buffer for good.
 */
class ReleasableInput extends InputStream {

    private static final byte[] NOTHING = {};

    private final InputStream in;
    private final int size;
    private byte[] buffer = NOTHING; // this and what follows is guarded by this
    private int start;
    private int end;

    ReleasableInput(InputStream in, int size) {
        this.in = in;
        this.size = size;
    }

    @Override
    public synchronized int read() throws IOException {
        return start < end || fill() ? buffer[start++] & 0xFF : -1;
    }

    @Override
    public synchronized int read(byte[] bytes, int offset, int length) throws IOException {
        if (start == end) {
            if (length >= size) {
                return in.read(bytes, offset, length);
            }
            if (length > 0 && !fill()) {
                return -1;
            }
        }
        int count = Math.min(length, end - start);
        System.arraycopy(buffer, start, bytes, offset, count);
        start += count;
        return count;
    }

    private boolean fill() throws IOException {
        if (buffer.length == 0) {
            buffer = new byte[size];
        }
        start = 0;
        end = 0;
        end = Math.max(0, in.read(buffer, 0, size));
        return end > 0;
    }

    @Override
    public synchronized int available() throws IOException {
        return end - start + in.available();
    }

    /** The byte so far ahead of what was read last. */
    final int peek(int ahead) {
        return buffer[start + ahead] & 0xFF;
    }

    /** How many bytes were read ahead. */
    final int ahead() {
        return end - start;
    }

    /** Gives the memory back if nothing is in it. */
    synchronized void release() {
        if (start == end) {
            buffer = NOTHING;
            start = 0;
            end = 0;
        }
    }
}
