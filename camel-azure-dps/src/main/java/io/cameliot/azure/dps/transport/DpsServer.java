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
package io.cameliot.azure.dps.transport;

import io.cameliot.common.transport.ServerAddress;
import java.time.Duration;

/**
 * The parameters of connections to the service.
 *
 * @param address the address of the service
 * @param webSocketPath the path of its WebSocket, or {@code null} for MQTT without a WebSocket
 * @param api the parameters of the MQTT user name
 * @param requestTimeout the time limit of one answer
 */
public record DpsServer(ServerAddress address, String webSocketPath, Api api, Duration requestTimeout) {

    /**
     * The parameters of the MQTT user name.
     *
     * @param idScope the ID scope of the service instance
     * @param version the version of the service's API
     * @param clientVersion the name and version of the client
     */
    public record Api(String idScope, String version, String clientVersion) {}
}
