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

import java.util.List;
import java.util.Optional;

/** Median and extremes of a figure that was measured several times. */
record Spread(double median, double min, double max) {

    static Optional<Spread> of(List<Double> values) {
        if (values.isEmpty()) {
            return Optional.empty();
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return Optional.of(new Spread(median, sorted.get(0), sorted.get(sorted.size() - 1)));
    }

    /** Formats the spread, such as {@code 84,900 [48,000-91,200]}. */
    @Override
    public String toString() {
        return Numbers.text(median) + " [" + Numbers.text(min) + "-" + Numbers.text(max) + "]";
    }
}
