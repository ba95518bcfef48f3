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
package io.cameliot.benchmarks.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What happened during a soak, by pair. Thread-safe. */
final class SoakTimeline {

    private final long start = System.nanoTime();
    private final Map<String, Lane> lanes = new LinkedHashMap<>();

    /**
     * A pair at one moment.
     *
     * @param at time since the start
     * @param received number of messages that had arrived
     * @param waiting number of messages that waited for a connection, a place in the send window or their PUBACK
     * @param reconnects number of reconnects of both clients
     */
    record Sample(Duration at, long received, long waiting, long reconnects) {}

    /**
     * A fault.
     *
     * @param name its name
     * @param begin time since the start
     * @param end time since the start
     */
    record Span(String name, Duration begin, Duration end) {}

    /** The samples and faults of a pair, in order. */
    record Lane(List<Sample> samples, List<Span> faults) {}

    Duration now() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    synchronized void add(String pair, Sample sample) {
        lane(pair).samples().add(sample);
    }

    synchronized void add(String pair, Span fault) {
        lane(pair).faults().add(fault);
    }

    private Lane lane(String pair) {
        return lanes.computeIfAbsent(pair, name -> new Lane(new ArrayList<>(), new ArrayList<>()));
    }

    /** Returns a copy of the lanes by the name of their pair. */
    synchronized Map<String, Lane> lanes() {
        Map<String, Lane> copy = new LinkedHashMap<>();
        lanes.forEach(
                (name, lane) -> copy.put(name, new Lane(List.copyOf(lane.samples()), List.copyOf(lane.faults()))));
        return copy;
    }
}
