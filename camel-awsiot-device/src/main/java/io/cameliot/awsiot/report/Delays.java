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
 * When to ask again what was not answered: growing delays, with full jitter.
 *
 * @param min smallest delay
 * @param max largest delay
 */
public record Delays(Duration min, Duration max) {

    /**
     * @param failures how many there were in a row before the latest
     */
    public Duration next(int failures, RandomGenerator random) {
        return Backoff.delay(min, max, failures, random);
    }

    /** For what does not pass by itself, but may be mended from outside. */
    public Duration longOne(RandomGenerator random) {
        return Backoff.longDelay(min, max, random);
    }
}
