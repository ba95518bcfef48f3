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
package io.cameliot.testinfra.dps;

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
 * @param webSocketPath the path of the WebSocket; nothing for MQTT without one
 * @param serverName the server name of the TLS handshake (SNI); nothing when the client sent none
 * @param tlsVersion the version of TLS, as JSSE names it
 * @param certificateSubject the subject of the client's certificate; nothing when it sent none
 * @param receivedAt when CONNECT came
 * @param returnCode what CONNACK said; nothing when the connection was closed without one, or dropped by a fault
 * @param reason why CONNECT was refused; empty when it was not
 */
public record DpsConnect(
        String clientId,
        String userName,
        boolean cleanSession,
        int keepAliveSeconds,
        Optional<String> webSocketPath,
        Optional<String> serverName,
        String tlsVersion,
        Optional<String> certificateSubject,
        Instant receivedAt,
        OptionalInt returnCode,
        String reason) {}
