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

import io.cameliot.testinfra.awsiot.gateway.ConnectionInfo;
import io.cameliot.testinfra.awsiot.gateway.PublishProperties;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption.RetainedHandlingPolicy;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MQTT 5 properties of messages and wills, topic aliases and message expiry, between devices. */
class Mqtt5MessagesTest {
    @RegisterExtension
    static final AwsIotEmulatorExtension AWS =
            new AwsIotEmulatorExtension(AwsIotEmulator.builder().customDomain("localhost"));

    private final AwsIotEmulator aws = AWS.emulator();

    /** A duplicate name, an empty name, and enough names to detect a hash map. */
    private static PublishProperties rich() {
        PublishProperties properties = PublishProperties.NONE
                .withPayloadFormatIndicator(1)
                .withContentType("application/json; charset=utf-8")
                .withResponseTopic("answers/here")
                .withCorrelationData(new byte[] {0, -1, 7})
                .withUserProperty("twice", "first")
                .withUserProperty("", "")
                .withUserProperty("twice", "second")
                .withUserProperty("dots.and/slashes", "ü");
        for (int i = 0; i < 20; i++) {
            properties = properties.withUserProperty("many", Integer.toString(i));
        }
        return properties;
    }

    private static void assertSame(PublishProperties received, PublishProperties sent) {
        assertThat(received)
                .usingRecursiveComparison()
                .ignoringFields("correlationData")
                .isEqualTo(sent);
        assertThat(received.correlationData().orElseThrow())
                .isEqualTo(sent.correlationData().orElseThrow());
    }

    @Test
    void forwardsPropertiesToMqtt5Subscribers() throws Exception {
        try (MqttWire publisher = Mqtt5Packets.connected(aws, "rich-publisher");
                MqttWire subscriber = Mqtt5Packets.connected(aws, "rich-subscriber")) {
            subscriber.send(MqttWire.subscribe(1, "rich")).expect(MqttMessageType.SUBACK);

            publisher.send(Mqtt5Packets.publish("rich", 1, rich().toMqtt()));

            assertSame(Mqtt5Packets.message(subscriber), rich());
        }
    }

    @Test
    void forwardsThePropertiesOfATestsMessage() throws Exception {
        try (MqttWire subscriber = Mqtt5Packets.connected(aws, "outside")) {
            subscriber.send(MqttWire.subscribe(1, "outside")).expect(MqttMessageType.SUBACK);

            aws.publish("outside", new byte[] {1}, 1, false, rich());

            assertSame(Mqtt5Packets.message(subscriber), rich());
        }
    }

    @Test
    void keepsPropertiesWithARetainedMessage() throws Exception {
        aws.publish("rich/kept", new byte[] {1}, 1, true, rich());
        try (MqttWire subscriber = Mqtt5Packets.connected(aws, "late")) {
            subscriber.send(MqttWire.subscribe(1, "rich/kept"));

            MqttPublishMessage retained =
                    subscriber.expectPast(MqttMessageType.SUBACK, MqttPublishMessage.class, MqttMessageType.PUBLISH);
            assertSame(Mqtt5Packets.properties(retained), rich());
        }
    }

    @Test
    void dropsPropertiesForMqtt311Subscribers() throws Exception {
        try (MqttWire publisher = Mqtt5Packets.connected(aws, "new");
                PahoDevice subscriber = new PahoDevice(aws, "old").connect()) {
            subscriber.subscribe("mixed", 1);

            publisher.send(Mqtt5Packets.publish("mixed", 1, rich().toMqtt()));

            assertThat(subscriber.next()).isEqualTo(new PahoDevice.Received("mixed", "x", 1, false, false));
        }
    }

    @Test
    void deliversMessagesOfMqtt311ToMqtt5Subscribers() throws Exception {
        try (MqttWire subscriber = Mqtt5Packets.connected(aws, "new-subscriber");
                PahoDevice publisher = new PahoDevice(aws, "old-publisher").connect()) {
            subscriber.send(MqttWire.subscribe(1, "mixed/back")).expect(MqttMessageType.SUBACK);

            publisher.publish("mixed/back", "x", 1);

            assertThat(Mqtt5Packets.message(subscriber)).isEqualTo(PublishProperties.NONE);
        }
    }

    @ParameterizedTest
    @CsvSource({"100, 95, 100", "604800, 604795, 604800", "604801, 604795, 604800", "4294967295, 604795, 604800"})
    void sendsTheRemainingExpiryOfAtMostAWeek(long asked, long least, long most) throws Exception {
        try (MqttWire publisher = Mqtt5Packets.connected(aws, "expiry-publisher");
                MqttWire subscriber = Mqtt5Packets.connected(aws, "expiry-subscriber")) {
            subscriber.send(MqttWire.subscribe(1, "expiry")).expect(MqttMessageType.SUBACK);

            publisher.send(Mqtt5Packets.publish(
                    "expiry", 1, PublishProperties.NONE.withMessageExpiry(asked).toMqtt()));

            assertThat(Mqtt5Packets.message(subscriber).messageExpirySeconds().orElseThrow())
                    .isBetween(least, most);
        }
    }

