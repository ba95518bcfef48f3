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
package io.cameliot.testinfra.dps;

import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.service.Enrollment;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/** Runs a {@link DpsEmulator} from the command line until it is interrupted; {@code --help} lists the options. */
public final class DpsEmulatorMain {

    private static final String SAMPLE_DEVICE = "device-1";

    private DpsEmulatorMain() {}

    /**
     * Starts the emulator, writes its CA certificate and prints how to connect.
     *
     * @param args see {@code --help}; without an enrollment, a device with a new key is enrolled
     * @throws InterruptedException if the main thread is interrupted
     * @throws IOException if the CA certificate cannot be deleted at the end
     */
    public static void main(String[] args) throws InterruptedException, IOException {
        try {
            DpsEmulatorArguments arguments = DpsEmulatorArguments.parse(args);
            if (arguments.isHelp()) {
                System.out.print(DpsEmulatorArguments.USAGE);
                return;
            }
            run(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    private static void run(DpsEmulatorArguments arguments) throws InterruptedException, IOException {
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Path caFile = arguments.caFile().toAbsolutePath();
        try (DpsEmulator emulator = arguments.builder().build().start()) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(stop, stopped), "dps-emulator-stop"));
            emulator.serverAuthority().writeCertificate(caFile);
            explain(arguments, emulator, caFile, System.out);
            stop.await();
        } finally {
            Files.deleteIfExists(caFile);
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

    private static void explain(DpsEmulatorArguments arguments, DpsEmulator emulator, Path caFile, PrintStream out) {
        out.printf(Locale.ROOT, "MQTT over TLS   %s, as %s%n", emulator.mqttAddress(), DpsEmulator.GLOBAL_HOST_NAME);
        out.printf(Locale.ROOT, "over WebSocket  %s%n", emulator.webSocketAddress());
        out.printf(
                Locale.ROOT,
                "IoT hubs        %s, as %s%n",
                emulator.hubAddress(),
                emulator.hub().hostNames());
        out.printf(Locale.ROOT, "id scope        %s%n", emulator.idScope());
        out.printf(Locale.ROOT, "CA certificate  %s%n", caFile);
        for (Enrollment enrollment : arguments.enrollments()) {
            out.printf(
                    Locale.ROOT, "enrolled        %s %s%n", enrollment.isGroup() ? "group" : "device", enrollment.id());
        }
        if (arguments.enrollments().isEmpty()) {
            EnrollmentKey key = EnrollmentKey.random();
            emulator.enroll(
                    Enrollment.individual(SAMPLE_DEVICE).symmetricKey(key).build());
            out.printf(Locale.ROOT, "enrolled        device %s with the new key %s%n", SAMPLE_DEVICE, key.base64());
            out.printf(
                    Locale.ROOT,
                    "%nazure-dps:%s/%s?connectTo=%s&caFile=file:%s&sharedAccessKey=RAW(%s)%n",
                    emulator.idScope(),
                    SAMPLE_DEVICE,
                    emulator.mqttAddress(),
                    caFile,
                    key.base64());
        }
        out.printf(Locale.ROOT, "%nInterrupt to stop.%n");
    }
}
