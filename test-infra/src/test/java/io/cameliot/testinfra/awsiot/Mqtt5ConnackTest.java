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

import static io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType.ASSIGNED_CLIENT_IDENTIFIER;
import static io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType.AUTHENTICATION_METHOD;
import static io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType.MAXIMUM_PACKET_SIZE;
import static io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType.MAXIMUM_QOS;
import static io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType.RECEIVE_MAXIMUM;
import static io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType.RETAIN_AVAILABLE;
import static io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType.SERVER_KEEP_ALIVE;
import static io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType.SESSION_EXPIRY_INTERVAL;
import static io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType.SHARED_SUBSCRIPTION_AVAILABLE;
import static io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType.SUBSCRIPTION_IDENTIFIER_AVAILABLE;
import static io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType.TOPIC_ALIAS_MAXIMUM;
import static io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType.WILDCARD_SUBSCRIPTION_AVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.gateway.Limits;
import io.cameliot.testinfra.awsiot.gateway.Mqtt5Settings;
import io.netty.handler.codec.mqtt.MqttConnAckVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttProperty;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttProperties.StringProperty;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The CONNACK of an MQTT 5 client, and the cases without one. */
class Mqtt5ConnackTest {
    /** A CONNACK of AWS IoT Core, from the log of a client. */
    private static final Map<MqttPropertyType, Object> AWS_CONNACK = Map.of(
            RECEIVE_MAXIMUM, 100,
            MAXIMUM_QOS, 1,
            RETAIN_AVAILABLE, 1,
            MAXIMUM_PACKET_SIZE, 149_504,
            TOPIC_ALIAS_MAXIMUM, 8,
            WILDCARD_SUBSCRIPTION_AVAILABLE, 1,
            SUBSCRIPTION_IDENTIFIER_AVAILABLE, 0,
            SHARED_SUBSCRIPTION_AVAILABLE, 1,
            SERVER_KEEP_ALIVE, 1200);

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    private final AwsIotEmulator aws = AWS.emulator();

