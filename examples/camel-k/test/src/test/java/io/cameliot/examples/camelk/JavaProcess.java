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
package io.cameliot.examples.camelk;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Java process that runs an application, and its complete output. */
final class JavaProcess implements AutoCloseable {

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final long STOP_SECONDS = 30;

    private final Process process;
    private final StringBuffer output = new StringBuffer();

    private JavaProcess(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "output-of-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a process.
     *
     * @param folder its working directory
     * @param environment variables that are added to its environment
     * @param arguments the arguments of {@code java} on the command line
     */
    static JavaProcess start(Path folder, Map<String, String> environment, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(JAVA);
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            return new JavaProcess(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                output.append(line).append(System.lineSeparator());
            }
        } catch (IOException e) {
            output.append(e);
        }
    }

    String output() {
        return output.toString();
    }

    /**
     * Fails if the process has ended.
     *
     * @throws IllegalStateException if the process has ended; the message contains its output
     */
    void assertRunning() {
        if (!process.isAlive()) {
            throw new IllegalStateException("The process has ended with " + process.exitValue() + ":\n" + output);
        }
    }

    /** Ends the process without warning, like a crash. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /**
     * Requests the process to end, as an orchestrator does.
     *
     * @throws IllegalStateException if it does not end in time
     */
    @Override
    public void close() {
        process.destroy();
        if (!awaitEnd()) {
            process.destroyForcibly();
            throw new IllegalStateException("The process does not stop:\n" + output);
        }
    }

    private boolean awaitEnd() {
        try {
            return process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
