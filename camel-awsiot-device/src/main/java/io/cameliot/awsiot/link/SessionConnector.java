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

import io.cameliot.awsiot.settings.ConnectionSettings;
import io.cameliot.common.mqtt.session.MqttSession;
import io.cameliot.common.mqtt.session.MqttSessionListener;
import java.util.concurrent.CompletableFuture;

/** Makes one connection attempt, with freshly fetched credentials. */
@FunctionalInterface
public interface SessionConnector {

    /**
     * Reads files and fetches credentials, which may block, then connects.
     *
     * @param clientId the client identifier, the same at each attempt
     * @return the future of {@link MqttSession#connect}
     * @throws IllegalArgumentException if an option has become unusable
     * @throws IllegalStateException if no credentials are available
     */
    CompletableFuture<MqttSession> connect(ConnectionSettings settings, String clientId, MqttSessionListener listener);
}
