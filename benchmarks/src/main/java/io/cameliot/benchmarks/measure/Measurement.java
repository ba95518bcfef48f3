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

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/** The figures of one measurement. */
public record Measurement(Map<Metric, Double> figures) {

    public Measurement {
        figures = Map.copyOf(figures);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Returns the same figures with another one. */
    public Measurement with(Metric metric, double value) {
        Map<Metric, Double> more = new LinkedHashMap<>(figures);
        more.put(metric, value);
        return new Measurement(more);
    }

    /** Formats the figures as one line: {@code NAME=value}, separated by spaces. */
    public String toLine() {
        return figures.entrySet().stream()
                .map(figure -> figure.getKey() + "=" + figure.getValue())
                .sorted()
                .collect(Collectors.joining(" "));
    }

    /** Parses the result of {@link #toLine}. */
    public static Measurement parse(String line) {
        Map<Metric, Double> figures = new LinkedHashMap<>();
        for (String figure : line.trim().split(" ")) {
            String[] parts = figure.split("=");
            figures.put(Metric.valueOf(parts[0]), Double.valueOf(parts[1]));
        }
        return new Measurement(figures);
    }

    /** Collects figures. */
    public static final class Builder {

        private final Map<Metric, Double> figures = new LinkedHashMap<>();

        public Builder put(Metric metric, double value) {
            figures.put(metric, value);
            return this;
        }

        public Builder putLatencies(Histogram nanos) {
            return put(Metric.LATENCY_P50, nanos.getValueAtPercentile(50) / 1e3)
                    .put(Metric.LATENCY_P99, nanos.getValueAtPercentile(99) / 1e3)
                    .put(Metric.LATENCY_P999, nanos.getValueAtPercentile(99.9) / 1e3);
        }

        public Measurement build() {
            return new Measurement(figures);
        }
    }
}
