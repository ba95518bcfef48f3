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
 * The contents of a CONNECT packet (MQTT 5 section 3.1, MQTT 3.1.1 section 3.1) and the time limit of the connection
 * attempt.
 *
 * @param clientId client identifier; with an empty one, an MQTT 5 server assigns one
 * @param login user name and password; null sends none
 * @param session the session that the server keeps
 * @param keepAlive whole seconds; an MQTT 5 server may replace it
 * @param will null for none
 * @param timeout limit for the time from dialling to the CONNACK; where it is more than 30 s, also for a PINGRESP
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

        /** Omits both: a user name can carry a token (AWS custom authentication). */
        @Override
        public String toString() {
            return "Login[…]";
        }
    }

    /**
     * The session on the server.
     *
     * @param version the protocol version to speak
     * @param clean whether the server discards an earlier session; with 3.1.1 it also discards this one when the
     *     connection ends
     * @param expiry how long an MQTT 5 server keeps the session after the connection has ended; zero for not at all
     * @param receiveMaximum number of unacknowledged messages that an MQTT 5 server may send, 1 to 65,535
     * @param topicAliases whether MQTT 5 replaces topics that the server knows by topic aliases
     */
    public record Session(
            ProtocolVersion version, boolean clean, Duration expiry, int receiveMaximum, boolean topicAliases) {

        /** A session of MQTT 3.1.1, which has only the flag {@code clean}. */
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
     * @param properties MQTT 5 only; {@link MessageProperties#NONE} for none
     */
    public record Will(String topic, String payload, int qos, boolean retained, MessageProperties properties) {}

    @Override
    public String toString() {
        return "MqttConnectRequest[clientId=" + clientId + ", " + session + ", keepAlive=" + keepAlive + "]";
    }
}
