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

import io.cameliot.awsiot.testing.ChildJvm;
import io.cameliot.awsiot.testing.Contexts;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * Devices in a JVM of their own, which provision themselves side by side. Each stands still as soon as it logs that a step
 * begins: the log line is written before the action of the step is performed, and the action is left out. A test then
 * kills them all by {@code kill -9}.
 */
final class DyingDevices implements AutoCloseable {

    /** No timeout may set a device going that stands still. */
    static final String PATIENCE = "&requestTimeout=10m&provisioningTimeout=20m";

    private static final String STANDS_STILL = " stands still";
    private static final String LOGGER = "io.cameliot.awsiot.provisioning.fleet.ProvisioningRun";
    private static final List<String> OPTIONS = List.of("-Dorg.slf4j.simpleLogger.log." + LOGGER + "=debug");

    private final ChildJvm jvm;

    private DyingDevices(ChildJvm jvm) {
        this.jvm = jvm;
    }

    /**
     * A device.
     *
     * @param uri a URI of awsiot-provisioning
     * @param lastWords the text in the log line at which it stands still
     */
    record Device(String serialNumber, String uri, String lastWords) {}

    static DyingDevices start(List<Device> devices) throws IOException {
        return new DyingDevices(ChildJvm.start(DyingDevices.class, OPTIONS, arguments(devices)));
    }

    /** Starts a device that can write no file beyond a size, as on a full disk. */
    static DyingDevices startWithFileLimit(int kibibytes, Device device) throws IOException {
        return new DyingDevices(
                ChildJvm.startWithFileLimit(kibibytes, DyingDevices.class, OPTIONS, arguments(List.of(device))));
    }

    private static String[] arguments(List<Device> devices) {
        return devices.stream()
                .flatMap(device -> List.of(device.serialNumber(), device.uri(), device.lastWords()).stream())
                .toArray(String[]::new);
    }

    /** Waits until a device says something, and returns it. */
    String nextWords() throws IOException {
        return jvm.readUntil(line -> true);
    }

    /** Waits until the devices stand still. */
    void awaitStandstill(List<Device> devices) throws IOException {
        Set<String> going = new HashSet<>();
        devices.forEach(device -> going.add(device.serialNumber() + STANDS_STILL));
        while (!going.isEmpty()) {
            String words = nextWords();
            if (!going.remove(words)) {
                throw new IOException(words + ", while others were to come: " + going);
            }
        }
    }

    /** Kills the devices as {@code kill -9} does, and waits until they have ended. */
    @Override
    public void close() throws IOException {
        jvm.kill();
        jvm.readUntil(line -> false);
    }

    public static void main(String[] arguments) {
        Map<String, String> lastWords = new ConcurrentHashMap<>();
        System.setErr(new Tripwire(lastWords));
        for (int i = 0; i < arguments.length; i += 3) {
            String serialNumber = arguments[i];
            String uri = arguments[i + 1];
            lastWords.put("[" + serialNumber + "]", arguments[i + 2]);
            new Thread(() -> provision(serialNumber, uri)).start();
        }
    }

    /** Each has a Camel context of its own, because the devices of a context share a thread. */
    private static void provision(String serialNumber, String uri) {
        try (DefaultCamelContext camel = Contexts.withoutJmx()) {
            camel.start();
            Exchange exchange = camel.createProducerTemplate()
                    .send(uri, ExchangePattern.InOut, message -> message.getMessage()
                            .setHeader(AwsIotProvisioningConstants.SERIAL_NUMBER, serialNumber));
            System.out.println(serialNumber + " "
                    + (exchange.isFailed() ? exchange.getException().getMessage() : "is provisioned"));
        } catch (IOException e) {
            System.out.println(e);
        }
    }

    /** Ends the task that writes a line with the last words of its device. */
    private static final class Tripwire extends PrintStream {

        private final Map<String, String> lastWords;

        Tripwire(Map<String, String> lastWords) {
            super(OutputStream.nullOutputStream());
            this.lastWords = lastWords;
        }

        @Override
        public void println(String line) {
            lastWords.forEach((device, words) -> {
                if (line.contains(device) && line.contains(words)) {
                    System.out.println(device.substring(1, device.length() - 1) + STANDS_STILL);
                    throw new Standstill();
                }
            });
        }
    }

    private static final class Standstill extends Error {

        private static final long serialVersionUID = 1L;
    }
}
