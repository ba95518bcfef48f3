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
package io.cameliot.awsiot.outbox.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads the files of an outbox that are no longer written to. It keeps the file open that it has read last, because most
 * messages are read in order. So a backlog of any length takes one file descriptor here, and leaves the others to the
 * connections that send it.
 *
 * <p>Not thread-safe: confined to the store.
 */
final class SegmentReader implements Closeable {

    private Path file;
    private FileChannel channel;

    /** Fills the buffer from a position of a file. The buffer has room left if the file ends before. */
    void read(ByteBuffer bytes, Path from, long position) throws IOException {
        try {
            if (!from.equals(file)) {
                close();
                channel = FileChannel.open(from, StandardOpenOption.READ);
                file = from;
            }
            fill(bytes, channel, position);
        } catch (IOException e) {
            // Opened anew for the next try: the channel is of no use after an interrupt, or if the disk was mounted
            // anew.
            closeAfter(e);
            throw e;
        }
    }

    private void closeAfter(IOException failure) {
        try {
            close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** Fills the buffer from a position of a file. The buffer has room left if the file ends before. */
    static void fill(ByteBuffer bytes, FileChannel from, long position) throws IOException {
        int read = 0;
        while (bytes.hasRemaining() && read >= 0) {
            read = from.read(bytes, position + bytes.position());
        }
    }

    /** Closes a file if it is open. Windows deletes no open file. */
    void close(Path unneeded) throws IOException {
        if (unneeded.equals(file)) {
            close();
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            FileChannel closing = channel;
            channel = null;
            file = null;
            closing.close();
        }
    }
}
