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

import io.cameliot.benchmarks.peer.Peer;
import io.cameliot.benchmarks.plan.BenchmarkCase;
import io.cameliot.benchmarks.plan.Check;
import java.util.Optional;

/**
 * The result of a check.
 *
 * @param check the check
 * @param benchmark the case of the check
 * @param figure our median, or its ratio to the other peer's median; with the extremes over the rounds
 */
record Verdict(Check check, BenchmarkCase benchmark, Spread figure) {

    /** Evaluates a check; empty if its figures were not measured. */
    static Optional<Verdict> of(Check check, Results results) {
        return results.cases().stream()
                .filter(benchmark -> benchmark.id().equals(check.caseId()))
                .findFirst()
                .flatMap(benchmark ->
                        figure(check, benchmark, results).map(figure -> new Verdict(check, benchmark, figure)));
    }

    private static Optional<Spread> figure(Check check, BenchmarkCase benchmark, Results results) {
        Peer ours = benchmark.ours();
        return check.other().isPresent()
                ? results.ratio(benchmark, ours, check.other().get(), check.metric())
                : results.spread(benchmark, ours, check.metric());
    }

    boolean isMet() {
        return check.isMetBy(figure.median());
    }
}
