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
package io.cameliot.testinfra.awsiot.service;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The time of shadows, jobs and commands: the machine's, and ahead of it by as much as a test has turned it. */
public final class EmulatorClock implements InstantSource {
    private Duration ahead = Duration.ZERO;

    @Override
    public synchronized Instant instant() {
        return Instant.now().plus(ahead);
    }

    /**
     * Turns it.
     *
     * @throws IllegalArgumentException if it is to go back
     */
    synchronized void advance(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("Time does not go back: " + time);
        }
        ahead = ahead.plus(time);
    }
}
