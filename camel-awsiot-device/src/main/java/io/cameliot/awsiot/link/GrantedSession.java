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
package io.cameliot.awsiot.link;

import io.cameliot.common.mqtt.ProtocolVersion;
import io.cameliot.common.mqtt.ServerSettings;
import io.cameliot.common.mqtt.session.MqttSession;
import java.time.Duration;

/**
 * What the server has granted to a connection. By MQTT 3.1.1 it tells nothing of the kind.
 *
 * @param mqttVersion the version of MQTT that both sides speak
 * @param clientId the client identifier, the server's choice included
 * @param sessionPresent whether the server had kept the session from an earlier connection
 * @param sessionExpiry how long it keeps the session after the connection has ended; null by MQTT 3.1.1
 * @param receiveMaximum how many messages of QoS 1 it lets wait for their PUBACK; null by MQTT 3.1.1
 * @param keepAlive the keep alive interval that it wants; null for the client's own
 */
public record GrantedSession(
        String mqttVersion,
        String clientId,
        boolean sessionPresent,
        Duration sessionExpiry,
        Integer receiveMaximum,
        Duration keepAlive) {

    static GrantedSession of(MqttSession session) {
        ServerSettings server = session.server();
        boolean told = session.version() == ProtocolVersion.V5;
        return new GrantedSession(
                session.version().toString(),
                session.clientId(),
                session.isSessionPresent(),
                told ? server.sessionExpiry() : null,
                told ? server.receiveMaximum() : null,
                server.keepAlive());
    }
}
