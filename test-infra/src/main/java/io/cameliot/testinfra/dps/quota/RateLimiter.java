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
package io.cameliot.testinfra.dps.quota;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** Limits the number of requests in a sliding time window. */
public final class RateLimiter {

    private final int limit;
    private final Duration window;
    private final Deque<Instant> granted = new ArrayDeque<>();

    public RateLimiter(int limit, Duration window) {
        this.limit = limit;
        this.window = window;
    }

    /**
     * Requests a permit.
     *
     * @return the wait before the next attempt; zero if the permit is granted
     */
    public synchronized Duration acquire(Instant now) {
        if (limit == Integer.MAX_VALUE) {
            return Duration.ZERO;
        }
        while (!granted.isEmpty() && !granted.peekFirst().plus(window).isAfter(now)) {
            granted.removeFirst();
        }
        if (granted.size() < limit) {
            granted.addLast(now);
            return Duration.ZERO;
        }
        return Duration.between(now, granted.peekFirst().plus(window));
    }
}
