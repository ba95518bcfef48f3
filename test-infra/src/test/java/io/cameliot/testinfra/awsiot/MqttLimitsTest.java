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
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import io.cameliot.testinfra.awsiot.gateway.DisconnectReason;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.gateway.Limits;
import io.cameliot.testinfra.net.TlsClient;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What AWS IoT Core does not allow a device to do, packet by packet. */
class MqttLimitsTest {
    private static final Limits LIMITS = Limits.DEFAULT.withKeepAlive(Duration.ofSeconds(1), Duration.ofSeconds(1200));

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS =
            new AwsIotEmulatorExtension(AwsIotEmulator.builder().limits(LIMITS));

    private final AwsIotEmulator aws = AWS.emulator();

    @Test
    void acceptsAPayloadOf128KilobytesAndRefusesALongerOne() throws Exception {
        try (MqttWire wire = connected(MqttVersion.MQTT_3_1_1, "payload")) {
            wire.send(publish("long", 1, new byte[Limits.PAYLOAD_BYTES])).expect(MqttMessageType.PUBACK);

            wire.sendIntoTheEnd(publish("long", 2, new byte[Limits.PAYLOAD_BYTES + 1]));
        }
        assertEnded("payload", DisconnectReason.CLIENT_ERROR);
    }

    @Test
    void closesTheConnectionOnAPacketThatIsFarTooLong() throws Exception {
        try (MqttWire wire = connected(MqttVersion.MQTT_3_1_1, "packet")) {
            wire.sendIntoTheEnd(publish("long", 1, new byte[200 * 1024]));
        }
        assertEnded("packet", DisconnectReason.CLIENT_ERROR);
    }

