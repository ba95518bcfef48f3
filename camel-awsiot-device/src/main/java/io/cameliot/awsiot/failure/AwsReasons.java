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
package io.cameliot.awsiot.failure;

import io.cameliot.common.mqtt.MqttReasonCode;
import java.util.Set;

/**
 * Explains what AWS IoT Core means by MQTT 5 reason codes, and what the user can do.
 *
 * @see <a href="https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html">AWS IoT Developer Guide, MQTT 5 reason
 *     codes</a>
 */
public final class AwsReasons {

    private static final int UNSPECIFIED = MqttReasonCode.UNSPECIFIED_ERROR.code();
    private static final int PACKET_IDENTIFIER_IN_USE = MqttReasonCode.PACKET_IDENTIFIER_IN_USE.code();
    private static final int QUOTA_EXCEEDED = MqttReasonCode.QUOTA_EXCEEDED.code();

    /** AWS IoT Core may accept a retry of a message or a subscription that it refused with one of these codes. */
    private static final Set<Integer> PASSING = Set.of(UNSPECIFIED, PACKET_IDENTIFIER_IN_USE, QUOTA_EXCEEDED);

    private AwsReasons() {}

    /**
     * Returns whether a message or a subscription refused with this code may be accepted later, without any change on
     * this side.
     */
    public static boolean isPassing(int code) {
        return PASSING.contains(code);
    }

    public static boolean isTakeover(int code) {
        return code == MqttReasonCode.SESSION_TAKEN_OVER.code();
    }

    /** Returns advice for the reason code of a CONNACK; empty if there is none. */
    static String connect(int code, String clientId) {
        return switch (code) {
            case 0x80 -> "AWS IoT Core had an internal error: it is tried again later";
            case 0x84 -> "the server does not know MQTT 5: set option mqttVersion to 3.1.1";
            case 0x85 -> "check option clientId (1 to 128 bytes, not beginning with $)";
            case 0x86 -> "check the authorizer's user name, password and token";
            case 0x87 ->
                "check that the certificate or the credentials are active, and that the AWS IoT policy allows"
                        + " iot:Connect for client id " + clientId
                        + " (connectAttributes PersistentConnect with cleanSession=false, LastWill with a will)";
            case 0x90 -> "check option willTopic";
            case 0x97 ->
                "too many connections or CONNECTs, of the account or of client id " + clientId
                        + ": it is tried again later";
            case 0x9B -> "check option willQos: AWS IoT Core has QoS 0 and 1 only";
            default -> "";
        };
    }

    /** Returns advice for the reason code of a PUBACK; empty if there is none. */
    public static String publish(int code, String topic, boolean retained) {
        return switch (code) {
            case 0x80 -> "AWS IoT Core had an internal error: it is tried again";
            case 0x87 ->
                "check that the AWS IoT policy allows iot:Publish" + (retained ? " and iot:RetainPublish" : "")
                        + " on topic/" + topic;
            case 0x90 -> "check the topic: AWS IoT Core does not take it";
            case 0x91 -> "the packet identifier was in use: it is tried again with another";
            case 0x95 -> "send less in one message";
            case 0x97 -> "it is tried again: publish less, or have the quota raised (AWS IoT Core quotas)";
            case 0x99 -> "the payload is no UTF-8, as header CamelAwsiotDevicePayloadFormatIndicator says";
            case 0x9A -> "check option retained";
            default -> "";
        };
    }

    /** Returns advice for the reason code of a SUBACK; empty if there is none. */
    public static String subscribe(int code, String filter) {
        return switch (code) {
            case 0x80 ->
                "check that the AWS IoT policy allows iot:Subscribe on topicfilter/" + filter
                        + " and iot:Receive on its topics";
            case 0x87 -> "check that the AWS IoT policy allows iot:Subscribe on topicfilter/" + filter;
            case 0x8F -> "check the topic filter: AWS IoT Core does not take it";
            case 0x91 -> "the packet identifier was in use: it is tried again every reconnectMaxDelay";
            case 0x97 -> "a connection can have 50 subscriptions, and make a limited number in a second";
            default -> "";
        };
    }

    /** Returns advice for the reason code of an UNSUBACK; empty if there is none. */
    public static String unsubscribe(int code) {
        return switch (code) {
            case 0x80 ->
                "AWS IoT Core had an internal error: start and stop the route once more to end the subscription";
            case 0x8F -> "check the topic filter: AWS IoT Core does not take it";
            case 0x91 -> "the packet identifier was in use: start and stop the route once more to end the subscription";
            default -> "";
        };
    }

    /** Returns advice for the reason code of a DISCONNECT; empty if there is none. */
    public static String disconnect(int code, String clientId) {
        return switch (code) {
            case 0x81, 0x82 ->
                "AWS IoT Core could not read, or does not allow, what was just sent: what is sent again may end the"
                        + " connection again";
            case 0x87 -> "check that the AWS IoT policy allows what was just published or subscribed to";
            case 0x8E ->
                "another client has connected with client id " + clientId
                        + ", and AWS IoT Core keeps the newest connection only: give each client an id of its own";
            case 0x8B -> "AWS IoT Core moves its connections to other servers now and then: it is connected again";
            case 0x8F -> "check the topic filters: AWS IoT Core does not take one of them";
            case 0x90 -> "check the topics: AWS IoT Core does not take the one that was just published to";
            case 0x93 -> "more messages were on their way than the server allows: set option maxInflight lower";
            case 0x94 -> "the server does not know the topic alias that it was sent: set option topicAliases=false";
            case 0x8D -> "the network was silent for longer than option keepAliveInterval allows";
            case 0x97 -> "publish or subscribe less, or have the quota raised (AWS IoT Core quotas)";
            case 0x98 -> "someone has disconnected this client in the account";
            case 0x9B -> "AWS IoT Core has QoS 0 and 1 only";
            case 0xA1 -> "AWS IoT Core has no subscription identifiers";
            default -> "";
        };
    }

    /** Returns a message with its advice, if any. */
    public static String with(String message, String advice) {
        return advice.isEmpty() ? message : message + ": " + advice;
    }
}
