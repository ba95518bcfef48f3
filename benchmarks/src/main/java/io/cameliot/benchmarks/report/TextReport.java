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

import io.cameliot.benchmarks.BenchmarkCase;
import io.cameliot.benchmarks.client.Metric;
import io.cameliot.benchmarks.peer.Peer;
import java.util.Locale;
import java.util.Optional;

/** The results as plain text. */
public final class TextReport {

    private TextReport() {}

    /** A block for each case, a line for each peer: median and extremes of each figure. */
    public static String of(Results results) {
        StringBuilder text = new StringBuilder();
        for (BenchmarkCase benchmark : results.cases()) {
            text.append(benchmark.title()).append(" (").append(benchmark.id()).append(")\n");
            for (Peer peer : results.of(benchmark).keySet()) {
                text.append("  %-15s".formatted(peer.title()));
                for (Metric metric : Metric.values()) {
                    Optional<Spread> spread = results.spread(benchmark, peer, metric);
                    spread.ifPresent(values -> text.append(
                            " %s %s".formatted(metric.name().toLowerCase(Locale.ROOT), format(values, metric))));
                }
                text.append('\n');
            }
        }
        return text.toString();
    }

    private static String format(Spread values, Metric metric) {
        return "%s [%s-%s] %s"
                .formatted(number(values.median()), number(values.min()), number(values.max()), metric.unit());
    }

    /** Three digits or so, whatever the size. */
    static String number(double value) {
        if (value >= 100 || value == Math.rint(value)) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, value >= 10 ? "%.1f" : "%.2f", value);
    }
}
