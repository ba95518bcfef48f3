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
package io.cameliot.benchmarks.soak;

import io.cameliot.benchmarks.soak.SoakTimeline.Sample;
import io.cameliot.benchmarks.soak.SoakTimeline.Span;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Records what happens during a soak, and prints every ten seconds how far it is. */
final class SoakMonitor implements AutoCloseable {

    private static final Duration PROGRESS = Duration.ofSeconds(10);
    private static final Duration FINEST = Duration.ofMillis(500);
    /** More would not show in the chart. */
    private static final int MOST_SAMPLES = 800;

    private final List<SoakPair> pairs;
    private final Duration planned;
    private final SoakTimeline timeline = new SoakTimeline();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

    // Only the clock's thread uses them.
    private long arrived;
    private Duration saidAt = Duration.ZERO;

    /**
     * Starts to record.
     *
     * @param planned how long faults occur
     */
    SoakMonitor(List<SoakPair> pairs, Duration planned) {
        this.pairs = pairs;
        this.planned = planned;
        long interval = Math.max(FINEST.toMillis(), planned.toMillis() / MOST_SAMPLES);
        clock.scheduleAtFixedRate(this::sample, 0, interval, TimeUnit.MILLISECONDS);
        clock.scheduleAtFixedRate(this::say, PROGRESS.toMillis(), PROGRESS.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void sample() {
        for (SoakPair pair : pairs) {
            timeline.add(
                    pair.name(),
                    new Sample(timeline.now(), pair.ledger().received(), pair.waiting(), pair.reconnects()));
        }
    }

    private void say() {
        Duration now = timeline.now();
        long received =
                pairs.stream().mapToLong(pair -> pair.ledger().received()).sum();
        System.out.printf(
                Locale.ROOT,
                "%d s of about %d s: %,d messages arrived, %,.0f a second; %,d wait; %,d reconnects%n",
                now.toSeconds(),
                planned.toSeconds(),
                received,
                (received - arrived) * 1e9 / now.minus(saidAt).toNanos(),
                pairs.stream().mapToLong(SoakPair::waiting).sum(),
                pairs.stream().mapToLong(SoakPair::reconnects).sum());
        arrived = received;
        saidAt = now;
    }

    Duration now() {
        return timeline.now();
    }

    /** Records a fault that ends now, for a pair or for all. */
    void ended(SoakFault fault, SoakPair pair, Duration begin) {
        Span span = new Span(fault.name(), begin, timeline.now());
        for (SoakPair struck : fault.common() ? pairs : List.of(pair)) {
            timeline.add(struck.name(), span);
        }
    }

    /** Ends the record, with a sample of this moment. */
    SoakTimeline finish() throws InterruptedException {
        clock.shutdown();
        clock.awaitTermination(PROGRESS.toSeconds(), TimeUnit.SECONDS);
        sample();
        return timeline;
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
