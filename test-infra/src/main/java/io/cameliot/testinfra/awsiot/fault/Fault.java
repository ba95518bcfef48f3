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

import java.time.Duration;
import java.util.Map;

/** A fault between a device and the gateway. {@link Faults} selects clients and the number of times. */
public sealed interface Fault {
    /** The gateway's answers that a fault can concern. */
    enum Answer {
        /** Answers CONNECT. */
        CONNACK,
        /** Answers SUBSCRIBE. */
        SUBACK,
        /** Answers UNSUBSCRIBE. */
        UNSUBACK,
        /** Answers PUBLISH at QoS 1. */
        PUBACK,
        /** Answers PINGREQ. */
        PINGRESP
    }

    /** Closes a connection after its TLS handshake. No client id is known then, so it affects the next client. */
    record DropAfterHandshake() implements Fault {}

    /**
     * Closes a connection when an answer is due. The request has taken effect: the message is published, the
     * subscription made.
     *
     * @param answer the answer that is not sent
     */
    record DropBefore(Answer answer) implements Fault {}

    /**
     * Closes a connection when the client has published a number of messages on it. The last ones may or may not have
     * arrived, as in a network failure; at QoS 1 they are not acknowledged.
     *
     * @param publishes the number since CONNECT
     */
    record DropAfterPublishes(int publishes) implements Fault {
        public DropAfterPublishes {
            requirePositive(publishes);
        }
    }

    /**
     * Closes a connection when the client has received a number of messages on it.
     *
     * @param deliveries the number since CONNECT
     */
    record DropAfterDeliveries(int deliveries) implements Fault {
        public DropAfterDeliveries {
            requirePositive(deliveries);
        }
    }

    /**
     * Delivers a message at QoS 1 twice on the same connection, the second time with another packet id and without DUP.
     * AWS IoT Core repeats an unacknowledged message in this form. {@link RepeatMessage} repeats the messages of services.
     *
     * @param topicFilter matches the topics of the affected messages
     */
    record RepeatDelivery(String topicFilter) implements Fault {}

    /**
     * Omits an answer and leaves the connection open. The request has taken effect.
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
    record RefuseConnection(int returnCode) implements Fault {
        private static final int LARGEST_RETURN_CODE = 5;

        public RefuseConnection {
            if (returnCode < 1 || returnCode > LARGEST_RETURN_CODE) {
                requireReasonCode("1 to " + LARGEST_RETURN_CODE + " or ", returnCode);
            }
        }
    }

    /**
     * Answers SUBSCRIBE with a failure for a topic filter and makes no subscription.
     *
     * @param topicFilter the filter as the client writes it
     * @param reasonCode sent to an MQTT 5 client, 0x80 and up; MQTT 3.1.1 has only 0x80
     */
    record RefuseSubscription(String topicFilter, int reasonCode) implements Fault {
        private static final int UNSPECIFIED_ERROR = 0x80;

        public RefuseSubscription {
            requireReasonCode("", reasonCode);
        }

        /**
         * A failure with 0x80 (unspecified error).
         *
         * @param topicFilter the filter as the client writes it
         */
        public RefuseSubscription(String topicFilter) {
            this(topicFilter, UNSPECIFIED_ERROR);
        }
    }

    /**
     * Answers an MQTT 5 client's UNSUBSCRIBE with a failure for a topic filter and keeps the subscription. It does not
     * affect MQTT 3.1.1 clients, because MQTT 3.1.1 has no such answer.
     *
     * @param topicFilter the filter as the client writes it
     * @param reasonCode MQTT 5 reason code: 0x80 and up; AWS IoT Core has 0x80, 0x8F and 0x91
     */
    record RefuseUnsubscribe(String topicFilter, int reasonCode) implements Fault {
        public RefuseUnsubscribe {
            requireReasonCode("", reasonCode);
        }
    }

    /**
     * Answers an MQTT 5 client's PUBLISH at QoS 1 with a refusing PUBACK and discards the message. It does not affect
     * MQTT 3.1.1 clients, because MQTT 3.1.1 has no such answer.
     *
     * @param topicFilter the affected topics
     * @param reasonCode MQTT 5 reason code: 0x80 and up; AWS IoT Core has 0x80, 0x87, 0x90, 0x91 and 0x97
     */
    record RefusePublish(String topicFilter, int reasonCode) implements Fault {
        public RefusePublish {
            requireReasonCode("", reasonCode);
        }

