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
package io.cameliot.awsiot.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The TCP sockets that this process holds open, as Linux tells (proc(5)). Elsewhere none are seen, and what the fault proxy
 * and the emulator know of open connections has to do.
 */
final class OpenSockets {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final List<Path> TABLES = List.of(Path.of("/proc/self/net/tcp"), Path.of("/proc/self/net/tcp6"));

    private OpenSockets() {}

    /**
     * The sockets that are connected with a port, or were until the other side closed.
     *
     * @return the lines of the kernel's table, empty if there are none
     */
    static List<String> to(int port) {
        Set<String> mine = descriptors();
        String remote = ":" + String.format("%04X", port);
        return TABLES.stream()
                .flatMap(OpenSockets::lines)
                .filter(line -> {
                    String[] columns = line.trim().split("\\s+");
                    return columns[2].endsWith(remote) && mine.contains("socket:[" + columns[9] + "]");
                })
                .toList();
    }

    private static Stream<String> lines(Path table) {
        try {
            return Files.readAllLines(table).stream().skip(1);
        } catch (IOException e) {
            return Stream.of();
        }
    }

    private static Set<String> descriptors() {
        Set<String> targets = new HashSet<>();
        if (!Files.isDirectory(DESCRIPTORS)) {
            return targets;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(DESCRIPTORS)) {
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
