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

import io.cameliot.benchmarks.client.Arguments;
import io.cameliot.benchmarks.client.ClientProcess;
import io.cameliot.benchmarks.measure.Measurement;
import io.cameliot.benchmarks.measure.Metric;
import io.cameliot.benchmarks.peer.Peer;
import io.cameliot.benchmarks.plan.BenchmarkCase;
import io.cameliot.benchmarks.server.ChildProcess;
import io.cameliot.benchmarks.server.Server;
import io.cameliot.benchmarks.server.Traffic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The processes of the peers. A process stays connected and warm for the rounds of a peer and case. With
 * {@code shared}, one process measures all peers, which is fast but says nothing about speed.
 */
final class Clients implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 400;
    private static final String ALL = "all";
    /** Without these, the JIT compiler would take half of the time of a quick run. */
    private static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1", "-Xmx512m");

    private final boolean shared;
    private final List<String> jvmOptions;
    private final Map<String, Client> running = new HashMap<>();

    Clients(boolean shared, List<String> jvmOptions) {
        this.shared = shared;
        this.jvmOptions = List.copyOf(jvmOptions);
    }

    /**
     * Measures one round. Starts, connects and warms up the client first if necessary.
     *
     * @throws IOException if the client fails; the next measurement then has a new process
     */
    Measurement measure(BenchmarkCase benchmark, Peer peer, Server server) throws IOException, InterruptedException {
        String key = shared ? ALL : peer.name();
        Client client = running.get(key);
        if (client == null) {
            List<String> options =
                    new ArrayList<>(shared ? QUICK : benchmark.work().clients().jvmOptions());
            options.addAll(jvmOptions);
            client = new Client(ChildProcess.java(options, ClientProcess.class, List.of()));
            running.put(key, client);
        }
        try {
            return client.measure(benchmark, peer, server);
        } catch (IOException e) {
            running.remove(key);
            client.process.close();
            throw e;
        }
    }

    /** Ends the process of a peer, so that its next measurement has a new one. */
    void renew(Peer peer) throws InterruptedException {
        Client client = shared ? null : running.remove(peer.name());
        if (client != null) {
            client.process.close();
        }
    }

    /** Ends all processes, so that the next measurements have new ones. */
    void renew() throws InterruptedException {
        if (!shared) {
            close();
        }
    }

    @Override
    public void close() throws InterruptedException {
        for (Client client : running.values()) {
            client.process.close();
        }
        running.clear();
    }

    private static final class Client {

        private final ChildProcess process;
        private BenchmarkCase benchmark;
        private Peer peer;

        Client(ChildProcess process) {
            this.process = process;
        }

        Measurement measure(BenchmarkCase next, Peer nextPeer, Server server) throws IOException, InterruptedException {
            Arguments arguments = next.work()
                    .arguments()
                    .with("port", server.address().port())
                    .with("directory", server.address().directory())
                    .with(Arguments.TOPIC, "bench/" + nextPeer.name());
            if (!next.equals(benchmark) || nextPeer != peer) {
                String words = next.work().driver() + " " + nextPeer + " " + String.join(" ", arguments.words());
                ask(ClientProcess.START + words, arguments);
                benchmark = next;
                peer = nextPeer;
            }
            Optional<Traffic> before = server.traffic();
            String answer = ask(ClientProcess.MEASURE, arguments);
            Measurement measurement = Measurement.parse(answer.substring(ClientProcess.RESULT.length()));
            return before.isEmpty()
                    ? measurement
                    : withBytes(measurement, server.traffic().orElseThrow().minus(before.get()));
        }

        private static Measurement withBytes(Measurement measurement, Traffic traffic) {
            double messages = measurement.figures().get(Metric.MESSAGES);
            return measurement
                    .with(Metric.BYTES_SENT, traffic.sent() / messages)
                    .with(Metric.BYTES_RECEIVED, traffic.received() / messages);
        }

        private String ask(String line, Arguments arguments) throws IOException, InterruptedException {
            process.send(line);
            String answer = process.awaitMessage(PATIENCE_SECONDS);
            while (answer.equals(ClientProcess.FEED)) {
                Feeder.publish(arguments);
                process.send("");
                answer = process.awaitMessage(PATIENCE_SECONDS);
            }
            if (answer.equals(ClientProcess.FAILED)) {
                throw new IOException("It failed" + process.said());
            }
            return answer;
        }
    }
}
