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
package io.cameliot.awsiot.provisioning;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * A device in a JVM of its own, which provisions itself and kills itself by {@code kill -9} as soon as it logs that a
 * step begins. The log line is written before the action of the step is performed.
 */
final class DyingDevice {

    private static final int LIMIT_SECONDS = 60;
    private static final String LOGGER = "io.cameliot.awsiot.provisioning.fleet.ProvisioningRun";

    private DyingDevice() {}

    /**
     * Runs a device until it dies.
     *
     * @param uri a URI of awsiot-provisioning
     * @param lastWords what the log line contains at which it dies
     * @return the exit value: 137 if it was killed
     */
    static int run(String uri, String lastWords) throws Exception {
        Process process = new ProcessBuilder(List.of(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        "-Dorg.slf4j.simpleLogger.log." + LOGGER + "=debug",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DyingDevice.class.getName(),
                        uri,
                        lastWords))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) ? process.exitValue() : -1;
        } finally {
            process.destroyForcibly();
        }
    }

    public static void main(String[] arguments) throws Exception {
        String uri = arguments[0];
        System.setErr(new PrintStream(new Tripwire(arguments[1]), true, StandardCharsets.UTF_8));
        DefaultCamelContext camel = new DefaultCamelContext();
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri).process(exchange -> System.exit(0));
            }
        });
        camel.start();
        Thread.currentThread().join();
    }

    /** Kills this process when a line contains some words. */
    private static final class Tripwire extends OutputStream {

        private final String words;
        private final StringBuilder line = new StringBuilder();

        Tripwire(String words) {
            this.words = words;
        }

        @Override
        public synchronized void write(int b) throws IOException {
            if (b != '\n') {
                line.append((char) b);
                return;
            }
            if (line.indexOf(words) >= 0) {
                kill();
            }
            line.setLength(0);
        }

        private static void kill() throws IOException {
            new ProcessBuilder(
                            "kill", "-9", String.valueOf(ProcessHandle.current().pid()))
                    .start();
            try {
                Thread.currentThread().join();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }
}
