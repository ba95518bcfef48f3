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

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A server of this module in a separate process. */
public final class JavaServer implements Server {

    private static final String LISTENING = "@listening ";
    private static final String TRAFFIC = "@traffic ";
    private static final long START_SECONDS = 30;

    private final ChildProcess process;
    private final ServerAddress address;
    private final String name;
    private final boolean countsTraffic;

    private JavaServer(ChildProcess process, ServerAddress address, String name, boolean countsTraffic) {
        this.process = process;
        this.address = address;
        this.name = name;
        this.countsTraffic = countsTraffic;
    }

    /**
     * Starts a server.
     *
     * @param main calls {@link #listening(int)}
     * @param directory the directory with the files of {@link Identities#write}
     * @param arguments the arguments of {@code main} after the directory
     */
    static JavaServer start(Class<?> main, String name, Path directory, String... arguments)
            throws IOException, InterruptedException {
        return start(main, name, directory, false, arguments);
    }

    /** Starts a server for the requests of HTTPS clients. */
    public static JavaServer httpsSink(Path directory) throws IOException, InterruptedException {
        return start(HttpsSink.class, "a sink on Netty", directory);
    }

    /** Starts a relay in front of another server, which delays and counts the bytes. */
    public static JavaServer relay(Server target, int oneWayMillis) throws IOException, InterruptedException {
        return start(
                RelayProcess.class,
                target.name() + " behind a relay that delays each way by " + oneWayMillis + " ms",
                target.address().directory(),
                true,
                String.valueOf(target.address().port()),
                String.valueOf(oneWayMillis));
    }

    /**
     * Starts the emulator of Azure DPS.
     *
     * @param directory the directory for its clients' files
     * @param waitSeconds seconds of the wait that it requests for each registration
     */
    public static JavaServer dps(Path directory, int waitSeconds) throws IOException, InterruptedException {
        String name = "the emulator of Azure DPS, which orders " + (waitSeconds == 0 ? "no wait" : waitSeconds + " s");
        return start(DpsProcess.class, name, directory, String.valueOf(waitSeconds));
    }

    private static JavaServer start(
            Class<?> main, String name, Path directory, boolean countsTraffic, String... arguments)
            throws IOException, InterruptedException {
        List<String> commandLine = new ArrayList<>(List.of(directory.toString()));
        commandLine.addAll(List.of(arguments));
        ChildProcess process = ChildProcess.java(List.of("-Xmx1g"), main, commandLine);
        try {
            String message = process.awaitMessage(START_SECONDS);
            int port = Integer.parseInt(message.substring(LISTENING.length()));
            return new JavaServer(process, new ServerAddress(port, directory), name, countsTraffic);
        } catch (IOException e) {
            process.close();
            throw e;
        }
    }

    /** Reports the port to the parent and returns when the parent has ended. */
    static void listening(int port) throws IOException {
        listening(port, () -> new Traffic(0, 0));
    }

    /**
     * Reports the port to the parent, then the traffic for each line that the parent sends; returns when the parent has
     * ended.
     */
    static void listening(int port, Supplier<Traffic> traffic) throws IOException {
        System.out.println(LISTENING + port);
        System.out.flush();
        while (System.in.read() >= 0) {
            Traffic now = traffic.get();
            System.out.println(TRAFFIC + now.sent() + " " + now.received());
            System.out.flush();
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
    public Optional<Traffic> traffic() throws IOException, InterruptedException {
        if (!countsTraffic) {
            return Optional.empty();
        }
        process.send("");
        String[] figures =
                process.awaitMessage(START_SECONDS).substring(TRAFFIC.length()).split(" ");
        return Optional.of(new Traffic(Long.parseLong(figures[0]), Long.parseLong(figures[1])));
    }

    @Override
    public void close() throws InterruptedException {
        process.close();
    }
}
