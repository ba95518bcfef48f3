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

import io.cameliot.testinfra.dps.fault.FaultyHandshakes;
import io.cameliot.testinfra.dps.hub.IotHubEmulator;
import io.cameliot.testinfra.dps.mqtt.MqttTlsEndpoint;
import io.cameliot.testinfra.dps.session.DpsFront;
import io.cameliot.testinfra.dps.session.DpsSession;
import io.cameliot.testinfra.event.Cloud;
import io.cameliot.testinfra.net.LoopbackServer;
import java.util.Set;

/** The ports and threads of an emulator. */
final class DpsListeners {

    private static final Set<String> WEB_SOCKET_PATHS = Set.of("/$iothub/websocket", "/mqtt", "/");
    /** Bytes. The service limits a message to 96 KB; the packet's header is not included. */
    private static final int MAX_DPS_PACKET_BYTES = 97 * 1024;
    /** Bytes. The hub limits a message to 256 KB; the packet's header is not included. */
    private static final int MAX_HUB_PACKET_BYTES = 257 * 1024;

    private final LoopbackServer sockets = new LoopbackServer("dps-emulator", false);
    private final MqttTlsEndpoint dps;
    private final MqttTlsEndpoint hubs;
    private int mqttPort;
    private int webSocketPort;
    private int hubPort;

    DpsListeners(DpsSettings settings, DpsFront front, IotHubEmulator hub) {
        mqttPort = settings.ports().mqtt();
        webSocketPort = settings.ports().webSocket();
        hubPort = settings.ports().hub();
        dps = new MqttTlsEndpoint(
                new MqttTlsEndpoint.Account(Cloud.AZURE_DPS, settings.events()),
                Set.copyOf(settings.tls().serverNames()),
                settings.tls().versions(),
                settings.tls()
                        .authority()
                        .issueServer(settings.tls().serverNames().toArray(String[]::new)),
                new FaultyHandshakes(front.faults(), front.journal()),
                MAX_DPS_PACKET_BYTES,
                session -> new DpsSession(front, session));
        hubs = new MqttTlsEndpoint(
                new MqttTlsEndpoint.Account(Cloud.AZURE_IOT_HUB, settings.events()),
                Set.copyOf(settings.hubs()),
                settings.tls().versions(),
                settings.tls().authority().issueServer(settings.hubs().toArray(String[]::new)),
                MqttTlsEndpoint.Handshakes.UNDISTURBED,
                MAX_HUB_PACKET_BYTES,
                hub::connection);
    }

    /** Starts to listen, after {@link #shut()} on the same ports as before. */
    void open() {
        mqttPort = dps.bindMqtt(sockets, mqttPort);
        webSocketPort = dps.bindWebSocket(sockets, webSocketPort, WEB_SOCKET_PATHS);
        hubPort = hubs.bindMqtt(sockets, hubPort);
    }

    /** Closes the ports and every connection. */
    void shut() {
        sockets.unbind();
    }

    /** Closes the ports and connections and ends the threads. */
    void close() {
        sockets.close();
    }

    int mqttPort() {
        return mqttPort;
    }

    int webSocketPort() {
        return webSocketPort;
    }

    int hubPort() {
        return hubPort;
    }
}
