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

    private final String id;

    private CorrelatedRequest(Object sender, PublishRequest message, String id) {
        super(sender, message);
        this.id = id;
    }

    /**
     * Creates a request with a response topic and correlation data of its own.
     *
     * @param message the message; its response topic and correlation data are replaced. If it has no message expiry, it
     *     gets the timeout of the request, so that no receiver carries it out after the sender has stopped waiting.
     */
    static CorrelatedRequest of(Object sender, PublishRequest message, String answerTopic, Duration timeout) {
        String id = UUID.randomUUID().toString();
        MessageProperties given = message.properties();
        return new CorrelatedRequest(
                sender,
                new PublishRequest(
                        message.topic(),
                        message.payload(),
                        message.qos(),
                        message.retained(),
                        new MessageProperties(
                                given.contentType(),
                                answerTopic,
                                id.getBytes(StandardCharsets.UTF_8),
                                given.messageExpirySeconds() == null ? seconds(timeout) : given.messageExpirySeconds(),
                                given.utf8Payload(),
                                given.userProperties())),
                id);
    }

    /** Returns whole seconds, rounded up and limited to the four bytes of the property (MQTT 5 section 3.3.2.3.3). */
    private static long seconds(Duration timeout) {
        return Math.min(0xFFFF_FFFFL, timeout.plusNanos(999_999_999).toSeconds());
    }

    /** Returns the correlation data of a message as the key of a request. Data that is not ours matches no request. */
    static String id(byte[] correlationData) {
        return new String(correlationData, StandardCharsets.UTF_8);
    }

    String id() {
        return id;
    }
}
