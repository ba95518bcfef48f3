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

import java.util.List;

/**
 * An HTTP request that the gateway answered.
 *
 * @param port the port
 * @param connectionId equal for requests on one TCP connection
 * @param method the HTTP method
 * @param path the path, encoded, without the query, which can contain secrets
 * @param status the status of the answer; 101 for a WebSocket upgrade
 * @param serverName the SNI host name
 * @param applicationProtocols the ALPN names that the client offered
 */
public record ReceivedRequest(
        GatewayPort port,
        String connectionId,
        String method,
        String path,
        int status,
        String serverName,
        List<String> applicationProtocols) {}
