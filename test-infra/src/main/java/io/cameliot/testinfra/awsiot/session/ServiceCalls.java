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

import io.cameliot.testinfra.awsiot.service.DeviceServices;
import io.cameliot.testinfra.awsiot.service.InFlight;
import io.cameliot.testinfra.awsiot.service.Requester;
import io.cameliot.testinfra.awsiot.service.ServiceCall;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The requests of one device to services. They are in flight from PUBLISH on, and are answered after PUBACK: AWS promises
 * no order, so this is the orderly one. On the event loop of the connection.
 */
final class ServiceCalls implements Requester {
    private final GatewayConnection connection;
    private final DeviceServices services;
    private final InFlight inFlight = new InFlight();
    /** By packet id. */
    private final Map<Integer, Runnable> unacknowledged = new HashMap<>();

    ServiceCalls(GatewayConnection connection, DeviceServices services) {
        this.connection = connection;
        this.services = services;
    }

    /**
     * Takes a message that the device has published and the gateway has let through.
     *
     * @return whether it is for a service alone, and hidden from subscribers
     */
    boolean received(MqttPublishMessage publish, String topic) {
        if (!DeviceServices.isReserved(topic)) {
            return false;
        }
        Optional<ServiceCall> call = services.begin(this, topic, ByteBufUtil.getBytes(publish.payload()));
        call.map(ServiceCall::answer).ifPresent(answer -> {
            if (publish.fixedHeader().qosLevel() == MqttQoS.AT_LEAST_ONCE) {
                unacknowledged.merge(publish.variableHeader().packetId(), answer, ServiceCalls::inOrder);
            } else {
                eventLoop().execute(answer); // when all that came with it has come
            }
        });
        return call.filter(ServiceCall::hidden).isPresent();
    }

    private static Runnable inOrder(Runnable first, Runnable second) {
        return () -> {
            first.run();
            second.run();
        };
    }

    /** A message has been acknowledged. */
    void acknowledged(int packetId) {
        Runnable answer = unacknowledged.remove(packetId);
        if (answer != null) {
            answer.run();
        }
    }

    @Override
    public String clientId() {
        return connection.clientId();
    }

    @Override
    public InFlight inFlight() {
        return inFlight;
    }

    @Override
    public void deliver(String topic, byte[] payload) {
        if (eventLoop().inEventLoop()) {
            connection.directDeliveries().send(topic, payload);
        } else {
            eventLoop().execute(() -> connection.directDeliveries().send(topic, payload));
        }
    }

    @Override
    public void drop() {
        connection.drop();
    }

    private EventLoop eventLoop() {
        return connection.channel().eventLoop();
    }
}
