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
package io.cameliot.awsiot.settings;

import io.cameliot.common.mqtt.MqttConnectRequest;
import io.cameliot.common.mqtt.MqttConnectRequest.Will;
import io.cameliot.common.mqtt.ProtocolVersion;
import java.time.Duration;

/**
 * The parameters of the device's CONNECT, besides its login.
 *
 * @param clientId client identifier; null if the connection generates one
 * @param kept protocol version, and whether and how long the server is to keep the session
 * @param keepAlive keep-alive interval in whole seconds
 * @param will the will message; null for none
 */
public record SessionSettings(String clientId, MqttConnectRequest.Session kept, Duration keepAlive, Will will) {

    public ProtocolVersion version() {
        return kept.version();
    }

    /**
     * Returns whether the server starts a new session. With MQTT 3.1.1 it also discards this one when the connection
     * ends.
     */
    public boolean clean() {
        return kept.clean();
    }
}
