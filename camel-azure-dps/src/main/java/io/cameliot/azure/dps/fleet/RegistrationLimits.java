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
 * The bounds of an endpoint's registrations.
 *
 * @param admission how many devices, and how often
 * @param times     how long one device takes at most
 * @param retries   how often and when a step is tried again
 */
public record RegistrationLimits(Admission admission, Times times, Retries retries) {

    /**
     * Who may begin.
     *
     * @param places    how many register at a time ({@code maxConcurrentRegistrations})
     * @param perMinute how many begin in a minute ({@code registrationsPerMinute}); 0 for no limit
     */
    public record Admission(int places, int perMinute) {}

    /**
     * The times of one device.
     *
     * @param registration for the whole registration ({@code registrationTimeout})
     * @param request      for one answer ({@code requestTimeout})
     * @param pollInterval between polls where the service names no time ({@code defaultPollInterval})
     */
    public record Times(Duration registration, Duration request, Duration pollInterval) {}

    /**
     * What follows when a step fails by what can pass.
     *
     * @param most     how often in a row it is tried again ({@code maxRetries})
     * @param minDelay the smallest pause before that ({@code retryMinDelay})
     * @param maxDelay the longest pause before that ({@code retryMaxDelay})
     */
    public record Retries(int most, Duration minDelay, Duration maxDelay) {}

    /** A policy for one registration, with a backoff of its own. */
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
