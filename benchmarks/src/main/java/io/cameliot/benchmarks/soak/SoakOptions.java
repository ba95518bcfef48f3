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

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The command line of {@link Soak}.
 *
 * @param duration time during which faults occur
 * @param seed seed of the random faults
 * @param chart the SVG file that shows what happened
 */
record SoakOptions(Duration duration, long seed, Path chart) {

    static final String USAGE =
            """
            Publishes and consumes through random faults, and keeps account of each message.
              --seconds N   how long; 180 by default
              --seed N      draws the same faults as the run that printed it
              --chart FILE  an SVG file for what happened over time; target/soak.svg by default
              --help        this text
            Ends with 1 if a message was lost or a consumer was deaf at the end.
            """;

    /**
     * Parses the command line.
     *
     * @throws IllegalArgumentException if an option is unknown, or if its value is missing or invalid
     */
    static SoakOptions parse(String... commandLine) {
        Duration duration = Duration.ofMinutes(3);
        long seed = ThreadLocalRandom.current().nextLong(1_000_000);
        Path chart = Path.of("target", "soak.svg");
        Deque<String> rest = new ArrayDeque<>(List.of(commandLine));
        while (!rest.isEmpty()) {
            String option = rest.removeFirst();
            switch (option) {
                case "--seconds" -> duration = Duration.ofSeconds(number(option, rest));
                case "--seed" -> seed = number(option, rest);
                case "--chart" -> chart = Path.of(value(option, rest));
                default -> throw new IllegalArgumentException("Unknown option " + option);
            }
        }
        if (duration.toSeconds() < 1) {
            throw new IllegalArgumentException("--seconds must be 1 or more, not " + duration.toSeconds());
        }
        return new SoakOptions(duration, seed, chart.toAbsolutePath());
    }

    private static String value(String option, Deque<String> rest) {
        if (rest.isEmpty()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return rest.removeFirst();
    }

    private static long number(String option, Deque<String> rest) {
        String value = value(option, rest);
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " needs a whole number, not " + value, e);
        }
    }
}
