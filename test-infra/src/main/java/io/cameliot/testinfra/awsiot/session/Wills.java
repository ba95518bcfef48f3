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

import io.cameliot.testinfra.awsiot.broker.BrokerPublisher;
import io.cameliot.testinfra.awsiot.broker.BrokerPublisher.BrokerMessage;
import io.cameliot.testinfra.awsiot.gateway.DisconnectReason;
import io.cameliot.testinfra.awsiot.gateway.Mqtt5Properties;
import io.cameliot.testinfra.awsiot.gateway.PublishProperties;
import io.cameliot.testinfra.event.EventLog;
import io.cameliot.testinfra.event.Published;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the will of a connection unless the client has ended it by DISCONNECT or by a WebSocket's Close frame. The
 * broker would publish wills without their MQTT 5 properties.
 */
public final class Wills {
    private static final Logger LOG = LoggerFactory.getLogger(Wills.class);

    private final BrokerPublisher publisher;
    private final EventLog events;

    public Wills(BrokerPublisher publisher, EventLog events) {
        this.publisher = publisher;
        this.events = events;
    }

    void ended(GatewayConnection connection, DisconnectReason reason) {
        MqttConnectMessage connect = connection.connect();
        if (reason == DisconnectReason.CLIENT_INITIATED_DISCONNECT
                || !connect.variableHeader().isWillFlag()) {
            return;
        }
        events.published(connect.payload().willTopic(), () -> event(connection));
        publisher
                .publish(new BrokerMessage(
                        connect.payload().willTopic(),
                        connect.payload().willMessageInBytes(),
                        connect.variableHeader().willQos(),
                        connect.variableHeader().isWillRetain(),
                        Mqtt5Properties.messageToBroker(connect.payload().willProperties())))
                .exceptionally(cause -> {
                    LOG.debug("The will of {} is lost: {}", connection.clientId(), cause.toString());
                    return null;
                });
    }

    private static Published event(GatewayConnection connection) {
        MqttConnectMessage connect = connection.connect();
        return Published.of(
                new Published.Origin(Published.Kind.SERVICE, connection.clientId()),
                connect.payload().willTopic(),
                connect.payload().willMessageInBytes(),
                connect.variableHeader().willQos(),
                connect.variableHeader().isWillRetain(),
                PublishProperties.of(connect.payload().willProperties()).asText());
    }
}
