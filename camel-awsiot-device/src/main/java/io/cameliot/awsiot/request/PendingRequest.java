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
import io.cameliot.common.mqtt.session.InboundMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** A request on its way, or waiting to be sent. */
final class PendingRequest {

    private final Object sender;
    private final String id = UUID.randomUUID().toString();
    private final PublishRequest message;
    private final CompletableFuture<InboundMessage> answer = new CompletableFuture<>();

    private boolean published; // guarded by the Requests

    /**
     * @param message its response topic and correlation data are replaced; without a message expiry it gets the time limit
     *     of the request, so that nobody carries it out when nobody waits for it any more
     */
    PendingRequest(Object sender, PublishRequest message, String answerTopic, Duration timeout) {
        this.sender = sender;
        MessageProperties given = message.properties();
        this.message = new PublishRequest(
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
                        given.userProperties()));
    }

    /** In whole seconds, rounded up; as much as four bytes hold (MQTT 5 section 3.3.2.3.3). */
    private static long seconds(Duration timeout) {
        return Math.min(0xFFFF_FFFFL, timeout.plusNanos(999_999_999).toSeconds());
    }

    /** The correlation data of a message as the key of a request; that of no request for any other data. */
    static String id(byte[] correlationData) {
        return new String(correlationData, StandardCharsets.UTF_8);
    }

    String id() {
        return id;
    }

    PublishRequest message() {
        return message;
    }

    boolean isOf(Object someone) {
        return sender == someone;
    }

    boolean isPublished() {
        return published;
    }

    void setPublished() {
        published = true;
    }

    CompletableFuture<InboundMessage> answer() {
        return answer;
    }

    void fail(Throwable reason) {
        answer.completeExceptionally(reason);
    }
}
