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

import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttProperties.MqttProperty;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttProperties.StringPair;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The MQTT 5 properties that the gateway handles instead of the broker ("MQTT 5 supported features"). */
public final class Mqtt5Properties {
    private static final int MAX_MESSAGE_EXPIRY_SECONDS = 604_800;

    private Mqtt5Properties() {}

    /**
     * The properties of the CONNECT to the broker. Sessions end when AWS's do, and the broker uses no topic aliases,
     * because the gateway would have to translate them.
     */
    public static MqttProperties connectToBroker(MqttProperties device, Limits limits) {
        MqttProperties properties = new MqttProperties();
        put(properties, MqttPropertyType.SESSION_EXPIRY_INTERVAL, (int) sessionExpirySeconds(device, limits));
        put(
                properties,
                MqttPropertyType.RECEIVE_MAXIMUM,
                Math.min(
                        integer(device, MqttPropertyType.RECEIVE_MAXIMUM).orElse(Limits.UNACKNOWLEDGED_MESSAGES),
                        Limits.UNACKNOWLEDGED_MESSAGES));
        integer(device, MqttPropertyType.MAXIMUM_PACKET_SIZE)
                .ifPresent(bytes -> put(properties, MqttPropertyType.MAXIMUM_PACKET_SIZE, bytes));
        return properties;
    }

    /** The properties of a DISCONNECT to the broker. The session expiry is limited as in a CONNECT. */
    public static MqttProperties disconnectToBroker(MqttProperties device, Limits limits) {
        MqttProperties properties = new MqttProperties();
        if (integer(device, MqttPropertyType.SESSION_EXPIRY_INTERVAL).isPresent()) {
            put(properties, MqttPropertyType.SESSION_EXPIRY_INTERVAL, (int) sessionExpirySeconds(device, limits));
        }
        return properties;
    }

    /** The properties of a message to the broker: without alias and will delay, and with a limited expiry. */
    public static MqttProperties messageToBroker(MqttProperties device) {
        if (device.isEmpty()) {
            return device;
        }
        MqttProperties properties = new MqttProperties();
        device.listAll().stream()
                .filter(property -> property.propertyId() != MqttPropertyType.TOPIC_ALIAS.value()
                        && property.propertyId() != MqttPropertyType.WILL_DELAY_INTERVAL.value()
                        && property.propertyId() != MqttPropertyType.PUBLICATION_EXPIRY_INTERVAL.value())
                .forEach(properties::add);
        unsigned(device, MqttPropertyType.PUBLICATION_EXPIRY_INTERVAL)
                .ifPresent(asked ->
                        put(properties, MqttPropertyType.PUBLICATION_EXPIRY_INTERVAL, messageExpirySeconds(asked)));
        return properties;
    }

    /** Limits a message expiry to one week and replaces 0 by one second. */
    public static int messageExpirySeconds(long asked) {
        return (int) Math.max(1, Math.min(asked, MAX_MESSAGE_EXPIRY_SECONDS));
    }

    /**
     * Seconds that a session outlives its connection: the requested time up to the account's limit; 0 if none was
     * requested.
     */
    public static long sessionExpirySeconds(MqttProperties asked, Limits limits) {
        return Math.min(
                unsigned(asked, MqttPropertyType.SESSION_EXPIRY_INTERVAL).orElse(0),
                limits.sessionExpiry().toSeconds());
    }

    public static OptionalInt integer(MqttProperties properties, MqttPropertyType type) {
        MqttProperty<?> property = properties.getProperty(type.value());
        return property == null ? OptionalInt.empty() : OptionalInt.of((Integer) property.value());
    }

    /** A four byte integer. The codec reads it as a signed one. */
    static OptionalLong unsigned(MqttProperties properties, MqttPropertyType type) {
        OptionalInt value = integer(properties, type);
        return value.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Integer.toUnsignedLong(value.getAsInt()));
    }

    public static Optional<String> text(MqttProperties properties, MqttPropertyType type) {
        return Optional.ofNullable(properties.getProperty(type.value())).map(property -> (String) property.value());
    }

    static Optional<byte[]> bytes(MqttProperties properties, MqttPropertyType type) {
        return Optional.ofNullable(properties.getProperty(type.value())).map(property -> (byte[]) property.value());
    }

    static List<UserPropertyPair> userProperties(MqttProperties properties) {
        MqttProperty<?> property = properties.getProperty(MqttPropertyType.USER_PROPERTY.value());
        return property == null
                ? List.of()
                : ((MqttProperties.UserProperties) property)
                        .value().stream().map(Mqtt5Properties::userProperty).toList();
    }

    private static UserPropertyPair userProperty(StringPair pair) {
        return new UserPropertyPair(pair.key, pair.value);
    }

    /** Adds an integer property. */
    public static void put(MqttProperties properties, MqttPropertyType type, int value) {
        properties.add(new IntegerProperty(type.value(), value));
    }
}
