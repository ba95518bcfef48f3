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
package io.cameliot.common.mqtt;

/**
 * A PUBLISH that arrived.
 *
 * @param session the connection on which it arrived and on which alone it can be acknowledged
 * @param topic topic name
 * @param payload not copied
 * @param qos 0 to 2
 * @param retained whether it was kept by the server from before the subscription
 * @param duplicate whether the server may have sent it before
 * @param packetId the packet identifier, 0 at QoS 0
 */
public record InboundMessage(
        MqttSession session, String topic, byte[] payload, int qos, boolean retained, boolean duplicate, int packetId) {

    /** Sends the PUBACK. Does nothing at QoS 0, or when the connection has ended: the server then sends it again. */
    public void acknowledge() {
        session.acknowledge(this);
    }

    @Override
    public String toString() {
        return "InboundMessage[topic=" + topic + ", qos=" + qos + ", packetId=" + packetId + ", " + payload.length
                + " bytes]";
    }
}
