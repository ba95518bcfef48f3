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
package io.cameliot.testinfra.dps.hub;

import io.cameliot.testinfra.dps.identity.EnrollmentAttestation;
import io.cameliot.testinfra.dps.mqtt.MqttServerSession;
import io.cameliot.testinfra.event.AzureRule;
import io.netty.handler.codec.mqtt.MqttQoS;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A device of a hub: its attestation, its connection, and the messages that wait for it. */
final class HubDevice {

    /** The number of messages that may wait for a device or its acknowledgement, 50 as at IoT Hub. */
    private static final int MAX_WAITING = 50;

    private final String hub;
    private final String id;
    private final Deque<CloudToDeviceMessage> waiting = new ArrayDeque<>();
    /** By packet id: the messages without PUBACK on the present connection, in the order in which they were sent. */
    private final Map<Integer, CloudToDeviceMessage> unacknowledged = new LinkedHashMap<>();

    private EnrollmentAttestation attestation;
    private MqttServerSession session;
    private MqttQoS subscription = MqttQoS.FAILURE;

    private record CloudToDeviceMessage(String topic, String payload) {}

    HubDevice(String hub, String id, EnrollmentAttestation attestation) {
        this.hub = hub;
        this.id = id;
        this.attestation = attestation;
    }

    String hub() {
        return hub;
    }

    String id() {
        return id;
    }

    synchronized EnrollmentAttestation attestation() {
        return attestation;
    }

    synchronized void attestBy(EnrollmentAttestation other) {
        attestation = other;
    }

    /** Sets the device's connection and closes the previous one, because a device has only one. */
    synchronized void connected(MqttServerSession newSession) {
        if (session != null) {
            MqttServerSession old = session;
            old.execute(() -> old.close(AzureRule.DUPLICATE_CLIENT_ID, "another connection of the device came"));
        }
        connectionEnded();
        session = newSession;
    }

    synchronized void disconnected(MqttServerSession oldSession) {
        if (session == oldSession) {
            connectionEnded();
        }
    }

    private void connectionEnded() {
        session = null;
        subscription = MqttQoS.FAILURE;
        List<CloudToDeviceMessage> sent = new ArrayList<>(unacknowledged.values());
        unacknowledged.clear();
        Collections.reverse(sent);
        sent.forEach(waiting::addFirst);
    }

    synchronized void disconnect(String reason) {
        if (session != null) {
            MqttServerSession old = session;
            old.execute(() -> old.close(reason));
        }
    }

    synchronized boolean isConnected() {
        return session != null;
    }

    /** Starts to send messages to the device, beginning with the waiting ones; {@code FAILURE} stops it. */
    synchronized void subscribed(MqttQoS qos) {
        subscription = qos;
        flush();
    }

    /** The device has completed a message, which the hub keeps until then. */
    synchronized void acknowledged(MqttServerSession by, int packetId) {
        if (session == by) {
            unacknowledged.remove(packetId);
        }
    }

    synchronized void send(String topic, String payload) {
        if (waiting.size() + unacknowledged.size() == MAX_WAITING) {
            throw new IllegalStateException("Device '" + id + "' has " + MAX_WAITING + " messages waiting for it");
        }
        waiting.add(new CloudToDeviceMessage(topic, payload));
        flush();
    }

    private void flush() {
        if (session != null) {
            MqttServerSession to = session;
            // In a task, so that a waiting message follows the SUBACK of the subscription.
            to.execute(() -> sendWaiting(to));
        }
    }

    private synchronized void sendWaiting(MqttServerSession to) {
        while (session == to && subscription != MqttQoS.FAILURE && !waiting.isEmpty()) {
            CloudToDeviceMessage message = waiting.remove();
            int packetId = to.publish(message.topic(), message.payload(), subscription);
            if (subscription == MqttQoS.AT_LEAST_ONCE) {
                unacknowledged.put(packetId, message);
            }
        }
    }
}
