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
import io.cameliot.benchmarks.peer.Peer;
import io.cameliot.benchmarks.peer.Registrars;
import io.cameliot.benchmarks.peer.api.Registrar;
import io.cameliot.benchmarks.peer.client.Handshake;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Registers one device after the other for some time, and also measures plain TLS handshakes with the same server. */
final class LoneRegistrationDriver implements Session {

    private static final long PATIENCE_SECONDS = 60;

    private final Registrar registrar;
    private final Handshake handshake;
    private final double seconds;
    private int registered;

    private LoneRegistrationDriver(Registrar registrar, Arguments arguments) {
        this.registrar = registrar;
        this.handshake = new Handshake(arguments.server());
        this.seconds = arguments.seconds("seconds");
    }

    static Session start(Peer peer, Arguments arguments) throws Exception {
        LoneRegistrationDriver driver =
                new LoneRegistrationDriver(Registrars.of(peer, arguments.server(), 1), arguments);
        try {
            double warmup = arguments.seconds("warmup");
            if (warmup > 0) {
                driver.repeat(warmup, driver::register);
                driver.repeat(warmup / 2, driver.handshake::run);
            }
            return driver;
        } catch (Exception e) {
            driver.close();
            throw e;
        }
    }

    @Override
    public Measurement measure() throws Exception {
        Histogram handshakes = repeat(seconds / 2, handshake::run);
        Histogram registrations = repeat(seconds, this::register);
        double overhead = registrations.getValueAtPercentile(50) - handshakes.getValueAtPercentile(50);
        return Measurement.builder()
                .putLatencies(registrations)
                .put(Metric.OVERHEAD, overhead / 1e6)
                .build();
    }

    private void register() throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        registrar.register("lone-" + registered++, failure -> {
            if (failure == null) {
                done.complete(null);
            } else {
                done.completeExceptionally(failure);
            }
        });
        done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private Histogram repeat(double duration, Action action) throws Exception {
        Histogram latencies = new Histogram(3);
        long end = System.nanoTime() + (long) (duration * 1e9);
        do {
            long start = System.nanoTime();
            action.run();
            latencies.recordValue(System.nanoTime() - start);
        } while (System.nanoTime() - end < 0);
        return latencies;
    }

    @Override
    public void close() throws Exception {
        registrar.close();
    }

    /** The repeated action. */
    @FunctionalInterface
    private interface Action {
        void run() throws Exception;
    }
}
