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
 * @param port the port
 * @param webSocket whether MQTT runs over WebSocket
 * @param mqttVersion {@code 3.1.1} or {@code 5}
 * @param principal who it is
 * @param serverName the SNI host name
 * @param applicationProtocols the ALPN names that the client offered
 * @param tlsVersion JSSE's name, such as {@code TLSv1.3}
 * @param userName the user name of CONNECT up to its {@code ?}; what follows may hold secrets
 * @param cleanSession clean session (3.1.1) or clean start (5)
 * @param keepAliveSeconds the keep alive granted
 * @param publishes how many messages the client has published
 * @param deliveries how many messages the client was sent
 * @param topicFilters what it is subscribed to
 * @param disconnectReason why it ended, or empty as long as it is open
 * @param connect the CONNECT packet
 * @param sessionPresent whether the client was told that its session was still there
 * @param disconnect the client's DISCONNECT packet, or empty as long as there is none
 */
public record ConnectionInfo(
        String clientId,
        GatewayPort port,
        boolean webSocket,
        String mqttVersion,
        Principal principal,
        String serverName,
        List<String> applicationProtocols,
        String tlsVersion,
        Optional<String> userName,
        boolean cleanSession,
        int keepAliveSeconds,
        long publishes,
        long deliveries,
        List<String> topicFilters,
        Optional<DisconnectReason> disconnectReason,
        ReceivedConnect connect,
        boolean sessionPresent,
        Optional<ReceivedDisconnect> disconnect) {
    /**
     * Whether the connection is open.
     *
     * @return true until it has ended
     */
    public boolean isOpen() {
        return disconnectReason.isEmpty();
    }
}
