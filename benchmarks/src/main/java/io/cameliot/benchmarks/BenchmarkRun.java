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

import io.cameliot.benchmarks.measure.Measurement;
import io.cameliot.benchmarks.peer.Peer;
import io.cameliot.benchmarks.plan.BenchmarkCase;
import io.cameliot.benchmarks.report.Results;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs cases in rounds. In each round every peer of a case is measured once, one after the other, so that changes of
 * the machine affect all peers. Every second round has the reverse order of peers.
 */
final class BenchmarkRun implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BenchmarkRun.class);

    private final RunOptions options;
    private final Servers servers;
    private final Clients clients;
    private final long start = System.nanoTime();
    private Progress progress;

    /**
     * Creates a run.
     *
     * @param directory the directory of a {@link io.cameliot.benchmarks.server.RunDirectory}
     */
    BenchmarkRun(RunOptions options, Path directory) {
        this.options = options;
        servers = new Servers(directory, options.execution().embedded());
        clients = new Clients(options.execution().quick(), options.execution().jvmOptions());
    }

    Results run(List<BenchmarkCase> cases) throws IOException, InterruptedException {
        Results results = new Results();
        progress = new Progress(cases.stream()
                .mapToInt(benchmark -> rounds(benchmark) * inTurn(benchmark, 0).size())
                .sum());
        for (BenchmarkCase benchmark : cases) {
            int rounds = rounds(benchmark);
            for (int round = 0; round < rounds; round++) {
                for (Peer peer : inTurn(benchmark, round)) {
                    measure(benchmark, peer, round, results);
                    if ((round + 1) % benchmark.work().clients().roundsOfProcess() == 0) {
                        clients.renew(peer);
                    }
                }
            }
            clients.renew();
        }
        servers.names().forEach(results::server);
        return results;
    }

    private int rounds(BenchmarkCase benchmark) {
        return Math.min(options.execution().pairs(), benchmark.work().clients().mostRounds());
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private List<Peer> inTurn(BenchmarkCase benchmark, int round) {
        List<Peer> peers = new ArrayList<>(benchmark.peers());
        peers.removeIf(peer -> !options.selection().includes(peer));
        if (round % 2 == 1) {
            Collections.reverse(peers);
        }
        return peers;
    }

    private void measure(BenchmarkCase benchmark, Peer peer, int round, Results results) throws InterruptedException {
        try {
            Measurement measurement = clients.measure(
                    benchmark, peer, servers.get(benchmark.work().server()));
            results.add(benchmark, peer, round, measurement);
            LOG.info(
                    "{}: {} round {} {} {}",
                    progress.done(elapsed()),
                    benchmark.id(),
                    round + 1,
                    peer.title(),
                    measurement.figures());
        } catch (IOException e) {
            LOG.error("{}: {} round {} {}", progress.done(elapsed()), benchmark.id(), round + 1, peer.title(), e);
            results.failed(benchmark, peer, round, e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        clients.close();
        servers.close();
    }
}
