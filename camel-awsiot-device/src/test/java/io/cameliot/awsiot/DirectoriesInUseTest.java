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

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cameliot.awsiot.outbox.store.FileMessageStore;
import io.cameliot.awsiot.provisioning.identity.DeviceDirectory;
import io.cameliot.awsiot.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The directories that one process and one user in it may use at a time. */
class DirectoriesInUseTest {

    @TempDir
    private Path folder;

    /** The directories, each with its user. */
    enum Directory {
        OUTBOX {
            @Override
            AutoCloseable open(Path path) throws IOException {
                return FileMessageStore.open(path);
            }
        },
        IDENTITY {
            @Override
            AutoCloseable open(Path path) throws IOException {
                DeviceDirectory directory = new DeviceDirectory(path, InstantSource.system());
                directory.open();
                return directory;
            }
        };

        abstract AutoCloseable open(Path path) throws IOException;
    }

    /** A process loses its lock on a file when it opens and closes the file, as it might to find out about the lock. */
    @ParameterizedTest
    @EnumSource(Directory.class)
    void refusesAnotherProcessAfterItHasRefusedASecondUser(Directory directory) throws Exception {
        try (AutoCloseable user = directory.open(folder)) {
            assertThatThrownBy(() -> directory.open(folder)).hasMessageContaining("in use by another process");

            assertThat(otherProcess(directory)).contains("in use by another process");
            assertThat(user).isNotNull();
        }
    }

    private String otherProcess(Directory directory) throws IOException {
        try (ChildJvm jvm = ChildJvm.start(OtherProcess.class, List.of(), directory.name(), folder.toString())) {
            return jvm.readUntil(line -> true);
        }
    }

    /** Opens a directory, and prints whether it could. */
    static final class OtherProcess {

        private OtherProcess() {}

        public static void main(String[] args) throws Exception {
            try {
                Directory.valueOf(args[0]).open(Path.of(args[1])).close();
                System.out.println("opened");
            } catch (IOException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
