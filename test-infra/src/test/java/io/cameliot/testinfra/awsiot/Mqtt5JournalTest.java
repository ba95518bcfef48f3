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
import io.cameliot.testinfra.awsiot.gateway.ReceivedConnect;
import io.cameliot.testinfra.awsiot.gateway.ReceivedConnect.Will;
import io.cameliot.testinfra.awsiot.gateway.ReceivedDisconnect;
import io.cameliot.testinfra.awsiot.gateway.ReceivedPublish;
import io.cameliot.testinfra.awsiot.gateway.ReceivedSubscribe;
import io.cameliot.testinfra.awsiot.gateway.ReceivedSubscribe.Subscription;
import io.cameliot.testinfra.awsiot.gateway.ReceivedUnsubscribe;
import io.cameliot.testinfra.awsiot.gateway.UserPropertyPair;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The records of what clients have sent. */
class Mqtt5JournalTest {
    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    private final AwsIotEmulator aws = AWS.emulator();

    @Test
    void recordsThePropertiesOfAConnect() throws Exception {
        MqttProperties properties = Mqtt5Packets.sessionExpiry(-1);
        properties.add(new IntegerProperty(MqttPropertyType.RECEIVE_MAXIMUM.value(), 17));
        properties.add(new IntegerProperty(MqttPropertyType.MAXIMUM_PACKET_SIZE.value(), 5000));
        properties.add(new IntegerProperty(MqttPropertyType.TOPIC_ALIAS_MAXIMUM.value(), 4));
        properties.add(new IntegerProperty(MqttPropertyType.REQUEST_PROBLEM_INFORMATION.value(), 0));
        properties.add(new IntegerProperty(MqttPropertyType.REQUEST_RESPONSE_INFORMATION.value(), 1));
        properties.add(userProperties("b", "2", "a", "1", "b", "3"));
        MqttProperties willProperties = PublishProperties.NONE
                .withContentType("text/plain")
                .withMessageExpiry(0xFFFFFFFFL)
                .toMqtt();
        willProperties.add(new IntegerProperty(MqttPropertyType.WILL_DELAY_INTERVAL.value(), 9));
        try (MqttWire wire = Mqtt5Packets.open(aws)) {
            wire.send(MqttWire.connect(MqttVersion.MQTT_5, "journal-connect")
                            .cleanSession(false)
                            .keepAlive(77)
                            .username("user?token=secret")
                            .password(new byte[] {1})
                            .properties(properties)
                            .willFlag(true)
                            .willTopic("journal/will")
                            .willMessage(new byte[] {7})
                            .willQoS(MqttQoS.AT_LEAST_ONCE)
                            .willRetain(true)
                            .willProperties(willProperties)
                            .build())
                    .expect(MqttMessageType.CONNACK);

            ReceivedConnect connect =
                    aws.connectionsOf("journal-connect").get(0).connect();

            assertThat(aws.receivedConnects()).contains(connect);
            assertThat(connect.protocolLevel()).isEqualTo(5);
            assertThat(connect.cleanStart()).isFalse();
            assertThat(connect.keepAliveSeconds()).isEqualTo(77);
            assertThat(connect.userName()).contains("user");
            assertThat(connect.properties().sessionExpirySeconds()).hasValue(0xFFFFFFFFL);
            assertThat(connect.properties().receiveMaximum()).hasValue(17);
            assertThat(connect.properties().maximumPacketSize()).hasValue(5000);
            assertThat(connect.properties().topicAliasMaximum()).hasValue(4);
            assertThat(connect.properties().requestProblemInformation()).hasValue(0);
            assertThat(connect.properties().requestResponseInformation()).hasValue(1);
            assertThat(connect.properties().userProperties())
                    .containsExactly(
                            new UserPropertyPair("b", "2"),
                            new UserPropertyPair("a", "1"),
                            new UserPropertyPair("b", "3"));
            Will will = connect.will().orElseThrow();
            assertThat(will.topic()).isEqualTo("journal/will");
            assertThat(will.payload()).containsExactly(7);
            assertThat(will.qos()).isEqualTo(1);
            assertThat(will.retained()).isTrue();
            assertThat(will.delaySeconds()).hasValue(9);
            assertThat(will.properties())
                    .isEqualTo(
                            PublishProperties.NONE.withContentType("text/plain").withMessageExpiry(0xFFFFFFFFL));
        }
    }

    @Test
    void recordsMissingPropertiesOfAConnectAsEmpty() throws Exception {
        try (MqttWire wire = Mqtt5Packets.connected(aws, MqttVersion.MQTT_3_1_1, "journal-plain")) {
            wire.send(MqttWire.pingRequest()).expect(MqttMessageType.PINGRESP);

            assertThat(aws.connectionsOf("journal-plain").get(0).connect())
                    .isEqualTo(new ReceivedConnect(
                            "journal-plain",
                            4,
                            true,
                            60,
                            Optional.empty(),
                            new ReceivedConnect.Properties(
                                    OptionalLong.empty(),
                                    OptionalInt.empty(),
                                    OptionalLong.empty(),
                                    OptionalInt.empty(),
                                    OptionalInt.empty(),
                                    OptionalInt.empty(),
                                    List.of()),
                            Optional.empty()));
        }
    }

