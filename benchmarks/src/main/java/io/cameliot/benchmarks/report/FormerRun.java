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

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** The run before the one that a page shows, from another day or machine. It is kept as {@code <name>-<date>.csv}. */
record FormerRun(Run run, String csv) {

    /**
     * Keeps the run that the page has shown until now, unless the next one is from the same day and machine and
     * replaces it.
     *
     * @param directory the page's directory
     * @param name name of the page's CSV file, without its extension
     * @param next the run that the page will show
     * @return the newest kept run; empty if there is none
     */
    static Optional<FormerRun> keep(Path directory, String name, Run next) throws IOException {
        Path shown = directory.resolve(name + ".csv");
        Optional<Run> run = Files.exists(shown) ? CsvReport.read(shown) : Optional.empty();
        if (run.isPresent() && !run.get().isOfSameDayAndMachine(next)) {
            Path kept = directory.resolve(name + "-" + run.get().date() + ".csv");
            Files.move(shown, kept, StandardCopyOption.REPLACE_EXISTING);
        }
        return newest(directory, name);
    }

    private static Optional<FormerRun> newest(Path directory, String name) throws IOException {
        Optional<Path> csv;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, name + "-????-??-??.csv")) {
            List<Path> kept = StreamSupport.stream(files.spliterator(), false).toList();
            csv = kept.stream().max(Comparator.naturalOrder());
        }
        if (csv.isEmpty()) {
            return Optional.empty();
        }
        return CsvReport.read(csv.get())
                .map(run -> new FormerRun(run, csv.get().getFileName().toString()));
    }
}
