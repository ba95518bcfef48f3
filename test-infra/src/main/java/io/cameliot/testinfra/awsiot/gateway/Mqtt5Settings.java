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
 * What the gateway grants MQTT 5 clients. MQTT 3.1.1 has no way to announce it. {@link Limits} contains the session
 * expiry and keep alive, which apply to both versions.
 *
 * @param receiveMaximum number of QoS 1 messages from a client without a PUBACK; the gateway answers one more with
 *     DISCONNECT 0x93
 * @param maximumPacketSize bytes of the longest packet; a longer one ends the connection without a DISCONNECT, because
 *     AWS IoT Core has no reason code 0x95
 * @param topicAliasMaximum the highest topic alias of a client, or 0 for none; the gateway answers a higher one with
 *     DISCONNECT 0x94
 * @param retainAvailable whether messages and wills may be retained; if not, the gateway answers one with MQTT's code
 *     0x9A (DISCONNECT, CONNACK), because AWS IoT Core always supports them and has no code
 * @param wildcardSubscriptionAvailable whether filters may contain wildcards; if not, the gateway answers one with
 *     SUBACK 0xA2, likewise
 * @param sharedSubscriptionAvailable whether filters may be shared subscriptions; if not, the gateway answers one with
 *     SUBACK 0x9E, likewise
 * @param publishRefusal how the gateway refuses a message at QoS 1
 */
public record Mqtt5Settings(
        int receiveMaximum,
        int maximumPacketSize,
        int topicAliasMaximum,
        boolean retainAvailable,
        boolean wildcardSubscriptionAvailable,
        boolean sharedSubscriptionAvailable,
        PublishRefusal publishRefusal) {
    /** The settings of AWS IoT Core. */
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
     * The packet that refuses a message because of the client's policy (0x87) or the length of the topic (0x90). AWS
     * IoT Core documents both codes for both packets, but not when it sends which. At QoS 0 it is always DISCONNECT.
     */
    public enum PublishRefusal {
        /** The message's PUBACK; the connection stays open. */
        PUBACK,
        /** DISCONNECT. */
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
     * Returns the same settings with another Receive Maximum.
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
     * Returns the same settings with another Maximum Packet Size.
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
     * Returns the same settings with another Topic Alias Maximum.
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
     * Returns the same settings without retained messages.
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
     * Returns the same settings without wildcards in topic filters.
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
     * Returns the same settings without shared subscriptions.
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
     * Returns the same settings with another refusal of messages.
     *
     * @param refusal the refusing packet
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
