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
package io.cameliot.testinfra.awsiot.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.testinfra.awsiot.broker.BrokerPublisher;
import io.cameliot.testinfra.awsiot.broker.BrokerPublisher.BrokerMessage;
import io.cameliot.testinfra.awsiot.gateway.DisconnectReason;
import io.netty.handler.codec.mqtt.MqttProperties;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes {@code $aws/events/presence/…} like AWS IoT Core ("Lifecycle events"): without guaranteed order, and not
 * for client ids that contain wildcards.
 */
public final class LifecycleEvents {
    private static final Logger LOG = LoggerFactory.getLogger(LifecycleEvents.class);
    private static final String PRESENCE = "$aws/events/presence/";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BrokerPublisher publisher;
    private final Map<String, Integer> versionNumbers = new ConcurrentHashMap<>();

    public LifecycleEvents(BrokerPublisher publisher) {
        this.publisher = publisher;
    }

    void connected(GatewayConnection connection) {
        publish("connected", connection.clientId(), describe(connection, "connected"));
    }

    void disconnected(GatewayConnection connection, DisconnectReason reason) {
        ObjectNode event = describe(connection, "disconnected");
        event.put("clientInitiatedDisconnect", reason == DisconnectReason.CLIENT_INITIATED_DISCONNECT);
        event.put("disconnectReason", reason.name());
        publish("disconnected", connection.clientId(), event);
    }

    void connectFailed(String clientId, Refusal refusal) {
        if (!refusal.isForLackOfRights()) {
            return;
        }
        ObjectNode event = begin(clientId, "connect_failed");
        event.put("connectFailureReason", "AUTHORIZATION_FAILED");
        publish("connect_failed", clientId, event);
    }

    private ObjectNode describe(GatewayConnection connection, String eventType) {
        ObjectNode event = begin(connection.clientId(), eventType);
        event.put("sessionIdentifier", connection.sessionIdentifier());
        event.put("principalIdentifier", connection.principal().identifier());
        event.put("ipAddress", connection.ipAddress());
        event.put("versionNumber", versionNumbers.merge(connection.clientId(), 1, Integer::sum) - 1);
        return event;
    }

    private static ObjectNode begin(String clientId, String eventType) {
        ObjectNode event = JSON.createObjectNode();
        event.put("clientId", clientId);
        event.put("timestamp", System.currentTimeMillis());
        event.put("eventType", eventType);
        return event;
    }

    private void publish(String kind, String clientId, ObjectNode event) {
        if (clientId.indexOf('#') >= 0 || clientId.indexOf('+') >= 0) {
            return;
        }
        publisher
                .publish(new BrokerMessage(
                        PRESENCE + kind + "/" + clientId, bytes(event), 1, false, MqttProperties.NO_PROPERTIES))
                .exceptionally(cause -> {
                    LOG.debug("Lifecycle event {} of {} is lost: {}", kind, clientId, cause.toString());
                    return null;
                });
    }

    private static byte[] bytes(ObjectNode event) {
        try {
            return JSON.writeValueAsBytes(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of plain values is always JSON", e);
        }
    }
}
