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

import java.util.OptionalInt;

/** Why a connection ended: those values of {@code disconnectReason} in AWS IoT Core's lifecycle events that the gateway has reasons for. */
public enum DisconnectReason {
    /** The client sent DISCONNECT or closed its WebSocket. */
    CLIENT_INITIATED_DISCONNECT,
    /** The client did something that MQTT or a quota forbids. */
    CLIENT_ERROR(0x82),
    /** The connection broke, or the client closed it without DISCONNECT. */
    CONNECTION_LOST,
    /** Another connection has the client id now. */
    DUPLICATE_CLIENTID(0x8E),
    /** The client published to a topic that its policy does not allow. */
    FORBIDDEN_ACCESS(0x87),
    /** Nothing came from the client for one and a half times its keep alive. */
    MQTT_KEEP_ALIVE_TIMEOUT(0x8D),
    /** Something broke in the gateway or the broker behind it. */
    SERVER_ERROR(0x80),
    /** The gateway goes down. */
    SERVER_INITIATED_DISCONNECT(0x8B),
    /** Somebody disconnected the client by the API. */
    API_INITIATED_DISCONNECT(0x98);

    private final OptionalInt reasonCode;

    DisconnectReason() {
        reasonCode = OptionalInt.empty();
    }

    DisconnectReason(int reasonCode) {
        this.reasonCode = OptionalInt.of(reasonCode);
    }

    /** What an MQTT 5 client is told before its connection is closed, if the server is the one to close it. */
    OptionalInt reasonCode() {
        return reasonCode;
    }
}
