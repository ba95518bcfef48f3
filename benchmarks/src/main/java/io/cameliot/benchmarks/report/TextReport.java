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
import io.cameliot.benchmarks.plan.Check;
import io.cameliot.benchmarks.plan.Goal;
import java.util.Locale;

/** The results as plain text. */
final class TextReport {

    private TextReport() {}

    /** Formats a block for each case, a line for each peer, and the goals at the end. */
    static String of(Results results) {
        StringBuilder text = new StringBuilder("median [least-most]\n");
        for (BenchmarkCase benchmark : results.cases()) {
            text.append('\n')
                    .append(benchmark.title())
                    .append(" (")
                    .append(benchmark.id())
                    .append(")\n");
            for (Peer peer : results.of(benchmark).keySet()) {
                text.append(String.format(Locale.ROOT, "  %-15s", peer.title()));
                for (Metric metric : Metric.values()) {
                    results.spread(benchmark, peer, metric)
                            .ifPresent(figure -> text.append(String.format(
                                    Locale.ROOT,
                                    " %s %s %s",
                                    metric.name().toLowerCase(Locale.ROOT),
                                    figure,
                                    metric.unit())));
                }
                text.append('\n');
            }
        }
        text.append('\n');
        for (Goal goal : Goal.ALL) {
            for (Check check : goal.checks()) {
                Verdict.of(check, results)
                        .ifPresent(verdict -> text.append(String.format(
                                Locale.ROOT,
                                "%-5s %s: %s%n",
                                verdict.isMet() ? "met" : "SHORT",
                                goal.title(),
                                GoalTable.figure(verdict) + ", wanted " + GoalTable.wanted(check))));
            }
        }
        for (Results.Failure failure : results.failures()) {
            text.append(String.format(
                    Locale.ROOT,
                    "FAILED %s %s in round %d: %s%n",
                    failure.benchmark().id(),
                    failure.peer().title(),
                    failure.round() + 1,
                    failure.summary()));
        }
        return text.toString();
    }
}
