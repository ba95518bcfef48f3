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
package io.cameliot.common.mqtt.codec;

import static io.cameliot.common.mqtt.PropertyIds.CONTENT_TYPE;
import static io.cameliot.common.mqtt.PropertyIds.CORRELATION_DATA;
import static io.cameliot.common.mqtt.PropertyIds.MESSAGE_EXPIRY_INTERVAL;
import static io.cameliot.common.mqtt.PropertyIds.PAYLOAD_FORMAT_INDICATOR;
import static io.cameliot.common.mqtt.PropertyIds.REASON_STRING;
import static io.cameliot.common.mqtt.PropertyIds.RESPONSE_TOPIC;
import static io.cameliot.common.mqtt.PropertyIds.USER_PROPERTY;

import io.cameliot.common.mqtt.MessageProperties;
import io.cameliot.common.mqtt.MqttText;
import io.cameliot.common.mqtt.UserProperty;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.BinaryProperty;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttProperties.MqttProperty;
import io.netty.handler.codec.mqtt.MqttProperties.StringPair;
import io.netty.handler.codec.mqtt.MqttProperties.StringProperty;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Converts message properties (MQTT 5 section 3.3.2.3) from and to Netty's types, and to bytes. */
public final class PropertyCodec {

    private static final byte[] NOTHING = {};

    private PropertyCodec() {}

    public static MessageProperties read(MqttProperties properties) {
        if (properties.isEmpty()) {
            return MessageProperties.NONE;
        }
        Integer expiry = value(properties, MESSAGE_EXPIRY_INTERVAL, Integer.class);
        Integer format = value(properties, PAYLOAD_FORMAT_INDICATOR, Integer.class);
        return new MessageProperties(
                value(properties, CONTENT_TYPE, String.class),
                value(properties, RESPONSE_TOPIC, String.class),
                value(properties, CORRELATION_DATA, byte[].class),
                expiry == null ? null : Integer.toUnsignedLong(expiry),
                format == null ? null : format == 1,
                userProperties(properties));
    }

    /** The server's reason string; empty if it sent none. */
    public static String reasonString(MqttProperties properties) {
        String reason = value(properties, REASON_STRING, String.class);
        return reason == null ? "" : reason;
    }

    private static List<UserProperty> userProperties(MqttProperties properties) {
        List<UserProperty> pairs = new ArrayList<>();
        for (MqttProperty<?> property : properties.getProperties(USER_PROPERTY)) {
            StringPair pair = (StringPair) property.value();
            pairs.add(new UserProperty(pair.key, pair.value));
        }
        return pairs.isEmpty() ? null : pairs;
    }

    private static <T> T value(MqttProperties properties, int id, Class<T> type) {
        MqttProperty<?> property = properties.getProperty(id);
        return property == null ? null : type.cast(property.value());
    }

    /**
     * Converts the properties for packets that Netty encodes. Netty checks nothing and would truncate a length.
     *
     * @throws IllegalArgumentException if MQTT cannot carry a property
     */
    public static MqttProperties toNetty(MessageProperties properties) {
        encode(properties);
        MqttProperties netty = new MqttProperties();
        if (properties.utf8Payload() != null) {
            netty.add(new IntegerProperty(PAYLOAD_FORMAT_INDICATOR, properties.utf8Payload() ? 1 : 0));
        }
        if (properties.messageExpirySeconds() != null) {
            netty.add(new IntegerProperty(
                    MESSAGE_EXPIRY_INTERVAL, properties.messageExpirySeconds().intValue()));
        }
        if (properties.contentType() != null) {
            netty.add(new StringProperty(CONTENT_TYPE, properties.contentType()));
        }
        if (properties.responseTopic() != null) {
            netty.add(new StringProperty(RESPONSE_TOPIC, properties.responseTopic()));
        }
        if (properties.correlationData() != null) {
            netty.add(new BinaryProperty(CORRELATION_DATA, properties.correlationData()));
        }
        if (properties.userProperties() != null) {
            properties
                    .userProperties()
                    .forEach(pair -> netty.add(new MqttProperties.UserProperty(pair.name(), pair.value())));
        }
        return netty;
    }

    /**
     * Encodes the properties without the length field before them.
     *
     * @throws IllegalArgumentException if MQTT cannot carry a property
     */
    public static byte[] encode(MessageProperties properties) {
        if (properties == MessageProperties.NONE) {
            return NOTHING;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (properties.utf8Payload() != null) {
            out.write(PAYLOAD_FORMAT_INDICATOR);
            out.write(properties.utf8Payload() ? 1 : 0);
        }
        if (properties.messageExpirySeconds() != null) {
            out.write(MESSAGE_EXPIRY_INTERVAL);
            int seconds = properties.messageExpirySeconds().intValue();
            twoBytes(out, seconds >>> 16);
            twoBytes(out, seconds);
        }
        text(out, CONTENT_TYPE, properties.contentType(), "content type");
        text(out, RESPONSE_TOPIC, properties.responseTopic(), "response topic");
        if (properties.correlationData() != null) {
            out.write(CORRELATION_DATA);
            binary(out, properties.correlationData(), "correlation data");
        }
        if (properties.userProperties() != null) {
            properties.userProperties().forEach(pair -> {
                out.write(USER_PROPERTY);
                binary(out, MqttText.encode(pair.name(), "user property's name"), "user property's name");
                binary(out, MqttText.encode(pair.value(), "user property's value"), "user property's value");
            });
        }
        return out.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, int id, String text, String what) {
        if (text != null) {
            out.write(id);
            binary(out, MqttText.encode(text, what), what);
        }
    }

    private static void binary(ByteArrayOutputStream out, byte[] bytes, String what) {
        twoBytes(out, MqttText.requireLength(bytes, what).length);
        out.writeBytes(bytes);
    }

    private static void twoBytes(ByteArrayOutputStream out, int number) {
        out.write(number >>> 8);
        out.write(number);
    }
}
