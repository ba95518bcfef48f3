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
package io.cameliot.testinfra.awsiot.gateway;

/**
 * What the gateway grants MQTT 5 clients. MQTT 3.1.1 clients are not concerned: they could not be told. Session expiry and
 * keep alive, which concern both, are in {@link Limits}.
 *
 * @param receiveMaximum how many QoS 1 messages a client may have published without PUBACK; one more is answered with
 *     DISCONNECT 0x93
 * @param maximumPacketSize the longest packet, in bytes; a longer one ends the connection without a word, because 0x95 is
 *     not among AWS IoT Core's reason codes
 * @param topicAliasMaximum the highest topic alias that a client may use, or 0 for none; another one is answered with
 *     DISCONNECT 0x94
 * @param retainAvailable whether messages and wills may be retained; if not, one is answered with 0x9A (DISCONNECT,
 *     CONNACK), MQTT's own code, because AWS IoT Core always has them
 * @param wildcardSubscriptionAvailable whether filters may hold wildcards; if not, one is answered with SUBACK 0xA2,
 *     likewise
 * @param sharedSubscriptionAvailable whether there are shared subscriptions; if not, one is answered with SUBACK 0x9E,
 *     likewise
 * @param publishRefusal how the client learns at QoS 1 that its message is not taken
 */
public record Mqtt5Settings(
        int receiveMaximum,
        int maximumPacketSize,
        int topicAliasMaximum,
        boolean retainAvailable,
        boolean wildcardSubscriptionAvailable,
        boolean sharedSubscriptionAvailable,
        PublishRefusal publishRefusal) {
    /** What AWS IoT Core grants. */
    public static final Mqtt5Settings DEFAULT = new Mqtt5Settings(
            Limits.UNACKNOWLEDGED_MESSAGES,
            Limits.PACKET_BYTES,
            Limits.TOPIC_ALIASES,
            true,
            true,
            true,
            PublishRefusal.PUBACK);

    private static final int TWO_BYTES = 0xFFFF;

    /**
     * How a client learns that its policy does not allow to publish to a topic (0x87), or that the topic is too long (0x90).
     * AWS IoT Core documents both codes for both packets, and does not say when which is sent. At QoS 0 it is always
     * DISCONNECT.
     */
    public enum PublishRefusal {
        /** By the message's PUBACK; the connection stays. */
        PUBACK,
        /** By DISCONNECT. */
        DISCONNECT
    }

    public Mqtt5Settings {
        requireRange("receive maximum", receiveMaximum, 1, TWO_BYTES);
        requireRange("maximum packet size", maximumPacketSize, 1, Limits.PACKET_BYTES);
        requireRange("topic alias maximum", topicAliasMaximum, 0, TWO_BYTES);
    }

    private static void requireRange(String what, int value, int from, int to) {
        if (value < from || value > to) {
            throw new IllegalArgumentException(
                    "A " + what + " is a number from " + from + " to " + to + ", not " + value);
        }
    }

    /**
     * The same settings with another Receive Maximum.
     *
     * @param messages 1 to 65535
     * @return new settings
     * @throws IllegalArgumentException if it is out of range
     */
    public Mqtt5Settings withReceiveMaximum(int messages) {
        return new Mqtt5Settings(
                messages,
                maximumPacketSize,
                topicAliasMaximum,
                retainAvailable,
                wildcardSubscriptionAvailable,
                sharedSubscriptionAvailable,
                publishRefusal);
    }

    /**
     * The same settings with another Maximum Packet Size.
     *
     * @param bytes 1 to {@link Limits#PACKET_BYTES}
     * @return new settings
     * @throws IllegalArgumentException if it is out of range
     */
    public Mqtt5Settings withMaximumPacketSize(int bytes) {
        return new Mqtt5Settings(
                receiveMaximum,
                bytes,
                topicAliasMaximum,
                retainAvailable,
                wildcardSubscriptionAvailable,
                sharedSubscriptionAvailable,
                publishRefusal);
    }

    /**
     * The same settings with another Topic Alias Maximum.
     *
     * @param aliases 0 to 65535
     * @return new settings
     * @throws IllegalArgumentException if it is out of range
     */
    public Mqtt5Settings withTopicAliasMaximum(int aliases) {
        return new Mqtt5Settings(
                receiveMaximum,
                maximumPacketSize,
                aliases,
                retainAvailable,
                wildcardSubscriptionAvailable,
                sharedSubscriptionAvailable,
                publishRefusal);
    }

    /**
     * The same settings without retained messages.
     *
     * @return new settings
     */
    public Mqtt5Settings withoutRetain() {
        return new Mqtt5Settings(
                receiveMaximum,
                maximumPacketSize,
                topicAliasMaximum,
                false,
                wildcardSubscriptionAvailable,
                sharedSubscriptionAvailable,
                publishRefusal);
    }

    /**
     * The same settings without wildcards in topic filters.
     *
     * @return new settings
     */
    public Mqtt5Settings withoutWildcardSubscriptions() {
        return new Mqtt5Settings(
                receiveMaximum,
                maximumPacketSize,
                topicAliasMaximum,
                retainAvailable,
                false,
                sharedSubscriptionAvailable,
                publishRefusal);
    }

    /**
     * The same settings without shared subscriptions.
     *
     * @return new settings
     */
    public Mqtt5Settings withoutSharedSubscriptions() {
        return new Mqtt5Settings(
                receiveMaximum,
                maximumPacketSize,
                topicAliasMaximum,
                retainAvailable,
                wildcardSubscriptionAvailable,
                false,
                publishRefusal);
    }

    /**
     * The same settings with another way to refuse a message.
     *
     * @param refusal by which packet
     * @return new settings
     */
    public Mqtt5Settings withPublishRefusal(PublishRefusal refusal) {
        return new Mqtt5Settings(
                receiveMaximum,
                maximumPacketSize,
                topicAliasMaximum,
                retainAvailable,
                wildcardSubscriptionAvailable,
                sharedSubscriptionAvailable,
                refusal);
    }
}
