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

import io.cameliot.benchmarks.BenchmarkCase.ServerKind;
import io.cameliot.benchmarks.client.Arguments;
import io.cameliot.benchmarks.client.ClientProcess;
import io.cameliot.benchmarks.client.Measurement;
import io.cameliot.benchmarks.peer.Peer;
import io.cameliot.benchmarks.report.Results;
import io.cameliot.benchmarks.server.Broker;
import io.cameliot.benchmarks.server.ChildProcess;
import io.cameliot.benchmarks.server.HttpsSink;
import io.cameliot.benchmarks.server.JavaServer;
import io.cameliot.benchmarks.server.ServerAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs cases in rounds: in each, every client of every case is measured once, one after the other, so that what the
 * machine does to one it does to its peers. Every second round goes through the peers the other way round.
 */
final class BenchmarkRun implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BenchmarkRun.class);
    private static final long PATIENCE_SECONDS = 120;
    private static final List<String> JVM_OPTIONS = List.of("-Xms256m", "-Xmx1g");

    private final RunOptions options;
    private final Path directory;
    private final Map<ServerKind, Broker> servers = new EnumMap<>(ServerKind.class);

    /** @param directory what {@link io.cameliot.benchmarks.server.Identities#write} wrote */
    BenchmarkRun(RunOptions options, Path directory) {
        this.options = options;
        this.directory = directory;
    }

    Results run(List<BenchmarkCase> cases) throws IOException, InterruptedException {
        Results results = new Results();
        for (int round = 0; round < options.pairs(); round++) {
            for (BenchmarkCase benchmark : cases) {
                List<Peer> peers = new ArrayList<>(benchmark.peers());
                if (round % 2 == 1) {
                    Collections.reverse(peers);
                }
                for (Peer peer : peers) {
                    if (options.peers().isEmpty() || options.peers().contains(peer.name())) {
                        measure(benchmark, peer, round, results);
                    }
                }
            }
        }
        return results;
    }

    private void measure(BenchmarkCase benchmark, Peer peer, int round, Results results)
            throws IOException, InterruptedException {
        try {
            Measurement measurement = measure(benchmark, peer);
            results.add(benchmark, peer, round, measurement);
            LOG.info("{} {} {}: {}", round + 1, benchmark.id(), peer.title(), measurement.figures());
        } catch (IOException e) {
            LOG.error("{} {} {}", round + 1, benchmark.id(), peer.title(), e);
            results.failed(benchmark, peer, e);
        }
    }

    private Measurement measure(BenchmarkCase benchmark, Peer peer) throws IOException, InterruptedException {
        ServerAddress server = server(benchmark.serverKind()).address();
        Arguments arguments = benchmark.arguments().with("port", server.port()).with("directory", server.directory());
        List<String> commandLine = new ArrayList<>(List.of(benchmark.driver().name(), peer.name()));
        commandLine.addAll(arguments.commandLine());
        List<String> jvmOptions = new ArrayList<>(JVM_OPTIONS);
        jvmOptions.addAll(options.jvmOptions());
        try (ChildProcess client = ChildProcess.java(jvmOptions, ClientProcess.class, commandLine)) {
            String message = client.awaitMessage(PATIENCE_SECONDS);
            while (message.equals(ClientProcess.READY)) {
                Feeder.publish(server, arguments);
                client.proceed();
                message = client.awaitMessage(PATIENCE_SECONDS);
            }
            return Measurement.parse(message.substring(ClientProcess.RESULT.length()));
        }
    }

    private Broker server(ServerKind kind) throws IOException, InterruptedException {
        Broker server = servers.get(kind);
        if (server == null) {
            server = switch (kind) {
                case BROKER -> Broker.start(directory);
                case HTTPS_SINK -> JavaServer.start(HttpsSink.class, "a sink on Netty", directory);
            };
            servers.put(kind, server);
        }
        return server;
    }

    @Override
    public void close() throws InterruptedException {
        for (Broker server : servers.values()) {
            server.close();
        }
    }
}
