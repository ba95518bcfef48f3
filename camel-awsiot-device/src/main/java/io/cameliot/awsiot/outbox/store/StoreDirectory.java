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
package io.cameliot.awsiot.outbox.store;

import io.cameliot.common.file.ExclusiveLock;
import io.cameliot.common.file.OwnerOnlyFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directory of one store. It holds numbered files, and a lock that keeps other stores out. */
final class StoreDirectory implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(StoreDirectory.class);

    private static final String LOCK_FILE = "lock";
    private static final String SUFFIX = ".log";

    private final Path path;
    private final ExclusiveLock lock;

    private StoreDirectory(Path path, ExclusiveLock lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Creates the directory if it does not exist, and locks it.
     *
     * @throws OutboxException if the directory is unusable, or another store has it open
     */
    static StoreDirectory open(Path path) throws OutboxException {
        return new StoreDirectory(path, lock(path));
    }

    private static ExclusiveLock lock(Path directory) throws OutboxException {
        try {
            OwnerOnlyFiles.createDirectories(directory);
            Optional<ExclusiveLock> lock = ExclusiveLock.tryLock(directory.resolve(LOCK_FILE));
            if (lock.isPresent()) {
                return lock.get();
            }
        } catch (FileAlreadyExistsException e) {
            throw unusable(directory, e.getFile() + " is a file; name a directory", e);
        } catch (IOException e) {
            throw unusable(directory, "it cannot be made, or not be written to (" + e + ")", e);
        }
        throw new OutboxException(
                "The outbox " + directory + " is in use by another process or Camel context, or by a route to another"
                        + " endpoint: its files belong to the client id. AWS IoT Core keeps one connection per client id"
                        + " of an account: stop the other one, or give each its own clientId, or for another account its"
                        + " own outboxDirectory",
                null);
    }

    static OutboxException unusable(Path directory, String reason, Exception cause) {
        return new OutboxException(
                "Option outboxDirectory: the outbox " + directory + " is unusable: " + reason, cause);
    }

    /** Returns the files, oldest first. */
    List<Path> files() throws IOException {
        try (Stream<Path> entries = Files.list(path)) {
            return entries.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .sorted(Comparator.comparingLong(StoreDirectory::numberOf))
                    .toList();
        }
    }

    /** Returns the file of a number. Its name has ASCII digits in every locale. */
    Path file(long number) {
        return path.resolve(String.format(Locale.ROOT, "%016d%s", number, SUFFIX));
    }

    /**
     * Returns the number of a file. Earlier versions wrote other digits in some locales, and these are read as well.
     */
    static long numberOf(Path file) {
        String name = file.getFileName().toString();
        return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    }

    /** Makes the names of new files survive a power loss. Systems that cannot open a directory do not need this. */
    void sync() {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            LOG.debug("The directory {} cannot be synced", path, e);
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
