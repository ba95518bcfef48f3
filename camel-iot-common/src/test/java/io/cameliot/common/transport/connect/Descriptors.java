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
package io.cameliot.common.transport.connect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The open file descriptors of this process, according to Linux (proc(5)). Empty on other systems. */
public final class Descriptors {

    private static final Path MINE = Path.of("/proc/self/fd");
    private static final List<Path> TABLES = List.of(Path.of("/proc/self/net/tcp"), Path.of("/proc/self/net/tcp6"));

    private Descriptors() {}

    /** The number of open selectors. */
    public static long selectors() {
        return open().stream().filter(target -> target.contains("eventpoll")).count();
    }

    /** The number of sockets that are, or were before the peer closed, connected to a port. */
    public static long connectedTo(int port) {
        List<String> open = open();
        String remote = String.format(Locale.ROOT, ":%04X", port);
        return TABLES.stream()
                .filter(Files::isReadable)
                .flatMap(table -> lines(table).stream().skip(1))
                .map(line -> line.trim().split("\\s+"))
                .filter(columns -> columns[2].endsWith(remote) && open.contains("socket:[" + columns[9] + "]"))
                .count();
    }

    private static List<String> lines(Path table) {
        try {
            return Files.readAllLines(table);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> open() {
        List<String> targets = new ArrayList<>();
        if (!Files.isDirectory(MINE)) {
            return targets;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(MINE)) {
            for (Path entry : entries) {
                try {
                    targets.add(Files.readSymbolicLink(entry).toString());
                } catch (NoSuchFileException e) {
                    // Closed since the directory was read.
                    continue;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return targets;
    }
}
