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
package io.cameliot.common.retry;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Delays before successive attempts: exponential with full jitter, so that a fleet that lost its server does not come
 * back in step (AWS Architecture Blog, "Exponential Backoff And Jitter").
 *
 * <p>Not thread-safe: belongs to the one who makes the attempts.
 */
public final class Backoff {

    private final Duration min;
    private final Duration max;
    private final RandomGenerator random;
    private int attempts;

    /**
     * @param min the smallest delay, and the largest one before the first attempt
     * @param max the largest delay
     * @param random source of the jitter
     */
    public Backoff(Duration min, Duration max, RandomGenerator random) {
        if (min.isNegative() || min.compareTo(max) > 0) {
            throw new IllegalArgumentException("The smallest delay " + min + " exceeds the largest " + max);
        }
        this.min = min;
        this.max = max;
        this.random = random;
    }

    /** The next delay, as {@link #delay} gives it. */
    public Duration next() {
        return delay(min, max, attempts++, random);
    }

    /**
     * A delay: random between the smallest one and min × 2ⁿ, never above the largest one.
     *
     * @param attempts n, the number of delays before it
     */
    public static Duration delay(Duration min, Duration max, int attempts, RandomGenerator random) {
        long minMillis = min.toMillis();
        long ceiling = max.toMillis();
        if (attempts < 62 && minMillis <= ceiling >> attempts) {
            ceiling = minMillis << attempts;
        }
        return Duration.ofMillis(minMillis + random.nextLong(ceiling - minMillis + 1));
    }

    /** A delay for whoever must not hurry: random between half of the largest one and the largest one. */
    public static Duration longDelay(Duration min, Duration max, RandomGenerator random) {
        long half = max.toMillis() / 2;
        return Duration.ofMillis(Math.max(min.toMillis(), half + random.nextLong(half + 1)));
    }

    /** How many delays were handed out since the last {@link #reset()}. */
    public int attempts() {
        return attempts;
    }

    /** Starts over, after a success that lasted. */
    public void reset() {
        attempts = 0;
    }
}
