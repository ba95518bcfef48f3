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
package io.cameliot.testinfra.awsiot.fault;

import java.util.Map;

/** What can be made to go wrong between a device and the gateway; {@link Faults} says for whom and how often. */
public sealed interface Fault {
    /** The answers of the gateway that a fault can be about. */
    enum Answer {
        /** To CONNECT. */
        CONNACK,
        /** To SUBSCRIBE. */
        SUBACK,
        /** To UNSUBSCRIBE. */
        UNSUBACK,
        /** To PUBLISH at QoS 1. */
        PUBACK,
        /** To PINGREQ. */
        PINGRESP
    }

    /** Closes a connection when its TLS handshake is done. No client id is known then, so it hits whoever comes first. */
    record DropAfterHandshake() implements Fault {}

    /**
     * Closes a connection when an answer is due. What it answers has taken effect: the message is published, the
     * subscription made.
     *
     * @param answer the answer that is not sent
     */
    record DropBefore(Answer answer) implements Fault {}

    /**
     * Closes a connection when the client has published a number of messages on it. What came last may have got through or
     * not, as when a network breaks; at QoS 1 it is not acknowledged.
     *
     * @param publishes how many, counted from CONNECT
     */
    record DropAfterPublishes(int publishes) implements Fault {}

    /**
     * Closes a connection when the client has been sent a number of messages on it.
     *
     * @param deliveries how many, counted from CONNECT
     */
    record DropAfterDeliveries(int deliveries) implements Fault {}

    /**
     * Does not send an answer, and leaves the connection open. What it answers has taken effect.
     *
     * @param answer the answer that is not sent
     */
    record Withhold(Answer answer) implements Fault {}

    /**
     * Answers CONNECT with an error and closes the connection.
     *
     * @param returnCode the CONNACK's return code (MQTT 3.1.1, section 3.2.2.3: 1 to 5) or reason code (MQTT 5: 0x80 and
     *     up)
     */
    record RefuseConnection(int returnCode) implements Fault {}

    /**
     * Answers SUBSCRIBE with a failure, 0x80, for a topic filter and makes no subscription.
     *
     * @param topicFilter the filter as the client writes it
     */
    record RefuseSubscription(String topicFilter) implements Fault {}

    /**
     * Answers an HTTP request, a WebSocket upgrade included, without looking at it. No client id is known, so it hits
     * whoever comes first.
     *
     * @param status the status code
     * @param headers the headers, such as {@code Retry-After}
     * @param body the body
     */
    record AnswerHttp(int status, Map<String, String> headers, String body) implements Fault {
        public AnswerHttp {
            headers = Map.copyOf(headers);
        }
    }
}
