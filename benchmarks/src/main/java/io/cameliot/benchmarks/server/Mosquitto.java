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

import io.cameliot.testinfra.net.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The distribution's Eclipse Mosquitto, with mutual TLS on a free port. */
final class Mosquitto implements Server {

    private static final List<Path> PLACES = List.of(Path.of("/usr/sbin/mosquitto"), Path.of("/usr/bin/mosquitto"));
    private static final long START_SECONDS = 10;

    private final ChildProcess process;
    private final ServerAddress address;
    private final String name;

    private Mosquitto(ChildProcess process, ServerAddress address, String name) {
        this.process = process;
        this.address = address;
        this.name = name;
    }

    /** The path of the installed program; empty if it is not installed. */
    static Optional<Path> program() {
        Stream<Path> onPath =
                Stream.of(System.getenv("PATH").split(":")).map(directory -> Path.of(directory, "mosquitto"));
        return Stream.concat(onPath, PLACES.stream())
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts the broker.
     *
     * @param directory the directory with the files of {@link Identities#write}
     */
    static Mosquitto start(Path program, Path directory) throws IOException, InterruptedException {
        int port = FreePorts.next();
        Path configuration = Files.writeString(directory.resolve("mosquitto.conf"), configuration(port, directory));
        ChildProcess process = ChildProcess.program(List.of(program.toString(), "-c", configuration.toString()));
        awaitPort(process, port);
        return new Mosquitto(process, new ServerAddress(port, directory), "mosquitto " + version(program));
    }

    private static String configuration(int port, Path directory) {
        return String.format(
                Locale.ROOT,
                """
                listener %1$d 127.0.0.1
                allow_anonymous true
                require_certificate true
                cafile %2$s/ca.pem
                certfile %2$s/%3$s.cert.pem
                keyfile %2$s/%3$s.key.pem
                # As many as AWS IoT Core has in flight towards a client.
                max_inflight_messages 100
                # Nothing is dropped.
                max_queued_messages 0
                set_tcp_nodelay true
                persistence false
                log_type error
                # Started by root it drops to a user that may not read the certificates.
                user root
                """,
                port,
                directory,
                Identities.SERVER);
    }

    private static void awaitPort(ChildProcess process, int port) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() - end > 0) {
                    throw new IOException("mosquitto did not start" + process.said(), e);
                }
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static String version(Path program) throws IOException {
        Process help = new ProcessBuilder(program.toString(), "-h").start();
        try (Stream<String> lines = help.inputReader().lines()) {
            return lines.findFirst().orElse("").replace("mosquitto version ", "");
        }
    }

    @Override
    public ServerAddress address() {
        return address;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void close() throws InterruptedException {
        process.close();
    }
}
