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
package io.cameliot.testinfra.awsiot.service;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * The requests of one device to services. They are in flight from PUBLISH on and are answered after PUBACK. AWS
 * documents no order; this one is an assumption. Event loop only.
 */
public final class DeviceRequests implements RequestingDevice {
    private final String clientId;
    private final EventLoop eventLoop;
    private final BiConsumer<String, byte[]> deliveries;
    private final Runnable drop;
    private final DeviceServices services;
    private final String principalId;
    private final Predicate<String> subscribed;
    private final RequestCounts inFlight = new RequestCounts();
    /** The answers by packet id. */
    private final Map<Integer, Runnable> unacknowledged = new HashMap<>();

    /**
     * Creates the requests of one connection.
     *
     * @param clientId the device
     * @param eventLoop runs the connection
     * @param deliveries sends answers to the device, by topic and payload; called by the event loop
     * @param drop closes the connection without a DISCONNECT
     * @param services answers the requests
     * @param principalId identifies its certificate, its access key or its authorizer's principal
     * @param subscribed tells whether it has subscribed to a topic
     */
    public DeviceRequests(
            String clientId,
            EventLoop eventLoop,
            BiConsumer<String, byte[]> deliveries,
            Runnable drop,
            DeviceServices services,
            String principalId,
            Predicate<String> subscribed) {
        this.clientId = clientId;
        this.eventLoop = eventLoop;
        this.deliveries = deliveries;
        this.drop = drop;
        this.services = services;
        this.principalId = principalId;
        this.subscribed = subscribed;
    }

    /**
     * Handles a message that the gateway has accepted.
     *
     * @return whether it is for a service only, and hidden from subscribers
     */
    public boolean received(MqttPublishMessage publish, String topic) {
        if (!DeviceServices.isReserved(topic)) {
            return false;
        }
        Optional<ArrivedRequest> request = services.begin(this, topic, ByteBufUtil.getBytes(publish.payload()));
        request.map(ArrivedRequest::answer).ifPresent(answer -> {
            if (publish.fixedHeader().qosLevel() == MqttQoS.AT_LEAST_ONCE) {
                unacknowledged.merge(publish.variableHeader().packetId(), answer, DeviceRequests::inOrder);
            } else {
                eventLoop.execute(answer); // after all packets that arrived together with it
            }
        });
        return request.filter(ArrivedRequest::hidden).isPresent();
    }

    private static Runnable inOrder(Runnable first, Runnable second) {
        return () -> {
            first.run();
            second.run();
        };
    }

    /** Answers the request with this packet id, if there is one, after its PUBACK. */
    public void acknowledged(int packetId) {
        Runnable answer = unacknowledged.remove(packetId);
        if (answer != null) {
            answer.run();
        }
    }

    @Override
    public String clientId() {
        return clientId;
    }

    @Override
    public String principalId() {
        return principalId;
    }

    @Override
    public boolean hasSubscribed(String topic) {
        return subscribed.test(topic);
    }

    @Override
    public RequestCounts inFlight() {
        return inFlight;
    }

    @Override
    public void deliver(String topic, byte[] payload) {
        if (eventLoop.inEventLoop()) {
            deliveries.accept(topic, payload);
        } else {
            eventLoop.execute(() -> deliveries.accept(topic, payload));
        }
    }

    @Override
    public void drop() {
        drop.run();
    }
}
