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

import io.cameliot.benchmarks.measure.Metric;
import io.cameliot.benchmarks.peer.Peer;
import io.cameliot.benchmarks.plan.BenchmarkCase;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The report of a run for a page, in Markdown. */
final class PageReport {

    private PageReport() {}

    /**
     * Formats the report.
     *
     * @param former an earlier run whose goals are shown too
     * @param command the command line that repeats the run
     * @param files the name of the CSV file without its extension; the names of the chart files begin with it too
     */
    static String of(Run run, Optional<FormerRun> former, String command, String files) {
        Results results = run.results();
        StringBuilder page = new StringBuilder();
        page.append(String.format(Locale.ROOT, "Machine: %s; %s. Made by `%s`.%n", run.machine(), run.date(), command))
                .append(
                        "Each figure is a median [least-most] over the rounds; ratios are of medians, with the extremes of")
                .append(String.format(
                        Locale.ROOT, " the rounds. All rounds: %s.%n%n### Goals%n%n", link(files + ".csv")))
                .append(GoalTable.of(results))
                .append(GoalTable.reasons(results));
        former.ifPresent(kept -> page.append(String.format(
                        Locale.ROOT,
                        "%n### Goals in the run of %s%n%n",
                        kept.run().date()))
                .append(String.format(
                        Locale.ROOT,
                        "Machine: %s. Held against the same goals. All rounds: %s.%n%n",
                        kept.run().machine(),
                        link(kept.csv())))
                .append(GoalTable.of(kept.run().results())));
        for (BenchmarkCase benchmark : results.cases()) {
            page.append("\n### ").append(benchmark.title()).append("\n\n");
            page.append('`')
                    .append(benchmark.id())
                    .append("`, against ")
                    .append(results.server(benchmark))
                    .append(".\n\n");
            if (CaseChart.svg(results, benchmark).isPresent()) {
                page.append(String.format(
                        Locale.ROOT, "![%s](%s)%n%n", benchmark.title(), Reports.chart(files, benchmark)));
            }
            page.append(table(results, benchmark));
        }
        page.append("\n### Settings of the peers\n\n| peer | settings |\n| --- | --- |\n");
        peers(results)
                .forEach(peer ->
                        page.append(String.format(Locale.ROOT, "| `%s` | %s |%n", peer.title(), peer.settings())));
        if (!results.failures().isEmpty()) {
            page.append("\n### Failures\n\n");
        }
        for (Results.Failure failure : results.failures()) {
            page.append(String.format(
                    Locale.ROOT,
                    "- %s, %s, round %d: %s%n",
                    failure.benchmark().id(),
                    failure.peer().title(),
                    failure.round() + 1,
                    failure.summary()));
        }
        return page.toString();
    }

    private static String link(String file) {
        return "[" + file + "](" + file + ")";
    }

    private static Stream<Peer> peers(Results results) {
        return results.cases().stream()
                .flatMap(benchmark -> results.of(benchmark).keySet().stream())
                .distinct()
                .sorted(Comparator.naturalOrder());
    }

    private static String table(Results results, BenchmarkCase benchmark) {
        List<Peer> peers = List.copyOf(results.of(benchmark).keySet());
        List<Metric> metrics = Stream.of(Metric.values())
                .filter(metric -> metric != Metric.MESSAGES)
                .filter(metric -> peers.stream().anyMatch(peer -> results.spread(benchmark, peer, metric)
                        .isPresent()))
                .toList();
        StringBuilder table = new StringBuilder("| peer |");
        metrics.forEach(metric -> table.append(' ').append(heading(metric)).append(" |"));
        table.append("\n| --- |").append(" --- |".repeat(metrics.size())).append('\n');
        for (Peer peer : peers) {
            table.append("| ").append(peer.title()).append(" |");
            metrics.forEach(metric -> table.append(' ')
                    .append(results.spread(benchmark, peer, metric)
                            .map(Spread::toString)
                            .orElse(""))
                    .append(" |"));
            table.append('\n');
        }
        for (Results.Failure failure : results.failures()) {
            if (failure.benchmark().equals(benchmark) && !peers.contains(failure.peer())) {
                table.append(String.format(
                        Locale.ROOT,
                        "| %s | failed: %s |%n",
                        failure.peer().title(),
                        failure.summary().replace("|", "\\|")));
            }
        }
        return table.toString();
    }

    private static String heading(Metric metric) {
        return metric.unit().isEmpty() ? metric.label() : metric.label() + " (" + metric.unit() + ")";
    }
}
