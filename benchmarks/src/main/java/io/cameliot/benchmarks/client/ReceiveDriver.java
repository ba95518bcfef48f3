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

import io.cameliot.benchmarks.peer.Peer;
import io.cameliot.benchmarks.peer.Receivers;
import io.cameliot.benchmarks.peer.SubscribeSettings;
import io.cameliot.benchmarks.server.ServerAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The first message holds the client up until the parent has published all others, which the broker keeps meanwhile. Then
 * the client takes them as fast as it can, so that the publisher takes no part in what is measured.
 */
public final class ReceiveDriver {

    /** The parent publishes here. */
    public static final String TOPIC = "bench/receive";

    private static final long PATIENCE_SECONDS = 60;

    private final long warmup;
    private final long all;
    private final CountDownLatch start = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicLong received = new AtomicLong();
    private volatile long time;
    private volatile long cpu;

    private ReceiveDriver(Arguments arguments) {
        warmup = arguments.number("warmupMessages");
        all = warmup + arguments.number("messages");
    }

    static Measurement run(Peer peer, Arguments arguments) throws Exception {
        return new ReceiveDriver(arguments).measure(peer, arguments.server());
    }

    private Measurement measure(Peer peer, ServerAddress server) throws Exception {
        Receivers.subscribe(peer, new SubscribeSettings(server, ServerAddress.DEVICE, TOPIC, this::onMessage));
        ClientProcess.awaitParent();
        start.countDown();
        if (!end.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new TimeoutException("Only " + received + " of " + all + " messages came");
        }
        return Measurement.builder()
                .put(Metric.RATE, (all - warmup) * 1e9 / time)
                .put(Metric.CPU, cpu / 1e3 / (all - warmup))
                .build();
    }

    private void onMessage() {
        try {
            start.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
        long count = received.incrementAndGet();
        if (count == warmup) {
            cpu = ProcessMeter.cpuNanos();
            time = System.nanoTime();
        } else if (count == all) {
            time = System.nanoTime() - time;
            cpu = ProcessMeter.cpuNanos() - cpu;
            end.countDown();
        }
    }
}