    @Test
    void recordsWhetherATopicWasSentAsAnAlias() throws Exception {
        PublishProperties sent = PublishProperties.NONE.withMessageExpiry(0).withUserProperty("a", "1");
        MqttProperties aliased = sent.toMqtt();
        aliased.add(new IntegerProperty(MqttPropertyType.TOPIC_ALIAS.value(), 2));
        try (MqttWire wire = Mqtt5Packets.connected(aws, "journal-publish")) {
            wire.send(
                    Mqtt5Packets.publish("journal/topic", 11, aliased),
                    Mqtt5Packets.publish("", 0, Mqtt5Packets.alias(2)),
                    Mqtt5Packets.publish("journal/topic", 12));
            assertThat(Mqtt5Packets.puback(wire, 11)).isZero();
            assertThat(Mqtt5Packets.puback(wire, 12)).isZero();
        }

        List<ReceivedPublish> publishes = aws.receivedPublishes("journal/topic");

        assertThat(publishes)
                .extracting(ReceivedPublish::sentTopic)
                .containsExactly("journal/topic", "", "journal/topic");
        assertThat(publishes)
                .extracting(ReceivedPublish::topicAlias)
                .containsExactly(OptionalInt.of(2), OptionalInt.of(2), OptionalInt.empty());
        assertThat(publishes)
                .extracting(publish -> publish.packet().packetId())
                .containsExactly(OptionalInt.of(11), OptionalInt.empty(), OptionalInt.of(12));
        assertThat(publishes)
                .extracting(ReceivedPublish::properties)
                .containsExactly(sent, PublishProperties.NONE, PublishProperties.NONE);
        assertThat(publishes)
                .extracting(publish -> publish.packet().mqttVersion())
                .containsOnly(Optional.of("5"));
    }

    @Test
    void recordsSubscribesAndUnsubscribes() throws Exception {
        MqttProperties subscribeProperties = new MqttProperties();
        subscribeProperties.add(userProperties("s", "1"));
        MqttProperties unsubscribeProperties = new MqttProperties();
        unsubscribeProperties.add(userProperties("u", "1"));
        try (MqttWire wire = Mqtt5Packets.connected(aws, "journal-subscribe")) {
            wire.send(MqttMessageBuilders.subscribe()
                            .messageId(3)
                            .addSubscription(MqttQoS.AT_MOST_ONCE, "journal/0")
                            .addSubscription(MqttQoS.AT_LEAST_ONCE, "journal/#/bad")
                            .properties(subscribeProperties)
                            .build())
                    .expect(MqttMessageType.SUBACK);
            wire.send(MqttMessageBuilders.unsubscribe()
                            .messageId(4)
                            .addTopicFilter("journal/0")
                            .addTopicFilter("never")
                            .properties(unsubscribeProperties)
                            .build())
                    .expect(MqttMessageType.UNSUBACK);
        }

        assertThat(aws.receivedSubscribes())
                .contains(new ReceivedSubscribe(
                        "journal-subscribe",
                        3,
                        List.of(new Subscription("journal/0", 0), new Subscription("journal/#/bad", 1)),
                        List.of(new UserPropertyPair("s", "1"))));
        assertThat(aws.receivedUnsubscribes())
                .contains(new ReceivedUnsubscribe(
                        "journal-subscribe",
                        4,
                        List.of("journal/0", "never"),
                        List.of(new UserPropertyPair("u", "1"))));
    }

    @Test
    void recordsTheDisconnectOfAClient() throws Exception {
        MqttProperties properties = Mqtt5Packets.sessionExpiry(5);
        properties.add(userProperties("bye", "now"));
        try (MqttWire wire = Mqtt5Packets.open(aws)) {
            wire.send(Mqtt5Packets.connect("journal-bye", true, Mqtt5Packets.sessionExpiry(60)))
                    .expect(MqttMessageType.CONNACK);
            wire.send(Mqtt5Packets.disconnect(properties)).expectEnd();
        }
        Mqtt5Packets.connected(aws, "journal-gone").close();

        assertThat(aws.connectionsOf("journal-bye"))
                .extracting(ConnectionInfo::disconnect)
                .containsExactly(Optional.of(
                        new ReceivedDisconnect(0, OptionalLong.of(5), List.of(new UserPropertyPair("bye", "now")))));
        await().untilAsserted(() -> assertThat(aws.connectionsOf("journal-gone"))
                .noneMatch(ConnectionInfo::isOpen)
                .extracting(ConnectionInfo::disconnect)
                .containsExactly(Optional.empty()));
    }

    private static MqttProperties.UserProperties userProperties(String... namesAndValues) {
        MqttProperties.UserProperties properties = new MqttProperties.UserProperties();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            properties.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return properties;
    }
}
