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
import io.cameliot.benchmarks.peer.PublishSettings;
import io.cameliot.benchmarks.peer.Publisher;
import io.cameliot.benchmarks.peer.Publishers;
import io.cameliot.benchmarks.server.ServerAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Recorder;

/**
 * Some threads keep as many messages under way as the window allows. After the warm-up, rate, CPU time and latencies are
 * taken without a pause.
 */
final class PublishDriver {

    static final String TOPIC = "bench/publish";

    private static final long LONGEST_LATENCY_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Publisher publisher;
    private final int windowOfThread;
    private final byte[] payload;
    private final boolean withLatency;
    private final LongAdder completed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final Recorder latencies = new Recorder(LONGEST_LATENCY_NANOS, 2);
    private volatile Throwable failure;
    private volatile boolean ended;

    private PublishDriver(Publisher publisher, Arguments arguments) {
        this.publisher = publisher;
        this.windowOfThread = Math.max(1, arguments.number("window") / arguments.number("threads"));
        this.payload = new byte[arguments.number("payload")];
        this.withLatency = arguments.number("qos") > 0;
    }

    static Measurement mqtt(Peer peer, Arguments arguments) throws Exception {
        return new PublishDriver(Publishers.mqtt(peer, settings(arguments)), arguments).measure(arguments);
    }

    static Measurement https(Peer peer, Arguments arguments) throws Exception {
        return new PublishDriver(Publishers.https(peer, settings(arguments)), arguments).measure(arguments);
    }

    static PublishSettings settings(Arguments arguments) {
        return new PublishSettings(
                arguments.server(),
                ServerAddress.DEVICE,
                TOPIC,
                arguments.number("qos"),
                arguments.number("window"),
                arguments.number("payload"));
    }

    private Measurement measure(Arguments arguments) throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < arguments.number("threads"); i++) {
            Thread thread = new Thread(this::publish, "publisher-" + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        TimeUnit.NANOSECONDS.sleep(arguments.nanos("warmup"));
        latencies.reset();
        long time = System.nanoTime();
        long cpu = ProcessMeter.cpuNanos();
        long before = completed.sum();
        TimeUnit.NANOSECONDS.sleep(arguments.nanos("seconds"));
        long messages = completed.sum() - before;
        cpu = ProcessMeter.cpuNanos() - cpu;
        time = System.nanoTime() - time;
        ended = true;
        if (messages == 0) {
            throw new IllegalStateException("No message went through", failure);
        }
        Measurement.Builder figures = Measurement.builder()
                .put(Metric.RATE, messages * 1e9 / time)
                .put(Metric.CPU, cpu / 1e3 / messages)
                .put(Metric.FAILURES, failed.sum());
        if (withLatency) {
            figures.putLatencies(latencies.getIntervalHistogram());
        }
        return figures.build();
    }

    private void publish() {
        Semaphore window = new Semaphore(windowOfThread);
        while (!ended) {
            window.acquireUninterruptibly();
            int permits = 1 + window.drainPermits();
            for (int i = 0; i < permits; i++) {
                long start = withLatency ? System.nanoTime() : 0;
                publisher.publish(payload, reason -> done(window, start, reason));
            }
            publisher.flush();
        }
    }

    private void done(Semaphore window, long start, Throwable reason) {
        if (reason == null) {
            completed.increment();
            if (withLatency) {
                latencies.recordValue(Math.min(System.nanoTime() - start, LONGEST_LATENCY_NANOS));
            }
        } else {
            failed.increment();
            failure = reason;
        }
        window.release();
    }
}
