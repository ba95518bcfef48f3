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

import io.cameliot.benchmarks.plan.BenchmarkCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Writes the results. */
public final class Reports {

    private static final String BEGIN = "<!-- results: begin -->";
    private static final String END = "<!-- results: end -->";

    private final Run run;
    private final String command;

    /**
     * Creates the reports of a run on this machine.
     *
     * @param command the command line that repeats the run
     */
    public Reports(Results results, String command) {
        this(Run.here(results), command);
    }

    Reports(Run run, String command) {
        this.run = run;
        this.command = command;
    }

    /** The results as plain text. */
    public String text() {
        return TextReport.of(run.results());
    }

    /** Writes {@code results.txt}, {@code results.md}, {@code results.csv} and a chart for each case. */
    public void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("results.txt"), text());
        Files.writeString(directory.resolve("results.md"), PageReport.of(run, Optional.empty(), command, "results"));
        writeData(directory, "results");
    }

    /**
     * Replaces the part of a page between {@value #BEGIN} and {@value #END}, and writes the CSV file and the charts
     * beside it. The goals of the previous run stay on the page if it is from another day or machine, because one run
     * can be lucky.
     *
     * @throws IllegalArgumentException if the page has no such lines
     */
    public void update(Path page) throws IOException {
        String text = Files.readString(page);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException(page + " has no " + BEGIN + " and " + END);
        }
        String files = page.getFileName().toString().replaceFirst("\\.[^.]*$", "");
        Path directory = page.toAbsolutePath().getParent();
        Optional<FormerRun> former = FormerRun.keep(directory, files, run);
        Files.writeString(
                page,
                text.substring(0, begin + BEGIN.length()) + "\n" + PageReport.of(run, former, command, files)
                        + text.substring(end));
        writeData(directory, files);
    }

    /** Returns the name of the file with the chart of a case. */
    static String chart(String name, BenchmarkCase benchmark) {
        return name + "-" + benchmark.id() + ".svg";
    }

    private void writeData(Path directory, String name) throws IOException {
        Files.writeString(directory.resolve(name + ".csv"), CsvReport.of(run));
        for (BenchmarkCase benchmark : run.results().cases()) {
            Optional<String> svg = CaseChart.svg(run.results(), benchmark);
            if (svg.isPresent()) {
                Files.writeString(directory.resolve(chart(name, benchmark)), svg.get());
            }
        }
    }
}
