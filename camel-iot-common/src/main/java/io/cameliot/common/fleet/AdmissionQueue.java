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
package io.cameliot.common.fleet;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Decides which run starts next: in the order of arrival, within the limit of concurrent runs and the
 * limit per minute, and only one per device at a time, because the service closes a connection when a second one uses
 * the same client identifier. A waiting registration occupies an entry but no thread.
 *
 * <p>Not thread-safe: only the {@link FleetScheduler}'s thread uses it.
 *
 * @param <T> the type of a registration
 */
final class AdmissionQueue<T> {

    private final int places;
    private final Duration interval;
    private final Deque<Entry<T>> waiting = new ArrayDeque<>();

    /** The devices that are in {@code waiting} or registering, each with its later registrations. */
    private final Map<String, Deque<Entry<T>>> successors = new HashMap<>();

    private int waitingBehind;
    private int admitted;
    private Duration nextStart = Duration.ZERO;

    private record Entry<T>(String device, T registration) {}

    /**
     * Creates an empty queue.
     *
     * @param places the maximum number of concurrent registrations
     * @param perMinute the maximum number of starts per minute, evenly spread; 0 for no limit
     */
    AdmissionQueue(int places, int perMinute) {
        this.places = places;
        this.interval = perMinute == 0 ? Duration.ZERO : Duration.ofMinutes(1).dividedBy(perMinute);
    }

    void add(String deviceId, T registration) {
        Entry<T> entry = new Entry<>(deviceId.toLowerCase(Locale.ROOT), registration);
        Deque<Entry<T>> behind = successors.get(entry.device());
        if (behind == null) {
            successors.put(entry.device(), new ArrayDeque<>());
            waiting.add(entry);
        } else {
            behind.add(entry);
            waitingBehind++;
        }
    }

    /**
     * Admits the next registration if a place is free and the interval since the last start has passed.
     *
     * @param now the time since any fixed moment
     * @param gone whether a registration no longer waits; such registrations are skipped
     */
    Optional<T> admit(Duration now, Predicate<T> gone) {
        while (!waiting.isEmpty() && gone.test(waiting.peek().registration())) {
            promote(waiting.remove().device());
        }
        if (waiting.isEmpty() || admitted >= places || now.compareTo(nextStart) < 0) {
            return Optional.empty();
        }
        admitted++;
        nextStart = now.plus(interval);
        return Optional.of(waiting.remove().registration());
    }

    /** Returns the time of the next start if only the limit per minute delays it; empty otherwise. */
    Optional<Duration> nextStart() {
        return waiting.isEmpty() || admitted >= places ? Optional.empty() : Optional.of(nextStart);
    }

    /** Frees the place of an admitted registration. */
    void leave(String deviceId) {
        admitted--;
        promote(deviceId.toLowerCase(Locale.ROOT));
    }

    private void promote(String device) {
        Deque<Entry<T>> behind = successors.get(device);
        if (behind.isEmpty()) {
            successors.remove(device);
        } else {
            waiting.add(behind.remove());
            waitingBehind--;
        }
    }

    int waiting() {
        return waiting.size() + waitingBehind;
    }

    int admitted() {
        return admitted;
    }
}
