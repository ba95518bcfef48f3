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
package io.cameliot.testinfra.dps.journal;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A CONNECT that the emulator received, without its password.
 *
 * @param clientId the MQTT client id
 * @param userName the MQTT user name; empty if there was none
 * @param cleanSession the clean session flag
 * @param keepAliveSeconds seconds of the keep alive, 0 for none
 * @param access how the client connected
 * @param receivedAt time of arrival
 * @param answer the answer
 */
public record DpsConnect(
        String clientId,
        String userName,
        boolean cleanSession,
        int keepAliveSeconds,
        Access access,
        Instant receivedAt,
        Answer answer) {

    /**
     * How a client connected.
     *
     * @param webSocketPath the path of the WebSocket; empty for MQTT without one
     * @param serverName the server name of the TLS handshake (SNI); empty if the client sent none
     * @param tlsVersion JSSE's name of the TLS version
     * @param certificateSubject the subject of the client's certificate; empty if it sent none
     */
    public record Access(
            Optional<String> webSocketPath,
            Optional<String> serverName,
            String tlsVersion,
            Optional<String> certificateSubject) {}

    /**
     * The answer to a CONNECT.
     *
     * @param returnCode the return code of CONNACK; empty if the connection was closed without one or dropped by a
     *     fault
     * @param reason the reason for a refusal; empty if CONNECT was accepted
     */
    public record Answer(OptionalInt returnCode, String reason) {}

    /**
     * The path of the WebSocket.
     *
     * @return the path; empty for MQTT without one
     */
    public Optional<String> webSocketPath() {
        return access.webSocketPath();
    }

    /**
     * The server name of the TLS handshake (SNI).
     *
     * @return the name; empty if the client sent none
     */
    public Optional<String> serverName() {
        return access.serverName();
    }

    /**
     * The TLS version.
     *
     * @return JSSE's name
     */
    public String tlsVersion() {
        return access.tlsVersion();
    }

    /**
     * The subject of the client's certificate.
     *
     * @return the subject; empty if it sent none
     */
    public Optional<String> certificateSubject() {
        return access.certificateSubject();
    }

    /**
     * The return code of CONNACK.
     *
     * @return the return code; empty if there was no CONNACK
     */
    public OptionalInt returnCode() {
        return answer.returnCode();
    }

    /**
     * The reason for a refusal.
     *
     * @return the reason; empty if CONNECT was accepted
     */
    public String reason() {
        return answer.reason();
    }
}