    @Test
    void sendsExactlyThePropertiesOfAws() throws Exception {
        try (MqttWire wire = Mqtt5Packets.open(aws)) {
            wire.send(MqttWire.connect(MqttVersion.MQTT_5, "connack")
                    .keepAlive(1200)
                    .build());

            MqttConnAckVariableHeader connack = Mqtt5Packets.connack(wire);

            assertThat(connack.isSessionPresent()).isFalse();
            assertThat(byType(connack.properties())).isEqualTo(AWS_CONNACK);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 1200", "1, 30", "29, 30", "45, 45", "1200, 1200", "65535, 1200"})
    void announcesTheGrantedKeepAlive(int asked, int granted) throws Exception {
        try (MqttWire wire = Mqtt5Packets.open(aws)) {
            wire.send(MqttWire.connect(MqttVersion.MQTT_5, "keep-alive")
                    .keepAlive(asked)
                    .build());

            assertThat(byType(Mqtt5Packets.connack(wire).properties())).containsEntry(SERVER_KEEP_ALIVE, granted);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "3599, 3599", "3600, 3600", "3601, 3600", "604800, 3600", "-1, 3600"})
    void limitsTheSessionExpiryToTheAccountsMaximum(int asked, int granted) throws Exception {
        assertSessionExpiry(aws, asked, granted);
    }

    @ParameterizedTest
    @CsvSource({"10, 10", "3600, 60", "-1, 60"})
    void limitsTheSessionExpiryToAConfiguredMaximum(int asked, int granted) throws Exception {
        try (AwsIotEmulator other = AwsIotEmulator.builder()
                .limits(Limits.DEFAULT.withSessionExpiry(Duration.ofMinutes(1)))
                .build()
                .start()) {
            assertSessionExpiry(other, asked, granted);
        }
    }

    private static void assertSessionExpiry(AwsIotEmulator emulator, int asked, int granted) throws IOException {
        try (MqttWire wire = Mqtt5Packets.open(emulator)) {
            wire.send(Mqtt5Packets.connect("expiry", true, Mqtt5Packets.sessionExpiry(asked)));

            assertThat(byType(Mqtt5Packets.connack(wire).properties())).containsEntry(SESSION_EXPIRY_INTERVAL, granted);
        }
    }

    @Test
    void assignsAClientIdToAClientWithoutOne() throws Exception {
        try (MqttWire wire = Mqtt5Packets.open(aws)) {
            wire.send(Mqtt5Packets.connect("", true, MqttProperties.NO_PROPERTIES));

            String assigned =
                    (String) byType(Mqtt5Packets.connack(wire).properties()).get(ASSIGNED_CLIENT_IDENTIFIER);

            assertThat(aws.connectionsOf(assigned)).hasSize(1);
        }
    }

    @Test
    void announcesConfiguredSettings() throws Exception {
        Mqtt5Settings settings = Mqtt5Settings.DEFAULT
                .withReceiveMaximum(3)
                .withMaximumPacketSize(1000)
                .withTopicAliasMaximum(2)
                .withoutRetain()
                .withoutWildcardSubscriptions()
                .withoutSharedSubscriptions();
        try (AwsIotEmulator other = AwsIotEmulator.builder()
                        .mqtt5(settings)
                        .limits(Limits.DEFAULT.withKeepAlive(Duration.ofSeconds(5), Duration.ofSeconds(5)))
                        .build()
                        .start();
                MqttWire wire = Mqtt5Packets.open(other)) {
            wire.send(Mqtt5Packets.connect("other", true, MqttProperties.NO_PROPERTIES));

            assertThat(byType(Mqtt5Packets.connack(wire).properties()))
                    .containsEntry(RECEIVE_MAXIMUM, 3)
                    .containsEntry(MAXIMUM_PACKET_SIZE, 1000)
                    .containsEntry(TOPIC_ALIAS_MAXIMUM, 2)
                    .containsEntry(RETAIN_AVAILABLE, 0)
                    .containsEntry(WILDCARD_SUBSCRIPTION_AVAILABLE, 0)
                    .containsEntry(SHARED_SUBSCRIPTION_AVAILABLE, 0)
                    .containsEntry(SERVER_KEEP_ALIVE, 5);
        }
    }

    @Test
    void refusesSettingsOutOfRange() {
        assertThatThrownBy(() -> Mqtt5Settings.DEFAULT.withReceiveMaximum(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A receive maximum is a number from 1 to 65535, not 0");
        assertThatThrownBy(() -> Mqtt5Settings.DEFAULT.withMaximumPacketSize(149_505))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Mqtt5Settings.DEFAULT.withTopicAliasMaximum(-1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** The codes are those of AWS IoT Core's CONNACK: 0x80, 0x85, 0x86, 0x87, 0x90, 0x97 and 0x9B. */
    enum Refused {
        CLIENT_ID(0x85) {
            @Override
            MqttWire connect(AwsIotEmulator aws, MqttWire wire) throws IOException {
                return wire.send(Mqtt5Packets.connect("$mine", true, MqttProperties.NO_PROPERTIES));
            }
        },
        POLICY(0x87) {
            @Override
            MqttWire connect(AwsIotEmulator aws, MqttWire wire) throws IOException {
                aws.policy("barred", DevicePolicy.DENY_ALL);
                return wire.send(Mqtt5Packets.connect("barred", true, MqttProperties.NO_PROPERTIES));
            }
        },
        WILL_TOPIC(0x90) {
            @Override
            MqttWire connect(AwsIotEmulator aws, MqttWire wire) throws IOException {
                return wire.send(will("1/2/3/4/5/6/7/8/9", MqttQoS.AT_LEAST_ONCE));
            }
        },
        WILL_QOS(0x9B) {
            @Override
            MqttWire connect(AwsIotEmulator aws, MqttWire wire) throws IOException {
                return wire.send(will("will", MqttQoS.EXACTLY_ONCE));
            }
        };

        final int reasonCode;

        Refused(int reasonCode) {
            this.reasonCode = reasonCode;
        }

        abstract MqttWire connect(AwsIotEmulator aws, MqttWire wire) throws IOException;

        private static MqttMessage will(String topic, MqttQoS qos) {
            return MqttWire.connect(MqttVersion.MQTT_5, "mortal")
                    .willFlag(true)
                    .willTopic(topic)
                    .willQoS(qos)
                    .willMessage(new byte[1])
                    .build();
        }
    }

    @ParameterizedTest
    @EnumSource
    void sendsTheReasonCodeOfARefusal(Refused refused) throws Exception {
        try (MqttWire wire = Mqtt5Packets.open(aws)) {
            refused.connect(aws, wire);

            assertThat(Byte.toUnsignedInt(
                            Mqtt5Packets.connack(wire).connectReturnCode().byteValue()))
                    .isEqualTo(refused.reasonCode);
            wire.expectEnd();
        }
    }

    @Test
    void refusesARetainedWillIfRetainIsNotAvailable() throws Exception {
        try (AwsIotEmulator other = AwsIotEmulator.builder()
                        .mqtt5(Mqtt5Settings.DEFAULT.withoutRetain())
                        .build()
                        .start();
                MqttWire wire = Mqtt5Packets.open(other)) {
            wire.send(MqttWire.connect(MqttVersion.MQTT_5, "mortal")
                    .willFlag(true)
                    .willTopic("will")
                    .willRetain(true)
                    .willMessage(new byte[1])
                    .build());

            assertThat(Byte.toUnsignedInt(
                            Mqtt5Packets.connack(wire).connectReturnCode().byteValue()))
                    .isEqualTo(0x9A);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"RECEIVE_MAXIMUM", "MAXIMUM_PACKET_SIZE", "AUTHENTICATION_METHOD"})
    void closesWithoutConnackOnAConnectForWhichAwsHasNoCode(MqttPropertyType type) throws Exception {
        MqttProperties properties = new MqttProperties();
        properties.add(
                type == AUTHENTICATION_METHOD
                        ? new StringProperty(type.value(), "SCRAM-SHA-1")
                        : new MqttProperties.IntegerProperty(type.value(), 0));
        try (MqttWire wire = Mqtt5Packets.open(aws)) {
            wire.send(Mqtt5Packets.connect("forbidden", true, properties)).expectEnd();
        }
    }

    private static Map<MqttPropertyType, Object> byType(MqttProperties properties) {
        Map<MqttPropertyType, Object> byType = new HashMap<>();
        for (MqttProperty<?> property : properties.listAll()) {
            byType.put(MqttPropertyType.valueOf(property.propertyId()), property.value());
        }
        return byType;
    }
}
