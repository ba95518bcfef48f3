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
package io.cameliot.testinfra.app;

import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** Runs both emulators and their page from the command line until the program is interrupted. */
public final class EmulatorsMain {
    private static final int USAGE_ERROR = 2;

    private EmulatorsMain() {}

    /**
     * Starts the emulators, writes what a client needs, and prints three lines.
     *
     * @param arguments {@code --help} lists them
     * @throws InterruptedException if the main thread is interrupted
     */
    public static void main(String[] arguments) throws InterruptedException {
        if (System.getProperty("org.slf4j.simpleLogger.defaultLogLevel") == null) {
            System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
        }
        EmulatorsOptions options;
        try {
            options = EmulatorsOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(EmulatorsOptions.USAGE);
            System.exit(USAGE_ERROR);
            return;
        }
        if (options.isHelp()) {
            System.out.print(EmulatorsOptions.USAGE);
            return;
        }
        run(options);
    }

    private static void run(EmulatorsOptions options) throws InterruptedException {
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        try (Emulators emulators = Emulators.start(options)) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(stop, stopped), "emulators-stop"));
            new PrintStream(System.out, true, StandardCharsets.UTF_8).print(emulators.threeLines());
            stop.await();
        } catch (UncheckedIOException | IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        } finally {
            stopped.countDown();
        }
    }

    /** Lets the main thread clean up before the JVM ends. */
    private static void stop(CountDownLatch stop, CountDownLatch stopped) {
        stop.countDown();
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
