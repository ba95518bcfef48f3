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

import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.Fault.Answer;
import io.cameliot.testinfra.awsiot.gateway.DisconnectReason;
import io.cameliot.testinfra.awsiot.gateway.Limits;
import io.cameliot.testinfra.awsiot.gateway.Mqtt5Settings;
import io.cameliot.testinfra.awsiot.gateway.Mqtt5Settings.PublishRefusal;
import io.cameliot.testinfra.awsiot.gateway.ReceivedPublish;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttProperties.StringProperty;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The reason codes that tell an MQTT 5 client what is not allowed. AWS IoT Core has PUBACK 00 80 87 90 91 97, SUBACK 00
 * 01 80 87 8F 91 97, UNSUBACK 00 80 8F 91, DISCONNECT 81 82 87 8B 8D 8E 8F 90 93 94 97 98 9B A1.
 */
class Mqtt5ReasonCodesTest {
    private static final String TOO_DEEP = "1/2/3/4/5/6/7/8/9";

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    private final AwsIotEmulator aws = AWS.emulator();

    /** The causes for the end of a connection, with their reason codes. */
    enum Ended {
        MALFORMED_TOPIC(0x81) {
            @Override
            void provoke(AwsIotEmulator aws, MqttWire wire) throws IOException {
                wire.send(Mqtt5Packets.publish("a/+", 1));
            }
        },
        SECOND_CONNECT(0x82) {
            @Override
            void provoke(AwsIotEmulator aws, MqttWire wire) throws IOException {
                wire.send(Mqtt5Packets.connect("again", true, MqttProperties.NO_PROPERTIES));
            }
        },
        AUTH(0x82) {
            @Override
            void provoke(AwsIotEmulator aws, MqttWire wire) throws IOException {
                wire.send(MqttMessageBuilders.auth().reasonCode((byte) 0x18).build());
            }
        },
        NEITHER_TOPIC_NOR_ALIAS(0x82) {
            @Override
            void provoke(AwsIotEmulator aws, MqttWire wire) throws IOException {
                wire.send(Mqtt5Packets.publish("", 1));
            }
        },
        RESPONSE_TOPIC_WITH_WILDCARD(0x82) {
            @Override
            void provoke(AwsIotEmulator aws, MqttWire wire) throws IOException {
                MqttProperties properties = new MqttProperties();
                properties.add(new StringProperty(MqttPropertyType.RESPONSE_TOPIC.value(), "answers/#"));
                wire.send(Mqtt5Packets.publish("a", 1, properties));
            }
        },
        SUBSCRIPTION_IDENTIFIER_IN_PUBLISH(0x82) {
            @Override
            void provoke(AwsIotEmulator aws, MqttWire wire) throws IOException {
                wire.send(Mqtt5Packets.publish(
                        "a", 1, Mqtt5Packets.integers(MqttPropertyType.SUBSCRIPTION_IDENTIFIER, 1)));
            }
        },
        SESSION_EXPIRY_FROM_NOTHING(0x82) {
            @Override
            void provoke(AwsIotEmulator aws, MqttWire wire) throws IOException {
                wire.send(Mqtt5Packets.disconnect(Mqtt5Packets.sessionExpiry(60)));
            }
        },
        FORBIDDEN_AT_QOS_0(0x87) {
            @Override
            void provoke(AwsIotEmulator aws, MqttWire wire) throws IOException {
                aws.policy("ended", DevicePolicy.ALLOW_ALL.deny(Action.PUBLISH, "secret"));
                wire.send(Mqtt5Packets.publish("secret", 0));
            }
        },
        SHUT_DOWN(0x8B) {
            @Override
            void provoke(AwsIotEmulator aws, MqttWire wire) {
                aws.stop();
            }
        },
        TAKEN_OVER(0x8E) {
            @Override
            void provoke(AwsIotEmulator aws, MqttWire wire) throws IOException {
                Mqtt5Packets.connected(aws, "ended").close();
            }
        },
        TAKEN_OVER_BY_MQTT_311(0x8E) {
            @Override
            void provoke(AwsIotEmulator aws, MqttWire wire) throws IOException {
                Mqtt5Packets.connected(aws, MqttVersion.MQTT_3_1_1, "ended").close();
            }
        },
        TOO_DEEP_AT_QOS_0(0x90) {
            @Override
            void provoke(AwsIotEmulator aws, MqttWire wire) throws IOException {
                wire.send(Mqtt5Packets.publish(TOO_DEEP, 0));
            }
        },
        ALIAS_0(0x94) {
            @Override
            void provoke(AwsIotEmulator aws, MqttWire wire) throws IOException {
                wire.send(Mqtt5Packets.publish("a", 1, Mqtt5Packets.alias(0)));
            }
        },
        ALIAS_9(0x94) {
            @Override
            void provoke(AwsIotEmulator aws, MqttWire wire) throws IOException {
                wire.send(Mqtt5Packets.publish("a", 1, Mqtt5Packets.alias(9)));
            }
        },
        UNKNOWN_ALIAS(0x94) {
            @Override
            void provoke(AwsIotEmulator aws, MqttWire wire) throws IOException {
                wire.send(Mqtt5Packets.publish("", 1, Mqtt5Packets.alias(3)));
            }
        },
        NINE_FILTERS(0x97) {
            @Override
            void provoke(AwsIotEmulator aws, MqttWire wire) throws IOException {
                wire.send(MqttWire.subscribe(
                        1, IntStream.range(0, 9).mapToObj(i -> "nine/" + i).toArray(String[]::new)));
            }
        },
        BY_THE_API(0x98) {
            @Override
            void provoke(AwsIotEmulator aws, MqttWire wire) {
                aws.disconnect("ended");
            }
        },
        QOS_2(0x9B) {
            @Override
            void provoke(AwsIotEmulator aws, MqttWire wire) throws IOException {
                wire.send(MqttWire.publish("a", 1, MqttQoS.EXACTLY_ONCE, new byte[1]));
            }
        },
        SUBSCRIBE_AT_QOS_2(0x9B) {
            @Override
            void provoke(AwsIotEmulator aws, MqttWire wire) throws IOException {
                wire.send(MqttWire.subscribe(1, MqttQoS.EXACTLY_ONCE, "a"));
            }
        },
        SUBSCRIPTION_IDENTIFIER(0xA1) {
            @Override
            void provoke(AwsIotEmulator aws, MqttWire wire) throws IOException {
                wire.send(MqttMessageBuilders.subscribe()
                        .messageId(1)
                        .addSubscription(MqttQoS.AT_LEAST_ONCE, "a")
                        .properties(Mqtt5Packets.integers(MqttPropertyType.SUBSCRIPTION_IDENTIFIER, 1))
                        .build());
            }
        };

