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
package io.cameliot.benchmarks.inner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs the JMH benchmarks. */
public final class InnerBenchmarks {

    private InnerBenchmarks() {}

    /** Prints the results, and writes {@code inner.csv}. */
    public static void run(Path directory) throws IOException, RunnerException {
        Files.createDirectories(directory);
        new Runner(new OptionsBuilder()
                        .include(InnerBenchmarks.class.getPackageName() + ".*")
                        .shouldFailOnError(true)
                        .resultFormat(ResultFormatType.CSV)
                        .result(directory.resolve("inner.csv").toString())
                        .build())
                .run();
    }
}
