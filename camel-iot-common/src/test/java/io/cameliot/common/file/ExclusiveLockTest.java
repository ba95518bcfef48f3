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

import io.cameliot.testinfra.process.JavaCommand;
import java.io.Closeable;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets the lock of a file; the other process is a real one. */
class ExclusiveLockTest {

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("lock");
    }

    @Test
    void keepsOtherProcessesOutAfterItWasRefusedInItsOwn() throws Exception {
        try (ExclusiveLock held = ExclusiveLock.tryLock(file).orElseThrow()) {
            assertThat(ExclusiveLock.tryLock(file)).isEmpty();

            assertThat(otherProcess()).isEqualTo("refused");
            held.close();

            assertThat(otherProcess()).isEqualTo("locked");
        }
    }

    @Test
    void keepsOtherProcessesOutAfterItWasRefusedUnderAnotherPath() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Files.createDirectory(folder.resolve("real")));
        file = folder.resolve("real/lock");
        try (ExclusiveLock held = ExclusiveLock.tryLock(file).orElseThrow()) {
            assertThat(ExclusiveLock.tryLock(link.resolve("lock"))).isEmpty();

            assertThat(otherProcess()).isEqualTo("refused");
            assertThat(held).isNotNull();
        }
    }

    /** As in two web applications of one server, or in two bundles that each have this class. */
    @Test
    void keepsOtherProcessesOutAfterItWasRefusedInAnotherClassLoader() throws Exception {
        try (URLClassLoader other = new URLClassLoader(new URL[] {classes()}, ClassLoader.getPlatformClassLoader())) {
            Class<?> sameName = other.loadClass(ExclusiveLock.class.getName());
            assertThat(sameName).isNotEqualTo(ExclusiveLock.class);
            try (ExclusiveLock held = ExclusiveLock.tryLock(file).orElseThrow()) {
                assertThat(tryLock(sameName)).isEmpty();

                assertThat(otherProcess()).isEqualTo("refused");
                held.close();

                Optional<?> free = tryLock(sameName);
                assertThat(free).isPresent();
                ((Closeable) free.get()).close();
            }
        }
    }

    @Test
    void isRefusedWhereOtherCodeOfItsProcessHasLockedTheFile() throws Exception {
        try (FileChannel locked = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertThat(locked.lock()).isNotNull();

            assertThat(ExclusiveLock.tryLock(file)).isEmpty();
        }
        ExclusiveLock.tryLock(file).orElseThrow().close();
    }

    @Test
    void releasesItsOwnLockOnly() throws Exception {
        ExclusiveLock first = ExclusiveLock.tryLock(file).orElseThrow();
        first.close();
        try (ExclusiveLock second = ExclusiveLock.tryLock(file).orElseThrow()) {
            first.close();

            assertThat(ExclusiveLock.tryLock(file)).isEmpty();
            assertThat(second).isNotNull();
        }
    }

    @Test
    void canBeTriedAgainAfterItFailed() throws Exception {
        Files.createDirectory(file);
        assertThatThrownBy(() -> ExclusiveLock.tryLock(file)).isInstanceOf(IOException.class);
        Files.delete(file);

        ExclusiveLock.tryLock(file).orElseThrow().close();
    }

    private Optional<?> tryLock(Class<?> lock) throws ReflectiveOperationException {
        return (Optional<?>) lock.getMethod("tryLock", Path.class).invoke(null, file);
    }

    private static URL classes() {
        return ExclusiveLock.class.getProtectionDomain().getCodeSource().getLocation();
    }

    /** Returns what {@link LockingProcess} has printed. */
    private String otherProcess() throws Exception {
        Process process = new ProcessBuilder(JavaCommand.of(LockingProcess.class, List.of(), file.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        } finally {
            process.destroyForcibly();
        }
    }

    /** Tries to lock a file, and prints whether it could. */
    static final class LockingProcess {

        private LockingProcess() {}

        public static void main(String[] args) throws IOException {
            Optional<ExclusiveLock> lock = ExclusiveLock.tryLock(Path.of(args[0]));
            System.out.println(lock.isPresent() ? "locked" : "refused");
            if (lock.isPresent()) {
                lock.get().close();
            }
        }
    }
}
