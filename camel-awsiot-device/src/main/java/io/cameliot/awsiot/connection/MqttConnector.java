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
package io.cameliot.awsiot.connection;

import io.cameliot.common.mqtt.MqttConnectRequest;
import io.cameliot.common.mqtt.MqttSession;
import io.cameliot.common.mqtt.MqttSessionListener;
import io.cameliot.common.mqtt.MqttThreads;
import io.cameliot.common.tls.TlsTarget;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;

/** Connects over MQTT with an X.509 client certificate, read anew at each attempt. */
public final class MqttConnector implements SessionConnector {

    /** The option that names the server, in error messages. */
    private static final String HOST_OPTION = "endpoint";

    private final MqttThreads threads;

    public MqttConnector(MqttThreads threads) {
        this.threads = threads;
    }

    @Override
    public CompletableFuture<MqttSession> connect(
            ConnectionSettings settings, String clientId, MqttSessionListener listener) {
        SSLContext sslContext;
        try {
            sslContext = settings.tls().create();
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(e);
        }
        TlsTarget target = new TlsTarget(
                HOST_OPTION,
                settings.endpoint(),
                settings.port(),
                settings.connectTo(),
                sslContext,
                List.of(),
                settings.alpn(),
                settings.connectionTimeout());
        MqttConnectRequest request = new MqttConnectRequest(
                clientId,
                null,
                null,
                settings.cleanSession(),
                settings.keepAlive(),
                settings.will(),
                settings.connectionTimeout());
        return MqttSession.connect(request, target, threads, listener);
    }
}
