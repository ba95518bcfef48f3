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
 * The session parameters that the server granted to a connection. An MQTT 3.1.1 server reports no limits, so they are
 * null.
 *
 * @param mqttVersion the MQTT version in use
 * @param clientId the client identifier, which the server may have assigned
 * @param sessionPresent whether the server resumed the session of an earlier connection
 * @param sessionExpiry how long the server keeps the session after the connection ends; null with MQTT 3.1.1
 * @param receiveMaximum how many QoS 1 messages may wait for their PUBACK at the same time; null with MQTT 3.1.1
 * @param keepAlive the keep-alive interval that the server demands; null if the client's own applies
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
