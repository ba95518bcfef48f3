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

import io.cameliot.common.mqtt.MqttConnectRequest;
import io.cameliot.common.mqtt.MqttProtocolException;
import io.cameliot.common.mqtt.MqttReasonCode;
import io.cameliot.common.mqtt.ProtocolVersion;

/**
 * The messages of QoS 1 that have arrived and whose PUBACK has not been written. MQTT 5 bounds them by the Receive Maximum of
 * the CONNECT (section 3.3.4); MQTT 3.1.1 has no bound. Belongs to the event loop.
 */
final class InboundWindow {

    private final int receiveMaximum;
    private int unacknowledged;

    InboundWindow(MqttConnectRequest.Session session) {
        this.receiveMaximum = session.version() == ProtocolVersion.V5 ? session.receiveMaximum() : Integer.MAX_VALUE;
    }

    /**
     * @throws MqttProtocolException if the server should have waited for a PUBACK
     */
    void arrived() throws MqttProtocolException {
        if (unacknowledged == receiveMaximum) {
            throw new MqttProtocolException(
                    MqttReasonCode.RECEIVE_MAXIMUM_EXCEEDED,
                    "more than " + receiveMaximum + " messages of QoS 1 at a time, which is the Receive Maximum of the"
                            + " CONNECT, without waiting for their PUBACKs");
        }
        unacknowledged++;
    }

    void acknowledged() {
        unacknowledged--;
    }
}
