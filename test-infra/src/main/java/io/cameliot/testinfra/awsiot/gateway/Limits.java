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
 * protocol). Sizes and counts are constants; times can be changed so that a test need not wait for them.
 *
 * @param minKeepAlive the shortest keep alive, in whole seconds; a client that asks for less gets this
 * @param maxKeepAlive the longest keep alive, in whole seconds; a client that asks for more, or for none, gets this
 * @param sessionExpiry how long a persistent session outlives its connection, in whole seconds
 * @param connectInterval the least time between two CONNECTs of a client id; zero does not limit them
 */
public record Limits(Duration minKeepAlive, Duration maxKeepAlive, Duration sessionExpiry, Duration connectInterval) {
    /** The longest payload of a PUBLISH or a will. */
    public static final int PAYLOAD_BYTES = 128 * 1024;
    /** The longest topic or topic filter, in UTF-8. */
    public static final int TOPIC_BYTES = 256;
    /** The most forward slashes in a topic or topic filter. */
    public static final int TOPIC_SLASHES = 7;
    /** The longest client id, in UTF-8. */
    public static final int CLIENT_ID_BYTES = 128;
    /** The most topic filters in one SUBSCRIBE. */
    public static final int FILTERS_PER_SUBSCRIBE = 8;
    /** The most topic filters that a connection has subscribed to. */
    public static final int SUBSCRIPTIONS_PER_CONNECTION = 50;
    /** The most QoS 1 messages sent to a client that it has not acknowledged; also MQTT 5's Receive Maximum. */
    public static final int UNACKNOWLEDGED_MESSAGES = 100;
    /** The most topic aliases of an MQTT 5 client. */
    public static final int TOPIC_ALIASES = 8;
    /** MQTT 5's Maximum Packet Size: what AWS announces in CONNACK, a payload and room for the rest. */
    public static final int PACKET_BYTES = 146 * 1024;

    /** AWS's times, but CONNECTs are not limited (AWS: one a second), because tests reconnect often. */
    public static final Limits DEFAULT =
            new Limits(Duration.ofSeconds(30), Duration.ofSeconds(1200), Duration.ofHours(1), Duration.ZERO);

    /**
     * The same limits with another range for the keep alive.
     *
     * @param shortest the shortest keep alive, in whole seconds
     * @param longest the longest keep alive, in whole seconds
     * @return new limits
     */
    public Limits withKeepAlive(Duration shortest, Duration longest) {
        return new Limits(shortest, longest, sessionExpiry, connectInterval);
    }

    /**
     * The same limits with another session expiry.
     *
     * @param duration how long a persistent session outlives its connection, in whole seconds
     * @return new limits
     */
    public Limits withSessionExpiry(Duration duration) {
        return new Limits(minKeepAlive, maxKeepAlive, duration, connectInterval);
    }

    /**
     * The same limits with CONNECTs limited.
     *
     * @param interval the least time between two CONNECTs of a client id
     * @return new limits
     */
    public Limits withConnectInterval(Duration interval) {
        return new Limits(minKeepAlive, maxKeepAlive, sessionExpiry, interval);
    }

    /** What a client gets that asks for a keep alive; 0 asks for none. */
    public int keepAliveSeconds(int asked) {
        long longest = maxKeepAlive.toSeconds();
        return (int) (asked == 0 ? longest : Math.max(minKeepAlive.toSeconds(), Math.min(asked, longest)));
    }
}
