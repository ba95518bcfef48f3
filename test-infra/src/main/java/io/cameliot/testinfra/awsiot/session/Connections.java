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
package io.cameliot.testinfra.awsiot.session;

import io.cameliot.testinfra.awsiot.gateway.ConnectionInfo;
import io.cameliot.testinfra.awsiot.topic.SessionFilters;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The open MQTT connections and the latest closed ones. A client id has one open connection. */
public final class Connections {
    private static final int MAX_REMEMBERED = 10_000;

    private final Map<String, GatewayConnection> open = new HashMap<>();
    private final Map<String, Session> sessions = new HashMap<>();
    private final Map<String, Long> lastConnectNanos = new HashMap<>();
    private final Deque<ConnectionInfo> ended = new ArrayDeque<>();

    /**
     * The gateway's part of a client's session.
     *
     * @param filters its topic filters
     * @param mqttVersion the MQTT version of the connection that created it
     */
    private record Session(SessionFilters filters, String mqttVersion) {}

    /**
     * The filters of a client's session. A clean session has new ones, and so has a session that was created with
     * another MQTT version, because MQTT 3 and MQTT 5 sessions are not interchangeable.
     */
    synchronized SessionFilters filtersFor(String clientId, boolean cleanSession, String mqttVersion) {
        Session session = sessions.get(clientId);
        if (session == null || cleanSession || !session.mqttVersion().equals(mqttVersion)) {
            session = new Session(new SessionFilters(), mqttVersion);
            sessions.put(clientId, session);
        }
        return session.filters();
    }

    /** Whether a client's session was created with another MQTT version. */
    synchronized boolean isOfAnotherVersion(String clientId, String mqttVersion) {
        Session session = sessions.get(clientId);
        return session != null && !session.mqttVersion().equals(mqttVersion);
    }

    /** Whether a client's CONNECT follows the previous one too soon. Records this CONNECT. */
    synchronized boolean isTooSoon(String clientId, Duration interval) {
        if (interval.isZero()) {
            return false;
        }
        long now = System.nanoTime();
        Long last = lastConnectNanos.put(clientId, now);
        return last != null && now - last < interval.toNanos();
    }

    /**
     * Adds a connection.
     *
     * @return the older one with the same client id, which has to end
     */
    synchronized Optional<GatewayConnection> admit(GatewayConnection connection) {
        return Optional.ofNullable(open.put(connection.clientId(), connection));
    }

    /** Moves a connection to the closed ones and removes its session if that ends with it. */
    synchronized void remove(GatewayConnection connection, boolean sessionEnds) {
        open.remove(connection.clientId(), connection);
        Session session = sessions.get(connection.clientId());
        if (sessionEnds && session != null && session.filters() == connection.filters()) {
            sessions.remove(connection.clientId());
        }
        ended.addLast(connection.info());
        if (ended.size() > MAX_REMEMBERED) {
            ended.removeFirst();
        }
    }

    public synchronized Optional<GatewayConnection> open(String clientId) {
        return Optional.ofNullable(open.get(clientId));
    }

    public synchronized List<GatewayConnection> open() {
        return List.copyOf(open.values());
    }

    /** The closed connections, oldest first, and then the open ones. */
    public synchronized List<ConnectionInfo> all() {
        List<ConnectionInfo> all = new ArrayList<>(ended);
        open.values().stream().map(GatewayConnection::info).forEach(all::add);
        return List.copyOf(all);
    }
}
