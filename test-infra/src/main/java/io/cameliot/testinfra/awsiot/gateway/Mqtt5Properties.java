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
import io.netty.handler.codec.mqtt.MqttProperties.StringProperty;
import java.util.OptionalInt;

/** The MQTT 5 properties that the gateway, not the broker, has the say on ("MQTT 5 supported features"). */
final class Mqtt5Properties {
    private Mqtt5Properties() {}

    /**
     * What the broker is told: sessions end as AWS's do, and it uses no topic aliases, which the gateway would have to
     * follow.
     */
    static MqttProperties connectToBroker(MqttProperties device, Limits limits) {
        MqttProperties properties = new MqttProperties();
        integer(device, MqttPropertyType.SESSION_EXPIRY_INTERVAL)
                .ifPresent(asked ->
                        put(properties, MqttPropertyType.SESSION_EXPIRY_INTERVAL, sessionExpirySeconds(asked, limits)));
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

    /** What the device is told about the server's abilities. */
    static MqttProperties connackToDevice(DeviceConnection connection, Limits limits) {
        MqttProperties asked = connection.connect().variableHeader().properties();
        MqttProperties properties = new MqttProperties();
        put(
                properties,
                MqttPropertyType.SESSION_EXPIRY_INTERVAL,
                sessionExpirySeconds(
                        integer(asked, MqttPropertyType.SESSION_EXPIRY_INTERVAL).orElse(0), limits));
        put(properties, MqttPropertyType.RECEIVE_MAXIMUM, Limits.UNACKNOWLEDGED_MESSAGES);
        put(properties, MqttPropertyType.MAXIMUM_QOS, 1);
        put(properties, MqttPropertyType.RETAIN_AVAILABLE, 1);
        put(properties, MqttPropertyType.MAXIMUM_PACKET_SIZE, Limits.PACKET_BYTES);
        put(properties, MqttPropertyType.TOPIC_ALIAS_MAXIMUM, Limits.TOPIC_ALIASES);
        put(properties, MqttPropertyType.WILDCARD_SUBSCRIPTION_AVAILABLE, 1);
        put(properties, MqttPropertyType.SUBSCRIPTION_IDENTIFIER_AVAILABLE, 0);
        put(properties, MqttPropertyType.SHARED_SUBSCRIPTION_AVAILABLE, 1);
        put(properties, MqttPropertyType.SERVER_KEEP_ALIVE, connection.keepAliveSeconds());
        if (connection.isClientIdAssigned()) {
            properties.add(
                    new StringProperty(MqttPropertyType.ASSIGNED_CLIENT_IDENTIFIER.value(), connection.clientId()));
        }
        return properties;
    }

    static OptionalInt integer(MqttProperties properties, MqttPropertyType type) {
        MqttProperty<?> property = properties.getProperty(type.value());
        return property == null ? OptionalInt.empty() : OptionalInt.of((Integer) property.value());
    }

    /** A copy without one property. */
    static MqttProperties without(MqttProperties properties, MqttPropertyType type) {
        MqttProperties copy = new MqttProperties();
        properties.listAll().stream()
                .filter(property -> property.propertyId() != type.value())
                .forEach(copy::add);
        return copy;
    }

    /** 0xFFFFFFFF, never, is read as -1. */
    private static int sessionExpirySeconds(int asked, Limits limits) {
        long longest = limits.sessionExpiry().toSeconds();
        return (int) Math.min(Integer.toUnsignedLong(asked), longest);
    }

    private static void put(MqttProperties properties, MqttPropertyType type, int value) {
        properties.add(new IntegerProperty(type.value(), value));
    }
}
