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
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers small writes. Paho flushes after each packet, which would make each a TLS record and a system call. Here a
 * flush that follows the one before closely leaves its bytes to a borrowed thread, which writes whatever has come since
 * its last write, until nothing more comes: under load many packets share one. A lone flush writes at once and itself, so
 * that no hand-over between threads delays it. Nothing ever waits for more to come.
 *
 * <p>A return from a flush says as little as a return from a socket's write does: the bytes are on their way. Who writes
 * waits while {@value #LIMIT} bytes are on theirs. A failure to write is thrown by each later call.
 */
final class GatheredOutput extends OutputStream {

    static final int LIMIT = 256 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(GatheredOutput.class);

    private static final int INITIAL_SIZE = 8 * 1024;

    /** A few times what writing a small packet costs: whoever flushes less often gains nothing from gathering. */
    private static final long LONE_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

    private final OutputStream out;
    private final Executor executor;
    private final Runnable goodbye;
    private final CountDownLatch finished = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();
    // All below are guarded by lock, but for the contents of spare, which belong to the one who is writing.
    private final Condition room = lock.newCondition();
    private byte[] gathered = new byte[INITIAL_SIZE];
    private byte[] spare = new byte[INITIAL_SIZE];
    private int count;
    private boolean flushed;
    private boolean writing;
    private long lastFlush = System.nanoTime() - LONE_NANOS;
    private boolean closed;
    private IOException failure;

    /**
     * @param out the layer below
     * @param executor lends a thread while there is much to write, and for the end
     * @param goodbye runs on such a thread after an orderly end
     */
    GatheredOutput(OutputStream out, Executor executor, Runnable goodbye) {
        this.out = out;
        this.executor = executor;
        this.goodbye = goodbye;
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
                awaitRoom();
                int taken = Math.min(left, LIMIT - count);
                if (count + taken > gathered.length) {
                    gathered = Arrays.copyOf(gathered, Math.min(LIMIT, Math.max(count + taken, 2 * gathered.length)));
                }
                System.arraycopy(bytes, from, gathered, count, taken);
                count += taken;
                from += taken;
                left -= taken;
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void flush() throws IOException {
        lock.lock();
        try {
            checkOpen();
            flushed = true;
            if (!writing) {
                if (System.nanoTime() - lastFlush > LONE_NANOS) {
                    writeGathered();
                }
                // More may have come while this thread wrote.
                if (!writeElsewhere()) {
                    writeGathered();
                }
            }
            lastFlush = System.nanoTime();
        } finally {
            lock.unlock();
        }
    }

    private void awaitRoom() throws IOException {
        checkOpen();
        while (count == LIMIT) {
            flushed = true;
            if (!writeElsewhere()) {
                writeGathered();
                return;
            }
            try {
                room.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("Interrupted while the connection took no more bytes");
            }
            checkOpen();
        }
    }

    private void checkOpen() throws IOException {
        if (failure != null) {
            throw failure;
        }
        if (closed) {
            throw new SocketException("The socket is closed");
        }
    }

    /**
     * Has another thread write, if there is something and nobody writes yet. The lock is held.
     *
     * @return false if there is no other thread
     */
    private boolean writeElsewhere() {
        if (writing || !flushed && !closed || failure != null) {
            return true;
        }
        writing = true;
        try {
            executor.execute(this::writeUntilNothingComes);
            return true;
        } catch (RejectedExecutionException e) {
            LOG.debug("The executor is shut down", e);
            writing = false;
            return false;
        }
    }

    private void writeUntilNothingComes() {
        boolean sayGoodbye = false;
        lock.lock();
        try {
            while (failure == null && (flushed || closed && count > 0)) {
                writeGathered();
            }
            writing = false;
            sayGoodbye = closed && failure == null;
        } catch (IOException e) {
            LOG.debug("The connection broke", e);
        } finally {
            lock.unlock();
        }
        if (sayGoodbye) {
            goodbye.run();
            finished.countDown();
        }
    }

    /** Writes all that is gathered. The lock is held before and after, but not meanwhile. */
    private void writeGathered() throws IOException {
        byte[] batch = gathered;
        int length = count;
        gathered = spare;
        spare = batch;
        count = 0;
        flushed = false;
        boolean elsewhere = writing;
        writing = true;
        room.signalAll();
        lock.unlock();
        IOException broken = null;
        try {
            if (length > 0) {
                out.write(batch, 0, length);
            }
            out.flush();
        } catch (IOException e) {
            broken = e;
        } finally {
            lock.lock();
            writing = elsewhere;
        }
        if (broken != null) {
            fail(broken);
            throw broken;
        }
    }

    /**
     * Takes no more writes and has the rest written and goodbye said, but waits no longer for that than given. Without a
     * thread to do so it is left.
     */
    void finish(Duration patience) {
        lock.lock();
        try {
            closed = true;
            room.signalAll();
            if (failure != null || !writeElsewhere()) {
                return;
            }
        } finally {
            lock.unlock();
        }
        try {
            if (!finished.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                abort();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            abort();
        }
    }

    /** Drops what is gathered. A write below that holds its thread up ends when the socket is closed. */
    void abort() {
        lock.lock();
        try {
            fail(new SocketException("The socket is closed"));
        } finally {
            lock.unlock();
        }
    }

    /** The lock is held. */
    private void fail(IOException reason) {
        if (failure == null) {
            failure = reason;
        }
        count = 0;
        room.signalAll();
        finished.countDown();
    }
}
