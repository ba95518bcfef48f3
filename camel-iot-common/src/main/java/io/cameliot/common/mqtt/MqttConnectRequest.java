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

import java.time.Duration;

/**
 * What the CONNECT packet says (MQTT 5 section 3.1, MQTT 3.1.1 section 3.1), and the bound of its answer.
 *
 * @param clientId client identifier; empty lets a server of MQTT 5 assign one
 * @param login user name and password; null sends none
 * @param session what of the session the server is to keep
 * @param keepAlive whole seconds; a server of MQTT 5 may set another
 * @param will null for none
 * @param timeout bound from dialling to the CONNACK
 */
public record MqttConnectRequest(
        String clientId, Login login, Session session, Duration keepAlive, Will will, Duration timeout) {

    /**
     * User name and password.
     *
     * @param username null sends none
     * @param password null sends none
     */
    public record Login(String username, String password) {

        /** Shows neither: a user name can carry a token (AWS custom authentication). */
        @Override
        public String toString() {
            return "Login[…]";
        }
    }

    /**
     * The session at the server.
     *
     * @param version the protocol version to speak
     * @param clean whether the server is to forget what it kept of an earlier session, and with 3.1.1 also this one at
     *     its end
     * @param expiry how long MQTT 5 keeps it after the connection has ended; zero for not at all
     * @param receiveMaximum how many unacknowledged messages the server may send by MQTT 5, 1 to 65,535
     * @param topicAliases whether topics go out as numbers by MQTT 5 once the server knows them
     */
    public record Session(
            ProtocolVersion version, boolean clean, Duration expiry, int receiveMaximum, boolean topicAliases) {

        /** Of MQTT 3.1.1. */
        public static Session v311(boolean clean) {
            return new Session(ProtocolVersion.V3_1_1, clean, Duration.ZERO, 65_535, false);
        }
    }

    /**
     * The message that the server publishes when the connection ends without a DISCONNECT (MQTT 3.1.1 section 3.1.2.5).
     *
     * @param topic topic name
     * @param payload sent as UTF-8; may be empty
     * @param qos 0 or 1
     * @param retained whether the server keeps it for later subscribers
     * @param properties sent by MQTT 5 only; {@link MessageProperties#NONE} for none
     */
    public record Will(String topic, String payload, int qos, boolean retained, MessageProperties properties) {}

    @Override
    public String toString() {
        return "MqttConnectRequest[clientId=" + clientId + ", " + session + ", keepAlive=" + keepAlive + "]";
    }
}
