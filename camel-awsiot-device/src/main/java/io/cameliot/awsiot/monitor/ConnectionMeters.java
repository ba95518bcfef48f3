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
package io.cameliot.awsiot.monitor;

import io.cameliot.awsiot.link.ConnectionCounters;
import io.cameliot.awsiot.link.machine.ConnectionState;
import io.cameliot.awsiot.outbox.OutboxCounters;
import io.cameliot.awsiot.settings.ConnectionSettings;
import io.cameliot.common.meters.Meter;
import io.cameliot.common.meters.Meters;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.function.ToIntFunction;

/**
 * The meters of all connections to one endpoint by one protocol: their sums, under the names of the JMX attributes. The
 * client identifier is no tag, because a fleet would have as many time series as devices. When a connection is closed,
 * its counts remain in the sums.
 */
public final class ConnectionMeters {

    private static final String PREFIX = "camel.awsiot.device.";
    private static final String MESSAGES = "messages";

    private final Meters meters;
    private final Map<String, String> tags;
    private final ConnectionCounters counters = new ConnectionCounters();
    private final OutboxCounters outboxCounters = new OutboxCounters();
    private final Set<ConnectionFigures> open = ConcurrentHashMap.newKeySet();

    /**
     * Registers the meters.
     *
     * @param tags from {@link #tags(ConnectionSettings)}
     */
    public ConnectionMeters(Meters meters, Map<String, String> tags) {
        this.meters = meters;
        this.tags = tags;
        registerConnections();
        registerMessages();
        registerOutboxes();
    }

    /** Returns the tags of the meters to which a connection belongs. */
    public static Map<String, String> tags(ConnectionSettings settings) {
        return Map.of(
                "endpoint", settings.endpoint(), "protocol", settings.protocol().name());
    }

    /** Returns the total of the counters of the connections. */
    public ConnectionCounters counters() {
        return counters;
    }

    /** Returns the total of the counters of the outboxes. */
    public OutboxCounters outboxCounters() {
        return outboxCounters;
    }

    /** Adds the figures of an open connection. */
    public void add(ConnectionFigures connection) {
        open.add(connection);
    }

    /** Removes the figures of a connection that closes. */
    public void remove(ConnectionFigures connection) {
        open.remove(connection);
    }

    private void registerConnections() {
        Meter connections = new Meter(PREFIX + "connections", "connections", "Connections in the state of the tag");
        for (ConnectionState state : ConnectionState.values()) {
            if (state != ConnectionState.CLOSED) {
                Map<String, String> tagged = new LinkedHashMap<>(tags);
                tagged.put("state", state.name());
                meters.gauge(
                        connections,
                        tagged,
                        () -> sum(connection -> state.name().equals(connection.getConnectionState()) ? 1 : 0));
            }
        }
        meters.gauge(
                new Meter(
                        PREFIX + "connect.attempts",
                        "attempts",
                        "Attempts since it was last connected, of the connection with the most"),
                tags,
                this::mostAttempts);
        meters.counter(
                new Meter(PREFIX + "reconnects", null, "Connections made after the first one"),
                tags,
                counters.reconnects()::sum);
    }

    private void registerMessages() {
        count("published", "Messages handed over for publishing", counters.publish()::handedOver);
        count(
                "acknowledged",
                "Messages that the server acknowledged; at QoS 0, that were sent",
                counters.publish()::done);
        count("failed", "Messages whose publishing failed", counters.publish().failed()::sum);
        count(
                "resent",
                "Messages sent once more, because a connection ended before their PUBACK",
                counters.publish().resent()::sum);
        number("in.flight", "Messages that were sent and wait for their PUBACK", ConnectionFigures::getInFlight);
        number(
                "waiting",
                "Messages that wait for a connection or for room among those in flight",
                ConnectionFigures::getWaiting);
        count("received", "Messages that arrived", counters.receive().received()::sum);
        count(
                "redelivered",
                "Messages given to a route once more, because it had failed",
                counters.receive().redelivered()::sum);
        count(
                "dropped",
                "Messages that arrived and were dropped: at QoS 0 behind a slow route, of topics that no route"
                        + " subscribes to, or as answers that no request waits for",
                counters.receive().dropped()::sum);
    }

    private void registerOutboxes() {
        number(
                "outbox.depth",
                "Messages that the outboxes keep, those set aside included",
                ConnectionFigures::getOutboxDepth);
        number("outbox.waiting", "Messages that wait for room in an outbox", ConnectionFigures::getOutboxWaiting);
        count("outbox.accepted", "Messages that the outboxes accepted", outboxCounters::accepted);
        count("outbox.forwarded", "Messages of outboxes that the server acknowledged", outboxCounters::forwarded);
        count("outbox.dropped", "Messages that the outboxes dropped to make room", outboxCounters::dropped);
        count(
                "outbox.expired",
                "Messages that the outboxes dropped because their message expiry was over",
                outboxCounters::expired);
        count(
                "outbox.set.aside",
                "Messages that the outboxes have set aside, because the server refused them, because the connection"
                        + " ended with each of them again and again, or because they cannot be read",
                outboxCounters::setAside);
    }

    private void number(String name, String description, ToIntFunction<ConnectionFigures> figure) {
        meters.gauge(new Meter(PREFIX + name, MESSAGES, description), tags, () -> sum(figure));
    }

    private void count(String name, String description, DoubleSupplier count) {
        meters.counter(new Meter(PREFIX + name, MESSAGES, description), tags, count);
    }

    private int sum(ToIntFunction<ConnectionFigures> figure) {
        return open.stream().mapToInt(figure).sum();
    }

    private int mostAttempts() {
        return open.stream()
                .map(ConnectionFigures::getConnectAttempts)
                .mapToInt(attempts -> attempts == null ? 0 : attempts)
                .max()
                .orElse(0);
    }
}
