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

import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Publishes and consumes under random faults and records each message; {@code --help} explains the options. */
public final class Soak {

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_FAULT = Duration.ofSeconds(4);
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final SoakOptions options;
    private final Random random;
    private final List<SoakPair> pairs = new ArrayList<>();

    private Soak(SoakOptions options) {
        this.options = options;
        this.random = new Random(options.seed());
    }

    public static void main(String[] commandLine) throws Exception {
        if (List.of(commandLine).contains("--help")) {
            System.out.print(SoakOptions.USAGE);
            return;
        }
        SoakOptions options;
        try {
            options = SoakOptions.parse(commandLine);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(SoakOptions.USAGE);
            System.exit(2);
            return;
        }
        System.exit(new Soak(options).run() ? 0 : 1);
    }

    /**
     * Runs the soak.
     *
     * @return whether no message was lost and every consumer receives messages
     */
    private boolean run() throws Exception {
        System.out.println("Faults for " + options.duration().toSeconds() + " s, drawn with --seed " + options.seed());
        Path folder = Files.createTempDirectory("soak");
        try (AwsIotEmulator aws = AwsIotEmulator.builder().build().start()) {
            try {
                begin(aws, folder);
                pause(WARM_UP);
                long memoryAtStart = usedMemory(aws);
                try (SoakMonitor monitor = new SoakMonitor(pairs, options.duration())) {
                    int faults = disturb(monitor);
                    System.out.println("No more faults; waiting until the last messages have arrived");
                    SoakTable table = settle();
                    draw(monitor.finish());
                    System.out.print(
                            table.withMemory(memoryAtStart, usedMemory(aws)).text(faults));
                    return table.isGood();
                }
            } finally {
                pairs.forEach(SoakPair::close);
            }
        } finally {
            delete(folder);
        }
    }

    private void begin(AwsIotEmulator aws, Path folder) throws Exception {
        pairs.add(new SoakPair(aws, "none", "", folder));
        pairs.add(new SoakPair(aws, "memory", "&outbox=memory", folder));
        pairs.add(new SoakPair(aws, "file", "&outbox=file&outboxDirectory=" + folder.resolve("outbox"), folder));
        for (SoakPair pair : pairs) {
            pair.start();
        }
    }

    private void draw(SoakTimeline timeline) throws IOException {
        Files.createDirectories(options.chart().getParent());
        Files.writeString(
                options.chart(),
                SoakChart.svg(
                        timeline,
                        "Soak of " + options.duration().toSeconds() + " s with random faults, --seed "
                                + options.seed()));
        System.out.println("What happened over time: " + options.chart());
    }

    /** Draws one fault after the other until the time is over. */
    private int disturb(SoakMonitor monitor) throws InterruptedException {
        int faults = 0;
        long end = System.nanoTime() + options.duration().toNanos();
        while (System.nanoTime() < end) {
            SoakPair pair = pairs.get(random.nextInt(pairs.size()));
            SoakFault fault = SoakFault.ALL.get(random.nextInt(SoakFault.ALL.size()));
            Duration length = upTo(LONGEST_FAULT);
            Duration begin = monitor.now();
            System.out.printf(
                    Locale.ROOT,
                    "%d s, %s: %s for %d ms%n",
                    begin.toSeconds(),
                    pair.name(),
                    fault.name(),
                    length.toMillis());
            fault.begin().accept(pair);
            pause(length);
            pair.heal();
            monitor.ended(fault, pair, begin);
            pause(upTo(LONGEST_PAUSE));
            faults++;
        }
        return faults;
    }

    private Duration upTo(Duration longest) {
        return Duration.ofMillis(random.nextLong(longest.toMillis()));
    }

    /** Waits until all accepted messages have arrived. */
    private SoakTable settle() throws InterruptedException {
        List<SoakTable.Row> rows = new ArrayList<>();
        for (SoakPair pair : pairs) {
            int mark = pair.ledger().sent();
            boolean hears = await(() -> pair.ledger().hasReceivedSince(mark));
            boolean ended = pair.end(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            await(() -> pair.ledger().missing().isEmpty());
            rows.add(new SoakTable.Row(
                    pair.name(), pair.ledger(), pair.acknowledged(), pair.reconnects(), hears, ended));
        }
        return new SoakTable(rows, 0, 0);
    }

    private static boolean await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            pause(Duration.ofMillis(20));
        }
        return true;
    }

    /** Bytes of heap in use, after a garbage collection and without the emulator's records. */
    private static long usedMemory(AwsIotEmulator aws) {
        aws.clearReceivedPublishes();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static void pause(Duration duration) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
