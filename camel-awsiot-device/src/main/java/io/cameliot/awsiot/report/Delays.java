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
package io.cameliot.awsiot.report;

import io.cameliot.common.retry.Backoff;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The delays between retries of a request: exponential, with full jitter.
 *
 * @param min smallest delay
 * @param max largest delay
 */
public record Delays(Duration min, Duration max) {

    /**
     * Returns the delay before the next attempt.
     *
     * @param failures number of consecutive failures before the latest one
     */
    public Duration next(int failures, RandomGenerator random) {
        return Backoff.delay(min, max, failures, random);
    }

    /** Returns a delay for a problem that does not pass by itself, but that the user may fix. */
    public Duration longOne(RandomGenerator random) {
        return Backoff.longDelay(min, max, random);
    }
}
