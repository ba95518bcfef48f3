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

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes files that only their owner can read, if the file system has POSIX permissions, and that a crash or a power
 * failure leaves whole: either with the old or with the new content.
 */
public final class OwnerOnlyFiles {

    private static final Logger LOG = LoggerFactory.getLogger(OwnerOnlyFiles.class);

    private static final String PREFIX = ".";
    private static final String SUFFIX = ".tmp";

    /** The names that {@link Files#createTempFile} makes of prefix, number and suffix. */
    private static final Pattern TEMPORARY = Pattern.compile(Pattern.quote(PREFIX) + "[0-9]+" + Pattern.quote(SUFFIX));

    private OwnerOnlyFiles() {}

    /**
     * Creates a directory and its parents, unless it exists. When this method returns, the names of new directories are
     * on the disk, where the file system can sync directories.
     *
     * @throws IOException if that fails, also if there is a file of this name
     */
    public static void createDirectories(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            List<Path> parents = Stream.iterate(
                            directory.toAbsolutePath(),
                            made -> made != null && !Files.isDirectory(made),
                            Path::getParent)
                    .map(Path::getParent)
                    .filter(Objects::nonNull)
                    .toList();
            Files.createDirectories(directory, OwnerOnly.directory(directory));
            parents.forEach(OwnerOnlyFiles::trySyncDirectory);
        }
    }

    /**
     * Deletes the temporary files of {@link #replace} and {@link #requireRoom} that a crash has left, because they can
     * hold secrets.
     *
     * @param directory a directory to which nobody else writes at the time
     * @throws IOException if that fails
     */
    public static void deleteTemporaryFiles(Path directory) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, OwnerOnlyFiles::isTemporary)) {
            for (Path file : left) {
                Files.deleteIfExists(file);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static boolean isTemporary(Path file) {
        return TEMPORARY.matcher(file.getFileName().toString()).matches()
                && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static Path createTemporary(Path directory) throws IOException {
        return Files.createTempFile(directory, PREFIX, SUFFIX, OwnerOnly.file(directory));
    }

    /**
     * Writes a file, or replaces it atomically where the file system can. When this method returns, the content is on
     * the disk under its name.
     *
     * @throws IOException if that fails; an earlier file is unchanged then
     */
    public static void replace(Path file, byte[] content) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        Path written = createTemporary(directory);
        try {
            write(written, content);
            rename(written, file);
        } finally {
            Files.deleteIfExists(written);
        }
    }

    /**
     * Checks that a file of this size can be written. A full disk is found out before something is done that cannot be
     * kept on it.
     *
     * @throws IOException if it cannot
     */
    public static void requireRoom(Path directory, int bytes) throws IOException {
        Path written = createTemporary(directory);
        try {
            write(written, new byte[bytes]);
        } finally {
            Files.deleteIfExists(written);
        }
    }

    /** Moves a file to another name in the same directory, and replaces the file there if there is one. */
    public static void rename(Path file, Path name) throws IOException {
        try {
            Files.move(file, name, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(file, name, StandardCopyOption.REPLACE_EXISTING);
        }
        syncDirectory(name.toAbsolutePath().getParent());
    }

    /**
     * Writes to the disk before the file gets its final name. Otherwise a power failure could leave an empty file.
     */
    private static void write(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            // The message of a full disk has no path.
            FileSystemException named = new FileSystemException(file.toString(), null, e.getMessage());
            named.initCause(e);
            throw named;
        }
    }

    private static void trySyncDirectory(Path directory) {
        try {
            syncDirectory(directory);
        } catch (IOException e) {
            // It may be unreadable for this user, who could write to it nevertheless.
            LOG.debug("The directory {} cannot be synced", directory, e);
        }
    }

    /** A new name is durable only when its directory is (fsync(2)). Windows opens no directories and needs no sync. */
    private static void syncDirectory(Path directory) throws IOException {
        if (OwnerOnly.isPosix(directory)) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
