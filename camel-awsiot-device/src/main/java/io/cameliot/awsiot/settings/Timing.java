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
package io.cameliot.awsiot.settings;

import java.time.Duration;

/**
 * The time limits and delays of a connection.
 *
 * @param connectionTimeout time limit of each connection attempt
 * @param publishTimeout time limit of each publish
 * @param reconnectMinDelay smallest delay before a reconnect
 * @param reconnectMaxDelay largest delay before a reconnect
 */
public record Timing(
        Duration connectionTimeout, Duration publishTimeout, Duration reconnectMinDelay, Duration reconnectMaxDelay) {

    private static final long SHORTEST_CHECK_MILLIS = 10;
    private static final long LONGEST_CHECK_MILLIS = 1000;

    /** Returns how often time limits are checked: a publish ends at most a tenth of its time limit late. */
    public Duration checkInterval() {
        return Duration.ofMillis(
                Math.max(SHORTEST_CHECK_MILLIS, Math.min(LONGEST_CHECK_MILLIS, publishTimeout.toMillis() / 10)));
    }
}
