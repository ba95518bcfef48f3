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
package io.cameliot.common.mqtt;

import static io.cameliot.common.mqtt.PropertyIds.ASSIGNED_CLIENT_IDENTIFIER;
import static io.cameliot.common.mqtt.PropertyIds.MAXIMUM_PACKET_SIZE;
import static io.cameliot.common.mqtt.PropertyIds.MAXIMUM_QOS;
import static io.cameliot.common.mqtt.PropertyIds.RECEIVE_MAXIMUM;
import static io.cameliot.common.mqtt.PropertyIds.RETAIN_AVAILABLE;
import static io.cameliot.common.mqtt.PropertyIds.SERVER_KEEP_ALIVE;
import static io.cameliot.common.mqtt.PropertyIds.SESSION_EXPIRY_INTERVAL;
import static io.cameliot.common.mqtt.PropertyIds.SHARED_SUBSCRIPTION_AVAILABLE;
import static io.cameliot.common.mqtt.PropertyIds.TOPIC_ALIAS_MAXIMUM;
import static io.cameliot.common.mqtt.PropertyIds.WILDCARD_SUBSCRIPTION_AVAILABLE;

import io.netty.handler.codec.mqtt.MqttProperties;
import java.time.Duration;

/**
 * The limits and features that the server announces in its CONNACK (MQTT 5 section 3.2.2.3). An MQTT 3.1.1 server
 * announces none; every setting then has its MQTT 5 default.
 */
public final class ServerSettings {

    private static final int LARGEST_RECEIVE_MAXIMUM = 65_535;
    /** Bytes of the largest packet that a remaining length can describe (MQTT 5 section 2.1.4). */
    private static final int LARGEST_PACKET = 268_435_460;

    private final MqttProperties properties;
    private final Duration askedExpiry;
    // Read for each message.
    private final int maximumQos;
    private final boolean retainAvailable;
    private final int maximumPacketSize;

    private ServerSettings(MqttProperties properties, Duration askedExpiry) {
        this.properties = properties;
        this.askedExpiry = askedExpiry;
        this.maximumQos = orElse(MAXIMUM_QOS, 2);
        this.retainAvailable = orElse(RETAIN_AVAILABLE, 1) != 0;
        int bytes = orElse(MAXIMUM_PACKET_SIZE, LARGEST_PACKET);
        this.maximumPacketSize = bytes < 0 ? LARGEST_PACKET : bytes;
    }

    /**
     * Reads the properties of a CONNACK.
     *
     * @throws MqttProtocolException if the server grants zero where MQTT requires at least one (MQTT 5 sections
     *     3.2.2.3.3 and 3.2.2.3.6)
     */
    public static ServerSettings read(MqttProperties properties, Duration askedExpiry) throws MqttProtocolException {
        ServerSettings settings = new ServerSettings(properties, askedExpiry);
        if (settings.receiveMaximum() == 0) {
            throw new MqttProtocolException("CONNACK with a Receive Maximum of 0");
        }
        if (settings.maximumPacketSize() == 0) {
            throw new MqttProtocolException("CONNACK with a Maximum Packet Size of 0");
        }
        return settings;
    }

    /**
     * How long the server keeps the session after the connection has ended: the requested time unless the server
     * announces another.
     */
    public Duration sessionExpiry() {
        Integer seconds = integer(SESSION_EXPIRY_INTERVAL);
        return seconds == null ? askedExpiry : Duration.ofSeconds(Integer.toUnsignedLong(seconds));
    }

    /** The number of QoS 1 messages that may wait for their PUBACK. */
    public int receiveMaximum() {
        return orElse(RECEIVE_MAXIMUM, LARGEST_RECEIVE_MAXIMUM);
    }

    /** The largest QoS that the server accepts. */
    public int maximumQos() {
        return maximumQos;
    }

    /** Whether the server keeps messages for later subscribers. */
    public boolean retainAvailable() {
        return retainAvailable;
    }

    /** Bytes of the largest packet that the server accepts. */
    public int maximumPacketSize() {
        return maximumPacketSize;
    }

    /** The client identifier that the server assigned; null if it assigned none. */
    public String assignedClientId() {
        MqttProperties.MqttProperty<?> property = properties.getProperty(ASSIGNED_CLIENT_IDENTIFIER);
        return property == null ? null : String.valueOf(property.value());
    }

    /** The number of topic aliases that the server accepts. */
    public int topicAliasMaximum() {
        return orElse(TOPIC_ALIAS_MAXIMUM, 0);
    }

    /** Whether topic filters may contain wildcards. */
    public boolean wildcardSubscriptionsAvailable() {
        return orElse(WILDCARD_SUBSCRIPTION_AVAILABLE, 1) != 0;
    }

    /** Whether the server supports shared subscriptions. */
    public boolean sharedSubscriptionsAvailable() {
        return orElse(SHARED_SUBSCRIPTION_AVAILABLE, 1) != 0;
    }

    /** The keep alive interval that the server requires; null if it accepts the client's. */
    public Duration keepAlive() {
        Integer seconds = integer(SERVER_KEEP_ALIVE);
        return seconds == null ? null : Duration.ofSeconds(seconds);
    }

    private int orElse(int property, int ifAbsent) {
        Integer value = integer(property);
        return value == null ? ifAbsent : value;
    }

    private Integer integer(int property) {
        MqttProperties.MqttProperty<?> found = properties.getProperty(property);
        return found == null ? null : (Integer) found.value();
    }
}
