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

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.testinfra.awsiot.gateway.PublishProperties;
import io.cameliot.testinfra.awsiot.json.ClientToken;
import io.cameliot.testinfra.awsiot.json.StrictJson;
import io.cameliot.testinfra.awsiot.json.StrictJson.NotJsonException;
import io.cameliot.testinfra.event.Published;

/**
 * A message of a service.
 *
 * @param topic the topic
 * @param payload the payload
 * @param properties for MQTT 5
 * @param direct whether it goes only to the requesting device, and not to subscribers
 */
record ServiceMessage(String topic, byte[] payload, PublishProperties properties, boolean direct) {
    /** Creates a message to subscribers. */
    static ServiceMessage publish(String topic, ObjectNode payload) {
        return new ServiceMessage(topic, StrictJson.write(payload), PublishProperties.NONE, false);
    }

    /** Creates a message to the requesting device. */
    static ServiceMessage reply(String topic, ObjectNode payload) {
        return new ServiceMessage(topic, StrictJson.write(payload), PublishProperties.NONE, true);
    }

    /** The message as an event; the client id is that of the requesting device if the message goes to it only. */
    Published toEvent(String clientId) {
        return Published.of(
                new Published.Origin(Published.Kind.SERVICE, clientId), topic, payload, 1, false, properties.asText());
    }

    ServiceMessage withoutClientToken() {
        try {
            ObjectNode json = StrictJson.read(payload);
            ClientToken.remove(json);
            return new ServiceMessage(topic, StrictJson.write(json), properties, direct);
        } catch (NotJsonException e) {
            return this; // a command's payload can have any format
        }
    }
}
