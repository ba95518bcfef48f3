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

import io.cameliot.testinfra.awsiot.auth.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An MQTT connection as the gateway sees it.
 *
 * @param clientId the client id, assigned by the gateway if the client sent none
 * @param access how the client connected
 * @param principal the authenticated client
 * @param connect the CONNECT packet
 * @param session the granted session and its subscriptions
 * @param traffic the numbers of messages
 * @param end how the connection ended
 */
public record ConnectionInfo(
        String clientId,
        Access access,
        Principal principal,
        ReceivedConnect connect,
        Session session,
        Traffic traffic,
        End end) {
    /**
     * How a client connected.
     *
     * @param port the port
     * @param webSocket whether MQTT runs over WebSocket
     * @param serverName the SNI host name
     * @param applicationProtocols the ALPN names that the client offered
     * @param tlsVersion JSSE's name, such as {@code TLSv1.3}
     * @param since the time of CONNECT
     */
    public record Access(
            GatewayPort port,
            boolean webSocket,
            String serverName,
            List<String> applicationProtocols,
            String tlsVersion,
            Instant since) {}

    /**
     * The session of one connection.
     *
     * @param present the CONNACK's session present flag
     * @param keepAliveSeconds seconds of keep alive that were granted
     * @param topicFilters the client's subscriptions
     */
    public record Session(boolean present, int keepAliveSeconds, List<String> topicFilters) {}

    /**
     * Numbers of messages of one connection.
     *
     * @param publishes messages from the client
     * @param deliveries messages to the client
     * @param inFlight messages to the client at QoS 1 that wait for their PUBACK
     */
    public record Traffic(long publishes, long deliveries, int inFlight) {}

    /**
     * How a connection ended.
     *
     * @param reason the reason; empty while the connection is open
     * @param packet the client's DISCONNECT packet; empty if there is none
     */
    public record End(Optional<DisconnectReason> reason, Optional<ReceivedDisconnect> packet) {}

    /**
     * Whether the connection is open.
     *
     * @return true until it has ended
     */
    public boolean isOpen() {
        return end.reason().isEmpty();
    }

    /**
     * The port of the connection.
     *
     * @return the port
     */
    public GatewayPort port() {
        return access.port();
    }

    /**
     * Whether MQTT runs over WebSocket.
     *
     * @return true over WebSocket
     */
    public boolean webSocket() {
        return access.webSocket();
    }

    /**
     * The SNI host name.
     *
     * @return the name
     */
    public String serverName() {
        return access.serverName();
    }

    /**
     * The ALPN names that the client offered.
     *
     * @return the names, in their order
     */
    public List<String> applicationProtocols() {
        return access.applicationProtocols();
    }

    /**
     * The version of TLS.
     *
     * @return JSSE's name, such as {@code TLSv1.3}
     */
    public String tlsVersion() {
        return access.tlsVersion();
    }

    /**
     * The version of MQTT.
     *
     * @return {@code 3.1.1} or {@code 5}
     */
    public String mqttVersion() {
        return connect.mqttVersion();
    }

    /**
     * The user name of CONNECT up to its {@code ?}. The rest can contain secrets.
     *
     * @return the name, or empty if none was sent
     */
    public Optional<String> userName() {
        return connect.userName();
    }

    /**
     * Clean session (3.1.1) or clean start (5).
     *
     * @return true if the client discards an earlier session
     */
    public boolean cleanSession() {
        return connect.cleanStart();
    }

    /**
     * The CONNACK's session present flag.
     *
     * @return true if the server had a session of the client
     */
    public boolean sessionPresent() {
        return session.present();
    }

    /**
     * The granted keep alive.
     *
     * @return seconds
     */
    public int keepAliveSeconds() {
        return session.keepAliveSeconds();
    }

    /**
     * The client's subscriptions.
     *
     * @return the topic filters, in no order
     */
    public List<String> topicFilters() {
        return session.topicFilters();
    }

    /**
     * The number of messages that the client has published.
     *
     * @return the number since CONNECT
     */
    public long publishes() {
        return traffic.publishes();
    }

    /**
     * The number of messages that were sent to the client.
     *
     * @return the number since CONNECT
     */
    public long deliveries() {
        return traffic.deliveries();
    }

    /**
     * The time of CONNECT.
     *
     * @return the time
     */
    public Instant since() {
        return access.since();
    }

    /**
     * The number of messages to the client at QoS 1 that wait for their PUBACK.
     *
     * @return the present number
     */
    public int inFlight() {
        return traffic.inFlight();
    }

    /**
     * The reason why the connection ended.
     *
     * @return the reason; empty while the connection is open
     */
    public Optional<DisconnectReason> disconnectReason() {
        return end.reason();
    }

    /**
     * The client's DISCONNECT packet.
     *
     * @return the packet; empty if there is none
     */
    public Optional<ReceivedDisconnect> disconnect() {
        return end.packet();
    }
}
