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
package io.cameliot.benchmarks.plan;

/** A server of the run. */
public enum ServerKind {
    BROKER,
    /** The same broker, 50 ms away: a round trip, as between neighbouring regions. */
    BROKER_AT_50_MS,
    /** The same broker, 200 ms away: a round trip, as between continents or by a mobile network. */
    BROKER_AT_200_MS,
    HTTPS_SINK,
    /** Azure DPS that orders no wait. */
    DPS,
    /** The same, 20 ms away: a round trip. Microsoft's client loses answers that come at once, and waits a minute then. */
    DPS_AT_20_MS,
    /** Azure DPS that orders a wait of {@value #DPS_WAIT_SECONDS} s, as the service does. */
    DPS_WITH_WAIT,
    /** The same, 20 ms away. */
    DPS_WITH_WAIT_AT_20_MS;

    public static final int DPS_WAIT_SECONDS = 3;
}
