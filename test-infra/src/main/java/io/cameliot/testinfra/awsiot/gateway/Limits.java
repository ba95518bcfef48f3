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

import java.time.Duration;

/**
 * The quotas of AWS IoT Core that the gateway enforces ("AWS IoT Core endpoints and quotas", message broker and
 * protocol). Sizes and counts are constants. Times and rates are configurable, so that tests need not wait for them. Not
 * enforced is the throughput of a connection, 512 KiB a second, beyond which AWS delays messages.
 *
 * @param minKeepAlive whole seconds of the shortest keep alive, granted to a client that requests less
 * @param maxKeepAlive whole seconds of the longest keep alive, granted to a client that requests more, or none
 * @param sessionExpiry whole seconds that a persistent session outlives its connection
 * @param connectInterval the minimum time between two CONNECTs of a client id; zero for no limit
 * @param publishesPerSecond the maximum number of messages that a connection publishes and receives in a second, both
 *     together; more are discarded; 0 for no limit
 */
public record Limits(
        Duration minKeepAlive,
        Duration maxKeepAlive,
        Duration sessionExpiry,
        Duration connectInterval,
        int publishesPerSecond) {
    /** Bytes of the longest payload of a PUBLISH or a will. */
    public static final int PAYLOAD_BYTES = 128 * 1024;
    /** UTF-8 bytes of the longest topic or topic filter. */
    public static final int TOPIC_BYTES = 256;
    /** The maximum number of forward slashes in a topic or topic filter. */
    public static final int TOPIC_SLASHES = 7;
    /** UTF-8 bytes of the longest client id. */
    public static final int CLIENT_ID_BYTES = 128;
    /** The maximum number of topic filters in one SUBSCRIBE. */
    public static final int FILTERS_PER_SUBSCRIBE = 8;
    /** The maximum number of topic filters to which a connection is subscribed. */
    public static final int SUBSCRIPTIONS_PER_CONNECTION = 50;
    /** The maximum number of QoS 1 messages to a client without a PUBACK; also MQTT 5's Receive Maximum. */
    public static final int UNACKNOWLEDGED_MESSAGES = 100;
    /** The maximum number of topic aliases of an MQTT 5 client. */
    public static final int TOPIC_ALIASES = 8;
    /** Bytes of MQTT 5's Maximum Packet Size, as AWS announces it in CONNACK: more than a payload. */
    public static final int PACKET_BYTES = 146 * 1024;

    /** The messages that a connection to AWS IoT Core may publish and receive in a second, both together. */
    public static final int PUBLISHES_PER_SECOND = 100;

    /**
     * AWS's times, but without its limits of one CONNECT a second and {@link #PUBLISHES_PER_SECOND}, because tests
     * reconnect often and publish fast.
     */
    public static final Limits DEFAULT =
            new Limits(Duration.ofSeconds(30), Duration.ofSeconds(1200), Duration.ofHours(1), Duration.ZERO, 0);

    /**
     * Checks the rate.
     *
     * @throws IllegalArgumentException if {@code publishesPerSecond} is negative
     */
    public Limits {
        if (publishesPerSecond < 0) {
            throw new IllegalArgumentException(
                    "publishesPerSecond is 0, for no limit, or more, and not " + publishesPerSecond);
        }
    }

    /**
     * Returns the same limits with another range of the keep alive.
     *
     * @param shortest whole seconds of the shortest keep alive
     * @param longest whole seconds of the longest keep alive
     * @return new limits
     */
    public Limits withKeepAlive(Duration shortest, Duration longest) {
        return new Limits(shortest, longest, sessionExpiry, connectInterval, publishesPerSecond);
    }

    /**
     * Returns the same limits with another session expiry.
     *
     * @param duration whole seconds that a persistent session outlives its connection
     * @return new limits
     */
    public Limits withSessionExpiry(Duration duration) {
        return new Limits(minKeepAlive, maxKeepAlive, duration, connectInterval, publishesPerSecond);
    }

    /**
     * Returns the same limits with a limit for CONNECTs.
     *
     * @param interval the minimum time between two CONNECTs of a client id
     * @return new limits
     */
    public Limits withConnectInterval(Duration interval) {
        return new Limits(minKeepAlive, maxKeepAlive, sessionExpiry, interval, publishesPerSecond);
    }

    /**
     * Returns the same limits with a limit for messages.
     *
     * @param messages the maximum number of messages that a connection publishes and receives in a second, such as
     *     {@link #PUBLISHES_PER_SECOND}; 0 for no limit
     * @return new limits
     * @throws IllegalArgumentException if it is negative
     */
    public Limits withPublishesPerSecond(int messages) {
        return new Limits(minKeepAlive, maxKeepAlive, sessionExpiry, connectInterval, messages);
    }

    /** The keep alive granted to a client that requests {@code asked} seconds; 0 requests none. */
    public int keepAliveSeconds(int asked) {
        long longest = maxKeepAlive.toSeconds();
        return (int) (asked == 0 ? longest : Math.max(minKeepAlive.toSeconds(), Math.min(asked, longest)));
    }
}
