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
package io.cameliot.testinfra.awsiot;

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.gateway.PublishProperties;
import io.cameliot.testinfra.awsiot.gateway.UserPropertyPair;
import io.cameliot.testinfra.net.TlsClient;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnAckVariableHeader;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttProperties.MqttProperty;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttProperties.StringPair;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttUnsubAckMessage;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Creates packets of MQTT 5 for a {@link MqttWire} and reads received ones. */
final class Mqtt5Packets {
    private Mqtt5Packets() {}

    static MqttWire open(AwsIotEmulator aws) throws IOException {
        TlsClient client = TlsClient.trusting(aws.serverAuthority().certificate(), aws.issueDevice("wire"));
        return new MqttWire(client.connect("127.0.0.1", aws.port(GatewayPort.MQTT_8883), aws.endpoint()));
    }

    static MqttWire connected(AwsIotEmulator aws, String clientId) throws IOException {
        return connected(aws, MqttVersion.MQTT_5, clientId);
    }

    static MqttWire connected(AwsIotEmulator aws, MqttVersion version, String clientId) throws IOException {
        MqttWire wire = open(aws);
        wire.send(MqttWire.connect(version, clientId).build()).expect(MqttMessageType.CONNACK);
        return wire;
    }

    static MqttMessage connect(String clientId, boolean cleanStart, MqttProperties properties) {
        return MqttWire.connect(MqttVersion.MQTT_5, clientId)
                .cleanSession(cleanStart)
                .properties(properties)
                .build();
    }

    static MqttConnAckVariableHeader connack(MqttWire wire) throws IOException {
        return wire.expect(MqttConnAckMessage.class, MqttMessageType.CONNACK).variableHeader();
    }

    static MqttPublishMessage publish(String topic, int packetId, MqttProperties properties) {
        return MqttMessageBuilders.publish()
                .topicName(topic)
                .messageId(packetId)
                .qos(packetId == 0 ? MqttQoS.AT_MOST_ONCE : MqttQoS.AT_LEAST_ONCE)
                .properties(properties)
                .payload(Unpooled.copiedBuffer("x", StandardCharsets.UTF_8))
                .build();
    }

    static MqttPublishMessage publish(String topic, int packetId) {
        return publish(topic, packetId, MqttProperties.NO_PROPERTIES);
    }

    static MqttPublishMessage retained(String topic, int packetId) {
        return MqttMessageBuilders.publish()
                .topicName(topic)
                .messageId(packetId)
                .qos(MqttQoS.AT_LEAST_ONCE)
                .retained(true)
                .payload(Unpooled.copiedBuffer("x", StandardCharsets.UTF_8))
                .build();
    }

    static MqttProperties alias(int alias) {
        return integers(MqttPropertyType.TOPIC_ALIAS, alias);
    }

    static MqttProperties sessionExpiry(int seconds) {
        return integers(MqttPropertyType.SESSION_EXPIRY_INTERVAL, seconds);
    }

    static MqttProperties integers(MqttPropertyType type, int value) {
        MqttProperties properties = new MqttProperties();
        properties.add(new IntegerProperty(type.value(), value));
        return properties;
    }

    static MqttMessage unsubscribe(int packetId, String... filters) {
        var unsubscribe = MqttMessageBuilders.unsubscribe().messageId(packetId);
        Arrays.stream(filters).forEach(unsubscribe::addTopicFilter);
        return unsubscribe.build();
    }

    static MqttMessage disconnect(MqttProperties properties) {
        return new MqttMessage(
                new MqttFixedHeader(MqttMessageType.DISCONNECT, false, MqttQoS.AT_MOST_ONCE, false, 0),
                new MqttReasonCodeAndPropertiesVariableHeader((byte) 0, properties));
    }

    /** Reads the next packet, a PUBACK for a packet id, and returns its reason code. */
    static int puback(MqttWire wire, int packetId) throws IOException {
        MqttMessage puback = wire.expect(MqttMessageType.PUBACK);
        assertThat(((MqttMessageIdVariableHeader) puback.variableHeader()).messageId())
                .isEqualTo(packetId);
        return Byte.toUnsignedInt(((MqttPubReplyMessageVariableHeader) puback.variableHeader()).reasonCode());
    }

    static List<Integer> suback(MqttWire wire) throws IOException {
        return wire.expect(MqttSubAckMessage.class, MqttMessageType.SUBACK)
                .payload()
                .reasonCodes();
    }

    static List<Integer> unsuback(MqttWire wire) throws IOException {
        return wire
                .expect(MqttUnsubAckMessage.class, MqttMessageType.UNSUBACK)
                .payload()
                .unsubscribeReasonCodes()
                .stream()
                .map(Short::intValue)
                .toList();
    }

    /** Expects a DISCONNECT with a reason code and the end of the connection. */
    static void expectDisconnect(MqttWire wire, int reasonCode) throws IOException {
        MqttMessage disconnect = wire.expect(MqttMessageType.DISCONNECT);
        assertThat(Byte.toUnsignedInt(
                        ((MqttReasonCodeAndPropertiesVariableHeader) disconnect.variableHeader()).reasonCode()))
                .isEqualTo(reasonCode);
        wire.expectEnd();
    }

    /** Reads the next packet, a message, and returns its properties. */
    static PublishProperties message(MqttWire wire) throws IOException {
        return properties(wire.expect(MqttPublishMessage.class, MqttMessageType.PUBLISH));
    }

    /** Returns the properties of a message and releases it. */
    static PublishProperties properties(MqttPublishMessage message) {
        MqttProperties properties = message.variableHeader().properties();
        message.release();
        return new PublishProperties(
                integer(properties, MqttPropertyType.PAYLOAD_FORMAT_INDICATOR)
                        .map(OptionalInt::of)
                        .orElse(OptionalInt.empty()),
                integer(properties, MqttPropertyType.PUBLICATION_EXPIRY_INTERVAL)
                        .map(OptionalLong::of)
                        .orElse(OptionalLong.empty()),
                value(properties, MqttPropertyType.CONTENT_TYPE),
                value(properties, MqttPropertyType.RESPONSE_TOPIC),
                value(properties, MqttPropertyType.CORRELATION_DATA),
                Mqtt5Packets.<List<StringPair>>value(properties, MqttPropertyType.USER_PROPERTY)
                        .orElse(List.of())
                        .stream()
                        .map(pair -> new UserPropertyPair(pair.key, pair.value))
                        .toList());
    }

    private static Optional<Integer> integer(MqttProperties properties, MqttPropertyType type) {
        return value(properties, type);
    }

    @SuppressWarnings("unchecked")
    private static <T> Optional<T> value(MqttProperties properties, MqttPropertyType type) {
        return Optional.ofNullable((MqttProperty<T>) properties.getProperty(type.value()))
                .map(MqttProperty::value);
    }
}
