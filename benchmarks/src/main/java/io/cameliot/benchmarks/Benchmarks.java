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

import io.cameliot.benchmarks.peer.Peer;
import io.cameliot.benchmarks.plan.BenchmarkCase;
import io.cameliot.benchmarks.plan.Cases;
import io.cameliot.benchmarks.report.Reports;
import io.cameliot.benchmarks.report.Results;
import io.cameliot.benchmarks.server.Identities;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Measures both components side by side with their peers; {@code --help} tells how. */
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
        Results results = run(options);
        Reports reports = new Reports(results, command(words));
        System.out.print(reports.text());
        reports.write(options.output());
        if (options.page() != null) {
            reports.update(options.page());
        }
        if (!results.failures().isEmpty()) {
            System.exit(1);
        }
    }

    /** Runs what the options choose. */
    static Results run(RunOptions options) throws IOException, InterruptedException {
        List<BenchmarkCase> cases =
                Cases.of(options.quick()).stream().filter(options::includes).toList();
        Path directory = Files.createTempDirectory("benchmarks");
        try (BenchmarkRun run = new BenchmarkRun(options, directory)) {
            Identities.write(directory, Cases.devices(options.quick()));
            return run.run(cases);
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(Benchmarks::deleteFile);
        }
    }

    private static void deleteFile(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String list() {
        StringBuilder list = new StringBuilder();
        for (BenchmarkCase benchmark : Cases.of(false)) {
            list.append("%-16s %s: %s%n"
                    .formatted(
                            benchmark.id(),
                            benchmark.title(),
                            String.join(
                                    ",",
                                    benchmark.peers().stream().map(Peer::name).toList())));
        }
        return list.toString();
    }

    private static String command(List<String> arguments) {
        return "mvn -q -B -Pbenchmarks -pl benchmarks -am -DskipTests package -Dbenchmarks=\""
                + String.join(" ", arguments) + "\"";
    }
}
