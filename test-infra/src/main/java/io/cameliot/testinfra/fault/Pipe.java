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
package io.cameliot.testinfra.fault;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * One direction of a connection: a queue between the source channel and the sink channel. A received block is queued
 * with its due time and is forwarded in order as soon as the faults allow.
 *
 * <p>Event loop only; both channels share one.
 */
final class Pipe {

    /** Receives the events that a pipe cannot handle itself. */
    interface Listener {
        /** The pipe has forwarded the number of bytes after which a fault is due. */
        void due(NetworkFault fault);

        /** The last byte and the end have been forwarded, or never will be. */
        void finished();
    }

    /** How the sender has ended its direction. */
    enum End {
        FIN,
        RESET
    }

    /** Bytes, or their end. */
    private record Segment(ByteBuf bytes, End end, long dueNanos) {}

    private record Countdown(long atBytes, NetworkFault fault) {}

    /** The maximum of queued bytes: roughly a socket buffer, and the content of a long line under a delay. */
    private static final long WINDOW = 64 * 1024;

    private static final long WINDOW_UNDER_DELAY = 4 * 1024 * 1024;
    /** A rate limit forwards this many portions a second. */
    private static final long PORTIONS_PER_SECOND = 50;

    private final Direction direction;
    private final ScheduledExecutorService timer;
    private final ProxyCounters counters;
    private final Listener listener;
    private final Deque<Segment> queue = new ArrayDeque<>();
    private final List<Countdown> countdowns = new ArrayList<>();
    private Channel source;
    private Channel sink;
    private long queuedBytes;
    private volatile long passedBytes;
    private boolean ended;
    private boolean finished;
    private boolean discarding;
    private boolean draining;
    private boolean drainAgain;
    private Future<?> wakeUp;

    private long delayNanos;
    private long bytesPerSecond;
    private long nextPortionNanos;
    private boolean held;
    private boolean corruptNext;

    /**
     * @param timer wakes the pipe; an event loop would do so up to 1 ms late, because it waits for whole milliseconds
     */
    Pipe(Direction direction, ScheduledExecutorService timer, ProxyCounters counters, Listener listener) {
        this.direction = direction;
        this.timer = timer;
        this.counters = counters;
        this.listener = listener;
    }

    /** Starts to relay between two connected channels that do not read automatically yet. */
    void open(Channel from, Channel to) {
        source = from;
        sink = to;
        drain();
    }

    void delay(long nanos) {
        delayNanos = nanos;
        adjustReading();
    }

    void slow(long newBytesPerSecond) {
        bytesPerSecond = newBytesPerSecond;
        nextPortionNanos = System.nanoTime();
        drain();
    }

    void hold() {
        held = true;
    }

    void corruptNext() {
        corruptNext = true;
    }

    void after(long bytes, NetworkFault fault) {
        countdowns.add(new Countdown(passedBytes + bytes, fault));
    }

    /** Removes all faults. Queued blocks are forwarded at their due times. */
    void clear() {
        delayNanos = 0;
        bytesPerSecond = 0;
        held = false;
        corruptNext = false;
        countdowns.clear();
        drain();
    }

    long passedBytes() {
        return passedBytes;
    }

    void receive(ByteBuf bytes) {
        if (discarding) {
            bytes.release();
            return;
        }
        queue.add(new Segment(bytes, null, System.nanoTime() + delayNanos));
        queuedBytes += bytes.readableBytes();
        adjustReading();
    }

    void end(End how) {
        if (ended) {
            return;
        }
        ended = true;
        if (discarding) {
            finish();
        } else {
            queue.add(new Segment(Unpooled.EMPTY_BUFFER, how, System.nanoTime() + delayNanos));
            drain();
        }
    }

    /** Whether the pipe has no more work. A held pipe cannot do the rest of its work. */
    boolean isDone() {
        return ended && (finished || held);
    }

