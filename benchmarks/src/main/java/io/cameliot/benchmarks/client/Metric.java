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
package io.cameliot.benchmarks.client;

/** A figure that measurements report. */
public enum Metric {
    RATE("1/s", "messages, requests or registrations a second", true),
    CPU("µs", "CPU time of the client's process for each message", false),
    LATENCY_P50("µs", "median latency", false),
    LATENCY_P99("µs", "99th percentile of the latency", false),
    LATENCY_P999("µs", "99.9th percentile of the latency", false),
    BYTES_SENT("B", "bytes on the wire for each message, from the client", false),
    BYTES_RECEIVED("B", "bytes on the wire for each message, to the client", false),
    HEAP("kB", "Java heap in use for each connection, after garbage collection", false),
    RESIDENT("kB", "resident memory of the process for each connection", false),
    THREADS("", "threads for each connection", false),
    SOCKETS("", "sockets for each connection", false),
    TIME("s", "time for all", false),
    OVERHEAD("ms", "time of one beyond the waits that the service orders", false),
    MESSAGES("", "messages of the round, those before and after the measured time included", true),
    FAILURES("", "what failed", false);

    private final String unit;
    private final String meaning;
    private final boolean moreIsBetter;

    Metric(String unit, String meaning, boolean moreIsBetter) {
        this.unit = unit;
        this.meaning = meaning;
        this.moreIsBetter = moreIsBetter;
    }

    public String unit() {
        return unit;
    }

    public String meaning() {
        return meaning;
    }

    public boolean moreIsBetter() {
        return moreIsBetter;
    }
}
