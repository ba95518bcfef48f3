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

import io.cameliot.benchmarks.measure.Measurement;
import io.cameliot.benchmarks.measure.Metric;
import io.cameliot.benchmarks.measure.ProcessMeter;
import io.cameliot.benchmarks.peer.Peer;

/**
 * Connects many identities, several at a time. The first ones warm up code and pools and are not counted: the figures
 * for each connection are the increase by the others. The JVM has touched its whole heap before, so that the growth of
 * the resident memory is off-heap memory.
 */
final class FleetDriver implements Session {

    private final FleetConnections connections;
    private final int count;

    private FleetDriver(FleetConnections connections, int count) {
        this.connections = connections;
        this.count = count;
    }

    static Session start(Peer peer, Arguments arguments) throws Exception {
        FleetDriver driver =
                new FleetDriver(FleetConnections.of(peer, arguments), arguments.number(Arguments.CONNECTIONS));
        try {
            driver.connections.connect(arguments.number(Arguments.WARMUP_CONNECTIONS));
            return driver;
        } catch (Exception e) {
            driver.close();
            throw e;
        }
    }

    @Override
    public Measurement measure() throws Exception {
        Usage before = Usage.now();
        long cpu = ProcessMeter.cpuNanos();
        double rate = connections.connect(count);
        cpu = ProcessMeter.cpuNanos() - cpu;
        Usage after = Usage.now();
        double heap = (after.heap - before.heap) / 1024.0 / count;
        double offHeap = (after.resident - before.resident) / 1024.0 / count;
        return Measurement.builder()
                .put(Metric.RATE, rate)
                .put(Metric.CPU, cpu / 1e3 / count)
                .put(Metric.HEAP, heap)
                .put(Metric.OFF_HEAP, offHeap)
                .put(Metric.MEMORY, heap + offHeap)
                .put(Metric.THREADS, (double) (after.threads - before.threads) / count)
                .put(Metric.SOCKETS, (double) (after.sockets - before.sockets) / count)
                .build();
    }

    @Override
    public void close() throws Exception {
        connections.close();
    }

    private record Usage(long heap, long resident, long threads, long sockets) {

        static Usage now() {
            long heap = ProcessMeter.heapBytes();
            return new Usage(heap, ProcessMeter.residentBytes(), ProcessMeter.threads(), ProcessMeter.sockets());
        }
    }
}
