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
package io.cameliot.testinfra.dps.journal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;

/** Counts everything that the emulator receives and records the latest of it. */
public final class DpsJournal {

    private static final int MAX_REMEMBERED = 10_000;

    private final Deque<DpsConnect> connections = new ArrayDeque<>();
    private final Deque<DpsRequest> requests = new ArrayDeque<>();
    private long failedHandshakes;
    private long connects;
    private long refusedConnects;
    private int open;
    private int mostOpen;
    private long registers;
    private long polls;
    private long throttled;

    public synchronized void handshakeFailed() {
        failedHandshakes++;
    }

    public synchronized void opened() {
        open++;
        mostOpen = Math.max(mostOpen, open);
    }

    public synchronized void closed() {
        open--;
    }

    public synchronized void add(DpsConnect connection) {
        connects++;
        if (!connection.answer().reason().isEmpty()) {
            refusedConnects++;
        }
        remember(connections, connection);
    }

    public synchronized void add(DpsRequest request) {
        if (request.isRegister()) {
            registers++;
        } else {
            polls++;
        }
        if (request.answer().status().equals(OptionalInt.of(429))) {
            throttled++;
        }
        remember(requests, request);
    }

    private static <T> void remember(Deque<T> entries, T entry) {
        if (entries.size() == MAX_REMEMBERED) {
            entries.removeFirst();
        }
        entries.addLast(entry);
    }

    public synchronized List<DpsConnect> connections() {
        return List.copyOf(connections);
    }

    public synchronized List<DpsRequest> requests() {
        return List.copyOf(requests);
    }

    public synchronized DpsStatistics statistics() {
        return new DpsStatistics(
                new DpsStatistics.Connections(failedHandshakes, connects, refusedConnects, open, mostOpen),
                new DpsStatistics.Requests(registers, polls, throttled));
    }

    public synchronized void clear() {
        connections.clear();
        requests.clear();
        failedHandshakes = 0;
        connects = 0;
        refusedConnects = 0;
        mostOpen = open;
        registers = 0;
        polls = 0;
        throttled = 0;
    }
}
