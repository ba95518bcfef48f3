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

import io.cameliot.awsiot.link.DeviceConnection;
import io.cameliot.awsiot.outbox.store.OutboxException;
import io.cameliot.awsiot.settings.ConnectionSettings;
import io.cameliot.common.camel.MqttThreads;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Keeps one {@link Outbox} for all producers of one connection, and closes it when its last user releases it. */
public final class OutboxManager {

    private final MqttThreads threads;
    private final Function<ConnectionSettings, OutboxCounters> totals;
    private final Map<ConnectionSettings, Shared> outboxes = new HashMap<>(); // guarded by this

    /**
     * @param totals returns the counters to which the outbox of a connection adds its counts
     */
    public OutboxManager(MqttThreads threads, Function<ConnectionSettings, OutboxCounters> totals) {
        this.threads = threads;
        this.totals = totals;
    }

    /**
     * Returns the outbox of this connection, and opens it if it is not open. The caller must call {@link #release} once
     * for each call, before it releases the connection.
     *
     * @throws OutboxException if the directory of the outbox is unusable, in use or damaged
     * @throws IllegalArgumentException if the connection has an outbox with other options
     */
    public synchronized Outbox acquire(DeviceConnection connection, OutboxSettings settings) throws OutboxException {
        Shared shared = outboxes.get(connection.settings());
        if (shared == null) {
            shared = new Shared(Outbox.open(connection, settings, threads, totals.apply(connection.settings())));
            outboxes.put(connection.settings(), shared);
        } else if (!shared.outbox.settings().equals(settings)) {
            throw new IllegalArgumentException("The connection with " + connection.settings() + " has an outbox with"
                    + " other options already (" + shared.outbox.settings() + ", not " + settings
                    + "): give all its endpoints the same outbox, outboxDirectory, outboxMaxMessages and"
                    + " outboxOverflow, or outbox=none, or different client ids");
        }
        shared.users++;
        return shared.outbox;
    }

    /**
     * Releases an outbox, and closes it if this was its last user.
     *
     * @return completes when the outbox is closed; at once while others use it
     */
    public synchronized CompletableFuture<Void> release(Outbox outbox) {
        ConnectionSettings key = outbox.connection().settings();
        Shared shared = outboxes.get(key);
        if (shared == null || shared.outbox != outbox || --shared.users > 0) {
            return CompletableFuture.completedFuture(null);
        }
        outboxes.remove(key);
        return outbox.close();
    }

    /**
     * Closes all outboxes, including those still in use.
     *
     * @return completes when they are closed
     */
    public synchronized CompletableFuture<Void> closeAll() {
        CompletableFuture<?>[] closing =
                outboxes.values().stream().map(shared -> shared.outbox.close()).toArray(CompletableFuture[]::new);
        outboxes.clear();
        return CompletableFuture.allOf(closing);
    }

    /** Returns the status of a connection's outbox; all zero if it has none. */
    public synchronized OutboxStatus status(ConnectionSettings connection) {
        Shared shared = outboxes.get(connection);
        return shared == null ? OutboxStatus.NONE : shared.outbox.status();
    }

    private static final class Shared {

        private final Outbox outbox;
        private int users;

        Shared(Outbox outbox) {
            this.outbox = outbox;
        }
    }
}
