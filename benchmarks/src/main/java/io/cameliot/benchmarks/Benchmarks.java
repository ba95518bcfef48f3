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

import io.cameliot.benchmarks.inner.InnerBenchmarks;
import io.cameliot.benchmarks.peer.Peer;
import io.cameliot.benchmarks.plan.BenchmarkCase;
import io.cameliot.benchmarks.plan.Cases;
import io.cameliot.benchmarks.report.Reports;
import io.cameliot.benchmarks.report.Results;
import io.cameliot.benchmarks.server.RunDirectory;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Measures both components side by side with their peers; {@code --help} explains the options. */
public final class Benchmarks {

    private Benchmarks() {}

    public static void main(String[] commandLine) throws Exception {
        List<String> words = List.of(commandLine);
        if (words.contains("--help")) {
            System.out.print(RunOptions.USAGE);
            return;
        }
        if (words.contains("--list")) {
            System.out.print(list());
            return;
        }
        RunOptions options;
        try {
            options = RunOptions.parse(commandLine);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(RunOptions.USAGE);
            System.exit(2);
            return;
        }
        if (options.inner()) {
            InnerBenchmarks.run(options.output().directory());
            return;
        }
        try {
            FileDescriptors.require(cases(options), FileDescriptors.limit());
        } catch (IllegalStateException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        Results results = run(options);
        Reports reports = new Reports(results, command(words));
        System.out.print(reports.text());
        reports.write(options.output().directory());
        if (options.output().page() != null) {
            reports.update(options.output().page());
        }
        if (!results.failures().isEmpty()) {
            System.exit(1);
        }
    }

    /** Runs the cases that the options select. */
    static Results run(RunOptions options) throws IOException, InterruptedException {
        List<BenchmarkCase> cases = cases(options);
        int devices = cases.stream().mapToInt(BenchmarkCase::devices).max().orElse(0);
        try (RunDirectory directory = RunDirectory.create(devices);
                BenchmarkRun run = new BenchmarkRun(options, directory.path())) {
            return run.run(cases);
        }
    }

    private static List<BenchmarkCase> cases(RunOptions options) {
        return Cases.of(options.execution().quick()).stream()
                .filter(options.selection()::includes)
                .toList();
    }

    private static String list() {
        StringBuilder list = new StringBuilder();
        for (BenchmarkCase benchmark : Cases.of(false)) {
            list.append(String.format(
                    Locale.ROOT,
                    "%-16s %s: %s%n",
                    benchmark.id(),
                    benchmark.title(),
                    String.join(",", benchmark.peers().stream().map(Peer::name).toList())));
        }
        return list.toString();
    }

    private static String command(List<String> arguments) {
        return "mvn -q -B -Pbenchmarks -pl benchmarks -am -DskipTests package -Dbenchmarks=\""
                + String.join(" ", arguments) + "\"";
    }
}
