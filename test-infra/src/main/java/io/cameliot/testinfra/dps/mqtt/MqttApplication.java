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
 * What a service makes of one device's MQTT connection. It is called on the connection's event loop, so it must not
 * block; it answers through its {@link MqttServerSession}.
 */
public interface MqttApplication {

    /**
     * The device connects with MQTT 3.1.1; called first and once.
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
     * The device unsubscribed; UNSUBACK is sent already.
     *
     * @param topicFilter one of the filters
     */
    void unsubscribed(String topicFilter);

    /**
     * The device publishes with QoS 0 or 1. QoS 2 does not come here, it closes the connection.
     *
     * @param message the PUBLISH packet; its payload is valid during the call
     */
    void publish(MqttPublishMessage message);

    /** The connection is gone, whoever closed it; called once, also when CONNECT was never seen. */
    void closed();
}
