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
package io.cameliot.azure.dps.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileAssignmentStoreTest {

    private static final String SCOPE = "0ne00000001";

    @TempDir
    Path parent;

    @Test
    void remembersAcrossRestarts() throws Exception {
        open().save(SCOPE, "dev-1", assignment("hub-1"));
        open().save(SCOPE, "dev-2", assignment("hub-2"));

        assertThat(open().load(SCOPE, "dev-1")).contains(assignment("hub-1"));
        assertThat(open().load(SCOPE, "dev-2")).contains(assignment("hub-2"));
        assertThat(open().load(SCOPE, "dev-3")).isEmpty();
        assertThat(open().load("0ne00000002", "dev-1")).isEmpty();
    }

    @Test
    void replacesAnEarlierAssignment() throws Exception {
        AssignmentStore store = open();
        store.save(SCOPE, "dev-1", assignment("hub-1"));
        store.save(SCOPE, "dev-1", assignment("hub-2"));

        assertThat(store.load(SCOPE, "dev-1")).contains(assignment("hub-2"));
        assertThat(files()).hasSize(1);
    }

    @Test
    void tellsWhenAnAssignmentWasSaved() throws Exception {
        Instant before = Instant.now().minusSeconds(2);
        AssignmentStore store = open();
        store.save(SCOPE, "dev-1", assignment("hub-1"));

        assertThat(store.savedAt(SCOPE, "DEV-1").orElseThrow())
                .isBetween(before, Instant.now().plusSeconds(2));
        assertThat(store.savedAt(SCOPE, "dev-2")).isEmpty();

        Files.setLastModifiedTime(files().get(0), FileTime.from(Instant.EPOCH));
        assertThat(open().savedAt(SCOPE, "dev-1")).contains(Instant.EPOCH);

        store.save(SCOPE, "dev-1", assignment("hub-1"));
        assertThat(store.savedAt(SCOPE, "dev-1").orElseThrow()).isAfter(before);
    }

    @Test
    void takesRegistrationIdsAsTheServiceDoesWithoutCase() throws Exception {
        open().save(SCOPE, "Dev:1.a_b", assignment("hub-1"));

        assertThat(open().load(SCOPE, "dev:1.A_B")).contains(assignment("hub-1"));
        assertThat(open().load(SCOPE, "dev=1.a_b")).isEmpty();
    }

    @Test
    void holdsTheLongestRegistrationId() throws Exception {
        String id = ":".repeat(127) + "1";

        open().save(SCOPE, id, assignment("hub-1"));

        assertThat(open().load(SCOPE, id)).contains(assignment("hub-1"));
    }

    @Test
    void letsOnlyTheOwnerRead() throws Exception {
        open().save(SCOPE, "dev-1", assignment("hub-1"));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory())))
                .isEqualTo("rwx------");
        assertThat(files()).singleElement().satisfies(file -> assertThat(
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json",
                "{\"idScope\":\"0ne00000001\"",
                "[]",
                "{}",
                "{\"idScope\":\"0ne00000001\",\"registrationId\":\"dev-2\",\"registrationState\":"
                        + "{\"assignedHub\":\"h\",\"deviceId\":\"d\"}}",
                "{\"idScope\":\"0ne00000001\",\"registrationId\":\"dev-1\",\"registrationState\":{\"assignedHub\":\"h\"}}",
            })
    void takesABrokenFileForNoneAndMendsIt(String content) throws Exception {
        AssignmentStore store = open();
        store.save(SCOPE, "dev-1", assignment("hub-1"));
        Files.writeString(files().get(0), content);

        assertThat(store.load(SCOPE, "dev-1")).isEmpty();

        store.save(SCOPE, "dev-1", assignment("hub-2"));
        assertThat(store.load(SCOPE, "dev-1")).contains(assignment("hub-2"));
    }

    /** Every store has its own state, as those of other processes have. */
    @Test
    void isNeverSeenHalfWrittenByOthers() throws Exception {
        open().save(SCOPE, "dev-1", assignment("hub-0"));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            StoredAssignment assignment = assignment("hub-" + i);
            tasks.add(() -> {
                open().save(SCOPE, "dev-1", assignment);
                return true;
            });
            tasks.add(() -> open().load(SCOPE, "dev-1").isPresent());
        }
        try {
            for (Future<Boolean> done : threads.invokeAll(tasks)) {
                assertThat(done.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(files()).hasSize(1);
    }

    @Test
    void leavesTheEarlierAssignmentWhenTheNewOneCannotBeWritten() throws Exception {
        AssignmentStore store = open();
        store.save(SCOPE, "dev-1", assignment("hub-1"));
        Path file = files().get(0);
        Files.delete(file);
        Files.createDirectory(file);
        Files.createFile(file.resolve("in-the-way"));

        assertThat(catchThrowable(() -> store.save(SCOPE, "dev-1", assignment("hub-2"))))
                .isInstanceOf(IOException.class);

        assertThat(files()).containsExactly(file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "file:", "/tmp/somewhere", "classpath:somewhere", "http://x"})
    void refusesALocationThatIsNoFile(String location) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FileAssignmentStore.open(location))
                .withMessageContaining("Option assignmentStore=" + location)
                .withMessageContaining("file:");
    }

    @Test
    void refusesAFileInPlaceOfTheDirectory() throws Exception {
        Files.createFile(directory());

        assertThatIllegalArgumentException().isThrownBy(this::open).withMessageContaining("it is a file");
    }

    @Test
    void refusesADirectoryBelowAFile() throws Exception {
        Files.createFile(directory());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> FileAssignmentStore.open("file:" + directory().resolve("below")))
                .withMessageContaining("Option assignmentStore=");
    }

    @Test
    void takesAFileUri() throws Exception {
        FileAssignmentStore.open(directory().toUri().toString()).save(SCOPE, "dev-1", assignment("hub-1"));

        assertThat(files()).hasSize(1);
    }

    private FileAssignmentStore open() {
        return FileAssignmentStore.open("file:" + directory());
    }

    private Path directory() {
        return parent.resolve("assignments");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory())) {
            return files.toList();
        }
    }

    private static StoredAssignment assignment(String hub) {
        ObjectNode state =
                JsonNodeFactory.instance.objectNode().put("assignedHub", hub).put("deviceId", "dev-1");
        return new StoredAssignment("4.op", "sharedAccessKey", state);
    }
}
