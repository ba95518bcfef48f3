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

import io.cameliot.azure.dps.registration.RegistrationPolicy;
import io.cameliot.common.retry.Backoff;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * The limits of an endpoint's registrations.
 *
 * @param admission the number and the rate of registrations
 * @param times the time limits and the poll interval of one registration
 * @param retries the retries after transient failures
 */
public record RegistrationLimits(Admission admission, Times times, Retries retries) {

    /**
     * The number and the rate of registrations.
     *
     * @param places the maximum number of concurrent registrations ({@code maxConcurrentRegistrations})
     * @param perMinute the maximum number of starts per minute ({@code registrationsPerMinute}); 0 for no limit
     */
    public record Admission(int places, int perMinute) {}

    /**
     * The time limits and the poll interval of one registration.
     *
     * @param registration the limit of the whole registration ({@code registrationTimeout})
     * @param request the limit of one answer ({@code requestTimeout})
     * @param pollInterval the time between polls if the service sends no {@code retry-after} ({@code
     *     defaultPollInterval})
     */
    public record Times(Duration registration, Duration request, Duration pollInterval) {}

    /**
     * The retries after transient failures.
     *
     * @param most the maximum number of retries in a row ({@code maxRetries})
     * @param minDelay the shortest pause before a retry ({@code retryMinDelay})
     * @param maxDelay the longest pause before a retry ({@code retryMaxDelay})
     */
    public record Retries(int most, Duration minDelay, Duration maxDelay) {}

    /** Creates a policy for one registration, with its own backoff. */
    RegistrationPolicy newPolicy() {
        Backoff backoff = new Backoff(retries.minDelay(), retries.maxDelay(), new SplittableRandom());
        return new RegistrationPolicy(times.registration(), times.pollInterval(), retries.most(), failures -> {
            if (failures == 0) {
                backoff.reset();
            }
            return backoff.next();
        });
    }
}
