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
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private final Set<Entry<T>> waiting = new LinkedHashSet<>();

    /** The devices that are in {@code waiting} or registering, each with its later registrations. */
    private final Map<String, Set<Entry<T>>> successors = new HashMap<>();

    private int waitingBehind;
    private int admitted;
    private Duration nextStart = Duration.ZERO;

    private record Entry<T>(String device, T registration) {

        static <T> Entry<T> of(String deviceId, T registration) {
            return new Entry<>(deviceId.toLowerCase(Locale.ROOT), registration);
        }
    }

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

    /** Adds a registration, which no other equals. */
    void add(String deviceId, T registration) {
        Entry<T> entry = Entry.of(deviceId, registration);
        Set<Entry<T>> behind = successors.get(entry.device());
        if (behind == null) {
            successors.put(entry.device(), new LinkedHashSet<>());
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
        while (!waiting.isEmpty() && gone.test(waiting.iterator().next().registration())) {
            promote(removeFirst(waiting).device());
        }
        if (waiting.isEmpty() || admitted >= places || now.compareTo(nextStart) < 0) {
            return Optional.empty();
        }
        admitted++;
        nextStart = now.plus(interval);
        return Optional.of(removeFirst(waiting).registration());
    }

    /** Removes a registration that was never admitted. Does nothing if it was skipped already. */
    void withdraw(String deviceId, T registration) {
        Entry<T> entry = Entry.of(deviceId, registration);
        Set<Entry<T>> behind = successors.get(entry.device());
        if (waiting.remove(entry)) {
            promote(entry.device());
        } else if (behind != null && behind.remove(entry)) {
            waitingBehind--;
        }
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
        Set<Entry<T>> behind = successors.get(device);
        if (behind.isEmpty()) {
            successors.remove(device);
        } else {
            waiting.add(removeFirst(behind));
            waitingBehind--;
        }
    }

    private static <T> T removeFirst(Set<T> ordered) {
        Iterator<T> first = ordered.iterator();
        T removed = first.next();
        first.remove();
        return removed;
    }

    int waiting() {
        return waiting.size() + waitingBehind;
    }

    int admitted() {
        return admitted;
    }
}