    @Test
    void replacesAnExpiryOfZeroByOneSecond() throws Exception {
        try (MqttWire publisher = Mqtt5Packets.connected(aws, "zero-publisher");
                MqttWire subscriber = Mqtt5Packets.connected(aws, "zero-subscriber")) {
            subscriber.send(MqttWire.subscribe(1, "zero")).expect(MqttMessageType.SUBACK);

            publisher.send(Mqtt5Packets.publish(
                    "zero", 1, PublishProperties.NONE.withMessageExpiry(0).toMqtt()));

            assertThat(Mqtt5Packets.message(subscriber).messageExpirySeconds().orElseThrow())
                    .isBetween(0L, 1L);
        }
    }

    @ParameterizedTest
    @CsvSource({"MQTT_5, MQTT_5", "MQTT_5, MQTT_3_1_1"})
    void deliversNoExpiredMessage(MqttVersion publishers, MqttVersion subscribers) throws Exception {
        String topic = "expired/" + subscribers;
        String subscriber = "away-" + subscribers;
        try (MqttWire wire = Mqtt5Packets.open(aws)) {
            wire.send(persistent(subscribers, subscriber)).expect(MqttMessageType.CONNACK);
            wire.send(MqttWire.subscribe(1, topic)).expect(MqttMessageType.SUBACK);
        }
        await().until(() -> !aws.connectionsOf(subscriber).get(0).isOpen());
        try (MqttWire publisher = Mqtt5Packets.connected(aws, publishers, "away-publisher")) {
            publisher.send(Mqtt5Packets.publish(
                    topic, 1, PublishProperties.NONE.withMessageExpiry(1).toMqtt()));
            publisher.expect(MqttMessageType.PUBACK);
        }
        await().pollDelay(Duration.ofMillis(1200)).until(() -> true);
        aws.publish(topic, "still good", 1);

        try (MqttWire wire = Mqtt5Packets.open(aws)) {
            wire.send(persistent(subscribers, subscriber)).expect(MqttMessageType.CONNACK);
            MqttPublishMessage message = wire.expect(MqttPublishMessage.class, MqttMessageType.PUBLISH);
            assertThat(message.payload().toString(StandardCharsets.UTF_8)).isEqualTo("still good");
            message.release();
        }
    }

    private static MqttMessage persistent(MqttVersion version, String clientId) {
        return MqttWire.connect(version, clientId)
                .cleanSession(false)
                .properties(
                        version == MqttVersion.MQTT_5 ? Mqtt5Packets.sessionExpiry(60) : MqttProperties.NO_PROPERTIES)
                .build();
    }

    @Test
    void resolvesAliasesAndTheirReassignments() throws Exception {
        try (MqttWire publisher = Mqtt5Packets.connected(aws, "alias-publisher");
                MqttWire subscriber = Mqtt5Packets.connected(aws, "alias-subscriber")) {
            subscriber.send(MqttWire.subscribe(1, "alias/#")).expect(MqttMessageType.SUBACK);

            publisher.send(
                    Mqtt5Packets.publish("alias/one", 1, Mqtt5Packets.alias(8)),
                    Mqtt5Packets.publish("", 2, Mqtt5Packets.alias(8)),
                    Mqtt5Packets.publish("alias/two", 0, Mqtt5Packets.alias(8)),
                    Mqtt5Packets.publish("", 0, Mqtt5Packets.alias(8)));

            assertThat(topics(subscriber, 4)).containsExactly("alias/one", "alias/one", "alias/two", "alias/two");
        }
    }

