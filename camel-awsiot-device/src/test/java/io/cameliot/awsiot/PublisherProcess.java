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
package io.cameliot.awsiot;

import io.cameliot.awsiot.testing.ChildJvm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Runs {@link OutboxPublisher} in a JVM of its own. */
final class PublisherProcess implements AutoCloseable {

    private static final Pattern COMPLETED = Pattern.compile("(\\d+) (\\d+)");

    private final ChildJvm jvm;
    private final int endpoints;
    private final Map<Integer, List<Long>> completed = new HashMap<>();

    private PublisherProcess(ChildJvm jvm, int endpoints) {
        this.jvm = jvm;
        this.endpoints = endpoints;
    }

    static PublisherProcess start(long firstNumber, int size, String... uris) throws IOException {
        return new PublisherProcess(
                ChildJvm.start(OutboxPublisher.class, List.of(), arguments(firstNumber, size, uris)), uris.length);
    }

    /**
     * @param kibibytes what a file may have; a write beyond fails as on a full disk
     */
    static PublisherProcess startWithFileLimit(int kibibytes, long firstNumber, int size, String... uris)
            throws IOException {
        return new PublisherProcess(
                ChildJvm.startWithFileLimit(
                        kibibytes, OutboxPublisher.class, List.of(), arguments(firstNumber, size, uris)),
                uris.length);
    }

    private static String[] arguments(long firstNumber, int size, String... uris) {
        return Stream.concat(Stream.of(String.valueOf(firstNumber), String.valueOf(size)), Stream.of(uris))
                .toArray(String[]::new);
    }

    /** Reads until so many exchanges have completed, those of all endpoints together, and one of each at least. */
    void awaitCompleted(int count) throws IOException {
        String last = read(line -> completed.size() == endpoints
                && completed.values().stream().mapToInt(List::size).sum() >= count);
        if (last == null) {
            throw new IOException("The process ended after " + completed);
        }
    }

    /**
     * Reads until the first line that is no number.
     *
     * @return the line, null if the process ended
     */
    String awaitText() throws IOException {
        return read(line -> !COMPLETED.matcher(line).matches());
    }

    /** Kills the process as {@code kill -9} does, and reads what it had said until then. */
    void kill() throws IOException {
        jvm.kill();
        read(line -> false);
    }

    /** The numbers whose exchange has completed at an endpoint, as far as they were read. */
    List<Long> completed(int endpoint) {
        return completed.getOrDefault(endpoint, List.of());
    }

    private String read(Predicate<String> end) throws IOException {
        return jvm.readUntil(line -> {
            Matcher number = COMPLETED.matcher(line);
            if (number.matches()) {
                completed
                        .computeIfAbsent(Integer.valueOf(number.group(1)), any -> new ArrayList<>())
                        .add(Long.valueOf(number.group(2)));
            }
            return end.test(line);
        });
    }

    @Override
    public void close() {
        jvm.close();
    }
}
