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
package io.cameliot.awsiot.message;

import io.cameliot.awsiot.AwsIotDeviceConstants;
import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.awsiot.topic.TopicRules;
import io.cameliot.common.mqtt.MessageProperties;
import io.cameliot.common.mqtt.session.InboundMessage;
import io.cameliot.common.text.ForeignText;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The reply of a route to a request (MQTT 5 section 4.10): its topic and its content. */
public final class ReplyTo {

    private static final Logger LOG = LoggerFactory.getLogger(ReplyTo.class);

    private final InboundMessage request;
    private final Map<String, Object> given = new HashMap<>();

    private ReplyTo(InboundMessage request, Message message) {
        this.request = request;
        MessagePropertyHeaders.NAMES.forEach(header -> given.put(header, message.getHeader(header)));
    }

    /**
     * Creates the reply target of a message. Must be called before the exchange enters its route.
     *
     * @return null if the message asks for no reply, or may not get one
     */
    public static ReplyTo of(InboundMessage request, Exchange exchange) {
        String topic = request.properties().responseTopic();
        if (topic == null || !exchange.getPattern().isOutCapable()) {
            return null;
        }
        try {
            TopicRules.requireResponseTopic(topic);
        } catch (IllegalArgumentException e) {
            LOG.warn(
                    "A message of topic {} gets no reply, because of the response topic that it names: {}",
                    ForeignText.shown(request.topic()),
                    ForeignText.shown(e.getMessage()));
            return null;
        }
        return new ReplyTo(request, exchange.getMessage());
    }

    /**
     * Creates the reply from the route's message. Its topic and correlation data are the request's. Property headers
     * count only if the route has set them, because the request's headers are still present otherwise.
     *
     * @throws IllegalArgumentException if the body or a header cannot be sent
     */
    public PublishRequest reply(Exchange exchange) {
        MessageProperties found = MessagePropertyHeaders.read(exchange);
        Message message = exchange.getMessage();
        return new PublishRequest(
                request.properties().responseTopic(),
                MessagePayload.of(exchange, "reply"),
                request.qos(),
                false,
                new MessageProperties(
                        isSet(message, AwsIotDeviceConstants.CONTENT_TYPE) ? found.contentType() : null,
                        null,
                        request.properties().correlationData(),
                        isSet(message, AwsIotDeviceConstants.MESSAGE_EXPIRY) ? found.messageExpirySeconds() : null,
                        isSet(message, AwsIotDeviceConstants.PAYLOAD_FORMAT_INDICATOR) ? found.utf8Payload() : null,
                        isSet(message, AwsIotDeviceConstants.USER_PROPERTIES) ? found.userProperties() : null));
    }

    /** Compares identities, because a route may set a value that equals the request's. */
    private boolean isSet(Message message, String header) {
        return message.getHeader(header) != given.get(header);
    }
}