        final int reasonCode;

        Ended(int reasonCode) {
            this.reasonCode = reasonCode;
        }

        abstract void provoke(AwsIotEmulator aws, MqttWire wire) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void sendsTheReasonCodeWhenItEndsAConnection(Ended ended) throws Exception {
        try (MqttWire wire = Mqtt5Packets.connected(aws, "ended")) {
            ended.provoke(aws, wire);

            Mqtt5Packets.expectDisconnect(wire, ended.reasonCode);
        }
    }

    @Test
    void sendsTheReasonCodeOfAnExpiredKeepAlive() throws Exception {
        try (AwsIotEmulator other = AwsIotEmulator.builder()
                        .limits(Limits.DEFAULT.withKeepAlive(Duration.ofSeconds(1), Duration.ofSeconds(1)))
                        .build()
                        .start();
                MqttWire wire = Mqtt5Packets.connected(other, "sleepy")) {
            Mqtt5Packets.expectDisconnect(wire, 0x8D);
        }
    }

    @Test
    void ignoresPacketsAfterTheOneThatEndsTheConnection() throws Exception {
        try (MqttWire wire = Mqtt5Packets.connected(aws, "heels")) {
            wire.send(Mqtt5Packets.publish("a", 1, Mqtt5Packets.alias(0)), Mqtt5Packets.publish("heels/late", 2));

            Mqtt5Packets.expectDisconnect(wire, 0x94);
        }
        assertThat(aws.receivedPublishes("heels/late")).isEmpty();
    }

    @Test
    void endsTheConnectionOfAClientThatExceedsTheReceiveMaximum() throws Exception {
        try (AwsIotEmulator other = AwsIotEmulator.builder()
                        .mqtt5(Mqtt5Settings.DEFAULT.withReceiveMaximum(3))
                        .build()
                        .start();
                MqttWire wire = Mqtt5Packets.connected(other, "window")) {
            for (int id = 1; id <= 5; id++) { // each acknowledged before the next
                wire.send(Mqtt5Packets.publish("window", id));
                assertThat(Mqtt5Packets.puback(wire, id)).isZero();
            }
            other.faults().inject(new Fault.Withhold(Answer.PUBACK), 3);
            wire.send(
                            Mqtt5Packets.publish("window", 6),
                            Mqtt5Packets.publish("window", 7),
                            Mqtt5Packets.publish("window", 8))
                    .expectSilence();
            wire.send(Mqtt5Packets.publish("window", 0), MqttWire.pingRequest())
                    .expect(MqttMessageType.PINGRESP); // QoS 0 does not count

            wire.send(Mqtt5Packets.publish("window", 9));

            Mqtt5Packets.expectDisconnect(wire, 0x93);
            assertThat(other.receivedPublishes("window")).hasSize(9);
        }
    }

