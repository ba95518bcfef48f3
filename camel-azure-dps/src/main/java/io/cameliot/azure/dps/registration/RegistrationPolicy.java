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
package io.cameliot.azure.dps.registration;

import java.time.Duration;
import java.util.function.IntFunction;

/**
 * The timeout, the intervals and the retry limit of a registration.
 *
 * @param timeout the time limit of the whole registration
 * @param defaultPollInterval the time between polls if the service sends no {@code retry-after}
 * @param maxRetries the number of retries in a row after transient failures
 * @param backoff the pause before the nth retry (from 0) if the service sends no {@code retry-after}
 */
public record RegistrationPolicy(
        Duration timeout, Duration defaultPollInterval, int maxRetries, IntFunction<Duration> backoff) {}
