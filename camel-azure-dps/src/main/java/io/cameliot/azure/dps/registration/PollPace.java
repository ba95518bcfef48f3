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
import java.util.List;
import java.util.stream.Stream;

/**
 * Keeps one device within the service's quota of 5 polls in 10 seconds ("Azure IoT Hub Device Provisioning Service
 * limits" in the Azure documentation), regardless of {@code retry-after} and of retries.
 *
 * @param recent the times of the latest polls, at most 5, oldest first, measured from the start of the registration
 */
public record PollPace(List<Duration> recent) {

    static final int POLLS = 5;
    /** One second longer than the quota's period. The service counts polls on arrival, and network delays vary. */
    static final Duration WINDOW = Duration.ofSeconds(11);

    static final PollPace NO_POLLS = new PollPace(List.of());

    /** Returns the earliest time of the next poll, measured from the start of the registration. */
    Duration next() {
        return recent.size() < POLLS ? Duration.ZERO : recent.get(0).plus(WINDOW);
    }

    PollPace polledAt(Duration now) {
        return new PollPace(Stream.concat(recent.stream().skip(Math.max(0, recent.size() - POLLS + 1)), Stream.of(now))
                .toList());
    }
}