    @Test
    void refusesAPacketIdThatIsInUse() throws Exception {
        aws.faults().inject(new Fault.Withhold(Answer.PUBACK));
        try (MqttWire wire = Mqtt5Packets.connected(aws, "in-use")) {
            wire.send(Mqtt5Packets.publish("in-use", 7)).expectSilence();

            wire.send(Mqtt5Packets.publish("in-use", 7));

            assertThat(Mqtt5Packets.puback(wire, 7)).isEqualTo(0x91);
            assertThat(aws.receivedPublishes("in-use")).hasSize(1);
        }
    }

    @Test
    void closesWithoutDisconnectOnATooLargePacket() throws Exception {
        try (AwsIotEmulator other = AwsIotEmulator.builder()
                .mqtt5(Mqtt5Settings.DEFAULT.withMaximumPacketSize(1000))
                .build()
                .start()) {
            // 1 byte of type, 2 of length, 2 and 1 of topic, 2 of packet id, 1 of properties: 991 of payload fit.
            try (MqttWire wire = Mqtt5Packets.connected(other, "size")) {
                wire.send(MqttWire.publish("a", 1, MqttQoS.AT_LEAST_ONCE, new byte[991]));
                assertThat(Mqtt5Packets.puback(wire, 1)).isZero();
                wire.sendIntoTheEnd(MqttWire.publish("a", 2, MqttQoS.AT_LEAST_ONCE, new byte[992]));
            }
            assertThat(other.connectionsOf("size").get(0).disconnectReason()).contains(DisconnectReason.CLIENT_ERROR);
        }
    }

    @Test
    void closesWithoutDisconnectOnATooLongPayload() throws Exception {
        try (MqttWire wire = Mqtt5Packets.connected(aws, "long")) {
            wire.send(MqttWire.publish("a", 1, MqttQoS.AT_LEAST_ONCE, new byte[Limits.PAYLOAD_BYTES]));
            assertThat(Mqtt5Packets.puback(wire, 1)).isZero();
            wire.sendIntoTheEnd(MqttWire.publish("a", 2, MqttQoS.AT_LEAST_ONCE, new byte[Limits.PAYLOAD_BYTES + 1]));
        }
        try (MqttWire wire = Mqtt5Packets.connected(aws, "longer")) {
            wire.sendIntoTheEnd(MqttWire.publish("a", 1, MqttQoS.AT_LEAST_ONCE, new byte[Limits.PACKET_BYTES]));
        }
    }

    @ParameterizedTest
    @CsvSource({"secret/a, 0x87", TOO_DEEP + ", 0x90"})
    void refusesAMessageInItsPubackAndKeepsTheConnection(String topic, int reasonCode) throws Exception {
        aws.policy("refused", DevicePolicy.ALLOW_ALL.deny(Action.PUBLISH, "secret/*"));
        try (MqttWire wire = Mqtt5Packets.connected(aws, "refused")) {
            wire.send(Mqtt5Packets.publish(topic, 1), Mqtt5Packets.publish("refused/not", 2));

            assertThat(Mqtt5Packets.puback(wire, 1)).isEqualTo(reasonCode);
            assertThat(Mqtt5Packets.puback(wire, 2)).isZero();
            assertThat(aws.receivedPublishes(topic)).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"secret/a, 0x87", TOO_DEEP + ", 0x90"})
    void refusesAMessageByDisconnectIfConfigured(String topic, int reasonCode) throws Exception {
        try (AwsIotEmulator other = AwsIotEmulator.builder()
                        .mqtt5(Mqtt5Settings.DEFAULT.withPublishRefusal(PublishRefusal.DISCONNECT))
                        .build()
                        .start();
                MqttWire wire = Mqtt5Packets.connected(other, "refused")) {
            other.policy("refused", DevicePolicy.ALLOW_ALL.deny(Action.PUBLISH, "secret/*"));

            wire.send(Mqtt5Packets.publish(topic, 1));

            Mqtt5Packets.expectDisconnect(wire, reasonCode);
        }
    }

