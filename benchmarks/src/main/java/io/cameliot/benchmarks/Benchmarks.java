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

import io.cameliot.benchmarks.report.Results;
import io.cameliot.benchmarks.report.TextReport;
import io.cameliot.benchmarks.server.Identities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Measures both components side by side with their peers; {@code --help} tells how. */
public final class Benchmarks {

    private Benchmarks() {}

    public static void main(String[] commandLine) throws Exception {
        List<String> words = List.of(commandLine);
        if (words.contains("--help")) {
            System.out.print(RunOptions.USAGE);
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
        Results results = run(options);
        System.out.print(TextReport.of(results));
        if (!results.failures().isEmpty()) {
            System.exit(1);
        }
    }

    static Results run(RunOptions options) throws IOException, InterruptedException {
        List<BenchmarkCase> cases = Cases.of(options.quick()).stream()
                .filter(benchmark ->
                        options.cases().isEmpty() || options.cases().contains(benchmark.id()))
                .toList();
        Path directory = Files.createTempDirectory("benchmarks");
        Identities.write(directory, 0);
        try (BenchmarkRun run = new BenchmarkRun(options, directory)) {
            return run.run(cases);
        }
    }
}
