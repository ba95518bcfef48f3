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
package io.cameliot.awsiot.publish;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Acknowledged messages of one session that wait to be settled. Settling takes a lock and wakes the threads of routes,
 * and servers send each PUBACK by itself, so PUBACKs within a millisecond are settled together. This happens only at a
 * high rate and with so many other messages in flight that no caller can be waiting for a single one.
 *
 * <p>Confined to the event loop of the session.
 */
final class PubackBatch {

    static final int ENOUGH = 16;
    static final int MANY = 32;
    private static final Duration LONGEST = Duration.ofMillis(1);

    /**
     * This many PUBACKs within {@link #SOON_NANOS} are a high rate. It is more than a window, which arrives in one
     * burst from a distant server.
     */
    static final int LOT = 128;

    static final long SOON_NANOS = Duration.ofMillis(16).toNanos();

    private final BiConsumer<Runnable, Duration> timer;
    private final IntSupplier unacknowledged;
    private final Consumer<List<Outgoing>> settle;
    private final LongSupplier nanoTime;
    private List<Outgoing> gathered = new ArrayList<>(ENOUGH);
    private boolean timed;
    private int counted;
    private long countedFrom;
    private boolean fast;

    /**
     * @param timer runs a task on the event loop after a delay
     * @param unacknowledged number of messages in flight, including those that are not settled yet
     * @param nanoTime a clock like {@link System#nanoTime()}
     */
    PubackBatch(
            BiConsumer<Runnable, Duration> timer,
            IntSupplier unacknowledged,
            Consumer<List<Outgoing>> settle,
            LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.countedFrom = nanoTime.getAsLong();
        this.timer = timer;
        this.unacknowledged = unacknowledged;
        this.settle = settle;
    }

    void add(Outgoing message) {
        gathered.add(message);
        count();
        if (!fast || gathered.size() >= ENOUGH || unacknowledged.getAsInt() - gathered.size() < MANY) {
            settle();
        } else if (!timed) {
            try {
                timer.accept(this::timeIsOver, LONGEST);
                timed = true;
            } catch (RejectedExecutionException e) {
                settle();
            }
        }
    }

    private void count() {
        counted++;
        if (counted == LOT) {
            long now = nanoTime.getAsLong();
            fast = now - countedFrom < SOON_NANOS;
            counted = 0;
            countedFrom = now;
        }
    }

    private void timeIsOver() {
        timed = false;
        if (!gathered.isEmpty()) {
            settle();
        }
    }

    private void settle() {
        List<Outgoing> batch = gathered;
        gathered = new ArrayList<>(ENOUGH);
        settle.accept(batch);
    }
}
