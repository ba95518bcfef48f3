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
package io.cameliot.azure.dps.registrar;

import io.cameliot.azure.dps.registration.RegistrationPolicy;
import io.cameliot.common.retry.Backoff;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * The bounds of an endpoint's registrations, as its options of the same names say.
 */
public record RegistrarSettings(
        int maxConcurrentRegistrations,
        int registrationsPerMinute,
        Duration registrationTimeout,
        Duration requestTimeout,
        Duration defaultPollInterval,
        int maxRetries,
        Duration retryMinDelay,
        Duration retryMaxDelay) {

    /** A policy for one registration, with a backoff of its own. */
    RegistrationPolicy newPolicy() {
        Backoff backoff = new Backoff(retryMinDelay, retryMaxDelay, new SplittableRandom());
        return new RegistrationPolicy(registrationTimeout, defaultPollInterval, maxRetries, failures -> {
            if (failures == 0) {
                backoff.reset();
            }
            return backoff.next();
        });
    }
}
