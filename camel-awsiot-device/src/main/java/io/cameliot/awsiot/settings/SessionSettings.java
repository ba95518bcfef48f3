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
 * What the device asks for in its CONNECT, besides its login.
 *
 * @param clientId null lets the connection generate one
 * @param kept protocol version, and what of the session the server is asked to keep
 * @param keepAlive whole seconds
 * @param will null for none
 */
public record SessionSettings(String clientId, MqttConnectRequest.Session kept, Duration keepAlive, Will will) {

    /** The version of MQTT. */
    public ProtocolVersion version() {
        return kept.version();
    }

    /** Whether the server forgets the session when the connection ends. */
    public boolean clean() {
        return kept.clean();
    }
}
