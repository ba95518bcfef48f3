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
package io.cameliot.azure.dps.fleet;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Who may register now, and who waits: in the order of arrival, at most so many at a time, not more often than the
 * pace allows, and each device once at a time, because a second connection with the same client identifier would push
 * the first one out. Waiting costs an entry, no thread.
 *
 * <p>Not thread-safe: belongs to the {@link RegistrationScheduler}'s thread.
 *
 * @param <T> what waits
 */
final class AdmissionQueue<T> {

    private final int places;
    private final Duration interval;
    private final Deque<Entry<T>> waiting = new ArrayDeque<>();

    /** Devices that wait above or are registering, each with those that wait for their predecessor. */
    private final Map<String, Deque<Entry<T>>> successors = new HashMap<>();

    private int waitingBehind;
    private int admitted;
    private Duration nextStart = Duration.ZERO;

    private record Entry<T>(String device, T registration) {}

    /**
     * An empty queue.
     *
     * @param places    how many may register at a time
     * @param perMinute how many may begin in a minute, spread evenly; 0 for no limit
     */
    AdmissionQueue(int places, int perMinute) {
        this.places = places;
        this.interval = perMinute == 0 ? Duration.ZERO : Duration.ofMinutes(1).dividedBy(perMinute);
    }

    void add(String registrationId, T registration) {
        Entry<T> entry = new Entry<>(registrationId.toLowerCase(Locale.ROOT), registration);
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
     * Lets the next one in, if there is a place and it is time.
     *
     * @param now  the time since any fixed moment
     * @param gone tells who does not wait any more; those are passed over
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

    /** When to ask again although nobody leaves: the time that the pace allows next, if it alone keeps one waiting. */
    Optional<Duration> nextStart() {
        return waiting.isEmpty() || admitted >= places ? Optional.empty() : Optional.of(nextStart);
    }

    /** One that was admitted has ended. */
    void leave(String registrationId) {
        admitted--;
        promote(registrationId.toLowerCase(Locale.ROOT));
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
