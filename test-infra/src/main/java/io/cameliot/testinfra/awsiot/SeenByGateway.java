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
package io.cameliot.testinfra.awsiot;

import io.cameliot.testinfra.awsiot.gateway.ConnectionInfo;
import io.cameliot.testinfra.awsiot.gateway.Counters;
import io.cameliot.testinfra.awsiot.gateway.ReceivedConnect;
import io.cameliot.testinfra.awsiot.gateway.ReceivedPublish;
import io.cameliot.testinfra.awsiot.gateway.ReceivedRequest;
import io.cameliot.testinfra.awsiot.gateway.ReceivedSubscribe;
import io.cameliot.testinfra.awsiot.gateway.ReceivedUnsubscribe;
import io.cameliot.testinfra.awsiot.server.Gateway;
import java.util.List;

/** What an emulator has recorded of its clients: connections, packets, messages, requests. */
public abstract class SeenByGateway {

    SeenByGateway() {}

    /**
     * @throws IllegalStateException before the start
     */
    abstract Gateway gateway();

    /**
     * The open MQTT connections.
     *
     * @return in no order
     */
    public List<ConnectionInfo> connections() {
        return gateway().openConnections().stream()
                .filter(ConnectionInfo::isOpen)
                .toList();
    }

    /**
     * The MQTT connections of a client, open and closed ones, among the latest 10,000 of all clients.
     *
     * @param clientId the client
     * @return oldest first
     */
    public List<ConnectionInfo> connectionsOf(String clientId) {
        return gateway().connections().stream()
                .filter(connection -> connection.clientId().equals(clientId))
                .toList();
    }

    /**
     * The latest messages that devices have published over MQTT and HTTPS: at most 10,000 or 16 MiB.
     *
     * @return oldest first
     */
    public List<ReceivedPublish> receivedPublishes() {
        return gateway().journal().publishes().latest();
    }

    /**
     * The latest messages that devices have published to one topic.
     *
     * @param topic the topic
     * @return oldest first
     */
    public List<ReceivedPublish> receivedPublishes(String topic) {
        return receivedPublishes().stream()
                .filter(publish -> publish.topic().equals(topic))
                .toList();
    }

    /**
     * The latest 10,000 CONNECT packets, including refused ones.
     *
     * @return oldest first
     */
    public List<ReceivedConnect> receivedConnects() {
        return gateway().journal().connects().latest();
    }

    /**
     * The latest 10,000 SUBSCRIBE packets.
     *
     * @return oldest first
     */
    public List<ReceivedSubscribe> receivedSubscribes() {
        return gateway().journal().subscribes().latest();
    }

    /**
     * The latest 10,000 UNSUBSCRIBE packets.
     *
     * @return oldest first
     */
    public List<ReceivedUnsubscribe> receivedUnsubscribes() {
        return gateway().journal().unsubscribes().latest();
    }

    /**
     * The latest 10,000 HTTP requests, including WebSocket upgrades.
     *
     * @return oldest first
     */
    public List<ReceivedRequest> receivedRequests() {
        return gateway().journal().requests().latest();
    }

    /** Clears {@link #receivedPublishes()}. */
    public void clearReceivedPublishes() {
        gateway().journal().publishes().clear();
    }

    /**
     * Counters since the first start.
     *
     * @return live counters
     */
    public Counters counters() {
        return gateway().counters();
    }
}
