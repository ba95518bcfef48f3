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
package io.cameliot.common.mqtt;

import java.io.IOException;

/**
 * The server violated the MQTT protocol, so the client has to close the connection (MQTT 5 section 4.13, MQTT 3.1.1
 * section 4.8).
 */
public final class MqttProtocolException extends IOException {

    private static final long serialVersionUID = 1L;

    private final MqttReasonCode reasonCode;

    public MqttProtocolException(String message) {
        this(MqttReasonCode.PROTOCOL_ERROR, message);
    }

    public MqttProtocolException(MqttReasonCode reasonCode, String message) {
        super(message);
        this.reasonCode = reasonCode;
    }

    /** The reason code of the DISCONNECT that an MQTT 5 client sends. */
    public MqttReasonCode reasonCode() {
        return reasonCode;
    }
}
