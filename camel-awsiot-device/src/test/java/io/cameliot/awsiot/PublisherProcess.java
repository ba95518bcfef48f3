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
package io.cameliot.awsiot;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Runs {@link OutboxPublisher} in a JVM of its own. */
final class PublisherProcess implements AutoCloseable {

    private static final int LIMIT_SECONDS = 60;

    private final Process process;
    private final BufferedReader output;
    private final List<Long> completed = new ArrayList<>();

    private PublisherProcess(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
        // Ends the wait for a line that does not come.
        CompletableFuture.delayedExecutor(LIMIT_SECONDS, TimeUnit.SECONDS).execute(process::destroyForcibly);
    }

    static PublisherProcess start(String uri, long firstNumber, int size) throws IOException {
        return new PublisherProcess(builder(command(uri, firstNumber, size)));
    }

    /**
     * @param kibibytes what a file may have; a write beyond fails as on a full disk
     */
    static PublisherProcess startWithFileLimit(int kibibytes, String uri, long firstNumber, int size)
            throws IOException {
        List<String> command =
                new ArrayList<>(List.of("bash", "-c", "ulimit -f " + kibibytes + "; exec \"$@\"", "bash"));
        command.addAll(command(uri, firstNumber, size));
        return new PublisherProcess(builder(command));
    }

    private static Process builder(List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static List<String> command(String uri, long firstNumber, int size) {
        return List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                System.getProperty("java.class.path"),
                OutboxPublisher.class.getName(),
                uri,
                String.valueOf(firstNumber),
                String.valueOf(size));
    }

    /** Reads until so many exchanges have completed. */
    void awaitCompleted(int count) throws IOException {
        String last = read(line -> completed.size() >= count);
        if (last == null) {
            throw new IOException("The process ended after " + completed.size() + " exchanges");
        }
    }

    /**
     * Reads until the first line that is no number.
     *
     * @return the line, null if the process ended
     */
    String awaitText() throws IOException {
        return read(line -> !isNumber(line));
    }

    /** Kills the process as {@code kill -9} does, and reads what it had said until then. */
    void kill() throws IOException {
        // By its handle, which leaves what it has written to be read.
        process.toHandle().destroyForcibly();
        read(line -> false);
    }

    /** The numbers whose exchange has completed, as far as they were read. */
    List<Long> completed() {
        return completed;
    }

    private String read(Predicate<String> end) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (isNumber(line)) {
                completed.add(Long.valueOf(line));
            }
            if (end.test(line)) {
                return line;
            }
        }
        return null;
    }

    private static boolean isNumber(String line) {
        return !line.isEmpty() && line.chars().allMatch(Character::isDigit);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
