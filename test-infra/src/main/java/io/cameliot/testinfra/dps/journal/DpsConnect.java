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
 * A CONNECT that the emulator saw. It holds no password.
 *
 * @param clientId the MQTT client id
 * @param userName the MQTT user name; empty when there was none
 * @param cleanSession the clean session flag
 * @param keepAliveSeconds the keep-alive, 0 for none
 * @param access how it came in
 * @param receivedAt when it came
 * @param answer what became of it
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
     * How a connection came in.
     *
     * @param webSocketPath the path of the WebSocket; nothing for MQTT without one
     * @param serverName the server name of the TLS handshake (SNI); nothing when the client sent none
     * @param tlsVersion the version of TLS, as JSSE names it
     * @param certificateSubject the subject of the client's certificate; nothing when it sent none
     */
    public record Access(
            Optional<String> webSocketPath,
            Optional<String> serverName,
            String tlsVersion,
            Optional<String> certificateSubject) {}

    /**
     * What became of a CONNECT.
     *
     * @param returnCode what CONNACK said; nothing when the connection was closed without one, or dropped by a fault
     * @param reason why CONNECT was refused; empty when it was not
     */
    public record Answer(OptionalInt returnCode, String reason) {}

    /**
     * The path of the WebSocket.
     *
     * @return the path, or nothing for MQTT without one
     */
    public Optional<String> webSocketPath() {
        return access.webSocketPath();
    }

    /**
     * The server name of the TLS handshake (SNI).
     *
     * @return the name, or nothing when the client sent none
     */
    public Optional<String> serverName() {
        return access.serverName();
    }

    /**
     * The version of TLS.
     *
     * @return its name at JSSE
     */
    public String tlsVersion() {
        return access.tlsVersion();
    }

    /**
     * The subject of the client's certificate.
     *
     * @return the subject, or nothing when it sent none
     */
    public Optional<String> certificateSubject() {
        return access.certificateSubject();
    }

    /**
     * What CONNACK said.
     *
     * @return the return code, or nothing when there was no CONNACK
     */
    public OptionalInt returnCode() {
        return answer.returnCode();
    }

    /**
     * Why CONNECT was refused.
     *
     * @return the reason; empty when it was not
     */
    public String reason() {
        return answer.reason();
    }
}
