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

import io.cameliot.awsiot.auth.CustomIdentity;
import io.cameliot.common.mqtt.MqttConnectRequest;
import io.cameliot.common.mqtt.MqttSession;
import io.cameliot.common.mqtt.MqttSessionListener;
import io.cameliot.common.mqtt.MqttThreads;
import java.util.concurrent.CompletableFuture;

/** Connects by MQTT, with certificates and credentials read anew at each attempt. */
public final class MqttConnector implements SessionConnector {

    private final MqttThreads threads;

    public MqttConnector(MqttThreads threads) {
        this.threads = threads;
    }

    @Override
    public CompletableFuture<MqttSession> connect(
            ConnectionSettings settings, String clientId, MqttSessionListener listener) {
        CustomIdentity custom = settings.identity() instanceof CustomIdentity identity ? identity : null;
        try {
            MqttConnectRequest request = new MqttConnectRequest(
                    clientId,
                    custom == null ? null : custom.mqttUsername(),
                    custom == null ? null : custom.password(),
                    settings.cleanSession(),
                    settings.keepAlive(),
                    settings.will(),
                    settings.connectionTimeout());
            return MqttSession.connect(request, settings.tlsTarget(), threads, listener);
        } catch (IllegalArgumentException | IllegalStateException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
