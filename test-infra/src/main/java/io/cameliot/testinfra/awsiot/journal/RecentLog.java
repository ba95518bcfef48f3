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
package io.cameliot.testinfra.awsiot.journal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.ToIntFunction;

/** The latest entries within a limit, so that a load test does not exhaust the memory. */
public final class RecentLog<T> {
    private static final int MAX_ENTRIES = 10_000;
    private static final long MAX_BYTES = 16L * 1024 * 1024;

    private final ToIntFunction<T> size;
    private final Deque<T> latest = new ArrayDeque<>();
    private long bytes;

    RecentLog(ToIntFunction<T> size) {
        this.size = size;
    }

    public synchronized void add(T entry) {
        latest.addLast(entry);
        bytes += size.applyAsInt(entry);
        while (latest.size() > MAX_ENTRIES || bytes > MAX_BYTES) {
            bytes -= size.applyAsInt(latest.removeFirst());
        }
    }

    /** The entries, oldest first. */
    public synchronized List<T> latest() {
        return List.copyOf(latest);
    }

    public synchronized void clear() {
        latest.clear();
        bytes = 0;
    }
}
