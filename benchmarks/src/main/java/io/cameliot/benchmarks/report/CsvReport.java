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

import io.cameliot.benchmarks.client.Measurement;
import io.cameliot.benchmarks.peer.Peer;
import io.cameliot.benchmarks.plan.BenchmarkCase;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** All figures of all rounds. */
final class CsvReport {

    private CsvReport() {}

    /** A line for each figure. */
    static String of(Results results) {
        StringBuilder csv = new StringBuilder("case,peer,round,metric,value,unit\n");
        for (BenchmarkCase benchmark : results.cases()) {
            for (Map.Entry<Peer, Map<Integer, Measurement>> ofPeer :
                    results.of(benchmark).entrySet()) {
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
}