    private static List<String> topics(MqttWire wire, int count) throws IOException {
        List<String> topics = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            MqttPublishMessage message = wire.expect(MqttPublishMessage.class, MqttMessageType.PUBLISH);
            message.release();
            topics.add(message.variableHeader().topicName());
        }
        return topics;
    }

    @Test
    void dropsAliasesWithTheConnectionEvenIfTheSessionContinues() throws Exception {
        for (boolean first : new boolean[] {true, false}) {
            try (MqttWire wire = Mqtt5Packets.open(aws)) {
                wire.send(Mqtt5Packets.connect("forgetful", false, Mqtt5Packets.sessionExpiry(60)));
                assertThat(Mqtt5Packets.connack(wire).isSessionPresent()).isEqualTo(!first);
                if (first) {
                    wire.send(Mqtt5Packets.publish("forgotten", 1, Mqtt5Packets.alias(1)));
                    assertThat(Mqtt5Packets.puback(wire, 1)).isZero();
                } else {
                    wire.send(Mqtt5Packets.publish("", 2, Mqtt5Packets.alias(1)));
                    Mqtt5Packets.expectDisconnect(wire, 0x94);
                }
            }
        }
    }

    @Test
    void publishesAWillWithItsPropertiesAndIgnoresItsDelay() throws Exception {
        MqttProperties properties = rich().withMessageExpiry(0xFFFFFFFFL).toMqtt();
        properties.add(new IntegerProperty(MqttPropertyType.WILL_DELAY_INTERVAL.value(), 3600));
        try (MqttWire watcher = Mqtt5Packets.connected(aws, "watcher");
                MqttWire mortal = Mqtt5Packets.open(aws)) {
            watcher.send(MqttWire.subscribe(1, "wills/rich")).expect(MqttMessageType.SUBACK);
            mortal.send(MqttWire.connect(MqttVersion.MQTT_5, "mortal")
                            .willFlag(true)
                            .willTopic("wills/rich")
                            .willMessage("gone".getBytes(StandardCharsets.UTF_8))
                            .willQoS(MqttQoS.AT_LEAST_ONCE)
                            .willProperties(properties)
                            .build())
                    .expect(MqttMessageType.CONNACK);

            aws.disconnect("mortal");

            PublishProperties received = Mqtt5Packets.message(watcher);
            assertThat(received.messageExpirySeconds().orElseThrow()).isBetween(604_795L, 604_800L);
            assertSame(
                    received,
                    rich().withMessageExpiry(received.messageExpirySeconds().orElseThrow()));
        }
    }

    @Test
    void publishesNoWillAfterADisconnect() throws Exception {
        try (MqttWire watcher = Mqtt5Packets.connected(aws, "watcher")) {
            watcher.send(MqttWire.subscribe(1, "wills/polite")).expect(MqttMessageType.SUBACK);
            try (MqttWire polite = Mqtt5Packets.open(aws)) {
                polite.send(MqttWire.connect(MqttVersion.MQTT_5, "polite")
                                .willFlag(true)
                                .willTopic("wills/polite")
                                .willMessage(new byte[1])
                                .build())
                        .expect(MqttMessageType.CONNACK);
                polite.send(Mqtt5Packets.disconnect(MqttProperties.NO_PROPERTIES))
                        .expectEnd();
            }
            aws.publish("wills/polite", "end", 1);

            MqttPublishMessage message = watcher.expect(MqttPublishMessage.class, MqttMessageType.PUBLISH);
            assertThat(message.payload().toString(StandardCharsets.UTF_8)).isEqualTo("end");
            message.release();
        }
    }

    @Test
    void ignoresRetainAsPublished() throws Exception {
        try (MqttWire wire = Mqtt5Packets.connected(aws, "as-published")) {
            wire.send(MqttMessageBuilders.subscribe()
                            .messageId(1)
                            .addSubscription(
                                    "as/published",
                                    new MqttSubscriptionOption(
                                            MqttQoS.AT_LEAST_ONCE,
                                            false,
                                            true,
                                            RetainedHandlingPolicy.SEND_AT_SUBSCRIBE))
                            .build())
                    .expect(MqttMessageType.SUBACK);

            aws.publish("as/published", new byte[] {1}, 1, true);

            MqttPublishMessage message = wire.expect(MqttPublishMessage.class, MqttMessageType.PUBLISH);
            assertThat(message.fixedHeader().isRetain()).isFalse();
            message.release();
        }
    }

    @Test
    void doesNotExceedTheReceiveMaximumOfTheClient() throws Exception {
        try (MqttWire wire = Mqtt5Packets.open(aws)) {
            wire.send(Mqtt5Packets.connect("narrow", true, Mqtt5Packets.integers(MqttPropertyType.RECEIVE_MAXIMUM, 3)));
            Mqtt5Packets.connack(wire);
            wire.send(MqttWire.subscribe(1, "narrow")).expect(MqttMessageType.SUBACK);
            for (int i = 0; i < 5; i++) {
                aws.publish("narrow", "message " + i, 1);
            }

            topics(wire, 3);
            wire.expectSilence();
            assertThat(aws.connectionsOf("narrow"))
                    .extracting(ConnectionInfo::deliveries)
                    .containsExactly(3L);
        }
    }

    @Test
    void doesNotExceedTheMaximumPacketSizeOfTheClient() throws Exception {
        try (MqttWire wire = Mqtt5Packets.open(aws)) {
            wire.send(Mqtt5Packets.connect(
                    "small", true, Mqtt5Packets.integers(MqttPropertyType.MAXIMUM_PACKET_SIZE, 100)));
            Mqtt5Packets.connack(wire);
            wire.send(MqttWire.subscribe(1, "small")).expect(MqttMessageType.SUBACK);

            aws.publish("small", "x".repeat(100), 1);
            aws.publish("small", "fits", 1);

            MqttPublishMessage message = wire.expect(MqttPublishMessage.class, MqttMessageType.PUBLISH);
            assertThat(message.payload().toString(StandardCharsets.UTF_8)).isEqualTo("fits");
            message.release();
        }
    }
}
