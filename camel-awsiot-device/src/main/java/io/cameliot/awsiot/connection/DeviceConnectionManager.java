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

import io.cameliot.common.mqtt.MqttThreads;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Keeps one {@link DeviceConnection} for all endpoints of equal {@link ConnectionSettings}, and closes it when the last
 * of its users has released it.
 *
 * <p>AWS IoT Core drops the older of two connections with one client identifier, so sharing is a matter of correctness.
 */
public final class DeviceConnectionManager {

    private final SessionConnector connector;
    private final MqttThreads threads;
    private final Map<ConnectionSettings, Shared> connections = new HashMap<>(); // guarded by this

    public DeviceConnectionManager(SessionConnector connector, MqttThreads threads) {
        this.connector = connector;
        this.threads = threads;
    }

    /**
     * The connection of these settings, made if there is none yet; not connected by this call. Each call is to be
     * followed by one {@link #release}.
     *
     * @throws IllegalArgumentException if the client identifier is in use with other settings
     */
    public synchronized DeviceConnection acquire(ConnectionSettings settings) {
        refuseSecondIdentity(settings);
        Shared shared =
                connections.computeIfAbsent(settings, s -> new Shared(new DeviceConnection(s, connector, threads)));
        shared.users++;
        return shared.connection;
    }

    /**
     * @return completes when the connection is closed, at once while others use it
     */
    public synchronized CompletableFuture<Void> release(DeviceConnection connection) {
        Shared shared = connections.get(connection.settings());
        if (shared == null || shared.connection != connection || --shared.users > 0) {
            return CompletableFuture.completedFuture(null);
        }
        connections.remove(connection.settings());
        return connection.close();
    }

    private void refuseSecondIdentity(ConnectionSettings settings) {
        if (settings.clientId() == null || connections.containsKey(settings)) {
            return;
        }
        for (ConnectionSettings other : connections.keySet()) {
            if (settings.clientId().equals(other.clientId())
                    && settings.endpoint().equalsIgnoreCase(other.endpoint())) {
                throw new IllegalArgumentException("Option clientId '" + settings.clientId()
                        + "' is in use by an endpoint with other connection options (port, credentials, will, session or"
                        + " timing): AWS IoT Core keeps one connection per client id. Give both endpoints the same options"
                        + " or different client ids");
            }
        }
    }

    private static final class Shared {

        private final DeviceConnection connection;
        private int users;

        Shared(DeviceConnection connection) {
            this.connection = connection;
        }
    }
}
