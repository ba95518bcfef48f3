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
package io.cameliot.awsiot.link;

import io.cameliot.awsiot.auth.CredentialsOptions;
import io.cameliot.awsiot.auth.CustomIdentity;
import io.cameliot.awsiot.auth.SigV4Identity;
import io.cameliot.awsiot.protocol.DeviceProtocol;
import io.cameliot.awsiot.settings.ConnectionSettings;
import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.mqtt.MqttConnectRequest;
import io.cameliot.common.mqtt.session.MqttSession;
import io.cameliot.common.mqtt.session.MqttSessionListener;
import io.cameliot.common.transport.TlsTarget;
import io.cameliot.common.transport.WebSocketUpgrade;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** Connects by MQTT, directly or over WebSocket. Reads certificates and credentials anew at each attempt. */
public final class MqttConnector implements SessionConnector {

    private static final String PATH = "/mqtt";
    private static final String SUBPROTOCOL = "mqtt";

    private final MqttThreads threads;

    public MqttConnector(MqttThreads threads) {
        this.threads = threads;
    }

    @Override
    public CompletableFuture<MqttSession> connect(
            ConnectionSettings settings, String clientId, MqttSessionListener listener) {
        TlsTarget target = settings.tlsTarget();
        if (settings.protocol() == DeviceProtocol.wss) {
            target = target.withWebSocket(webSocket(settings));
        }
        return MqttSession.connect(request(settings, clientId), target, threads.connector(), listener);
    }

    private static MqttConnectRequest request(ConnectionSettings settings, String clientId) {
        CustomIdentity login = settings.identity() instanceof CustomIdentity identity
                        && (settings.protocol() == DeviceProtocol.mqtt || identity.hasLogin())
                ? identity
                : null;
        return new MqttConnectRequest(
                clientId,
                login == null ? null : new MqttConnectRequest.Login(login.mqttUsername(), login.password()),
                settings.session().kept(),
                settings.session().keepAlive(),
                settings.session().will(),
                settings.timing().connectionTimeout());
    }

    /**
     * Returns the WebSocket upgrade. AWS calls a custom authorizer at the upgrade, or at the CONNECT if the CONNECT
     * carries the login.
     */
    private static WebSocketUpgrade webSocket(ConnectionSettings settings) {
        if (settings.identity() instanceof SigV4Identity identity) {
            CredentialsOptions source = identity.credentials();
            AwsCredentialsProvider provider = source.open();
            try {
                String path = identity.signer()
                        .presignedPath(settings.endpoint(), settings.address().port(), PATH, source.resolve(provider));
                return new WebSocketUpgrade(path, Map.of(), SUBPROTOCOL);
            } finally {
                source.close(provider);
            }
        }
        Map<String, String> headers = settings.identity() instanceof CustomIdentity identity && !identity.hasLogin()
                ? identity.headers()
                : Map.of();
        return new WebSocketUpgrade(PATH, headers, SUBPROTOCOL);
    }
}
