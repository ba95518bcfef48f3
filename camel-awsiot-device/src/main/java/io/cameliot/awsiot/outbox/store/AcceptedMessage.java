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
import java.util.concurrent.TimeUnit;

/**
 * A message and the time from which its message expiry counts. The server starts to count only when it receives the
 * message.
 *
 * <p>The clock may be set at any time, for example from 1970 to the present time when a device without a battery clock
 * gets its first network. It therefore counts only for a message of an earlier process.
 *
 * @param acceptedAt time in terms of {@link System#currentTimeMillis()}, because a file outbox survives its process
 * @param acceptedNanos time in terms of {@link System#nanoTime()}; null for a message of an earlier process
 */
public record AcceptedMessage(PublishRequest request, long acceptedAt, Long acceptedNanos) {

    /** Creates a message of an earlier process. */
    public AcceptedMessage(PublishRequest request, long acceptedAt) {
        this(request, acceptedAt, null);
    }

    /**
     * Returns the message as it is to be sent, with the remaining message expiry.
     *
     * @param now time in terms of {@link System#currentTimeMillis()}
     * @param nanos time in terms of {@link System#nanoTime()}
     * @return null if the message has expired
     */
    public PublishRequest at(long now, long nanos) {
        MessageProperties properties = request.properties();
        if (properties.messageExpirySeconds() == null) {
            return request;
        }
        // AWS IoT Core treats 0 as 1. A clock that was set back does not extend the expiry.
        long expiry = Math.max(1, properties.messageExpirySeconds());
        long age = acceptedNanos == null
                ? Math.max(0, now - acceptedAt)
                : TimeUnit.NANOSECONDS.toMillis(nanos - acceptedNanos);
        long left = expiry - age / 1000;
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
