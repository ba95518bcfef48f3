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
package io.cameliot.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.benchmarks.measure.Measurement;
import io.cameliot.benchmarks.measure.Metric;
import io.cameliot.benchmarks.peer.Peer;
import io.cameliot.benchmarks.plan.BenchmarkCase;
import io.cameliot.benchmarks.plan.Cases;
import io.cameliot.benchmarks.plan.Check;
import io.cameliot.benchmarks.plan.Goal;
import io.cameliot.benchmarks.report.Reports;
import io.cameliot.benchmarks.report.Results;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs every case with every peer for a short time, so that a change cannot break the benchmarks unnoticed. The figures
 * have no meaning.
 */
class QuickRunTest {

    private static final int CSV_COLUMNS = 6;

    private static Results results;

    @BeforeAll
    @Timeout(300)
    static void runsEveryCase() throws Exception {
        results = Benchmarks.run(RunOptions.parse("--quick"));
    }

    static Stream<BenchmarkCase> cases() {
        return Cases.of(true).stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void measuresEveryPeer(BenchmarkCase benchmark) {
        assertThat(results.failures())
                .filteredOn(failure -> failure.benchmark().equals(benchmark))
                .isEmpty();
        assertThat(results.of(benchmark)).containsOnlyKeys(benchmark.peers());
        for (Peer peer : benchmark.peers()) {
            Measurement measurement = results.of(benchmark).get(peer).get(0);
            assertThat(measurement.figures().get(benchmark.metric()))
                    .as(peer.title())
                    .isPositive();
            assertThat(measurement.figures().getOrDefault(Metric.FAILURES, 0.0))
                    .as(peer.title())
                    .isZero();
        }
    }

    @Test
    void countsBytesOnTheWireWhereTheBrokerIsDistant() {
        BenchmarkCase distant = benchmark("distant-50");

        for (Peer peer : distant.peers()) {
            Measurement measurement = results.of(distant).get(peer).get(0);
            // The payload has 256 bytes and an acknowledgement 4; the rest is MQTT's header, the topic or its alias,
            // and TLS. A topic alias of MQTT 5 reduces the header to 11 bytes.
            double header = peer == distant.ours() ? 11 : 17;
            assertThat(measurement.figures().get(Metric.BYTES_SENT))
                    .as(peer.title())
                    .isBetween(256.0 + header, 400.0);
            assertThat(measurement.figures().get(Metric.BYTES_RECEIVED))
                    .as(peer.title())
                    .isBetween(4.0, 60.0);
        }
    }

    @Test
    void publishesFromEveryIdentityOfAFleet() {
        BenchmarkCase fleet = benchmark("identities-5000");

        for (Peer peer : fleet.peers()) {
            Map<Metric, Double> figures = results.of(fleet).get(peer).get(0).figures();
            assertThat(figures.get(Metric.MESSAGES)).as(peer.title()).isEqualTo(fleet.devices());
            for (Metric metric :
                    List.of(Metric.CPU_SHARE, Metric.HEAP_IN_USE, Metric.RESIDENT_MEMORY, Metric.THREADS_IN_USE)) {
                assertThat(figures.get(metric)).as(peer.title() + " " + metric).isPositive();
            }
        }
    }

    @Test
    void holdsEveryGoalAgainstWhatIsMeasured() {
        for (Goal goal : Goal.ALL) {
            for (Check check : goal.checks()) {
                BenchmarkCase benchmark = benchmark(check.caseId());
                assertThat(results.of(benchmark).get(benchmark.ours()).get(0).figures())
                        .as(goal.title())
                        .containsKey(check.metric());
                check.other().ifPresent(peer -> assertThat(benchmark.peers()).contains(peer));
            }
        }
    }

    @Test
    void writesTablesAndCharts(@TempDir Path directory) throws Exception {
        Path page = Files.writeString(
                directory.resolve("page.md"), "Before\n<!-- results: begin -->\nSTALE\n<!-- results: end -->\nAfter\n");
        Reports reports = new Reports(results, "the command");

        reports.write(directory);
        reports.update(page);

        assertThat(directory.resolve("results.txt")).content().contains("bare socket");
        List<String> csv = Files.readAllLines(directory.resolve("results.csv"));
        assertThat(csv).hasSizeGreaterThan(100).allMatch(line -> line.split(",", -1).length == CSV_COLUMNS);
        assertThat(directory.resolve("page.csv")).hasSameTextualContentAs(directory.resolve("results.csv"));
        assertThat(directory.resolve("page-receive.svg")).content().contains("<svg", "class=\"ours\"", "</svg>");
        assertThat(page)
                .content()
                .startsWith("Before\n<!-- results: begin -->\n")
                .endsWith("<!-- results: end -->\nAfter\n")
                .doesNotContain("STALE")
                .contains("the command", "`receive`, against ", "page.csv", "page-receive.svg");
    }

    private static BenchmarkCase benchmark(String id) {
        return cases().filter(known -> known.id().equals(id)).findFirst().orElseThrow();
    }
}
