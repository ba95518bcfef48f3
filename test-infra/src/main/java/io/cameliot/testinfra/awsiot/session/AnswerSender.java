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

import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.Fault.Answer;
import io.cameliot.testinfra.awsiot.flow.ReceiveWindow;
import io.cameliot.testinfra.awsiot.gateway.DisconnectReason;
import io.cameliot.testinfra.awsiot.service.DeviceRequests;
import io.cameliot.testinfra.event.AwsIotRule;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttReasonCodes;

/** Sends answers to a device's packets, unless a fault prevents it. */
final class AnswerSender {
    private final GatewayConnection connection;
    private final GatewayServices services;
    private final ReceiveWindow window;
    private final DeviceRequests requests;

    AnswerSender(GatewayConnection connection, GatewayServices services) {
        this.connection = connection;
        this.services = services;
        this.window = new ReceiveWindow(services.mqtt5().receiveMaximum());
        this.requests = new DeviceRequests(
                connection.clientId(),
                connection.channel().eventLoop(),
                this::deliver,
                connection::drop,
                services.deviceServices(),
                connection.principal().identifier(),
                topic -> connection.filters().qosFor(topic).isPresent());
    }

    private void deliver(String topic, byte[] payload) {
        if (services.mayDeliver(connection, topic)) {
            connection.directDeliveries().send(topic, payload);
        }
    }

    /** The messages that wait for {@link #acknowledge}. */
    ReceiveWindow window() {
        return window;
    }

    /** The messages that are requests to services, which are answered after PUBACK. */
    DeviceRequests requests() {
        return requests;
    }

    /**
     * Writes an answer without a flush.
     *
     * @return whether the answer was written
     */
    boolean send(Answer kind, MqttMessage message) {
        if (services.faults()
                .take(Fault.DropBefore.class, connection.clientId(), fault -> fault.answer() == kind)
                .isPresent()) {
            struck(kind, GatewayConnection.CLOSED);
            connection.drop();
            return false;
        }
        var disconnect = services.faults()
                .take(Fault.DisconnectBefore.class, connection.clientId(), fault -> fault.answer() == kind);
        if (disconnect.isPresent()) {
            struck(kind, "DISCONNECT");
            connection.disconnect(DisconnectReason.SERVER_INITIATED_DISCONNECT, (byte)
                    disconnect.get().reasonCode());
            return false;
        }
        if (services.faults()
                .take(Fault.Withhold.class, connection.clientId(), fault -> fault.answer() == kind)
                .isPresent()) {
            struck(kind, "no answer");
            return false;
        }
        connection.channel().write(message);
        return true;
    }

    private void struck(Answer kind, String answer) {
        services.refused(connection, AwsIotRule.INJECTED_FAULT, answer, () -> "instead of " + kind);
    }

    /** Writes a PUBACK without a flush. The codec omits the reason code with MQTT 3.1.1. */
    void acknowledge(int packetId, byte reasonCode) {
        MqttMessage puback = MqttMessageBuilders.pubAck()
                .packetId(packetId)
                .reasonCode(reasonCode)
                .build();
        if (send(Answer.PUBACK, puback)) {
            window.close(packetId);
        }
    }

    void acknowledge(int packetId, MqttReasonCodes.PubAck reason) {
        acknowledge(packetId, reason.byteValue());
    }
}
