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
package io.cameliot.common.mqtt.session;

import io.cameliot.common.mqtt.ProtocolVersion;
import io.cameliot.common.mqtt.ServerSettings;
import io.cameliot.common.mqtt.codec.TopicAliases;

/** The parts of a session that its packets need when they are written. Event loop only. */
record SessionState(
        ProtocolVersion version,
        ServerSettings server,
        InFlight inFlight,
        InboundMessage.Window inbound,
        TopicAliases aliases,
        MqttFailures failures) {

    boolean isV5() {
        return version == ProtocolVersion.V5;
    }
}
