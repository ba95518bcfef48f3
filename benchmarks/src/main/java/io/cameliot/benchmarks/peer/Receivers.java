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
package io.cameliot.benchmarks.peer;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import io.cameliot.benchmarks.peer.api.SubscribeSettings;
import io.cameliot.benchmarks.peer.client.AwsSdkClient;
import io.cameliot.benchmarks.peer.client.HiveMqPublisher;
import io.cameliot.benchmarks.peer.route.CamelUris;
import io.cameliot.benchmarks.peer.route.RouteReceiver;
import io.cameliot.benchmarks.server.ServerAddress;
import java.util.Map;

/** Creates the receiving clients of all peers. */
public final class Receivers {

    private Receivers() {}

    /** Creates a connected client with a subscription at QoS 1. */
    public static AutoCloseable subscribe(Peer peer, SubscribeSettings settings) throws Exception {
        ServerAddress server = settings.server();
        String identity = settings.identity();
        return switch (peer) {
            case AWSIOT_DEVICE ->
                new RouteReceiver(
                        CamelUris.awsIotDevice(server, identity, settings.topic(), "&alpn=none"),
                        Map.of(),
                        settings.onMessage());
            case PAHO, PAHO_MQTT5 ->
                new RouteReceiver(
                        CamelUris.paho(
                                peer == Peer.PAHO ? "paho" : "paho-mqtt5", server, identity, settings.topic(), 1),
                        Publishers.socketFactory(server, identity),
                        settings.onMessage());
            case HIVEMQ -> hiveMq(settings);
            case AWS_SDK -> AwsSdkClient.receiver(settings);
            default -> throw new IllegalArgumentException(peer + " does not receive");
        };
    }

    private static AutoCloseable hiveMq(SubscribeSettings settings) {
        Mqtt3AsyncClient client = HiveMqPublisher.client(settings.server(), settings.identity());
        client.connect().join();
        client.subscribeWith()
                .topicFilter(settings.topic())
                .qos(MqttQos.AT_LEAST_ONCE)
                .callback(message -> settings.onMessage().run())
                .send()
                .join();
        return () -> client.disconnect().join();
    }
}
