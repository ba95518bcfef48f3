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
import io.cameliot.benchmarks.peer.api.Publisher;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Recorder;

/**
 * Threads that keep as many messages in flight as the window allows. Rate, CPU time and latencies are measured without
 * an interruption, from some time after the start. At the end no message is in flight.
 */
final class PublishRound {

    private static final long LONGEST_LATENCY_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long PATIENCE_SECONDS = 30;
    private static final double EXTENSION_SECONDS = 0.05;
    private static final int EXTENSIONS = 200;

    private final Publisher publisher;
    private final int threads;
    private final int windowOfThread;
    private final byte[] payload;
    private final boolean withLatency;
    private final LongAdder completed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final CountDownLatch first = new CountDownLatch(1);
    private final Recorder latencies = new Recorder(LONGEST_LATENCY_NANOS, 2);
    private volatile Throwable failure;
    private volatile boolean ended;

    PublishRound(Publisher publisher, Arguments arguments) {
        this.publisher = publisher;
        this.threads = arguments.number("threads");
        this.windowOfThread = Math.max(1, arguments.number("window") / threads);
        this.payload = new byte[arguments.number("payload")];
        this.withLatency = arguments.number("qos") > 0;
    }

    Measurement run(double leadInSeconds, double seconds) throws InterruptedException, TimeoutException {
        List<Thread> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread thread = new Thread(this::publish, "publisher-" + i);
            thread.setDaemon(true);
            thread.start();
            running.add(thread);
        }
        Measurement.Builder figures;
        try {
            if (!first.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("No message went through", failure);
            }
            sleep(leadInSeconds);
            figures = figures(seconds);
        } finally {
            ended = true;
            for (Thread thread : running) {
                thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            }
        }
        if (running.stream().anyMatch(Thread::isAlive)) {
            throw new TimeoutException("Messages are still under way after " + PATIENCE_SECONDS + " s");
        }
        return figures.put(Metric.MESSAGES, completed.sum())
                .put(Metric.FAILURES, failed.sum())
                .build();
    }

    private Measurement.Builder figures(double seconds) throws InterruptedException {
        latencies.reset();
        long time = System.nanoTime();
        long cpu = ProcessMeter.cpuNanos();
        long before = completed.sum();
        sleep(seconds);
        long messages = completed.sum() - before;
        // A single message can take longer than the round.
        for (int i = 0; i < EXTENSIONS && messages == 0; i++) {
            sleep(EXTENSION_SECONDS);
            messages = completed.sum() - before;
        }
        cpu = ProcessMeter.cpuNanos() - cpu;
        time = System.nanoTime() - time;
        if (messages == 0) {
            throw new IllegalStateException("Messages do not go through any more", failure);
        }
        Measurement.Builder figures =
                Measurement.builder().put(Metric.RATE, messages * 1e9 / time).put(Metric.CPU, cpu / 1e3 / messages);
        return withLatency ? figures.putLatencies(latencies.getIntervalHistogram()) : figures;
    }

    private static void sleep(double seconds) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep((long) (seconds * 1e9));
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
        window.acquireUninterruptibly(windowOfThread);
    }

    private void done(Semaphore window, long start, Throwable reason) {
        if (reason == null) {
            completed.increment();
            if (withLatency) {
                latencies.recordValue(Math.min(System.nanoTime() - start, LONGEST_LATENCY_NANOS));
            }
            first.countDown();
        } else {
            failed.increment();
            failure = reason;
        }
        window.release();
    }
}
