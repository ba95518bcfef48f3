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

/** What an emulator has seen of its clients: connections, packets, messages, requests. */
public abstract class SeenByGateway {

    SeenByGateway() {}

    /**
     * @throws IllegalStateException before the start
     */
    abstract Gateway gateway();

    /**
     * The MQTT connections that are open.
     *
     * @return in no order
     */
    public List<ConnectionInfo> connections() {
        return gateway().connections().stream().filter(ConnectionInfo::isOpen).toList();
    }

    /**
     * The MQTT connections that a client has and had, as far as they are among the latest 10,000.
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
     * The latest messages taken from devices, over MQTT and HTTPS: 10,000 or 16 MiB.
     *
     * @return oldest first
     */
    public List<ReceivedPublish> receivedPublishes() {
        return gateway().receivedPublishes();
    }

    /**
     * The latest messages taken from devices on one topic.
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
     * The latest CONNECT packets, refused ones included: 10,000.
     *
     * @return oldest first
     */
    public List<ReceivedConnect> receivedConnects() {
        return gateway().receivedConnects();
    }

    /**
     * The latest SUBSCRIBE packets: 10,000.
     *
     * @return oldest first
     */
    public List<ReceivedSubscribe> receivedSubscribes() {
        return gateway().receivedSubscribes();
    }

    /**
     * The latest UNSUBSCRIBE packets: 10,000.
     *
     * @return oldest first
     */
    public List<ReceivedUnsubscribe> receivedUnsubscribes() {
        return gateway().receivedUnsubscribes();
    }

    /**
     * The latest HTTP requests, WebSocket upgrades included: 10,000.
     *
     * @return oldest first
     */
    public List<ReceivedRequest> receivedRequests() {
        return gateway().receivedRequests();
    }

    /** Forgets {@link #receivedPublishes()}. */
    public void clearReceivedPublishes() {
        gateway().clearReceivedPublishes();
    }

    /**
     * What has been counted since the first start.
     *
     * @return live counters
     */
    public Counters counters() {
        return gateway().counters();
    }
}
