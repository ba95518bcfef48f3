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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Connects many identities, each of which publishes at intervals, one after the other and evenly spread. The figures
 * are those of the whole process.
 */
final class PublishingFleetDriver implements Session {

    private static final double BYTES_OF_MEGABYTE = 1024 * 1024;
    private static final long PATIENCE_SECONDS = 30;

    private final FleetConnections connections;
    private final Arguments arguments;
    private final byte[] payload;
    private double connectRate;
    private int next;

    private PublishingFleetDriver(FleetConnections connections, Arguments arguments) {
        this.connections = connections;
        this.arguments = arguments;
        this.payload = new byte[arguments.number("payload")];
    }

    static Session start(Peer peer, Arguments arguments) throws Exception {
        PublishingFleetDriver driver = new PublishingFleetDriver(FleetConnections.of(peer, arguments), arguments);
        try {
            driver.connectRate = driver.connections.connect(arguments.number(Arguments.CONNECTIONS));
            driver.connections.allConnected();
            return driver;
        } catch (Exception e) {
            driver.close();
            throw e;
        }
    }

    @Override
    public Measurement measure() throws Exception {
        publish(arguments.seconds("leadIn"));
        long time = System.nanoTime();
        long cpu = ProcessMeter.cpuNanos();
        Messages messages = publish(arguments.seconds("seconds"));
        double cpuShare = 100.0 * (ProcessMeter.cpuNanos() - cpu) / (System.nanoTime() - time);
        // Before the garbage collection for the heap's figure, which may return memory to the system.
        long resident = ProcessMeter.residentBytes();
        return Measurement.builder()
                .put(Metric.RATE, connectRate)
                .put(Metric.CPU_SHARE, cpuShare)
                .put(Metric.HEAP_IN_USE, ProcessMeter.heapBytes() / BYTES_OF_MEGABYTE)
                .put(Metric.RESIDENT_MEMORY, resident / BYTES_OF_MEGABYTE)
                .put(Metric.THREADS_IN_USE, ProcessMeter.threads())
                .put(Metric.MESSAGES, messages.count)
                .put(Metric.FAILURES, messages.failed.sum())
                .build();
    }

    /** Publishes for this time; returns when the last message is acknowledged. */
    private Messages publish(double seconds) throws InterruptedException, TimeoutException {
        int identities = arguments.number(Arguments.CONNECTIONS);
        double nanosBetween = arguments.seconds("interval") * 1e9 / identities;
        Messages messages = new Messages((int) Math.round(seconds * 1e9 / nanosBetween));
        long start = System.nanoTime();
        for (int i = 0; i < messages.count; i++) {
            connections.publish(next, payload, messages::done);
            next = (next + 1) % identities;
            sleepUntil(start + (long) ((i + 1) * nanosBetween));
        }
        messages.await();
        return messages;
    }

    private static void sleepUntil(long end) {
        long left = end - System.nanoTime();
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = end - System.nanoTime();
        }
    }

    @Override
    public void close() throws Exception {
        connections.close();
    }

    /** The messages of one call. */
    private static final class Messages {

        private final int count;
        private final CountDownLatch underWay;
        private final LongAdder failed = new LongAdder();

        Messages(int count) {
            this.count = count;
            this.underWay = new CountDownLatch(count);
        }

        void done(Throwable failure) {
            if (failure != null) {
                failed.increment();
            }
            underWay.countDown();
        }

        void await() throws InterruptedException, TimeoutException {
            if (!underWay.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new TimeoutException(underWay.getCount() + " of " + count + " messages are still under way after "
                        + PATIENCE_SECONDS + " s");
            }
        }
    }
}
