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
import io.cameliot.benchmarks.peer.Registrars;
import io.cameliot.benchmarks.peer.api.Completion;
import io.cameliot.benchmarks.peer.api.Registrar;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;

/** Registers many devices with a limited number at a time, and measures the time until the last one is assigned. */
final class FleetRegistrationDriver implements Session {

    private static final long PATIENCE_SECONDS = 300;

    private final Registrar registrar;
    private final ExecutorService threads;
    private final int registrations;
    private final int atATime;
    private final double waitSeconds;
    private int registered;

    private FleetRegistrationDriver(Registrar registrar, Arguments arguments) {
        this.registrar = registrar;
        this.registrations = arguments.number("registrations");
        this.atATime = arguments.number("atATime");
        this.waitSeconds = arguments.seconds("wait");
        this.threads = Executors.newFixedThreadPool(registrar.isBlocking() ? atATime : 1);
    }

    static Session start(Peer peer, Arguments arguments) throws Exception {
        FleetRegistrationDriver driver = new FleetRegistrationDriver(
                Registrars.of(peer, arguments.server(), arguments.number("atATime")), arguments);
        try {
            driver.register(arguments.number("warmupRegistrations"));
            return driver;
        } catch (Exception e) {
            driver.close();
            throw e;
        }
    }

    @Override
    public Measurement measure() throws Exception {
        long time = System.nanoTime();
        long cpu = ProcessMeter.cpuNanos();
        Round round = register(registrations);
        cpu = ProcessMeter.cpuNanos() - cpu;
        double seconds = (System.nanoTime() - time) / 1e9;
        double orderedSeconds = waitSeconds * Math.ceil((double) registrations / atATime);
        long assigned = registrations - round.failed.sum();
        return Measurement.builder()
                .put(Metric.TIME, seconds)
                .put(Metric.RATE, assigned / seconds)
                .put(Metric.CPU, cpu / 1e3 / registrations)
                .put(Metric.OVERHEAD, (seconds - orderedSeconds) * 1e3 / registrations)
                .put(Metric.MESSAGES, registrations)
                .put(Metric.FAILURES, round.failed.sum())
                .build();
    }

    private Round register(int count) throws InterruptedException, TimeoutException {
        Round round = new Round();
        for (int i = 0; i < count; i++) {
            String registrationId = "fleet-" + registered++;
            threads.execute(() -> registrar.register(registrationId, round));
        }
        if (!round.ended.tryAcquire(count, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new TimeoutException(round.ended.availablePermits() + " of " + count + " registrations ended within "
                    + PATIENCE_SECONDS + " s");
        }
        if (count > 0 && round.failed.sum() == count) {
            throw new IllegalStateException("All registrations failed", round.failure);
        }
        return round;
    }

    /** Counts the ends of registrations. */
    private static final class Round implements Completion {

        private final Semaphore ended = new Semaphore(0);
        private final LongAdder failed = new LongAdder();
        private volatile Throwable failure;

        @Override
        public void done(Throwable reason) {
            if (reason != null) {
                failed.increment();
                failure = reason;
            }
            ended.release();
        }
    }

    @Override
    public void close() throws Exception {
        threads.shutdownNow();
        registrar.close();
    }
}
