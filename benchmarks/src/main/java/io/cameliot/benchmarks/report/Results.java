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
package io.cameliot.benchmarks.report;

import io.cameliot.benchmarks.measure.Measurement;
import io.cameliot.benchmarks.measure.Metric;
import io.cameliot.benchmarks.peer.Peer;
import io.cameliot.benchmarks.plan.BenchmarkCase;
import io.cameliot.benchmarks.plan.ServerKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** All measurements of a run. */
public final class Results {

    private final Map<BenchmarkCase, Map<Peer, Map<Integer, Measurement>>> measurements = new LinkedHashMap<>();
    private final List<Failure> failures = new ArrayList<>();
    private final Map<ServerKind, String> servers = new EnumMap<>(ServerKind.class);

    /** A failed measurement. */
    public record Failure(BenchmarkCase benchmark, Peer peer, int round, Exception reason) {

        /** The reason in one line. */
        String summary() {
            return reason.getMessage().lines().limit(2).collect(Collectors.joining(" "));
        }
    }

    public void add(BenchmarkCase benchmark, Peer peer, int round, Measurement measurement) {
        measurements
                .computeIfAbsent(benchmark, key -> new TreeMap<>(Comparator.comparingInt(benchmark.peers()::indexOf)))
                .computeIfAbsent(peer, key -> new TreeMap<>())
                .put(round, measurement);
    }

    public void failed(BenchmarkCase benchmark, Peer peer, int round, Exception reason) {
        failures.add(new Failure(benchmark, peer, round, reason));
    }

    /**
     * Records a server.
     *
     * @param name its name and version, for the reader
     */
    public void server(ServerKind kind, String name) {
        servers.put(kind, name);
    }

    public List<Failure> failures() {
        return List.copyOf(failures);
    }

    public List<BenchmarkCase> cases() {
        return List.copyOf(measurements.keySet());
    }

    String server(BenchmarkCase benchmark) {
        return servers.getOrDefault(benchmark.work().server(), "");
    }

    /** The measurements of a case, by peer and round. */
    public Map<Peer, Map<Integer, Measurement>> of(BenchmarkCase benchmark) {
        return measurements.getOrDefault(benchmark, Map.of());
    }

    /** Median and extremes over the rounds; empty if the peer has no such figure. */
    Optional<Spread> spread(BenchmarkCase benchmark, Peer peer, Metric metric) {
        return Spread.of(of(benchmark).getOrDefault(peer, Map.of()).values().stream()
                .map(measurement -> measurement.figures().get(metric))
                .filter(Objects::nonNull)
                .toList());
    }

    /** The ratio of two peers' medians, with the extremes of the ratios per round. */
    Optional<Spread> ratio(BenchmarkCase benchmark, Peer ours, Peer other, Metric metric) {
        Optional<Spread> mine = spread(benchmark, ours, metric);
        Optional<Spread> theirs = spread(benchmark, other, metric);
        Optional<Spread> ofRounds = Spread.of(ratios(benchmark, ours, other, metric));
        if (mine.isEmpty() || theirs.isEmpty() || ofRounds.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Spread(
                mine.get().median() / theirs.get().median(),
                ofRounds.get().min(),
                ofRounds.get().max()));
    }

    private List<Double> ratios(BenchmarkCase benchmark, Peer ours, Peer other, Metric metric) {
        Map<Integer, Measurement> left = of(benchmark).getOrDefault(ours, Map.of());
        Map<Integer, Measurement> right = of(benchmark).getOrDefault(other, Map.of());
        List<Double> ratios = new ArrayList<>();
        left.forEach((round, measurement) -> {
            Double mine = measurement.figures().get(metric);
            Double theirs =
                    right.containsKey(round) ? right.get(round).figures().get(metric) : null;
            if (mine != null && theirs != null) {
                ratios.add(mine / theirs);
            }
        });
        return ratios;
    }
}
