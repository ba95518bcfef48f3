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

import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends packets from any thread, each whole and in the order of the calls, without ever holding a caller up.
 *
 * <p>Packets that come in quick succession are gathered: a borrowed thread writes whatever has come since its last write,
 * so that under load many packets share one TLS record and one system call. A lone packet is written at once by the caller
 * itself, which spares the hand-over between threads, but only while everything that the server may not have read yet
 * fits the socket's send buffer: such a write cannot block, even with a dead peer. Nothing waits for more to come, unless
 * its sender knows that more will, see {@link #sendSoon}.
 *
 * <p>A return says as little as a return from a socket's write does: the bytes are on their way. What is on its way is
 * bounded by who sends, see {@link #trySend}.
 */
final class PacketOutput {

    /** So many bytes may wait to be written before {@link #trySend} takes no more. */
    static final int LIMIT = 512 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(PacketOutput.class);

    private static final byte[] NOTHING = {};
    private static final int INITIAL_SIZE = 1024;

    /** Larger buffers are let go by the first write that fills but a quarter of them. */
    private static final int LARGEST_KEPT = 64 * 1024;

    /** A few times what writing a small packet costs: whoever sends less often gains nothing from gathering. */
    private static final long LONE_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

    private static final long LONGEST_GATHERING_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** What the kernel's bookkeeping for one write takes of a send buffer at most, and for each byte. */
    private static final int COST_OF_WRITE = 2048;

    private static final int COST_OF_BYTE = 2;

    private final OutputStream out;
    private final int sendBuffer;
    private final Executor executor;
    private final ScheduledExecutorService timer;
    private final Consumer<IOException> onFailure;

    private final ReentrantLock lock = new ReentrantLock();
    // All below are guarded by lock, but for the contents of spare, which belong to the one who is writing.
    private byte[] gathered = new byte[INITIAL_SIZE];
    private byte[] spare = new byte[INITIAL_SIZE];
    private int count;
    private boolean writing;
    private boolean alarmed;
    private Thread holder;
    private List<PublishCallback> awaiting = new ArrayList<>();
    private IOException failure;
    private Runnable afterLast;
    /** What all writes have cost the send buffer so far, and how much of that the server has surely read. */
    private volatile long written;

    private long confirmed;
    private volatile long lastSent = System.nanoTime() - LONE_NANOS;

    /**
     * @param out the layer below
     * @param sendBuffer size of the socket's send buffer, in bytes
     * @param executor lends a thread while there is much to write
     * @param timer ends the wait of what was sent by {@link #sendSoon}
     * @param onFailure told once, on any thread, when a write fails; must return at once
     */
    PacketOutput(
            OutputStream out,
            int sendBuffer,
            Executor executor,
            ScheduledExecutorService timer,
            Consumer<IOException> onFailure) {
        this.out = out;
        this.sendBuffer = sendBuffer;
        this.executor = executor;
        this.timer = timer;
        this.onFailure = onFailure;
    }

    /** Sends a packet whose sender expects an answer, or of which there cannot be many. */
    void send(byte[] packet) throws IOException {
        send(packet, NOTHING, null);
    }

    /**
     * Sends a packet.
     *
     * @param head begins the packet
     * @param body ends it
     * @param whenWritten called when no more waits to be written than {@link #trySend} allows, unless {@link #fail}
     *     comes first; may be null
     */
    void send(byte[] head, byte[] body, PublishCallback whenWritten) throws IOException {
        lock.lock();
        try {
            checkOpen();
            if (whenWritten != null) {
                awaiting.add(whenWritten);
            }
            sendLocked(head, body);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sends a packet, unless so much waits to be written that its sender had better wait.
     *
     * @param head begins the packet
     * @param body ends it
     * @return whether it is on its way
     */
    boolean trySend(byte[] head, byte[] body) throws IOException {
        lock.lock();
        try {
            checkOpen();
            if (count > LIMIT) {
                return false;
            }
            sendLocked(head, body);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void sendLocked(byte[] head, byte[] body) throws IOException {
        append(head, body);
        // Otherwise it goes out with what is being gathered, and its time is that of its write.
        if (!writing && holder != Thread.currentThread()) {
            write(System.nanoTime() - lastSent > LONE_NANOS);
        }
    }

    /** Sends a packet with the next one or, when there is none within a millisecond, without. */
    void sendSoon(byte[] packet) throws IOException {
        lock.lock();
        try {
            checkOpen();
            append(packet, NOTHING);
            if (!writing && !alarmed) {
                timer.schedule(this::writeWhatWaits, LONGEST_GATHERING_NANOS, TimeUnit.NANOSECONDS);
                alarmed = true;
            }
        } catch (RejectedExecutionException e) {
            LOG.debug("The timer is shut down", e);
            write(true);
        } finally {
            lock.unlock();
        }
    }

    private void writeWhatWaits() {
        lock.lock();
        try {
            alarmed = false;
            if (count > 0 && !writing && failure == null) {
                writeElsewhere();
            }
        } catch (IOException e) {
            LOG.debug("The connection has ended", e);
        } finally {
            lock.unlock();
        }
    }

    /** What this thread sends from now on waits for {@link #release}, so that it goes out together. */
    void hold() {
        lock.lock();
        holder = Thread.currentThread();
        lock.unlock();
    }

    /**
     * Ends {@link #hold}.
     *
     * @param answered the largest {@link #mark()} of a packet that the server has answered
     */
    void release(long answered) throws IOException {
        lock.lock();
        try {
            holder = null;
            confirmed = Math.max(confirmed, answered);
            if (count > 0 && !writing && failure == null) {
                write(true);
            }
        } finally {
            lock.unlock();
        }
    }

    /** How far the writing has got; what is sent later and answered proves that the server has read that far. */
    long mark() {
        return written;
    }

    /** When packets were last written, as {@link System#nanoTime()} tells it. */
    long lastSent() {
        return lastSent;
    }

    /** Sends a last packet and takes no more; runs the task on a borrowed thread when all is written. */
    void finish(byte[] last, Runnable whenWritten) throws IOException {
        lock.lock();
        try {
            checkOpen();
            append(last, NOTHING);
            afterLast = whenWritten;
            if (!writing) {
                writeElsewhere();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Drops what is not written and takes no more.
     *
     * @return who waits for packets to be written
     */
    List<PublishCallback> fail(IOException reason) {
        lock.lock();
        try {
            if (failure == null) {
                failure = reason;
            }
            count = 0;
            List<PublishCallback> waiting = awaiting;
            awaiting = new ArrayList<>();
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    private void checkOpen() throws IOException {
        if (failure != null) {
            throw failure;
        }
        if (afterLast != null) {
            throw new SocketException("The connection is being closed");
        }
    }

    private void append(byte[] head, byte[] body) {
        int end = count + head.length + body.length;
        if (end > gathered.length) {
            gathered = Arrays.copyOf(gathered, Math.max(end, 2 * gathered.length));
        }
        System.arraycopy(head, 0, gathered, count, head.length);
        System.arraycopy(body, 0, gathered, count + head.length, body.length);
        count = end;
    }

    /** Writes what is gathered, here if that is wanted and cannot block. The lock is held and nobody writes. */
    private void write(boolean here) throws IOException {
        boolean fits = written - confirmed + cost(count) <= sendBuffer;
        if (!here || !fits || !awaiting.isEmpty()) {
            writeElsewhere();
            return;
        }
        writing = true;
        try {
            writeGathered();
        } finally {
            writing = false;
        }
        if (count > 0 || afterLast != null) {
            // More has come while this thread wrote.
            writeElsewhere();
        }
    }

    private static long cost(int bytes) {
        return COST_OF_WRITE + (long) COST_OF_BYTE * bytes;
    }

    private void writeElsewhere() throws IOException {
        writing = true;
        try {
            executor.execute(this::writeUntilNothingComes);
        } catch (RejectedExecutionException e) {
            writing = false;
            LOG.debug("The executor is shut down", e);
            throw broken(new SocketException("The threads of the connection have ended"));
        }
    }

    private void writeUntilNothingComes() {
        lock.lock();
        try {
            while (failure == null && count > 0) {
                writeGathered();
                completeAwaiting();
            }
        } catch (IOException e) {
            // Told in writeGathered().
            return;
        } finally {
            writing = false;
            Runnable then = failure == null ? afterLast : null;
            lock.unlock();
            if (then != null) {
                then.run();
            }
        }
    }

    /** The lock is held before and after, but not meanwhile. */
    private void writeGathered() throws IOException {
        byte[] batch = gathered;
        int length = count;
        gathered = spare;
        count = 0;
        written += cost(length);
        lastSent = System.nanoTime();
        lock.unlock();
        IOException thrown = null;
        try {
            out.write(batch, 0, length);
            out.flush();
        } catch (IOException e) {
            thrown = e;
        } finally {
            lock.lock();
            spare = batch.length > LARGEST_KEPT && length < batch.length / 4 ? new byte[INITIAL_SIZE] : batch;
        }
        if (thrown != null) {
            throw broken(thrown);
        }
    }

    /** The lock is held before and after, but not meanwhile. */
    private void completeAwaiting() {
        if (awaiting.isEmpty() || count > LIMIT) {
            return;
        }
        List<PublishCallback> done = awaiting;
        awaiting = new ArrayList<>();
        lock.unlock();
        try {
            done.forEach(callback -> Callbacks.complete(callback, null));
        } finally {
            lock.lock();
        }
    }

    private IOException broken(IOException reason) {
        if (failure == null) {
            failure = reason;
            count = 0;
            onFailure.accept(reason);
        }
        return reason;
    }
}
