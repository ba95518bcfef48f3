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
import io.cameliot.benchmarks.peer.Peer;
import io.cameliot.benchmarks.peer.Publishers;
import io.cameliot.benchmarks.peer.api.Publisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Publishes one message at a time from one thread, which waits for the acknowledgement and pauses before the next one.
 */
final class LoneDriver implements Session {

    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private final Publisher publisher;
    private final byte[] payload;
    private final double seconds;

    private LoneDriver(Publisher publisher, Arguments arguments) {
        this.publisher = publisher;
        this.payload = new byte[arguments.number("payload")];
        this.seconds = arguments.seconds("seconds");
    }

    static Session start(Peer peer, Arguments arguments) throws Exception {
        LoneDriver driver = new LoneDriver(Publishers.mqtt(peer, PublishDriver.settings(arguments)), arguments);
        try {
            // The warm-up has no pauses, so that the compiler sees as many messages as possible.
            driver.publish(arguments.seconds("warmup"), 0);
            return driver;
        } catch (Exception e) {
            driver.close();
            throw e;
        }
    }

    @Override
    public Measurement measure() throws Exception {
        return Measurement.builder().putLatencies(publish(seconds, PAUSE_NANOS)).build();
    }

    private Histogram publish(double duration, long pause) throws Exception {
        Histogram latencies = new Histogram(3);
        long end = System.nanoTime() + (long) (duration * 1e9);
        do {
            long start = System.nanoTime();
            publisher.publishAndWait(payload);
            latencies.recordValue(System.nanoTime() - start);
            LockSupport.parkNanos(pause);
        } while (System.nanoTime() - end < 0);
        return latencies;
    }

    @Override
    public void close() throws Exception {
        publisher.close();
    }
}