    @ParameterizedTest
    @CsvSource({"1/2/3/4/5/6/7/8, true", "1/2/3/4/5/6/7/8/9, false", "$aws/rules/rule/1/2/3/4/5/6/7/8, true"})
    void countsSlashesInTopics(String topic, boolean allowed) throws Exception {
        try (MqttWire wire = connected(MqttVersion.MQTT_3_1_1, "slashes")) {
            wire.send(publish(topic, 1, bytes("x")));
            if (allowed) {
                wire.expect(MqttMessageType.PUBACK);
            } else {
                wire.expectEnd();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"256, true", "257, false"})
    void countsBytesInTopics(int length, boolean allowed) throws Exception {
        try (MqttWire wire = connected(MqttVersion.MQTT_3_1_1, "length")) {
            wire.send(publish("x".repeat(length), 1, bytes("x")));
            if (allowed) {
                wire.expect(MqttMessageType.PUBACK);
            } else {
                wire.expectEnd();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1/2/3/4/5/6/7/8, MQTT_3_1_1, 1",
        "1/2/3/4/5/6/7/8/9, MQTT_3_1_1, 128",
        "1/2/3/4/5/6/7/8/9, MQTT_5, 143",
        "$share/group/1/2/3/4/5/6/7/8, MQTT_3_1_1, 1",
        "$share//a, MQTT_3_1_1, 128"
    })
    void refusesTopicFiltersBeyondTheLimits(String filter, MqttVersion version, int code) throws Exception {
        try (MqttWire wire = connected(version, "filter")) {
            assertThat(subackCodes(wire, filter)).containsExactly(code);
        }
    }

    static String[] malformedFilters() {
        return new String[] {"a#", "a/#/b", "a+"};
    }

    @ParameterizedTest
    @MethodSource("malformedFilters")
    void endsTheConnectionOfAClientWithAMalformedFilter(String filter) throws Exception {
        try (MqttWire wire = connected(MqttVersion.MQTT_3_1_1, "malformed")) {
            wire.send(MqttWire.subscribe(1, filter)).expectEnd();
        }
        assertEnded("malformed", DisconnectReason.CLIENT_ERROR);
    }

    @Test
    void acceptsEightFiltersInASubscribeAndRefusesNine() throws Exception {
        try (MqttWire wire = connected(MqttVersion.MQTT_3_1_1, "filters")) {
            assertThat(subackCodes(wire, filters(0, 8))).hasSize(8).containsOnly(1);

            wire.send(MqttWire.subscribe(2, filters(8, 9))).expectEnd();
        }
    }

    @ParameterizedTest
    @CsvSource({"MQTT_3_1_1, 128", "MQTT_5, 151"})
    void acceptsFiftySubscriptionsAndRefusesMore(MqttVersion version, int refusal) throws Exception {
        try (MqttWire wire = connected(version, "fifty")) {
            for (int i = 0; i < 48; i += 8) {
                assertThat(subackCodes(wire, filters(i, 8))).containsOnly(1);
            }

            assertThat(subackCodes(wire, filters(48, 4))).containsExactly(1, 1, refusal, refusal);
            assertThat(subackCodes(wire, "more/0")).as("again, not one more").containsExactly(1);
            aws.publish("more/49", "x", 1);
            wire.expect(MqttMessageType.PUBLISH);
        }
    }

    @Test
    void neverAnswersQos2InMqtt311() throws Exception {
        try (MqttWire wire = connected(MqttVersion.MQTT_3_1_1, "qos2")) {
            wire.send(MqttWire.publish("a", 1, MqttQoS.EXACTLY_ONCE, bytes("x")))
                    .expectSilence();
            wire.send(MqttWire.subscribe(2, MqttQoS.EXACTLY_ONCE, "a")).expectSilence();
            wire.send(MqttWire.pingRequest()).expect(MqttMessageType.PINGRESP);
        }
        assertThat(aws.receivedPublishes("a")).isEmpty();
    }

    @Test
    void endsTheConnectionAtQos2InMqtt5() throws Exception {
        try (MqttWire wire = connected(MqttVersion.MQTT_5, "qos2-5")) {
            wire.send(MqttWire.publish("a", 1, MqttQoS.EXACTLY_ONCE, bytes("x")));
            assertDisconnect(wire, 0x9B);
        }
        try (MqttWire wire = connected(MqttVersion.MQTT_5, "qos2-5")) {
            wire.send(MqttWire.subscribe(1, MqttQoS.EXACTLY_ONCE, "a"));
            assertDisconnect(wire, 0x9B);
        }
    }

    @Test
    void refusesAWillAtQos2() throws Exception {
        try (MqttWire wire = open()) {
            wire.send(MqttWire.connect(MqttVersion.MQTT_3_1_1, "will")
                            .willFlag(true)
                            .willTopic("will")
                            .willMessage(bytes("x"))
                            .willQoS(MqttQoS.EXACTLY_ONCE)
                            .build())
                    .expectEnd();
        }
    }

    @ParameterizedTest
    @CsvSource({"128, CONNECTION_ACCEPTED", "129, CONNECTION_REFUSED_IDENTIFIER_REJECTED"})
    void countsBytesInClientIds(int length, MqttConnectReturnCode code) throws Exception {
        assertConnack(MqttVersion.MQTT_3_1_1, "c".repeat(length), code);
    }

    @ParameterizedTest
    @CsvSource({
        "MQTT_3_1_1, $client, CONNECTION_REFUSED_IDENTIFIER_REJECTED",
        "MQTT_5, $client, CONNECTION_REFUSED_CLIENT_IDENTIFIER_NOT_VALID",
        "MQTT_3_1, client, CONNECTION_REFUSED_UNACCEPTABLE_PROTOCOL_VERSION"
    })
    void refusesClientIdsAndVersionsItDoesNotKnow(MqttVersion version, String clientId, MqttConnectReturnCode code)
            throws Exception {
        assertConnack(version, clientId, code);
    }

    @Test
    void refusesAPersistentSessionWithoutClientId() throws Exception {
        try (MqttWire wire = open()) {
            wire.send(MqttWire.connect(MqttVersion.MQTT_3_1_1, "")
                    .cleanSession(false)
                    .build());
            assertThat(wire.expect(MqttConnAckMessage.class, MqttMessageType.CONNACK)
                            .variableHeader()
                            .connectReturnCode())
                    .isEqualTo(MqttConnectReturnCode.CONNECTION_REFUSED_IDENTIFIER_REJECTED);
            wire.expectEnd();
        }
    }

    @Test
    void announcesItsLimitsToAnMqtt5Client() throws Exception {
        try (MqttWire wire = open()) {
            wire.send(MqttWire.connect(MqttVersion.MQTT_5, "")
                    .properties(properties(
                            new IntegerProperty(MqttPropertyType.SESSION_EXPIRY_INTERVAL.value(), 7 * 24 * 3600)))
                    .keepAlive(0)
                    .build());

            MqttProperties answer = wire.expect(MqttConnAckMessage.class, MqttMessageType.CONNACK)
                    .variableHeader()
                    .properties();
            assertThat(answer.getProperty(MqttPropertyType.MAXIMUM_QOS.value()).value())
                    .isEqualTo(1);
            assertThat(answer.getProperty(MqttPropertyType.RECEIVE_MAXIMUM.value())
                            .value())
                    .isEqualTo(100);
            assertThat(answer.getProperty(MqttPropertyType.TOPIC_ALIAS_MAXIMUM.value())
                            .value())
                    .isEqualTo(8);
            assertThat(answer.getProperty(MqttPropertyType.SERVER_KEEP_ALIVE.value())
                            .value())
                    .isEqualTo(1200);
            assertThat(answer.getProperty(MqttPropertyType.SESSION_EXPIRY_INTERVAL.value())
                            .value())
                    .isEqualTo(3600);
            assertThat(answer.getProperty(MqttPropertyType.SUBSCRIPTION_IDENTIFIER_AVAILABLE.value())
                            .value())
                    .isEqualTo(0);
            assertThat((String) answer.getProperty(MqttPropertyType.ASSIGNED_CLIENT_IDENTIFIER.value())
                            .value())
                    .startsWith("$GEN/");
        }
    }

    @Test
    void resolvesTopicAliasesUpToEight() throws Exception {
        try (MqttWire wire = connected(MqttVersion.MQTT_5, "alias")) {
            wire.send(aliased("aliased/topic", 8, 1)).expect(MqttMessageType.PUBACK);
            wire.send(aliased("", 8, 2)).expect(MqttMessageType.PUBACK);
            assertThat(aws.receivedPublishes("aliased/topic")).hasSize(2);
            wire.send(aliased("aliased/topic", 9, 3));
            assertDisconnect(wire, 0x94);
        }
    }

    @Test
    void refusesSubscriptionIdentifiers() throws Exception {
        try (MqttWire wire = connected(MqttVersion.MQTT_5, "identifier")) {
            wire.send(MqttMessageBuilders.subscribe()
                    .messageId(1)
                    .addSubscription(MqttQoS.AT_LEAST_ONCE, "a")
                    .properties(properties(new IntegerProperty(MqttPropertyType.SUBSCRIPTION_IDENTIFIER.value(), 1)))
                    .build());
            assertDisconnect(wire, 0xA1);
        }
    }

    @Test
    void sendsSessionTakenOverToAnMqtt5Client() throws Exception {
        try (MqttWire older = connected(MqttVersion.MQTT_5, "taken");
                MqttWire newer = connected(MqttVersion.MQTT_5, "taken")) {
            assertDisconnect(older, 0x8E);
            newer.send(MqttWire.pingRequest()).expect(MqttMessageType.PINGRESP);
        }
    }

    @Test
    void endsTheConnectionOfAClientThatDoesNotWaitForConnack() throws Exception {
        try (MqttWire wire = open()) {
            wire.send(MqttWire.connect(MqttVersion.MQTT_3_1_1, "hasty").build(), MqttWire.subscribe(1, "a"))
                    .expectEnd();
        }
    }

    @Test
    void endsTheConnectionOfAClientThatDoesNotBeginWithConnect() throws Exception {
        try (MqttWire wire = open()) {
            wire.send(MqttWire.pingRequest()).expectEnd();
        }
    }

    @Test
    void dropsAClientAtOneAndAHalfTimesItsKeepAlive() throws Exception {
        try (MqttWire wire = open()) {
            wire.send(MqttWire.connect(MqttVersion.MQTT_3_1_1, "sleepy")
                            .keepAlive(1)
                            .build())
                    .expect(MqttMessageType.CONNACK);
            wire.expectEnd();
        }
        assertEnded("sleepy", DisconnectReason.MQTT_KEEP_ALIVE_TIMEOUT);
    }

    @ParameterizedTest
    @CsvSource({"0, 1200", "1, 30", "30, 30", "60, 60", "1200, 1200", "65535, 1200"})
    void clampsTheKeepAlive(int asked, int granted) throws Exception {
        try (AwsIotEmulator other = AwsIotEmulator.builder().build().start();
                MqttWire wire = open(other)) {
            wire.send(MqttWire.connect(MqttVersion.MQTT_3_1_1, "keep-alive")
                            .keepAlive(asked)
                            .build())
                    .expect(MqttMessageType.CONNACK);
            assertThat(other.connectionsOf("keep-alive").get(0).keepAliveSeconds())
                    .isEqualTo(granted);
        }
    }

    @Test
    void refusesAClientThatConnectsTooOftenIfConfigured() throws Exception {
        Limits strict = Limits.DEFAULT.withConnectInterval(Duration.ofMinutes(1));
        try (AwsIotEmulator other =
                AwsIotEmulator.builder().limits(strict).build().start()) {
            try (MqttWire wire = open(other)) {
                wire.send(MqttWire.connect(MqttVersion.MQTT_5, "frequent").build())
                        .expect(MqttMessageType.CONNACK);
            }
            try (MqttWire wire = open(other)) {
                wire.send(MqttWire.connect(MqttVersion.MQTT_5, "frequent").build());
                assertThat(wire.expect(MqttConnAckMessage.class, MqttMessageType.CONNACK)
                                .variableHeader()
                                .connectReturnCode())
                        .isEqualTo(MqttConnectReturnCode.CONNECTION_REFUSED_QUOTA_EXCEEDED);
            }
        }
    }

    @Test
    void dropsAnMqtt311ClientThatMayNotPublish() throws Exception {
        aws.policy("gagged", DevicePolicy.ALLOW_ALL.deny(Action.PUBLISH, "secret/*"));
        try (MqttWire wire = connected(MqttVersion.MQTT_3_1_1, "gagged")) {
            wire.send(publish("public/topic", 1, bytes("x"))).expect(MqttMessageType.PUBACK);
            wire.send(publish("secret/topic", 2, bytes("x"))).expectEnd();
        }
        assertEnded("gagged", DisconnectReason.FORBIDDEN_ACCESS);
        assertThat(aws.receivedPublishes("secret/topic")).isEmpty();
    }

    @Test
    void sendsNotAuthorizedToAnMqtt5ClientThatMayNotPublish() throws Exception {
        aws.policy("gagged-5", DevicePolicy.ALLOW_ALL.deny(Action.PUBLISH, "secret/*"));
        try (MqttWire wire = connected(MqttVersion.MQTT_5, "gagged-5")) {
            wire.send(publish("secret/topic", 2, bytes("x")));
            assertThat(((MqttPubReplyMessageVariableHeader)
                                    wire.expect(MqttMessageType.PUBACK).variableHeader())
                            .reasonCode())
                    .isEqualTo((byte) 0x87);
            wire.send(MqttWire.publish("secret/topic", 0, MqttQoS.AT_MOST_ONCE, bytes("x")));
            assertDisconnect(wire, 0x87);
        }
    }

    @Test
    void refusesSubscriptionsOfAnMqtt5ClientThatThePolicyDoesNotAllow() throws Exception {
        aws.policy(
                "deaf",
                DevicePolicy.ALLOW_ALL.deny(Action.SUBSCRIBE, "secret/*").deny(Action.SUBSCRIBE, "$share/*/secret/*"));
        try (MqttWire wire = connected(MqttVersion.MQTT_5, "deaf")) {
            assertThat(subackCodes(wire, "public/#", "secret/#", "$share/group/secret/a"))
                    .containsExactly(1, 0x87, 0x87);
            assertThat(subackCodes(wire, "secret/a")).containsExactly(0x87);

            aws.publish("secret/a", "not for you", 1);
            aws.publish("public/a", "for you", 1);
            MqttPublishMessage message = wire.expect(MqttPublishMessage.class, MqttMessageType.PUBLISH);
            assertThat(message.variableHeader().topicName()).isEqualTo("public/a");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret/a", "$share/group/secret/a"})
    void closesTheConnectionOfAnMqtt311ClientThatSubscribesToWhatThePolicyDoesNotAllow(String filter) throws Exception {
        aws.policy(
                "deaf-3",
                DevicePolicy.ALLOW_ALL.deny(Action.SUBSCRIBE, "secret/*").deny(Action.SUBSCRIBE, "$share/*/secret/*"));
        try (MqttWire wire = connected(MqttVersion.MQTT_3_1_1, "deaf-3")) {
            wire.send(MqttWire.subscribe(2, "public/#", filter)).expectEnd();
        }
        assertEnded("deaf-3", DisconnectReason.FORBIDDEN_ACCESS);
    }

    @ParameterizedTest
    @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
    void refusesAClientThatMayNotConnect(MqttVersion version) throws Exception {
        aws.policy("barred", DevicePolicy.DENY_ALL);
        try (MqttWire wire = open()) {
            wire.send(MqttWire.connect(version, "barred").build());
            if (version == MqttVersion.MQTT_5) {
                assertThat(wire.expect(MqttConnAckMessage.class, MqttMessageType.CONNACK)
                                .variableHeader()
                                .connectReturnCode())
                        .isEqualTo(MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED_5);
            }
            wire.expectEnd(); // MQTT 3.1.1: AWS closes without a packet
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/+", "#", "a#b"})
    void endsTheConnectionOfAClientThatPublishesToAWildcard(String topic) throws Exception {
        try (MqttWire wire = connected(MqttVersion.MQTT_3_1_1, "wild")) {
            wire.send(publish(topic, 1, bytes("x"))).expectEnd();
        }
    }

    private void assertEnded(String clientId, DisconnectReason reason) {
        await().untilAsserted(
                        () -> assertThat(aws.connectionsOf(clientId)).last().satisfies(connection -> assertThat(
                                        connection.disconnectReason())
                                .contains(reason)));
    }

    private void assertConnack(MqttVersion version, String clientId, MqttConnectReturnCode code) throws IOException {
        try (MqttWire wire = open()) {
            wire.send(MqttWire.connect(version, clientId).build());
            assertThat(wire.expect(MqttConnAckMessage.class, MqttMessageType.CONNACK)
                            .variableHeader()
                            .connectReturnCode())
                    .isEqualTo(code);
            if (code != MqttConnectReturnCode.CONNECTION_ACCEPTED) {
                wire.expectEnd();
            }
        }
    }

    private static void assertDisconnect(MqttWire wire, int reasonCode) throws IOException {
        MqttMessage disconnect = wire.expect(MqttMessageType.DISCONNECT);
        assertThat(((MqttReasonCodeAndPropertiesVariableHeader) disconnect.variableHeader()).reasonCode())
                .isEqualTo((byte) reasonCode);
        wire.expectEnd();
    }

    private static List<Integer> subackCodes(MqttWire wire, String... filters) throws IOException {
        return wire.send(MqttWire.subscribe(7, filters))
                .expect(MqttSubAckMessage.class, MqttMessageType.SUBACK)
                .payload()
                .reasonCodes();
    }

    private MqttWire connected(MqttVersion version, String clientId) throws IOException {
        MqttWire wire = open();
        wire.send(MqttWire.connect(version, clientId).build()).expect(MqttMessageType.CONNACK);
        return wire;
    }

    private MqttWire open() throws IOException {
        return open(aws);
    }

    private static MqttWire open(AwsIotEmulator emulator) throws IOException {
        TlsClient client = TlsClient.trusting(emulator.serverAuthority().certificate(), emulator.issueDevice("wire"));
        return new MqttWire(client.connect("127.0.0.1", emulator.port(GatewayPort.MQTT_8883), emulator.endpoint()));
    }

    private static MqttPublishMessage publish(String topic, int packetId, byte[] payload) {
        return MqttWire.publish(topic, packetId, MqttQoS.AT_LEAST_ONCE, payload);
    }

    private static MqttPublishMessage aliased(String topic, int alias, int packetId) {
        return MqttMessageBuilders.publish()
                .topicName(topic)
                .messageId(packetId)
                .qos(MqttQoS.AT_LEAST_ONCE)
                .payload(Unpooled.EMPTY_BUFFER)
                .properties(properties(new IntegerProperty(MqttPropertyType.TOPIC_ALIAS.value(), alias)))
                .build();
    }

    private static MqttProperties properties(IntegerProperty property) {
        MqttProperties properties = new MqttProperties();
        properties.add(property);
        return properties;
    }

    private static String[] filters(int from, int count) {
        return IntStream.range(from, from + count).mapToObj(i -> "more/" + i).toArray(String[]::new);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
