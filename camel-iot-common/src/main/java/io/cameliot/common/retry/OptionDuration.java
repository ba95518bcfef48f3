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

/**
 * Durations that users give. They write {@code Long.MAX_VALUE} for "no limit"; its nanoseconds do not fit into a {@code
 * long}.
 */
public final class OptionDuration {

    /** A hundred years. Timers and sums take it: its nanoseconds fit into a {@code long} twice. */
    static final Duration LONGEST = Duration.ofDays(36_500);

    private OptionDuration() {}

    /**
     * Returns the duration of an option.
     *
     * @param millis milliseconds
     * @return a hundred years at most
     */
    public static Duration ofMillis(long millis) {
        return of(Duration.ofMillis(millis));
    }

    /** Returns the duration, or a hundred years if it is longer. */
    public static Duration of(Duration given) {
        return given.compareTo(LONGEST) > 0 ? LONGEST : given;
    }
}
