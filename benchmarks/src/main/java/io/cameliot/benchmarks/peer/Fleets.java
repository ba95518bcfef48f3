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
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import io.cameliot.benchmarks.peer.api.Completion;
import io.cameliot.benchmarks.peer.api.Fleet;
import io.cameliot.benchmarks.peer.client.HiveMqPublisher;
import io.cameliot.benchmarks.peer.route.CamelUris;
import io.cameliot.benchmarks.peer.route.Route;
import io.cameliot.benchmarks.server.ServerAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;

/** Creates the fleets of all peers. */
public final class Fleets {

    private static final byte[] PAYLOAD = "{}".getBytes(StandardCharsets.UTF_8);
    private static final String IDENTITY = "identity";
    /** Large enough that Camel evicts no producer. */
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
     * One route for all identities: client identifier and files in its URI depend on the identity. Camel starts the
     * producers of a route one after the other, so the producers must not wait for their connections; the messages
     * wait.
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
            route.processAndWait(exchange(identity, PAYLOAD));
        }

        @Override
        public void publish(String identity, byte[] payload, Completion completion) {
            route.process(exchange(identity, payload), completion);
        }

        private Exchange exchange(String identity, byte[] payload) {
            Exchange exchange = route.exchange(payload);
            exchange.getIn().setHeader(IDENTITY, identity);
            return exchange;
        }

        @Override
        public void close() throws Exception {
            route.close();
        }
    }

    private static final class HiveMqFleet implements Fleet {

        private final ServerAddress server;
        private final Map<String, Mqtt3AsyncClient> clients = new ConcurrentHashMap<>();

        HiveMqFleet(ServerAddress server) {
            this.server = server;
        }

        @Override
        public void connect(String identity) {
            Mqtt3AsyncClient client = HiveMqPublisher.client(server, identity);
            client.connect().join();
            clients.put(identity, client);
            publish(identity, PAYLOAD).join();
        }

        @Override
        public void publish(String identity, byte[] payload, Completion completion) {
            publish(identity, payload).whenComplete((result, failure) -> completion.done(failure));
        }

        private CompletableFuture<Mqtt3Publish> publish(String identity, byte[] payload) {
            return clients.get(identity)
                    .publishWith()
                    .topic(topic(identity))
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload(payload)
                    .send();
        }

        @Override
        public void close() {
            clients.values().forEach(client -> client.disconnect().join());
        }
    }
}
