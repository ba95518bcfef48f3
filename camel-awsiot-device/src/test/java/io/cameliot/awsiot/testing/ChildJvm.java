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
package io.cameliot.awsiot.testing;

import io.cameliot.testinfra.process.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A JVM of its own with the class path of this one, which a test can kill as {@code kill -9} does. */
public final class ChildJvm implements AutoCloseable {

    /** Ends the wait for a line that does not come. */
    private static final int LIMIT_SECONDS = 110;

    private final Process process;
    private final BufferedReader output;

    private ChildJvm(List<String> command) throws IOException {
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        output = process.inputReader(StandardCharsets.UTF_8);
        CompletableFuture.delayedExecutor(LIMIT_SECONDS, TimeUnit.SECONDS).execute(process::destroyForcibly);
    }

    /** Starts a class that has a main method. */
    public static ChildJvm start(Class<?> main, List<String> options, String... arguments) throws IOException {
        return new ChildJvm(command(main, options, arguments));
    }

    /**
     * Starts a class in a process that can write no file beyond a size: a write beyond it fails as on a full disk.
     *
     * @param kibibytes the size
     */
    public static ChildJvm startWithFileLimit(int kibibytes, Class<?> main, List<String> options, String... arguments)
            throws IOException {
        List<String> limited = new ArrayList<>(options);
        limited.add("-XX:-UsePerfData"); // it is a file of 32 kB
        return new ChildJvm(Stream.of(
                        List.of("bash", "-c", "ulimit -f " + kibibytes + "; exec \"$@\"", "bash"),
                        command(main, limited, arguments))
                .flatMap(Collection::stream)
                .toList());
    }

    private static List<String> command(Class<?> main, List<String> options, String... arguments) {
        List<String> all = new ArrayList<>(List.of("-Xmx128m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"));
        all.addAll(options);
        return JavaCommand.of(main, all, arguments);
    }

    /**
     * Reads the standard output until a line.
     *
     * @return the line, null if the process ended
     */
    public String readUntil(Predicate<String> end) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (end.test(line)) {
                return line;
            }
        }
        return null;
    }

    /** Kills the process as {@code kill -9} does. What it has written before can still be read. */
    public void kill() {
        process.toHandle().destroyForcibly();
    }

    /** Kills the process if it has not ended. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
