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
import io.cameliot.benchmarks.plan.Cases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All figures of all rounds, one per line. Two lines at the top contain the machine and the date. */
final class CsvReport {

    private static final String HEADING = "case,peer,round,metric,value,unit\n";
    /** These take the place of a case and a metric. */
    private static final String MACHINE = "run,,,MACHINE,";

    private static final String DATE = "run,,,DATE,";

    private CsvReport() {}

    static String of(Run run) {
        StringBuilder csv = new StringBuilder(HEADING)
                .append(MACHINE)
                .append(run.machine())
                .append(",\n")
                .append(DATE)
                .append(run.date())
                .append(",\n");
        for (BenchmarkCase benchmark : run.results().cases()) {
            for (Map.Entry<Peer, Map<Integer, Measurement>> ofPeer :
                    run.results().of(benchmark).entrySet()) {
                ofPeer.getValue()
                        .forEach((round, measurement) -> append(csv, benchmark, ofPeer.getKey(), round, measurement));
            }
        }
        return csv.toString();
    }

    private static void append(
            StringBuilder csv, BenchmarkCase benchmark, Peer peer, int round, Measurement measurement) {
        new TreeMap<>(measurement.figures())
                .forEach((metric, value) -> csv.append(String.format(
                        Locale.ROOT,
                        "%s,%s,%d,%s,%.3f,%s%n",
                        benchmark.id(),
                        peer.title(),
                        round + 1,
                        metric,
                        value,
                        metric.unit())));
    }

    /**
     * Parses the result of {@link #of}. Cases, peers and metrics that no longer exist are skipped.
     *
     * @return empty if the file does not contain machine and date
     */
    static Optional<Run> read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        Optional<String> machine = value(lines, MACHINE);
        Optional<String> date = value(lines, DATE);
        if (machine.isEmpty() || date.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Run(machine.get(), LocalDate.parse(date.get()), results(lines)));
    }

    private static Optional<String> value(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length(), line.lastIndexOf(',')))
                .findFirst();
    }

    private static Results results(List<String> lines) {
        Map<String, BenchmarkCase> cases = byName(Cases.of(false).stream(), BenchmarkCase::id);
        Map<String, Peer> peers = byName(Stream.of(Peer.values()), Peer::title);
        Map<String, Metric> metrics = byName(Stream.of(Metric.values()), Metric::name);
        Map<Key, Map<Metric, Double>> figures = new LinkedHashMap<>();
        for (String line : lines) {
            String[] cells = line.split(",", -1);
            BenchmarkCase benchmark = cases.get(cells[0]);
            Peer peer = peers.get(cells[1]);
            Metric metric = metrics.get(cells[3]);
            if (benchmark != null && peer != null && metric != null) {
                Key key = new Key(benchmark, peer, Integer.parseInt(cells[2]) - 1);
                figures.computeIfAbsent(key, none -> new LinkedHashMap<>()).put(metric, Double.valueOf(cells[4]));
            }
        }
        Results results = new Results();
        figures.forEach((key, values) -> results.add(key.benchmark, key.peer, key.round, new Measurement(values)));
        return results;
    }

    private static <T> Map<String, T> byName(Stream<T> values, Function<T, String> name) {
        return values.collect(Collectors.toMap(name, value -> value));
    }

    private record Key(BenchmarkCase benchmark, Peer peer, int round) {}
}
