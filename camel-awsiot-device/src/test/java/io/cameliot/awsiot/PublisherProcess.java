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
import java.util.List;
import java.util.function.Predicate;

/** Runs {@link OutboxPublisher} in a JVM of its own. */
final class PublisherProcess implements AutoCloseable {

    private final ChildJvm jvm;
    private final List<Long> completed = new ArrayList<>();

    private PublisherProcess(ChildJvm jvm) {
        this.jvm = jvm;
    }

    static PublisherProcess start(String uri, long firstNumber, int size) throws IOException {
        return new PublisherProcess(ChildJvm.start(
                OutboxPublisher.class, List.of(), uri, String.valueOf(firstNumber), String.valueOf(size)));
    }

    /**
     * @param kibibytes what a file may have; a write beyond fails as on a full disk
     */
    static PublisherProcess startWithFileLimit(int kibibytes, String uri, long firstNumber, int size)
            throws IOException {
        return new PublisherProcess(ChildJvm.startWithFileLimit(
                kibibytes, OutboxPublisher.class, List.of(), uri, String.valueOf(firstNumber), String.valueOf(size)));
    }

    /** Reads until so many exchanges have completed. */
    void awaitCompleted(int count) throws IOException {
        String last = read(line -> completed.size() >= count);
        if (last == null) {
            throw new IOException("The process ended after " + completed.size() + " exchanges");
        }
    }

    /**
     * Reads until the first line that is no number.
     *
     * @return the line, null if the process ended
     */
    String awaitText() throws IOException {
        return read(line -> !isNumber(line));
    }

    /** Kills the process as {@code kill -9} does, and reads what it had said until then. */
    void kill() throws IOException {
        jvm.kill();
        read(line -> false);
    }

    /** The numbers whose exchange has completed, as far as they were read. */
    List<Long> completed() {
        return completed;
    }

    private String read(Predicate<String> end) throws IOException {
        return jvm.readUntil(line -> {
            if (isNumber(line)) {
                completed.add(Long.valueOf(line));
            }
            return end.test(line);
        });
    }

    private static boolean isNumber(String line) {
        return !line.isEmpty() && line.chars().allMatch(Character::isDigit);
    }

    @Override
    public void close() {
        jvm.close();
    }
}
