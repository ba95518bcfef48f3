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
package io.cameliot.benchmarks.measure;

/** A figure of a measurement. */
public enum Metric {
    /** Messages, requests, registrations or connections per second. */
    RATE("1/s", "rate", true),
    /** CPU time of the client's process, all threads. */
    CPU("µs", "CPU time for each", false),
    LATENCY_P50("µs", "latency, median", false),
    LATENCY_P99("µs", "latency, 99 %", false),
    LATENCY_P999("µs", "latency, 99.9 %", false),
    /** Bytes of the TCP streams, including TLS. */
    BYTES_SENT("B", "bytes sent for each", false),
    BYTES_RECEIVED("B", "bytes received for each", false),
    /** Java heap in use after garbage collection. */
    HEAP("kB", "heap for each", false),
    /** Resident memory outside the heap. */
    OFF_HEAP("kB", "off-heap memory for each", false),
    /** The sum of {@link #HEAP} and {@link #OFF_HEAP}. */
    MEMORY("kB", "memory for each", false),
    THREADS("", "threads for each", false),
    SOCKETS("", "sockets for each", false),
    /** CPU time of the client's process, all threads, as a share of one core. */
    CPU_SHARE("% of a core", "CPU", false),
    /** Java heap of the process after garbage collection. */
    HEAP_IN_USE("MB", "heap in use", false),
    /** Resident memory of the process, including the heap. */
    RESIDENT_MEMORY("MB", "resident memory", false),
    /** Threads of the process, including native ones. */
    THREADS_IN_USE("", "threads", false),
    TIME("s", "time for all", false),
    /** Time beyond the waits that the service requests. */
    OVERHEAD("ms", "overhead for each", false),
    /** All messages of the round, including those before and after the measured time. */
    MESSAGES("", "messages", true),
    FAILURES("", "failures", false);

    private final String unit;
    private final String label;
    private final boolean moreIsBetter;

    Metric(String unit, String label, boolean moreIsBetter) {
        this.unit = unit;
        this.label = label;
        this.moreIsBetter = moreIsBetter;
    }

    public String unit() {
        return unit;
    }

    public String label() {
        return label;
    }

    public boolean moreIsBetter() {
        return moreIsBetter;
    }
}
