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
package io.cameliot.benchmarks.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A child process of this run: a JVM or another program. Its lines that begin with {@code @} are messages for this
 * process; others are kept to explain a failure. It ends with this process or at {@link #close()}.
 */
public final class ChildProcess implements AutoCloseable {

    private static final String END = "@end";
    private static final int KEPT_LINES = 50;

    private final String name;
    private final Process process;
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final List<String> output = new ArrayList<>(); // guarded by itself
    private final Thread hook = new Thread(this::kill);

    private ChildProcess(String name, List<String> command) throws IOException {
        this.name = name;
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Runtime.getRuntime().addShutdownHook(hook);
        Thread reader = new Thread(this::read, name + "-output");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a program. */
    static ChildProcess program(List<String> command) throws IOException {
        return new ChildProcess(command.get(0), command);
    }

    /** Starts a class of this program in a JVM like this one. */
    public static ChildProcess java(List<String> jvmOptions, Class<?> main, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(jvmOptions);
        command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
        command.addAll(List.of("-classpath", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return new ChildProcess(main.getSimpleName(), command);
    }

    /**
     * Waits for the next line that begins with {@code @}.
     *
     * @throws IOException if the process ends instead or sends nothing in time; the message contains its output
     */
    public String awaitMessage(long timeoutSeconds) throws IOException, InterruptedException {
        String message = messages.poll(timeoutSeconds, TimeUnit.SECONDS);
        if (message == null) {
            throw new IOException(name + " said nothing for " + timeoutSeconds + " s" + said());
        }
        if (message.equals(END)) {
            throw new IOException(name + " ended" + said());
        }
        return message;
    }

    /** Sends a line. */
    public void send(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Its other lines since the last call, after a colon. */
    public String said() {
        synchronized (output) {
            String said = output.isEmpty() ? "" : ":\n" + String.join("\n", output);
            output.clear();
            return said;
        }
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null) {
                take(line);
                line = lines.readLine();
            }
        } catch (IOException e) {
            take(e.toString());
        }
        messages.add(END);
    }

    private void take(String line) {
        if (line.startsWith("@")) {
            messages.add(line);
            return;
        }
        synchronized (output) {
            if (output.size() < KEPT_LINES) {
                output.add(line);
            }
        }
    }

    private void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
            kill();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                throw new IllegalStateException(
                        "Process " + process.pid() + " (" + name + ") does not end when killed");
            }
        }
        Runtime.getRuntime().removeShutdownHook(hook);
    }
}
