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
package io.cameliot.awsiot.testing;

import io.cameliot.awsiot.link.ConnectionCounters;
import io.cameliot.awsiot.link.DeviceConnection;
import io.cameliot.awsiot.link.Predecessor;
import io.cameliot.awsiot.protocol.DeviceProtocol;
import io.cameliot.awsiot.receive.SubscriptionStatus;
import io.cameliot.awsiot.settings.ConnectionSettings;
import io.cameliot.awsiot.settings.GatewayAddress;
import io.cameliot.awsiot.settings.SessionSettings;
import io.cameliot.awsiot.settings.Timing;
import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.mqtt.MqttConnectRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.CamelContext;

/** A connection that nothing connects, to see what it would do. */
public final class UnconnectedDevice implements AutoCloseable {

    public static final Timing TIMING =
            new Timing(Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(1), Duration.ofSeconds(2));

    private final CamelContext camel = Contexts.withoutJmx();
    private final MqttThreads threads = MqttThreads.create(camel, this, "Unconnected");
    private final DeviceConnection connection;

    public UnconnectedDevice() {
        this(settings("unconnected", Duration.ZERO, TIMING), new IOException("not to be connected"));
    }

    public UnconnectedDevice(String clientId, Duration publishTimeout) {
        this(
                settings(
                        clientId,
                        Duration.ZERO,
                        new Timing(
                                Duration.ofSeconds(30), publishTimeout, Duration.ofSeconds(1), Duration.ofSeconds(2))),
                new IOException("not to be connected"));
    }

    /**
     * @param failure of each attempt to connect
     */
    public UnconnectedDevice(ConnectionSettings settings, IOException failure) {
        connection = new DeviceConnection(
                settings,
                (with, clientId, listener) -> CompletableFuture.failedFuture(failure),
                threads,
                new ConnectionCounters(),
                Predecessor.NONE);
    }

    /** Returns settings that are good for everything but a connection. */
    public static ConnectionSettings settings(String clientId, Duration keepAlive, Timing timing) {
        return new ConnectionSettings(
                new GatewayAddress(DeviceProtocol.mqtt, "unconnected.invalid", 8883, null, null, null),
                null,
                null,
                new SessionSettings(clientId, MqttConnectRequest.Session.v311(true), keepAlive, null),
                10,
                timing);
    }

    public DeviceConnection connection() {
        return connection;
    }

    public MqttThreads threads() {
        return threads;
    }

    public List<String> filters() {
        return connection.subscriptions().stream()
                .map(SubscriptionStatus::topicFilter)
                .toList();
    }

    @Override
    public void close() {
        connection.close().join();
        threads.shutdown();
        camel.stop();
    }
}
