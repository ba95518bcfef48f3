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
package io.cameliot.awsiot.provisioning.fleet;

import io.cameliot.common.retry.Backoff;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/**
 * The limits of an endpoint.
 *
 * @param places the maximum number of devices at a time ({@code maxConcurrentProvisionings})
 * @param timeout the time limit of one device ({@code provisioningTimeout})
 * @param request the time limit of one answer ({@code requestTimeout})
 * @param maxRetries the maximum number of retries in a row ({@code maxRetries})
 * @param minDelay the shortest pause before a retry ({@code retryMinDelay})
 * @param maxDelay the longest pause before a retry ({@code retryMaxDelay})
 */
public record ProvisioningLimits(
        int places, Duration timeout, Duration request, int maxRetries, Duration minDelay, Duration maxDelay) {

    /** Returns the pause before the nth retry of one device, from 0. */
    IntFunction<Duration> pauses() {
        SplittableRandom random = new SplittableRandom();
        return failures -> Backoff.delay(minDelay, maxDelay, failures, random);
    }
}
