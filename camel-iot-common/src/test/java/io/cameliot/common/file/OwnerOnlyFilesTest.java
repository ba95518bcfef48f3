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
package io.cameliot.common.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is on the disk when a method returns. The JVM itself records the files and directories that it has synced. */
class OwnerOnlyFilesTest {

    @TempDir
    private Path folder;

    @Test
    void syncsTheParentOfEachDirectoryThatItCreates() throws Exception {
        Path directory = folder.resolve("fleet/devices/sensor-17");

        assertThat(syncedBy(() -> createDirectories(directory)))
                .containsExactlyInAnyOrder(
                        folder.toString(),
                        folder.resolve("fleet").toString(),
                        folder.resolve("fleet/devices").toString());
        assertThat(directory).isDirectory();
    }

    @Test
    void syncsTheParentOfARelativeDirectory() throws Exception {
        Path here = Path.of("").toAbsolutePath();
        Path directory = here.relativize(folder.resolve("fleet"));

        assertThat(syncedBy(() -> createDirectories(directory))).singleElement().satisfies(synced -> assertThat(
                        Path.of(synced))
                .isEqualTo(here.resolve(directory).getParent()));
        assertThat(folder.resolve("fleet")).isDirectory();
    }

    @Test
    void syncsNothingForADirectoryThatExists() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Files.createDirectory(folder.resolve("device")));

        assertThat(syncedBy(() -> createDirectories(link))).isEmpty();
    }

    @Test
    void syncsAFileBeforeItsDirectory() throws Exception {
        Path file = folder.resolve("identity.json");

        List<String> synced = syncedBy(() -> {
            OwnerOnlyFiles.replace(file, "{}".getBytes(StandardCharsets.UTF_8));
            return null;
        });

        assertThat(synced).hasSize(2).last().isEqualTo(folder.toString());
        assertThat(synced.get(0)).startsWith(folder.resolve(".").toString()).endsWith(".tmp");
        assertThat(file).hasContent("{}");
    }

    @Test
    void refusesAFileInPlaceOfADirectory() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> OwnerOnlyFiles.createDirectories(file)).isInstanceOf(FileAlreadyExistsException.class);
    }

    private static Void createDirectories(Path directory) throws Exception {
        OwnerOnlyFiles.createDirectories(directory);
        return null;
    }

    private List<String> syncedBy(Callable<Void> work) throws Exception {
        Path recorded = Files.createTempFile("synced", ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.FileForce").withoutThreshold();
            recording.start();
            work.call();
            recording.stop();
            recording.dump(recorded);
            return RecordingFile.readAllEvents(recorded).stream()
                    .filter(event -> event.getThread().getJavaThreadId()
                            == Thread.currentThread().getId())
                    .sorted(Comparator.comparing(RecordedEvent::getStartTime))
                    .map(event -> event.getString("path"))
                    .toList();
        } finally {
            Files.delete(recorded);
        }
    }
}
