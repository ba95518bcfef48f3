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
package io.cameliot.testinfra.awsiot.gateway;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The MQTT connections that are open, and the latest that were. A client id has one at a time. */
final class Connections {
    private static final int MAX_REMEMBERED = 10_000;

    private final Map<String, DeviceConnection> open = new HashMap<>();
    private final Map<String, SessionFilters> sessions = new HashMap<>();
    private final Map<String, Long> lastConnectNanos = new HashMap<>();
    private final Deque<ConnectionInfo> ended = new ArrayDeque<>();

    /** The filters of a client's session: new ones for a clean session. */
    synchronized SessionFilters filtersFor(String clientId, boolean cleanSession) {
        if (cleanSession) {
            SessionFilters filters = new SessionFilters();
            sessions.put(clientId, filters);
            return filters;
        }
        return sessions.computeIfAbsent(clientId, id -> new SessionFilters());
    }

    /** Whether a client's CONNECT comes too soon after its last one; counts this one. */
    synchronized boolean isTooSoon(String clientId, Duration interval) {
        if (interval.isZero()) {
            return false;
        }
        long now = System.nanoTime();
        Long last = lastConnectNanos.put(clientId, now);
        return last != null && now - last < interval.toNanos();
    }

    /** Lets a connection in; an older one with the same client id has to go. */
    void admit(DeviceConnection connection) {
        Optional<DeviceConnection> older;
        synchronized (this) {
            older = Optional.ofNullable(open.put(connection.clientId(), connection));
        }
        older.ifPresent(other -> other.end(DisconnectReason.DUPLICATE_CLIENTID));
    }

    /** Forgets a connection that has ended, but for what it was. */
    synchronized void remove(DeviceConnection connection) {
        open.remove(connection.clientId(), connection);
        if (connection.isCleanSession()) {
            sessions.remove(connection.clientId(), connection.filters());
        }
        ended.addLast(connection.info());
        if (ended.size() > MAX_REMEMBERED) {
            ended.removeFirst();
        }
    }

    synchronized Optional<DeviceConnection> open(String clientId) {
        return Optional.ofNullable(open.get(clientId));
    }

    synchronized List<DeviceConnection> open() {
        return List.copyOf(open.values());
    }

    /** Those that have ended, oldest first, and then those that are open. */
    synchronized List<ConnectionInfo> all() {
        List<ConnectionInfo> all = new ArrayList<>(ended);
        open.values().stream().map(DeviceConnection::info).forEach(all::add);
        return List.copyOf(all);
    }
}
