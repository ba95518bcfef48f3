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
package io.cameliot.benchmarks.client;

import io.cameliot.benchmarks.peer.Fleet;
import io.cameliot.benchmarks.peer.Fleets;
import io.cameliot.benchmarks.peer.Peer;
import io.cameliot.benchmarks.server.Identities;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Connects many identities, some at a time. What the first ones have cost, code and pools, counts for none: the figures
 * for each connection are the difference that the others made. The JVM has touched its whole heap before, so that what
 * the resident memory grows by is outside of it.
 */
final class FleetDriver implements Session {

    private final Fleet fleet;
    private final ExecutorService threads;
    private final int connections;
    private int connected;

    private FleetDriver(Fleet fleet, Arguments arguments) {
        this.fleet = fleet;
        this.threads = Executors.newFixedThreadPool(arguments.number("atATime"));
        this.connections = arguments.number("connections");
    }

    static Session start(Peer peer, Arguments arguments) throws Exception {
        FleetDriver driver = new FleetDriver(Fleets.of(peer, arguments.server()), arguments);
        try {
            driver.connect(arguments.number("warmupConnections"));
            return driver;
        } catch (Exception e) {
            driver.close();
            throw e;
        }
    }

    @Override
    public Measurement measure() throws Exception {
        Usage before = Usage.now();
        long time = System.nanoTime();
        long cpu = ProcessMeter.cpuNanos();
        connect(connections);
        cpu = ProcessMeter.cpuNanos() - cpu;
        time = System.nanoTime() - time;
        Usage after = Usage.now();
        double heap = (after.heap - before.heap) / 1024.0 / connections;
        double offHeap = (after.resident - before.resident) / 1024.0 / connections;
        return Measurement.builder()
                .put(Metric.RATE, connections * 1e9 / time)
                .put(Metric.CPU, cpu / 1e3 / connections)
                .put(Metric.HEAP, heap)
                .put(Metric.OFF_HEAP, offHeap)
                .put(Metric.MEMORY, heap + offHeap)
                .put(Metric.THREADS, (double) (after.threads - before.threads) / connections)
                .put(Metric.SOCKETS, (double) (after.sockets - before.sockets) / connections)
                .build();
    }

    private void connect(int count) throws InterruptedException, ExecutionException {
        List<Future<?>> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String identity = Identities.device(connected++);
            tasks.add(threads.submit(() -> {
                fleet.connect(identity);
                return null;
            }));
        }
        for (Future<?> task : tasks) {
            task.get();
        }
    }

    @Override
    public void close() throws Exception {
        threads.shutdownNow();
        fleet.close();
    }

    private record Usage(long heap, long resident, long threads, long sockets) {

        static Usage now() {
            long heap = ProcessMeter.heapBytes();
            return new Usage(heap, ProcessMeter.residentBytes(), ProcessMeter.threads(), ProcessMeter.sockets());
        }
    }
}
