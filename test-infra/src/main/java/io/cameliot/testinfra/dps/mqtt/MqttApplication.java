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
package io.cameliot.testinfra.dps.mqtt;

import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;

/**
 * The service's side of a device's MQTT connection. It is called on the connection's event loop, so it must not block.
 * It answers through its {@link MqttServerSession}.
 */
public interface MqttApplication {

    /**
     * The device connects with MQTT 3.1.1. Called first and once.
     *
     * @param message the CONNECT packet
     */
    void connect(MqttConnectMessage message);

    /**
     * The device subscribes.
     *
     * @param message the SUBSCRIBE packet
     */
    void subscribe(MqttSubscribeMessage message);

    /**
     * The device has unsubscribed. UNSUBACK has already been sent.
     *
     * @param topicFilter one of the filters
     */
    void unsubscribed(String topicFilter);

    /**
     * The device publishes with QoS 0 or 1. QoS 2 closes the connection without this call.
     *
     * @param message the PUBLISH packet; its payload is valid during the call
     */
    void publish(MqttPublishMessage message);

    /**
     * The device acknowledges a message of {@link MqttServerSession#publish}. Answers of DPS are sent once: a device that has
     * missed one asks again on a new connection.
     *
     * @param packetId the packet id of the PUBACK
     */
    default void acknowledged(int packetId) {}

    /** The connection has ended, closed by either side. Called once, even if there was no CONNECT. */
    void closed();
}
