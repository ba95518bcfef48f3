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
import io.netty.handler.codec.mqtt.MqttProperties.BinaryProperty;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttProperties.StringPair;
import io.netty.handler.codec.mqtt.MqttProperties.StringProperty;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The MQTT 5 properties of a message (sections 3.3.2.3 and 3.1.3.2) that AWS IoT Core forwards.
 *
 * @param payloadFormatIndicator 0 for bytes, 1 for UTF-8
 * @param messageExpirySeconds seconds that the message is valid, or that remain
 * @param contentType the payload's type, such as a MIME type
 * @param responseTopic the topic for a response
 * @param correlationData identifies the response; must not be changed
 * @param userProperties in their order
 */
public record PublishProperties(
        OptionalInt payloadFormatIndicator,
        OptionalLong messageExpirySeconds,
        Optional<String> contentType,
        Optional<String> responseTopic,
        Optional<byte[]> correlationData,
        List<UserPropertyPair> userProperties) {
    /** No properties. A start for the {@code with…} methods. */
    public static final PublishProperties NONE = new PublishProperties(
            OptionalInt.empty(), OptionalLong.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of());

    public PublishProperties {
        userProperties = List.copyOf(userProperties);
    }

    /** Reads the properties of a packet. */
    public static PublishProperties of(MqttProperties properties) {
        return properties.isEmpty()
                ? NONE
                : new PublishProperties(
                        Mqtt5Properties.integer(properties, MqttPropertyType.PAYLOAD_FORMAT_INDICATOR),
                        Mqtt5Properties.unsigned(properties, MqttPropertyType.PUBLICATION_EXPIRY_INTERVAL),
                        Mqtt5Properties.text(properties, MqttPropertyType.CONTENT_TYPE),
                        Mqtt5Properties.text(properties, MqttPropertyType.RESPONSE_TOPIC),
                        Mqtt5Properties.bytes(properties, MqttPropertyType.CORRELATION_DATA),
                        Mqtt5Properties.userProperties(properties));
    }

    /**
     * Converts the properties for the MQTT codec.
     *
     * @return new properties
     */
    public MqttProperties toMqtt() {
        MqttProperties properties = new MqttProperties();
        payloadFormatIndicator.ifPresent(
                value -> properties.add(new IntegerProperty(MqttPropertyType.PAYLOAD_FORMAT_INDICATOR.value(), value)));
        messageExpirySeconds.ifPresent(value ->
                properties.add(new IntegerProperty(MqttPropertyType.PUBLICATION_EXPIRY_INTERVAL.value(), (int) value)));
        contentType.ifPresent(
                value -> properties.add(new StringProperty(MqttPropertyType.CONTENT_TYPE.value(), value)));
        responseTopic.ifPresent(
                value -> properties.add(new StringProperty(MqttPropertyType.RESPONSE_TOPIC.value(), value)));
        correlationData.ifPresent(
                value -> properties.add(new BinaryProperty(MqttPropertyType.CORRELATION_DATA.value(), value)));
        if (!userProperties.isEmpty()) {
            properties.add(new MqttProperties.UserProperties(userProperties.stream()
                    .map(property -> new StringPair(property.name(), property.value()))
                    .toList()));
        }
        return properties;
    }

    /**
     * Lists the properties that are set, for readers.
     *
     * @return text by the name in the MQTT 5 specification; the correlation data in hexadecimal digits
     */
    public Map<String, String> asText() {
        Map<String, String> text = new LinkedHashMap<>();
        payloadFormatIndicator.ifPresent(value -> text.put("Payload Format Indicator", Integer.toString(value)));
        messageExpirySeconds.ifPresent(value -> text.put("Message Expiry Interval", Long.toString(value)));
        contentType.ifPresent(value -> text.put("Content Type", value));
        responseTopic.ifPresent(value -> text.put("Response Topic", value));
        correlationData.ifPresent(
                value -> text.put("Correlation Data", HexFormat.of().formatHex(value)));
        for (int i = 0; i < userProperties.size(); i++) {
            text.put(
                    "User Property " + (i + 1),
                    userProperties.get(i).name() + " = " + userProperties.get(i).value());
        }
        return text;
    }

    /**
     * Returns the same properties with a payload format indicator.
     *
     * @param indicator 0 for bytes, 1 for UTF-8
     * @return new properties
     */
    public PublishProperties withPayloadFormatIndicator(int indicator) {
        return new PublishProperties(
                OptionalInt.of(indicator),
                messageExpirySeconds,
                contentType,
                responseTopic,
                correlationData,
                userProperties);
    }

    /**
     * Returns the same properties with a message expiry.
     *
     * @param seconds 0 to 4294967295
     * @return new properties
     */
    public PublishProperties withMessageExpiry(long seconds) {
        return new PublishProperties(
                payloadFormatIndicator,
                OptionalLong.of(seconds),
                contentType,
                responseTopic,
                correlationData,
                userProperties);
    }

    /**
     * Returns the same properties with a content type.
     *
     * @param type such as a MIME type
     * @return new properties
     */
    public PublishProperties withContentType(String type) {
        return new PublishProperties(
                payloadFormatIndicator,
                messageExpirySeconds,
                Optional.of(type),
                responseTopic,
                correlationData,
                userProperties);
    }

    /**
     * Returns the same properties with a response topic.
     *
     * @param topic the topic for a response
     * @return new properties
     */
    public PublishProperties withResponseTopic(String topic) {
        return new PublishProperties(
                payloadFormatIndicator,
                messageExpirySeconds,
                contentType,
                Optional.of(topic),
                correlationData,
                userProperties);
    }

    /**
     * Returns the same properties with correlation data.
     *
     * @param data identifies the response
     * @return new properties
     */
    public PublishProperties withCorrelationData(byte[] data) {
        return new PublishProperties(
                payloadFormatIndicator,
                messageExpirySeconds,
                contentType,
                responseTopic,
                Optional.of(data),
                userProperties);
    }

    /**
     * Returns the same properties with another user property.
     *
     * @param name its name, which may occur several times
     * @param value its value
     * @return new properties
     */
    public PublishProperties withUserProperty(String name, String value) {
        List<UserPropertyPair> extended = new ArrayList<>(userProperties);
        extended.add(new UserPropertyPair(name, value));
        return new PublishProperties(
                payloadFormatIndicator, messageExpirySeconds, contentType, responseTopic, correlationData, extended);
    }
}
