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
package io.cameliot.awsiot.request;

import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.common.mqtt.MessageProperties;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;

/** A request whose answer is found by its correlation data. */
final class CorrelatedRequest extends PendingRequest {

    private final String id = UUID.randomUUID().toString();
    private final String answerTopic;
    private final Duration timeout;
    private final long createdAt = System.nanoTime();

    /**
     * Creates a request with a response topic and correlation data of its own.
     *
     * @param message the message; its response topic and correlation data are replaced. If it has no message expiry, it
     *     expires with the timeout of the request, so that no receiver carries it out after the sender has stopped
     *     waiting.
     */
    CorrelatedRequest(Object sender, PublishRequest message, String answerTopic, Duration timeout) {
        super(sender, message);
        this.answerTopic = answerTopic;
        this.timeout = timeout;
    }

    /** Returns the message with the rest of the timeout as its expiry, because the server counts from its arrival. */
    @Override
    PublishRequest messageNow() {
        PublishRequest given = message();
        MessageProperties properties = given.properties();
        return new PublishRequest(
                given.topic(),
                given.payload(),
                given.qos(),
                given.retained(),
                new MessageProperties(
                        properties.contentType(),
                        answerTopic,
                        id.getBytes(StandardCharsets.UTF_8),
                        properties.messageExpirySeconds() == null ? secondsLeft() : properties.messageExpirySeconds(),
                        properties.utf8Payload(),
                        properties.userProperties()));
    }

    /** Returns whole seconds, rounded up and limited to the four bytes of the property (MQTT 5 section 3.3.2.3.3). */
    private long secondsLeft() {
        Duration left = timeout.minusNanos(System.nanoTime() - createdAt);
        return Math.max(1, Math.min(0xFFFF_FFFFL, left.plusNanos(999_999_999).toSeconds()));
    }

    /** Returns the correlation data of a message as the key of a request. Data that is not ours matches no request. */
    static String id(byte[] correlationData) {
        return new String(correlationData, StandardCharsets.UTF_8);
    }

    String id() {
        return id;
    }
}
