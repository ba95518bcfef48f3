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
package io.cameliot.awsiot.outbox;

import io.cameliot.awsiot.outbox.store.AcceptedMessage;
import io.cameliot.awsiot.outbox.store.MessageStore;
import io.cameliot.awsiot.outbox.store.OutboxException;
import io.cameliot.awsiot.outbox.store.StoredMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to the store of an outbox, and logs when that fails and when it works again.
 *
 * <p>Not thread-safe: confined to the worker of the outbox.
 */
final class StoreWriter {

    private static final Logger LOG = LoggerFactory.getLogger(StoreWriter.class);

    /** How long removals of acknowledged messages may wait to be written as a batch. */
    private static final long FLUSH_NANOS = Duration.ofMillis(100).toNanos();

    private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();

    private final String outbox;
    private final Path directory;
    private final MessageStore store;
    private long flushAt;
    private boolean failing;

    /**
     * @param outbox name of the outbox, as the beginning of a sentence
     * @param directory option {@code outboxDirectory}; null in memory
     */
    StoreWriter(String outbox, Path directory, MessageStore store) {
        this.outbox = outbox;
        this.directory = directory;
        this.store = store;
    }

    /**
     * Stores messages.
     *
     * @throws OutboxException if the messages could not be written; none of them is stored
     */
    List<StoredMessage> append(List<AcceptedMessage> messages) throws OutboxException {
        try {
            List<StoredMessage> stored = store.append(messages);
            worked();
            return stored;
        } catch (Throwable e) {
            failed(e);
            throw new OutboxException(
                    outbox + " could not write to outboxDirectory " + directory + " (" + e
                            + "): the message was not accepted. What was accepted before is kept and will be sent",
                    e);
        }
    }

    /** Writes the removals of acknowledged messages if they are due. */
    void flush() {
        if (!store.isFlushDue()) {
            flushAt = 0;
            return;
        }
        long now = System.nanoTime();
        if (flushAt == 0) {
            flushAt = now + FLUSH_NANOS;
        }
        if (flushAt - now <= 0) {
            try {
                store.flush();
                flushAt = 0;
                worked();
            } catch (IOException e) {
                failed(e);
                flushAt = now + RETRY_NANOS;
            }
        }
    }

    private void failed(Throwable failure) {
        if (!failing) {
            LOG.warn(
                    "{} cannot write to outboxDirectory {}: it accepts no messages until it can, and goes on sending",
                    outbox,
                    directory,
                    failure);
        }
        failing = true;
    }

    private void worked() {
        if (failing) {
            LOG.info("{} can write to outboxDirectory {} again", outbox, directory);
        }
        failing = false;
    }

    /** Returns when {@link #flush} is due, in terms of {@link System#nanoTime()}; 0 if it is not. */
    long flushAt() {
        return flushAt;
    }

    /** Writes all removals and closes the store. */
    void close() {
        try {
            store.flush();
        } catch (IOException e) {
            LOG.warn("{} will send some messages again that have arrived already", outbox, e);
        }
        try {
            store.close();
        } catch (IOException e) {
            LOG.warn("{} was not closed in order", outbox, e);
        }
    }
}
