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
package io.cameliot.awsiot.link.machine;

import io.cameliot.common.retry.Backoff;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Decides when to connect again. The delay is short after a stable connection. It stays long if another client takes
 * the connection over, so that two clients with the same client identifier do not disconnect each other at full speed.
 *
 * @param minDelay smallest delay
 * @param maxDelay largest delay, and the interval between two requests for topic filters that the server refuses
 * @param guessesTakeovers whether repeated closes by the server are taken for takeovers: a server of MQTT 3.1.1 cannot
 *     name one, while a server of MQTT 5 does
 */
public record ReconnectPolicy(Duration minDelay, Duration maxDelay, boolean guessesTakeovers) {

    /**
     * Returns the next delay. It is long right after a reported takeover, because the other client may be the
     * legitimate one.
     */
    Duration nextDelay(ReconnectHistory history, RandomGenerator random) {
        return history.takenOver()
                ? Backoff.longDelay(minDelay, maxDelay, random)
                : Backoff.delay(minDelay, maxDelay, history.delays(), random);
    }
}
