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
import io.cameliot.benchmarks.server.ServerAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.camel.Exchange;

/** Makes the fleets of all peers. */
public final class Fleets {

    private static final byte[] PAYLOAD = "{}".getBytes(StandardCharsets.UTF_8);
    private static final String IDENTITY = "identity";
    /** So that Camel closes none to make room for another one. */
    private static final int CACHE_SIZE = 10_000;

    private Fleets() {}

    public static Fleet of(Peer peer, ServerAddress server) throws Exception {
        return switch (peer) {
            case AWSIOT_DEVICE -> new RouteFleet(server);
            case HIVEMQ -> new HiveMqFleet(server);
            default -> throw new IllegalArgumentException(peer + " makes no fleet");
        };
    }

    private static String topic(String identity) {
        return "bench/fleet/" + identity;
    }

    /**
     * One route for all, whose URI has the identity in client identifier and files. Camel starts the producers of a route
     * one after the other: they must not wait for their connections, as the messages do.
     */
    private static final class RouteFleet implements Fleet {

        private final Route route;

        RouteFleet(ServerAddress server) throws Exception {
            String identity = "${header." + IDENTITY + "}";
            String uri = CamelUris.awsIotDevice(server, identity, topic(identity), "&alpn=none&awaitConnection=never");
            route = new Route(Map.of(), from -> from.toD(uri, CACHE_SIZE));
        }

        @Override
        public void connect(String identity) throws Exception {
            Exchange exchange = route.exchange(PAYLOAD);
            exchange.getIn().setHeader(IDENTITY, identity);
            route.processAndWait(exchange);
        }

        @Override
        public void close() throws Exception {
            route.close();
        }
    }

    private static final class HiveMqFleet implements Fleet {

        private final ServerAddress server;
        private final Queue<Mqtt3AsyncClient> clients = new ConcurrentLinkedQueue<>();

        HiveMqFleet(ServerAddress server) {
            this.server = server;
        }

        @Override
        public void connect(String identity) {
            Mqtt3AsyncClient client = HiveMqPublisher.client(server, identity);
            client.connect().join();
            clients.add(client);
            client.publishWith()
                    .topic(topic(identity))
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload(PAYLOAD)
                    .send()
                    .join();
        }

        @Override
        public void close() {
            clients.forEach(client -> client.disconnect().join());
        }
    }
}
