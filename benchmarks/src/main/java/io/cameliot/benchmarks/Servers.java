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
package io.cameliot.benchmarks;

import io.cameliot.benchmarks.plan.ServerKind;
import io.cameliot.benchmarks.server.JavaServer;
import io.cameliot.benchmarks.server.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/** The servers of a run. Each is started when it is first needed and stopped at the end of the run. */
final class Servers implements AutoCloseable {

    private final Path directory;
    private final boolean embedded;
    private final Map<ServerKind, Server> started = new EnumMap<>(ServerKind.class);

    /**
     * Creates the servers, none of which is started yet.
     *
     * @param directory the directory of a {@link io.cameliot.benchmarks.server.RunDirectory}
     * @param emulator uses ActiveMQ Artemis as broker even if mosquitto is installed
     */
    Servers(Path directory, boolean embedded) {
        this.directory = directory;
        this.embedded = embedded;
    }

    Server get(ServerKind kind) throws IOException, InterruptedException {
        Server server = started.get(kind);
        if (server == null) {
            server = start(kind);
            started.put(kind, server);
        }
        return server;
    }

    /** The names of the servers that have been started. */
    Map<ServerKind, String> names() {
        Map<ServerKind, String> names = new EnumMap<>(ServerKind.class);
        started.forEach((kind, server) -> names.put(kind, server.name()));
        return names;
    }

    private Server start(ServerKind kind) throws IOException, InterruptedException {
        return switch (kind) {
            case BROKER -> Server.broker(directory, embedded);
            case BROKER_AT_50_MS -> JavaServer.relay(get(ServerKind.BROKER), 25);
            case BROKER_AT_200_MS -> JavaServer.relay(get(ServerKind.BROKER), 100);
            case HTTPS_SINK -> JavaServer.httpsSink(directory);
            case DPS -> dps(0);
            case DPS_AT_20_MS -> JavaServer.relay(get(ServerKind.DPS), 10);
            case DPS_WITH_WAIT -> dps(ServerKind.DPS_WAIT_SECONDS);
            case DPS_WITH_WAIT_AT_20_MS -> JavaServer.relay(get(ServerKind.DPS_WITH_WAIT), 10);
        };
    }

    private Server dps(int waitSeconds) throws IOException, InterruptedException {
        return JavaServer.dps(Files.createDirectories(directory.resolve("dps-" + waitSeconds)), waitSeconds);
    }

    @Override
    public void close() throws InterruptedException {
        for (Server server : started.values()) {
            server.close();
        }
    }
}
