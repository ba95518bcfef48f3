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
package io.cameliot.azure.dps;

/** How the service is reached. The names are the values of option {@code transport}. */
public enum DpsTransport {
    /** MQTT 3.1.1 over TLS. */
    mqtt(8883, "mqtts"),
    /** MQTT 3.1.1 over a TLS WebSocket. */
    websocket(443, "wss");

    private final int port;
    private final String protocol;

    DpsTransport(int port, String protocol) {
        this.port = port;
        this.protocol = protocol;
    }

    /** Returns the service's port. */
    public int port() {
        return port;
    }

    /** Returns the name of the protocol as a URI scheme. */
    public String protocol() {
        return protocol;
    }
}