        /**
         * Refuses publishes to all topics except those that begin with {@code $}.
         *
         * @param reasonCode MQTT 5 reason code
         */
        public RefusePublish(int reasonCode) {
            this("#", reasonCode);
        }
    }

    /**
     * Sends DISCONNECT when an answer is due, and closes the connection. The request has taken effect. For an MQTT
     * 3.1.1 client it only closes the connection.
     *
     * @param answer the answer that is not sent
     * @param reasonCode MQTT 5 reason code: 0x80 and up
     */
    record DisconnectBefore(Answer answer, int reasonCode) implements Fault {
        public DisconnectBefore {
            requireReasonCode("", reasonCode);
        }
    }

    /**
     * Refuses an MQTT 5 CONNECT like a server that speaks only MQTT 3.1.1. With {@link Faults#ALWAYS} the emulator is
     * such a server.
     *
     * @param by the form of the refusal
     */
    record RefuseMqtt5(By by) implements Fault {
        /**
         * How servers refuse a version that they do not know (MQTT 3.1.1, section 3.1.2.2, leaves the choice to them).
         */
        public enum By {
            /** With a CONNACK in the form of MQTT 3.1.1 and return code 1, "unacceptable protocol version". */
            CONNACK,
            /** By closing the connection without an answer. */
            CLOSE
        }
    }

    /**
     * Answers an HTTP request, or a WebSocket upgrade, without reading it. No client id is known, so it affects the
     * next client.
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

    /**
     * Answers a request to the credentials provider without reading it. It affects the next client.
     *
     * @param status the status code
     * @param body the body
     */
    record AnswerCredentials(int status, String body) implements Fault {}

    /**
     * Rejects a request to a device service (shadow, jobs, commands, metrics, provisioning). The request has no effect.
     *
     * @param topicFilter matches the topics of the affected requests
     * @param code a code of the service, such as {@code 500} for shadows, {@code InternalError} for jobs and commands,
     *     any word for metrics, and a status with a word for provisioning, such as {@code 429 ThrottlingException}
     * @param message the message of the answer
     */
    record RejectRequest(String topicFilter, String code, String message) implements Fault {
        /**
         * Checks the code.
         *
         * @throws IllegalArgumentException if the filter matches no requests, or if their service has no such code; the
         *     message names the allowed ones
         */
        public RejectRequest {
            RejectingService.check(topicFilter, code);
        }
    }

    /**
     * Closes a connection after a request to a device service. The request has taken effect, notifications are sent,
     * and the answer is lost.
     *
     * @param topicFilter matches the topics of the affected requests
     */
    record DropAfterRequest(String topicFilter) implements Fault {}

    /**
     * Publishes the effect of a request to a device service before the answer: for a shadow, the delta before the
     * accepted answer. Without this fault the answer comes first.
     *
     * @param topicFilter matches the topics of the affected requests
     */
    record EventsFirst(String topicFilter) implements Fault {}

    /**
     * Drops a message of a device service: an answer, a notification, a command. The request has taken effect.
     *
     * @param topicFilter matches the topics of the affected messages, such as {@code $aws/things/+/shadow/get/+}
     */
    record WithholdMessage(String topicFilter) implements Fault {}

    /**
     * Delays a message of a device service. The request of a delayed answer is in flight until then.
     *
     * @param topicFilter matches the topics of the affected messages
     * @param by the delay
     */
    record DelayMessage(String topicFilter, Duration by) implements Fault {}

    /**
     * Sends a message of a device service twice.
     *
     * @param topicFilter matches the topics of the affected messages, such as {@code $aws/things/+/jobs/notify-next}
     */
    record RepeatMessage(String topicFilter) implements Fault {}

    /**
     * Sends a message of a device service without its client token.
     *
     * @param topicFilter matches the topics of the affected messages
     */
    record OmitClientToken(String topicFilter) implements Fault {}

    private static void requirePositive(int number) {
        if (number < 1) {
            throw new IllegalArgumentException("The number of messages is 1 or more, and not " + number);
        }
    }

    private static void requireReasonCode(String alsoAllowed, int code) {
        if (code < 0x80 || code > 0xFF) {
            throw new IllegalArgumentException(
                    "The code of a refusal is " + alsoAllowed + "0x80 to 0xFF, and not " + code);
        }
    }
}
