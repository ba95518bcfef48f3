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
 * Delays between successive attempts: exponential with full jitter, so that the devices of a fleet which lost its
 * server do not all reconnect at the same time (AWS Architecture Blog, "Exponential Backoff And Jitter").
 *
 * <p>Not thread-safe.
 */
public final class Backoff {

    private final Duration min;
    private final Duration max;
    private final RandomGenerator random;
    private int attempts;

    /**
     * Creates a backoff.
     *
     * @param min the smallest delay, and the upper bound of the first one
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

    /** Returns the next delay, as {@link #delay} computes it. */
    public Duration next() {
        return delay(min, max, attempts++, random);
    }

    /**
     * Returns a random delay between {@code min} and min × 2ⁿ, but never more than {@code max}.
     *
     * @param attempts n, the number of earlier delays
     */
    public static Duration delay(Duration min, Duration max, int attempts, RandomGenerator random) {
        long minMillis = min.toMillis();
        long ceiling = max.toMillis();
        if (attempts < 62 && minMillis <= ceiling >> attempts) {
            ceiling = minMillis << attempts;
        }
        return Duration.ofMillis(minMillis + random.nextLong(ceiling - minMillis + 1));
    }

    /**
     * Returns a random delay between half of {@code max} and {@code max}, for attempts that must be slow from the
     * start.
     */
    public static Duration longDelay(Duration min, Duration max, RandomGenerator random) {
        long half = max.toMillis() / 2;
        return Duration.ofMillis(Math.max(min.toMillis(), half + random.nextLong(half + 1)));
    }

    /** The number of delays returned since the last {@link #reset()}. */
    public int attempts() {
        return attempts;
    }

    /** Starts again with the smallest delay. Call it after a success that lasted. */
    public void reset() {
        attempts = 0;
    }
}
