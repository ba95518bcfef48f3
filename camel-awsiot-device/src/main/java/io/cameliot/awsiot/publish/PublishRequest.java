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
package io.cameliot.awsiot.publish;

import io.cameliot.common.mqtt.ApplicationMessage;
import io.cameliot.common.mqtt.MessageProperties;
import io.cameliot.common.text.ForeignText;

/**
 * A message to publish.
 *
 * @param topic topic name
 * @param payload not copied; must not change. An outbox keeps it after the exchange has continued, and so does a
 *     connection after a timeout
 * @param qos 0 or 1
 * @param retained whether the server keeps the message for later subscribers
 * @param properties MQTT 5 properties; MQTT 3.1.1 does not send them
 */
public record PublishRequest(String topic, byte[] payload, int qos, boolean retained, MessageProperties properties) {

    /** Maximum size of a payload (AWS IoT Core quotas). AWS IoT Core ends the connection for a larger one. */
    public static final int MAX_PAYLOAD_BYTES = 128 * 1024;

    /** The maximum size of a payload, for messages. */
    public static final String MAX_PAYLOAD = "AWS IoT Core allows " + MAX_PAYLOAD_BYTES + " (128 KB) in one message";

    /** Returns the message as an MQTT session sends it. */
    public ApplicationMessage message() {
        return new ApplicationMessage(topic, payload, qos, retained, properties);
    }

    @Override
    public String toString() {
        return "PublishRequest[topic=" + ForeignText.shown(topic) + ", qos=" + qos + ", " + payload.length + " bytes]";
    }
}
