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

import io.cameliot.common.mqtt.session.RequestPacket.PendingAnswer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Messages and requests that wait for an answer, by packet identifier (MQTT 5 section 2.2.1). The table grows with the
 * largest number in flight, and a freed identifier is reused as late as possible. Event loop only.
 */
final class InFlight {

    private static final int LARGEST_ID = 65_535;
    private static final int INITIAL_SIZE = 16;

    // The entry of identifier n has the index n - 1.
    private Object[] entries = new Object[INITIAL_SIZE];
    private char[] free = new char[INITIAL_SIZE]; // a ring of free identifiers
    private int firstFree;
    private int freeCount = INITIAL_SIZE;

    InFlight() {
        for (char i = 0; i < INITIAL_SIZE; i++) {
            free[i] = (char) (i + 1);
        }
    }

    /**
     * Assigns a packet identifier.
     *
     * @return the packet identifier; 0 if all are in use
     */
    int add(Object entry) {
        if (freeCount == 0 && !grow()) {
            return 0;
        }
        int id = free[firstFree];
        firstFree = firstFree + 1 == free.length ? 0 : firstFree + 1;
        freeCount--;
        entries[id - 1] = entry;
        return id;
    }

    /**
     * Returns the entry that waits for an answer, without removing it.
     *
     * @return null if no entry of that kind has the identifier
     */
    <T> T get(int id, Class<T> kind) {
        return id < 1 || id > entries.length || !kind.isInstance(entries[id - 1]) ? null : kind.cast(entries[id - 1]);
    }

    /**
     * Removes the entry that waits for an answer.
     *
     * @return null if no entry of that kind has the identifier
     */
    <T> T remove(int id, Class<T> kind) {
        T entry = get(id, kind);
        if (entry == null) {
            return null;
        }
        entries[id - 1] = null;
        int end = firstFree + freeCount;
        free[end >= free.length ? end - free.length : end] = (char) id;
        freeCount++;
        return entry;
    }

    boolean isEmpty() {
        return freeCount == entries.length;
    }

    /** Removes and returns all entries. */
    List<Object> removeAll() {
        List<Object> left = new ArrayList<>();
        for (int id = 1; id <= entries.length; id++) {
            Object entry = remove(id, Object.class);
            if (entry != null) {
                left.add(entry);
            }
        }
        return left;
    }

    /** Fails an entry because the connection has ended. */
    static void fail(Object entry, IOException reason) {
        if (entry instanceof PublishCallback callback) {
            Callbacks.complete(callback, reason);
        } else {
            ((PendingAnswer) entry).answer().completeExceptionally(reason);
        }
    }

    private boolean grow() {
        int size = entries.length;
        if (size == LARGEST_ID) {
            return false;
        }
        int larger = Math.min(2 * size, LARGEST_ID);
        entries = Arrays.copyOf(entries, larger);
        free = new char[larger];
        firstFree = 0;
        freeCount = larger - size;
        for (int i = 0; i < freeCount; i++) {
            free[i] = (char) (size + i + 1);
        }
        return true;
    }
}
