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
package io.cameliot.common.mqtt.session;

import io.cameliot.common.mqtt.codec.PacketWriter;
import io.netty.channel.Channel;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The packets that wait to be written. Any thread adds packets without blocking. The event loop writes all waiting
 * packets together with one flush, as fast as the peer reads.
 */
final class OutgoingQueue {

    /** Bytes to write before the event loop serves its other connections. */
    private static final int LARGEST_BATCH = 256 * 1024;

    private static final long LONGEST_GATHERING_MILLIS = 1;

    private final Queue<OutgoingPacket> packets = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waitingBytes = new AtomicInteger();
    /** Whether a write task is scheduled, or the channel has to become writable first. */
    private final AtomicBoolean writing = new AtomicBoolean(true);

    private final AtomicBoolean soon = new AtomicBoolean();
    private volatile IOException ended;
    private volatile IOException finishing;
    // Event loop only. They are set before anything is written.
    private Channel channel;
    private SessionState session;
    private PacketWriter writer;
    private long lastWritten;

    /** Opens the queue after the server has accepted the connection. On the event loop. */
    void open(Channel opened, SessionState state, PacketWriter packetWriter) {
        channel = opened;
        session = state;
        writer = packetWriter;
        lastWritten = System.nanoTime();
        write();
    }

    /** The approximate number of bytes that wait to be written. */
    int waitingBytes() {
        return waitingBytes.get();
    }

    /** The time of the latest write, a value of {@link System#nanoTime()}. On the event loop. */
    long lastWritten() {
        return lastWritten;
    }

    void add(OutgoingPacket packet) {
        if (enqueue(packet)) {
            flush();
        }
    }

    /** Adds a packet that is written with the next one or with {@link #flush}. */
    void put(OutgoingPacket packet) {
        enqueue(packet);
    }

    /** Writes the packets that were added. */
    void flush() {
        if (!packets.isEmpty()) {
            schedule();
        }
    }

    /** Adds a packet that may wait a millisecond, so that others are written with it. */
    void addSoon(OutgoingPacket packet) {
        if (enqueue(packet) && !writing.get() && soon.compareAndSet(false, true)) {
            try {
                channel.eventLoop()
                        .schedule(
                                () -> {
                                    soon.set(false);
                                    schedule();
                                },
                                LONGEST_GATHERING_MILLIS,
                                TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                end(new IOException("The event loop has ended", e));
            }
        }
    }

    /** Adds the last packet. Packets that are added later fail. */
    void finish(OutgoingPacket last, IOException reason) {
        add(last);
        finishing = reason;
    }

    private boolean enqueue(OutgoingPacket packet) {
        if (finishing != null) {
            packet.fail(finishing);
            return false;
        }
        waitingBytes.addAndGet(packet.size());
        packets.add(packet);
        if (ended != null) {
            end(ended);
            return false;
        }
        return true;
    }

    private void schedule() {
        if (!writing.get() && writing.compareAndSet(false, true)) {
            try {
                channel.eventLoop().execute(this::write);
            } catch (RejectedExecutionException e) {
                end(new IOException("The event loop has ended", e));
            }
        }
    }

    /** Continues to write when the channel has become writable. On the event loop. */
    void resume() {
        if (writer != null && writing.get() && channel.isWritable()) {
            write();
        }
    }

    private void write() {
        int batch = 0;
        // When the connection has ended, {@link #end} fails the remaining packets.
        while (batch < LARGEST_BATCH && ended == null && channel.isWritable()) {
            OutgoingPacket packet = packets.poll();
            if (packet == null) {
                break;
            }
            batch += packet.size();
            if (!write(packet)) {
                return;
            }
            if (packet.isLast()) {
                return;
            }
        }
        if (batch > 0) {
            waitingBytes.addAndGet(-batch);
            lastWritten = System.nanoTime();
            writer.flush();
        }
        if (channel.isWritable()) {
            writing.set(false);
            if (!packets.isEmpty()) {
                schedule();
            }
        }
    }

    private boolean write(OutgoingPacket packet) {
        try {
            packet.write(session, writer);
            return true;
        } catch (RuntimeException | Error e) {
            // Most likely out of memory. The packet may be partly written, so the session cannot continue.
            packet.fail(new IOException("A packet could not be written: " + e, e));
            channel.pipeline().fireExceptionCaught(new IOException("A packet could not be written: " + e, e));
            return false;
        }
    }

    /** Fails all waiting and future packets. Thread-safe. */
    void end(IOException reason) {
        if (ended == null) {
            ended = reason;
        }
        for (OutgoingPacket packet = packets.poll(); packet != null; packet = packets.poll()) {
            waitingBytes.addAndGet(-packet.size());
            packet.fail(ended);
        }
    }
}
