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
package io.cameliot.awsiot.outbox.store;

import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.common.mqtt.MessageProperties;

/**
 * A message and the time from which its message expiry counts: the server's begins only when the message gets there.
 *
 * @param acceptedAt {@link System#currentTimeMillis()}, because an outbox can outlast its process
 */
public record AcceptedMessage(PublishRequest request, long acceptedAt) {

    /**
     * The message as it is to be sent: with the rest of its message expiry.
     *
     * @param now {@link System#currentTimeMillis()}
     * @return null if it has expired
     */
    public PublishRequest at(long now) {
        MessageProperties properties = request.properties();
        if (properties.messageExpirySeconds() == null) {
            return request;
        }
        // AWS IoT Core takes 0 as 1. A clock that was set back makes no message last longer.
        long expiry = Math.max(1, properties.messageExpirySeconds());
        long left = expiry - Math.max(0, now - acceptedAt) / 1000;
        if (left <= 0) {
            return null;
        }
        return new PublishRequest(
                request.topic(),
                request.payload(),
                request.qos(),
                request.retained(),
                new MessageProperties(
                        properties.contentType(),
                        properties.responseTopic(),
                        properties.correlationData(),
                        left,
                        properties.utf8Payload(),
                        properties.userProperties()));
    }
}
