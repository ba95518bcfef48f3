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
     * Answers SUBSCRIBE with a failure for a topic filter and makes no subscription.
     *
     * @param topicFilter the filter as the client writes it
     * @param reasonCode what an MQTT 5 client is told, 0x80 and up; MQTT 3.1.1 knows 0x80 only
     */
    record RefuseSubscription(String topicFilter, int reasonCode) implements Fault {
        private static final int UNSPECIFIED_ERROR = 0x80;

        /**
         * A failure without a particular reason, 0x80.
         *
         * @param topicFilter the filter as the client writes it
         */
        public RefuseSubscription(String topicFilter) {
            this(topicFilter, UNSPECIFIED_ERROR);
        }
    }

    /**
     * Answers an MQTT 5 client's UNSUBSCRIBE with a failure for a topic filter and goes on with the subscription. MQTT 3.1.1
     * has no such answer, so this does not strike its clients.
     *
     * @param topicFilter the filter as the client writes it
     * @param reasonCode MQTT 5's reason code: 0x80 and up; AWS IoT Core has 0x80, 0x8F and 0x91
     */
    record RefuseUnsubscribe(String topicFilter, int reasonCode) implements Fault {}

    /**
     * Answers an MQTT 5 client's PUBLISH at QoS 1 with a PUBACK that refuses, and does not take the message. MQTT 3.1.1 has
     * no such answer, so this does not strike its clients.
     *
     * @param topicFilter which topics it strikes
     * @param reasonCode MQTT 5's reason code: 0x80 and up; AWS IoT Core has 0x80, 0x87, 0x90, 0x91 and 0x97
     */
    record RefusePublish(String topicFilter, int reasonCode) implements Fault {
        /**
         * Whatever the topic is, but for those that begin with {@code $}.
         *
         * @param reasonCode MQTT 5's reason code
         */
        public RefusePublish(int reasonCode) {
            this("#", reasonCode);
        }
    }

    /**
     * Sends DISCONNECT when an answer is due, and closes the connection. What it answers has taken effect. An MQTT 3.1.1
     * client is not told: its connection is just closed.
     *
     * @param answer the answer that is not sent
     * @param reasonCode MQTT 5's reason code: 0x80 and up
     */
    record DisconnectBefore(Answer answer, int reasonCode) implements Fault {}

    /**
     * Refuses a CONNECT of MQTT 5, as a server does that speaks only MQTT 3.1.1. With {@link Faults#ALWAYS} the emulator is
     * such a server.
     *
     * @param by how
     */
    record RefuseMqtt5(By by) implements Fault {
        /** What servers do with a version that they do not know (MQTT 3.1.1, section 3.1.2.2, leaves it to them). */
        public enum By {
            /** CONNACK in the form of MQTT 3.1.1 with return code 1, "unacceptable protocol version". */
            CONNACK,
            /** The end of the connection, without an answer. */
            CLOSE
        }
    }

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