    /** Discards the queued and all further bytes. */
    void discard() {
        discarding = true;
        held = false;
        queue.forEach(segment -> segment.bytes().release());
        queue.clear();
        queuedBytes = 0;
        countdowns.clear();
        cancelWakeUp();
        adjustReading();
        if (ended) {
            finish();
        }
    }

    /** Forwards what is due. Called after every change. */
    void drain() {
        if (sink == null) {
            return;
        }
        if (draining) {
            drainAgain = true;
            return;
        }
        draining = true;
        cancelWakeUp();
        do {
            drainAgain = false;
            passWhatIsDue();
            sink.flush();
        } while (drainAgain);
        draining = false;
        adjustReading();
    }

    private void passWhatIsDue() {
        while (!queue.isEmpty() && !held && sink.isWritable()) {
            Segment head = queue.element();
            long now = System.nanoTime();
            long wait = Math.max(
                    head.dueNanos() - now, bytesPerSecond > 0 && head.end() == null ? nextPortionNanos - now : 0);
            if (wait > 0) {
                wakeUp = timer.schedule(() -> sink.eventLoop().execute(this::drain), wait, TimeUnit.NANOSECONDS);
                return;
            }
            if (head.end() != null) {
                queue.remove();
                passOn(head.end());
            } else {
                passPortion(head.bytes(), now);
            }
        }
    }

    private void passPortion(ByteBuf bytes, long now) {
        int size = portion(bytes.readableBytes());
        ByteBuf portion = bytes.readRetainedSlice(size);
        if (!bytes.isReadable()) {
            queue.remove().bytes().release();
        }
        if (corruptNext) {
            corruptNext = false;
            int last = portion.writerIndex() - 1;
            portion.setByte(last, ~portion.getByte(last));
            counters.faultStruck();
        }
        if (bytesPerSecond > 0) {
            nextPortionNanos = now + TimeUnit.SECONDS.toNanos(size) / bytesPerSecond;
        }
        sink.write(portion);
        queuedBytes -= size;
        passedBytes += size;
        counters.bytesPassed(direction, size);
        strikeWhatIsDue();
    }

    private int portion(int available) {
        long size = available;
        if (bytesPerSecond > 0) {
            size = Math.min(size, Math.max(1, bytesPerSecond / PORTIONS_PER_SECOND));
        }
        for (Countdown countdown : countdowns) {
            size = Math.min(size, countdown.atBytes() - passedBytes);
        }
        return (int) size;
    }

    private void strikeWhatIsDue() {
        List<Countdown> due = countdowns.stream()
                .filter(countdown -> countdown.atBytes() <= passedBytes)
                .toList();
        if (!due.isEmpty()) {
            sink.flush();
            countdowns.removeAll(due);
            due.forEach(countdown -> listener.due(countdown.fault()));
        }
    }

    private void passOn(End end) {
        if (end == End.RESET) {
            reset(sink);
            finish();
        } else {
            shutDownOutput(sink, this::finish);
        }
    }

    private void finish() {
        if (!finished) {
            finished = true;
            listener.finished();
        }
    }

    private void adjustReading() {
        if (source != null) {
            source.config().setAutoRead(discarding || queuedBytes < (delayNanos > 0 ? WINDOW_UNDER_DELAY : WINDOW));
        }
    }

    private void cancelWakeUp() {
        if (wakeUp != null) {
            wakeUp.cancel(false);
            wakeUp = null;
        }
    }

    /** Sends FIN after all written bytes. Netty's own call would discard the bytes in its buffer. */
    static void shutDownOutput(Channel channel, Runnable whenDone) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener(
                        written -> ((DuplexChannel) channel).shutdownOutput().addListener(shutDown -> whenDone.run()));
    }

    /** Sends RST: a socket with a linger time of zero closes that way. */
    static void reset(Channel channel) {
        if (channel.isActive()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        channel.close();
    }
}