    @Test
    void returnsAReasonCodeForEachFilterOfASubscribe() throws Exception {
        aws.policy("filters", DevicePolicy.ALLOW_ALL.deny(Action.SUBSCRIBE, "secret"));
        try (MqttWire wire = Mqtt5Packets.connected(aws, "filters")) {
            wire.send(MqttWire.subscribe(1, "good", "secret", "a#", "b/#/c", TOO_DEEP, "$share//d"));

            assertThat(Mqtt5Packets.suback(wire)).containsExactly(1, 0x87, 0x8F, 0x8F, 0x8F, 0x8F);
        }
    }

    @Test
    void returnsAReasonCodeForEachFilterOfAnUnsubscribe() throws Exception {
        try (MqttWire wire = Mqtt5Packets.connected(aws, "unsubscribing")) {
            wire.send(MqttWire.subscribe(1, "good")).expect(MqttMessageType.SUBACK);

            wire.send(Mqtt5Packets.unsubscribe(2, "good", "never/subscribed", "a#", TOO_DEEP));
            assertThat(Mqtt5Packets.unsuback(wire)).containsExactly(0, 0, 0x8F, 0x8F);

            wire.send(Mqtt5Packets.unsubscribe(3, "a#"));
            assertThat(Mqtt5Packets.unsuback(wire)).containsExactly(0x8F);
            aws.publish("good", "not for you any more", 1);
            wire.expectSilence();
        }
    }

    @Test
    void refusesFeaturesThatAreNotAvailable() throws Exception {
        try (AwsIotEmulator other = AwsIotEmulator.builder()
                        .mqtt5(Mqtt5Settings.DEFAULT
                                .withoutRetain()
                                .withoutWildcardSubscriptions()
                                .withoutSharedSubscriptions()
                                .withTopicAliasMaximum(0))
                        .build()
                        .start();
                MqttWire wire = Mqtt5Packets.connected(other, "unavailable");
                MqttWire retaining = Mqtt5Packets.connected(other, "unavailable-retain")) {
            wire.send(MqttWire.subscribe(1, "plain", "wild/+", "wild/#", "$share/group/shared"));
            assertThat(Mqtt5Packets.suback(wire)).containsExactly(1, 0xA2, 0xA2, 0x9E);
            wire.send(Mqtt5Packets.publish("a", 1, Mqtt5Packets.alias(1)));
            Mqtt5Packets.expectDisconnect(wire, 0x94);

            retaining.send(Mqtt5Packets.retained("a", 1));
            Mqtt5Packets.expectDisconnect(retaining, 0x9A);
            assertThat(other.receivedPublishes()).isEmpty();
        }
    }

    @Test
    void appliesNoMqtt5SettingsToMqtt311Clients() throws Exception {
        try (AwsIotEmulator other = AwsIotEmulator.builder()
                        .mqtt5(Mqtt5Settings.DEFAULT
                                .withReceiveMaximum(1)
                                .withMaximumPacketSize(100)
                                .withoutRetain()
                                .withoutWildcardSubscriptions()
                                .withoutSharedSubscriptions())
                        .build()
                        .start();
                MqttWire wire = Mqtt5Packets.connected(other, MqttVersion.MQTT_3_1_1, "old")) {
            wire.send(MqttWire.subscribe(1, "wild/+", "$share/group/shared"));
            assertThat(Mqtt5Packets.suback(wire)).containsExactly(1, 1);
            other.faults().inject(new Fault.Withhold(Answer.PUBACK), 2);
            wire.send(Mqtt5Packets.retained("a", 2), MqttWire.publish("a", 3, MqttQoS.AT_LEAST_ONCE, new byte[200]));
            wire.send(Mqtt5Packets.publish("a", 4)).expect(MqttMessageType.PUBACK);
            assertThat(other.receivedPublishes())
                    .extracting(ReceivedPublish::topic)
                    .containsExactly("a", "a", "a");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x82, 0x97, 0x9F})
    void endsAConnectionWithTheCodeOfATest(int reasonCode) throws Exception {
        try (MqttWire wire = Mqtt5Packets.connected(aws, "wanted")) {
            assertThat(aws.disconnect("wanted", reasonCode)).isTrue();

            Mqtt5Packets.expectDisconnect(wire, reasonCode);
        }
        assertThat(aws.disconnect("nobody", reasonCode)).isFalse();
    }

    @Test
    void endsTheConnectionOfAClientThatSendsAServersPacket() throws Exception {
        try (MqttWire wire = Mqtt5Packets.connected(aws, "server-like")) {
            wire.send(new MqttMessage(
                    new MqttFixedHeader(MqttMessageType.PINGRESP, false, MqttQoS.AT_MOST_ONCE, false, 0)));

            Mqtt5Packets.expectDisconnect(wire, 0x82);
        }
    }
}
