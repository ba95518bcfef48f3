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

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;

/**
 * The lock of a file: of all processes, and of all users in this process, one has it at a time.
 *
 * <p>POSIX drops the locks that a process has on a file as soon as the process closes any descriptor of that file
 * (fcntl(2)). So a file that this process has locked must not be opened a second time, not even to find out that it is
 * locked. The system properties list the files that are locked: all class loaders of a JVM share them, and not the static
 * fields of a class.
 *
 * <p>Thread-safe.
 */
public final class ExclusiveLock implements Closeable {

    private static final String PROPERTY = ExclusiveLock.class.getName() + ":";

    private final String property;
    private final FileChannel channel;

    private ExclusiveLock(String property, FileChannel channel) {
        this.property = property;
        this.channel = channel;
    }

    /**
     * Locks a file, without waiting. Creates the file if it does not exist; only its owner can read it then.
     *
     * @param file a file in an existing directory
     * @return the lock, which {@link #close} releases; empty if someone else has it
     * @throws IOException if the file cannot be created, opened or locked
     */
    public static Optional<ExclusiveLock> tryLock(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent().toRealPath();
        String property = PROPERTY + directory.resolve(file.getFileName());
        if (System.getProperties().putIfAbsent(property, "locked") != null) {
            return Optional.empty();
        }
        FileChannel locked = null;
        try {
            locked = open(file);
        } finally {
            if (locked == null) {
                System.getProperties().remove(property);
            }
        }
        return Optional.ofNullable(locked).map(channel -> new ExclusiveLock(property, channel));
    }

    /** Returns the channel that has the lock; null if someone else has it. */
    private static FileChannel open(Path file) throws IOException {
        FileChannel opened = FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OwnerOnly.file(file));
        boolean locked = false;
        try {
            locked = opened.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // Code that does not use this class has locked the file in this process.
        } finally {
            if (!locked) {
                opened.close();
            }
        }
        return locked ? opened : null;
    }

    /** Releases the lock. Has no effect if it is released already. */
    @Override
    public synchronized void close() throws IOException {
        if (channel.isOpen()) {
            try {
                channel.close();
            } finally {
                System.getProperties().remove(property);
            }
        }
    }
}
