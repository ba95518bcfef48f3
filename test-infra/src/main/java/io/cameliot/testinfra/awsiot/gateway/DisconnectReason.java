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

import io.netty.handler.codec.mqtt.MqttReasonCodes;
import java.util.Optional;

/**
 * Why a connection ended. These are the values of {@code disconnectReason} in AWS IoT Core's lifecycle events that the
 * gateway can produce.
 */
public enum DisconnectReason {
    /** The client sent DISCONNECT or closed its WebSocket. */
    CLIENT_INITIATED_DISCONNECT,
    /** The client violated MQTT or a quota. */
    CLIENT_ERROR(MqttReasonCodes.Disconnect.PROTOCOL_ERROR),
    /** The connection broke, or the client closed it without DISCONNECT. */
    CONNECTION_LOST,
    /** Another connection has taken over the client id. */
    DUPLICATE_CLIENTID(MqttReasonCodes.Disconnect.SESSION_TAKEN_OVER),
    /** The client published to a topic that its policy does not allow. */
    FORBIDDEN_ACCESS(MqttReasonCodes.Disconnect.NOT_AUTHORIZED),
    /** The client sent nothing for one and a half times its keep alive. */
    MQTT_KEEP_ALIVE_TIMEOUT(MqttReasonCodes.Disconnect.KEEP_ALIVE_TIMEOUT),
    /** The gateway or the broker behind it failed. AWS IoT Core has no DISCONNECT code 0x80 for it. */
    SERVER_ERROR,
    /** The gateway shuts down. */
    SERVER_INITIATED_DISCONNECT(MqttReasonCodes.Disconnect.SERVER_SHUTTING_DOWN),
    /** An API call disconnected the client. */
    API_INITIATED_DISCONNECT(MqttReasonCodes.Disconnect.ADMINISTRATIVE_ACTION);

    private final Optional<MqttReasonCodes.Disconnect> reasonCode;

    DisconnectReason() {
        reasonCode = Optional.empty();
    }

    DisconnectReason(MqttReasonCodes.Disconnect reasonCode) {
        this.reasonCode = Optional.of(reasonCode);
    }

    /** The reason code of the DISCONNECT that an MQTT 5 client receives if the server closes the connection. */
    public Optional<MqttReasonCodes.Disconnect> reasonCode() {
        return reasonCode;
    }
}
