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
    /** The same broker with a round trip of 50 ms, as between neighbouring regions. */
    BROKER_AT_50_MS,
    /** The same broker with a round trip of 200 ms, as between continents or over a mobile network. */
    BROKER_AT_200_MS,
    HTTPS_SINK,
    /** Azure DPS that requests no wait. */
    DPS,
    /**
     * The same with a round trip of 20 ms. Microsoft's client misses answers that arrive at once, and then waits a
     * minute.
     */
    DPS_AT_20_MS,
    /** Azure DPS that requests a wait of {@value #DPS_WAIT_SECONDS} s, like the service. */
    DPS_WITH_WAIT,
    /** The same with a round trip of 20 ms. */
    DPS_WITH_WAIT_AT_20_MS;

    public static final int DPS_WAIT_SECONDS = 3;
}
