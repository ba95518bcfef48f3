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
package io.cameliot.benchmarks.plan;

import io.cameliot.benchmarks.client.Arguments;
import io.cameliot.benchmarks.measure.Metric;
import io.cameliot.benchmarks.peer.Peer;
import java.util.List;
import java.util.stream.Stream;

/**
 * A row of the results: the same work for several peers.
 *
 * @param id short name, for the command line and the CSV file
 * @param title the work, for the reader
 * @param work the work, for the clients
 * @param peers ours first
 * @param metric the figure for comparisons
 */
public record BenchmarkCase(String id, String title, Work work, List<Peer> peers, Metric metric) {

    public BenchmarkCase {
        peers = List.copyOf(peers);
    }

    /** The peer that the others are compared with. */
    public Peer ours() {
        return peers.get(0);
    }

    /**
     * The number of devices that connect from one process, each with its own certificate; 0 if the case uses the common
     * certificate.
     */
    public int devices() {
        return Stream.of(Arguments.CONNECTIONS, Arguments.WARMUP_CONNECTIONS)
                .filter(work.arguments()::has)
                .mapToInt(work.arguments()::number)
                .sum();
    }
}
