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
 * A message to publish (MQTT 5 section 1.2: application message).
 *
 * @param topic topic name
 * @param payload not copied; must not change
 * @param qos 0 or 1
 * @param retained whether the server keeps it for later subscribers
 * @param properties MQTT 5 only; {@link MessageProperties#NONE} for none
 */
public record ApplicationMessage(
        String topic, byte[] payload, int qos, boolean retained, MessageProperties properties) {

    /** Omits the payload. */
    @Override
    public String toString() {
        return "ApplicationMessage[topic=" + topic + ", qos=" + qos + ", " + payload.length + " bytes]";
    }
}
