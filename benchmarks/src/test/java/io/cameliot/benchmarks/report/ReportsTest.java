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

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.benchmarks.measure.Measurement;
import io.cameliot.benchmarks.measure.Metric;
import io.cameliot.benchmarks.peer.Peer;
import io.cameliot.benchmarks.plan.BenchmarkCase;
import io.cameliot.benchmarks.plan.Cases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two complete runs on one page. */
class ReportsTest {

    private static final String MACHINE = "2 cores of Xeon, 24 GB of memory";
    private static final String FORMER = "### Goals in the run of ";

    @TempDir
    Path directory;

    private Path page;

    @BeforeEach
    void writePage() throws IOException {
        page = Files.writeString(
                directory.resolve("page.md"), "Before\n<!-- results: begin -->\n<!-- results: end -->\nAfter\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2020-01-02 | 2 cores of Xeon, 24 GB of memory",
                "2020-01-03 | 4 cores of Epyc, 8 GB of memory",
                "2020-02-01 | 4 cores of Epyc, 8 GB of memory"
            })
    void keepsTheGoalsOfARunOfAnotherDayOrMachine(String date, String machine) throws IOException {
        show(run(date, machine, 1.25));
        String figures = Files.readString(directory.resolve("page.csv"));
        show(run("2020-01-03", MACHINE, 0.75));

        assertThat(directory.resolve("page-" + date + ".csv")).hasContent(figures);
        List<String> goals = goals();
        assertThat(goals).hasSize(2);
        assertThat(goals.get(0)).contains("0.75 [0.75-0.75] × AWS SDK | **short** |");
        assertThat(goals.get(1)).contains("1.25 [1.25-1.25] × AWS SDK | met |");
        assertThat(page)
                .content()
                .contains(
                        FORMER + date,
                        "Machine: " + machine.replace(',', ';') + ". Held",
                        "[page-" + date + ".csv](page-" + date + ".csv)")
                .endsWith("<!-- results: end -->\nAfter\n");
    }

    @Test
    void replacesARunOfTheSameDayAndMachineAndKeepsTheOneBefore() throws IOException {
        show(run("2020-01-02", MACHINE, 1.25));
        show(run("2020-01-03", MACHINE, 1.5));
        show(run("2020-01-03", MACHINE, 1.75));

        assertThat(files()).containsExactly("page-2020-01-02.csv", "page-publish-qos1-1.svg", "page.csv", "page.md");
        assertThat(goals()).hasSize(2);
        assertThat(goals().get(0)).contains("1.75 [1.75-1.75] × AWS SDK");
        assertThat(goals().get(1)).contains("1.25 [1.25-1.25] × AWS SDK");
    }

    @Test
    void showsTheNewestOfSeveralRunsThatAreKept() throws IOException {
        show(run("2019-12-31", MACHINE, 1.25));
        show(run("2020-01-02", MACHINE, 1.5));
        show(run("2020-01-03", MACHINE, 1.75));

        assertThat(files()).contains("page-2019-12-31.csv", "page-2020-01-02.csv");
        assertThat(goals()).hasSize(2);
        assertThat(goals().get(1)).contains("1.50 [1.50-1.50] × AWS SDK");
    }

    /** The page could not have a heading for such a run. */
    @Test
    void replacesARunThatDoesNotTellWhereAndWhenItWas() throws IOException {
        Files.writeString(
                directory.resolve("page.csv"),
                "case,peer,round,metric,value,unit\npublish-qos1-1,awsiot-device:,1,RATE,100.000,1/s\n");
        show(run("2020-01-03", MACHINE, 1.5));

        assertThat(files()).containsExactly("page-publish-qos1-1.svg", "page.csv", "page.md");
        assertThat(page).content().doesNotContain(FORMER);
    }

    /** Between two runs a case may lose a peer, and a peer may lose a figure. */
    @Test
    void leavesOutWhatIsMeasuredNoMore() throws IOException {
        show(run("2020-01-02", MACHINE, 1.25));
        Path csv = directory.resolve("page.csv");
        Files.writeString(
                csv,
                Files.readString(csv) + "publish-qos1-1,another client,1,RATE,1.000,1/s\n"
                        + "another-case,AWS SDK,1,RATE,1.000,1/s\n"
                        + "publish-qos1-1,AWS SDK,1,ANOTHER_FIGURE,1.000,1/s\n");
        show(run("2020-01-03", MACHINE, 1.5));

        assertThat(goals().get(1)).contains("1.25 [1.25-1.25] × AWS SDK");
    }

    @Test
    void tellsInTheRowOfAPeerWhyItHasNoFigures() throws IOException {
        Run run = run("2020-01-03", MACHINE, 1.5);
        run.results()
                .failed(
                        benchmark(),
                        Peer.HIVEMQ,
                        0,
                        new IOException("It ended:\nTerminating due to java.lang.OutOfMemoryError\nmore"));
        show(run);

        assertThat(page)
                .content()
                .contains("| HiveMQ | failed: It ended: Terminating due to java.lang.OutOfMemoryError |\n");
    }

    @Test
    void drawsEachCaseWithItsFiguresAndGoals() throws IOException {
        show(run("2020-01-03", MACHINE, 1.5));

        assertThat(page).content().contains("](page-publish-qos1-1.svg)");
        assertThat(directory.resolve("page-publish-qos1-1.svg"))
                .content()
                .contains("class=\"ours\"", "class=\"peer\"", "1,500 [1,500-1,500]", "1,000 [1,000-1,000]")
                .contains("goal: at least 1.20 × AWS SDK")
                .doesNotContain("NaN", "× paho:");
    }

    private void show(Run run) throws IOException {
        new Reports(run, "the command").update(page);
    }

    /** Returns the lines of the tables that compare our component with the AWS SDK in the case of this test. */
    private List<String> goals() throws IOException {
        return Files.readAllLines(page).stream()
                .filter(line -> line.contains("rate (publish-qos1-1)") && line.contains("× AWS SDK"))
                .toList();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /**
     * Returns a run with a case of two rounds.
     *
     * @param ratio the rate of our component divided by that of the AWS SDK
     */
    private static Run run(String date, String machine, double ratio) {
        Results results = new Results();
        for (int round = 0; round < 2; round++) {
            results.add(benchmark(), Peer.AWSIOT_DEVICE, round, rate(1000 * ratio));
            results.add(benchmark(), Peer.AWS_SDK, round, rate(1000));
        }
        return new Run(machine, LocalDate.parse(date), results);
    }

    private static Measurement rate(double value) {
        return new Measurement(Map.of(Metric.RATE, value));
    }

    private static BenchmarkCase benchmark() {
        return Cases.of(false).stream()
                .filter(known -> known.id().equals("publish-qos1-1"))
                .findFirst()
                .orElseThrow();
    }
}
