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
package io.cameliot.testinfra.event;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The latest events of a kind. Under load it is a sample: of each second it keeps the first events only and counts the
 * others, so that recording costs next to nothing.
 *
 * @param <E> the events
 */
public final class EventRing<E> {
    private final int capacity;
    private final int perSecond;
    private final LongSupplier nanoTime;
    private final Deque<Entry<E>> latest = new ArrayDeque<>();
    private long second;
    private int inSecond;
    private long number;
    private long omitted;

    /**
     * An event.
     *
     * @param number its number in the ring, from 1; it rises by one with each kept event
     * @param at its time
     * @param event the event
     * @param <E> the events
     */
    public record Entry<E>(long number, Instant at, E event) {}

    EventRing(int capacity, int perSecond) {
        this(capacity, perSecond, System::nanoTime);
    }

    EventRing(int capacity, int perSecond, LongSupplier nanoTime) {
        this.capacity = capacity;
        this.perSecond = perSecond;
        this.nanoTime = nanoTime;
        this.second = TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong());
    }

    /**
     * Records an event, or counts it if its second has had its share.
     *
     * @param event creates the event if it is recorded
     */
    public void record(Supplier<E> event) {
        if (isKept()) {
            E created = event.get();
            Instant now = Instant.now();
            synchronized (this) {
                latest.addLast(new Entry<>(++number, now, created));
                if (latest.size() > capacity) {
                    latest.removeFirst();
                }
            }
        }
    }

    private synchronized boolean isKept() {
        long now = TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong());
        if (now != second) {
            second = now;
            inSecond = 0;
        }
        if (inSecond < perSecond) {
            inSecond++;
            return true;
        }
        omitted++;
        return false;
    }

    /**
     * Returns the events after one.
     *
     * @param after the number of the last event that the caller knows; 0 for all
     * @return oldest first
     */
    public synchronized List<Entry<E>> after(long after) {
        List<Entry<E>> found = new ArrayList<>();
        for (Iterator<Entry<E>> newest = latest.descendingIterator(); newest.hasNext(); ) {
            Entry<E> entry = newest.next();
            if (entry.number() <= after) {
                break;
            }
            found.add(entry);
        }
        Collections.reverse(found);
        return found;
    }

    /**
     * Returns the number of the latest event.
     *
     * @return 0 before the first one
     */
    public synchronized long last() {
        return number;
    }

    /**
     * Returns how many events were only counted.
     *
     * @return their number since the start
     */
    public synchronized long omitted() {
        return omitted;
    }
}
