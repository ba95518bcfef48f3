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
import java.util.List;
import java.util.Optional;

/**
 * What the gateway knows of an MQTT connection.
 *
 * @param clientId the client id, assigned by the gateway if the client sent none
 * @param access how it came in
 * @param principal who it is
 * @param connect the CONNECT packet
 * @param session what the client was granted, and what it is subscribed to
 * @param traffic how many messages it has carried
 * @param end how it ended
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
     * How a connection came in.
     *
     * @param port the port
     * @param webSocket whether MQTT runs over WebSocket
     * @param serverName the SNI host name
     * @param applicationProtocols the ALPN names that the client offered
     * @param tlsVersion JSSE's name, such as {@code TLSv1.3}
     */
    public record Access(
            GatewayPort port,
            boolean webSocket,
            String serverName,
            List<String> applicationProtocols,
            String tlsVersion) {}

    /**
     * A session as far as one connection has to do with it.
     *
     * @param present whether the client was told that its session was still there
     * @param keepAliveSeconds the keep alive granted
     * @param topicFilters what the client is subscribed to
     */
    public record Session(boolean present, int keepAliveSeconds, List<String> topicFilters) {}

    /**
     * Messages of one connection.
     *
     * @param publishes how many messages the client has published
     * @param deliveries how many messages the client was sent
     */
    public record Traffic(long publishes, long deliveries) {}

    /**
     * How a connection ended.
     *
     * @param reason why, or empty as long as it is open
     * @param packet the client's DISCONNECT packet, or empty as long as there is none
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
     * Where the connection came in.
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
     * The user name of CONNECT up to its {@code ?}; what follows may hold secrets.
     *
     * @return the name, or empty if none was sent
     */
    public Optional<String> userName() {
        return connect.userName();
    }

    /**
     * Clean session (3.1.1) or clean start (5).
     *
     * @return true if the client wanted no earlier session
     */
    public boolean cleanSession() {
        return connect.cleanStart();
    }

    /**
     * Whether the client was told that its session was still there.
     *
     * @return what the CONNACK said
     */
    public boolean sessionPresent() {
        return session.present();
    }

    /**
     * The keep alive granted.
     *
     * @return seconds
     */
    public int keepAliveSeconds() {
        return session.keepAliveSeconds();
    }

    /**
     * What the client is subscribed to.
     *
     * @return the topic filters, in no order
     */
    public List<String> topicFilters() {
        return session.topicFilters();
    }

    /**
     * How many messages the client has published.
     *
     * @return the number since CONNECT
     */
    public long publishes() {
        return traffic.publishes();
    }

    /**
     * How many messages the client was sent.
     *
     * @return the number since CONNECT
     */
    public long deliveries() {
        return traffic.deliveries();
    }

    /**
     * Why the connection ended.
     *
     * @return the reason, or empty as long as it is open
     */
    public Optional<DisconnectReason> disconnectReason() {
        return end.reason();
    }

    /**
     * The client's DISCONNECT packet.
     *
     * @return the packet, or empty as long as there is none
     */
    public Optional<ReceivedDisconnect> disconnect() {
        return end.packet();
    }
}
