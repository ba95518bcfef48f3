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
import io.cameliot.benchmarks.peer.Receivers;
import io.cameliot.benchmarks.peer.api.SubscribeSettings;
import io.cameliot.benchmarks.server.ServerAddress;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Receives messages in batches. While the parent publishes a batch, the client blocks in its first message and the
 * broker queues the others; then the client receives them as fast as it can. The publisher therefore has no part in the
 * measurement.
 */
public final class ReceiveDriver implements Session {

    private static final long PATIENCE_SECONDS = 60;

    private final int lotSize;
    private final int lots;
    private final Semaphore lotStart = new Semaphore(0);
    private final Semaphore lotEnd = new Semaphore(0);
    private final AtomicLong received = new AtomicLong();
    private AutoCloseable client;
    private long expected;

    private ReceiveDriver(Arguments arguments) {
        lotSize = arguments.number("lotSize");
        lots = arguments.number("lots");
    }

    static Session start(Peer peer, Arguments arguments) throws Exception {
        ReceiveDriver driver = new ReceiveDriver(arguments);
        driver.client = Receivers.subscribe(
                peer,
                new SubscribeSettings(
                        arguments.server(), ServerAddress.DEVICE, arguments.text(Arguments.TOPIC), driver::onMessage));
        try {
            for (int i = 0; i < arguments.number("warmupLots"); i++) {
                ClientProcess.awaitFeed();
                driver.receiveLot();
            }
            return driver;
        } catch (Exception e) {
            driver.close();
            throw e;
        }
    }

    @Override
    public Measurement measure() throws Exception {
        long time = 0;
        long cpu = 0;
        for (int i = 0; i < lots; i++) {
            ClientProcess.awaitFeed();
            time -= System.nanoTime();
            cpu -= ProcessMeter.cpuNanos();
            receiveLot();
            cpu += ProcessMeter.cpuNanos();
            time += System.nanoTime();
        }
        double messages = (double) lots * lotSize;
        return Measurement.builder()
                .put(Metric.RATE, messages * 1e9 / time)
                .put(Metric.CPU, cpu / 1e3 / messages)
                .build();
    }

    private void receiveLot() throws Exception {
        expected += lotSize;
        lotStart.release();
        if (!lotEnd.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new TimeoutException("Only " + received + " messages came");
        }
        if (received.get() != expected) {
            throw new IllegalStateException(received + " messages came of " + expected);
        }
    }

    private void onMessage() {
        long count = received.getAndIncrement();
        if (count % lotSize == 0) {
            lotStart.acquireUninterruptibly();
        }
        if (count % lotSize == lotSize - 1) {
            lotEnd.release();
        }
    }

    @Override
    public void close() throws Exception {
        client.close();
    }
}
