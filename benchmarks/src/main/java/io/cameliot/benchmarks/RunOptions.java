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
package io.cameliot.benchmarks;

import io.cameliot.benchmarks.peer.Peer;
import io.cameliot.benchmarks.plan.BenchmarkCase;
import io.cameliot.benchmarks.plan.Cases;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The command line.
 *
 * @param inner runs only the JMH benchmarks of the inner parts
 * @param selection what is measured
 * @param execution how it is measured
 * @param output where the results go
 */
record RunOptions(boolean inner, Selection selection, Execution execution, Output output) {

    /**
     * Selects cases and peers.
     *
     * @param cases ids of the cases to run; all if empty
     * @param peers names of the peers to run; all if empty
     */
    record Selection(List<String> cases, List<String> peers) {

        boolean includes(BenchmarkCase benchmark) {
            return cases.isEmpty() || cases.contains(benchmark.id());
        }

        boolean includes(Peer peer) {
            return peers.isEmpty() || peers.contains(peer.name());
        }
    }

    /**
     * The way of measuring.
     *
     * @param quick runs each case once and briefly, to check that it works; the figures have no meaning
     * @param pairs number of rounds, in each of which every peer is measured
     * @param jvmOptions additional options of the clients' JVM, such as a profiler
     * @param embedded uses ActiveMQ Artemis as broker even if mosquitto is installed
     */
    record Execution(boolean quick, int pairs, List<String> jvmOptions, boolean embedded) {}

    /**
     * The results.
     *
     * @param directory directory of the results
     * @param page the page to update; null for none
     */
    record Output(Path directory, Path page) {}

    static final String USAGE =
            """
            Measures both components side by side with their peers.
              --quick          each case for a moment and once, to see that it works
              --pairs N        how often each client is measured; 5 by default
              --cases A,B      only these cases
              --peers A,B      only these peers
              --output DIR     where results are written; target/benchmarks by default
              --page FILE      a page whose results are to be replaced, and beside it CSV and SVG
              --jvm OPTION     a further option of the clients' JVM, can be repeated
              --embedded       ActiveMQ Artemis as broker even where mosquitto is installed
              --inner          the inner parts, by JMH, and nothing else
              --list           lists cases and peers
              --help           this text
            """;

    static RunOptions parse(String... commandLine) {
        boolean quick = false;
        int pairs = 5;
        List<String> cases = List.of();
        List<String> peers = List.of();
        List<String> jvmOptions = new ArrayList<>();
        Path output = Path.of("target", "benchmarks");
        Path page = null;
        boolean embedded = false;
        boolean inner = false;
        Deque<String> rest = new ArrayDeque<>(List.of(commandLine));
        while (!rest.isEmpty()) {
            String option = rest.removeFirst();
            switch (option) {
                case "--quick" -> quick = true;
                case "--pairs" -> pairs = Integer.parseInt(value(option, rest));
                case "--cases" -> cases = Arrays.asList(value(option, rest).split(","));
                case "--peers" -> peers = Arrays.asList(value(option, rest).split(","));
                case "--output" -> output = Path.of(value(option, rest));
                case "--page" -> page = Path.of(value(option, rest));
                case "--jvm" -> jvmOptions.add(value(option, rest));
                case "--embedded" -> embedded = true;
                case "--inner" -> inner = true;
                default -> throw new IllegalArgumentException("Unknown option " + option);
            }
        }
        Set<String> knownCases = Cases.of(quick).stream().map(BenchmarkCase::id).collect(Collectors.toSet());
        Set<String> knownPeers = Stream.of(Peer.values()).map(Peer::name).collect(Collectors.toSet());
        requireKnown("case", cases, knownCases);
        requireKnown("peer", peers, knownPeers);
        return new RunOptions(
                inner,
                new Selection(cases, peers),
                new Execution(quick, quick ? 1 : pairs, List.copyOf(jvmOptions), embedded),
                new Output(output.toAbsolutePath(), page));
    }

    private static void requireKnown(String what, List<String> names, Set<String> known) {
        for (String name : names) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("Unknown " + what + " " + name + ", see --list");
            }
        }
    }

    private static String value(String option, Deque<String> rest) {
        if (rest.isEmpty()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return rest.removeFirst();
    }
}
