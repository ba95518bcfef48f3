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
import io.cameliot.testinfra.event.AwsIotRule;
import io.cameliot.testinfra.event.Refused;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a device needs besides iot:Publish and iot:Subscribe: iot:RetainPublish and iot:Receive. */
class PolicyActionsTest {
    private static final DevicePolicy CONNECT = DevicePolicy.DENY_ALL.allow(Action.CONNECT, "*");
    private static final DevicePolicy PUBLISH_ONLY = CONNECT.allow(Action.PUBLISH, "*");
    private static final DevicePolicy SUBSCRIBE_ONLY = CONNECT.allow(Action.SUBSCRIBE, "*");

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    private final AwsIotEmulator aws = AWS.emulator();
    private final long before = aws.events().refusals().last();

    @Test
    void refusesARetainedMessageOfAClientThatMayOnlyPublish() throws Exception {
        aws.policy("publisher", PUBLISH_ONLY);
        try (MqttWire wire = Mqtt5Packets.connected(aws, "publisher")) {
            wire.send(Mqtt5Packets.publish("a", 1));
            assertThat(Mqtt5Packets.puback(wire, 1)).isZero();

            wire.send(Mqtt5Packets.retained("not/kept", 2));
            assertThat(Mqtt5Packets.puback(wire, 2)).isEqualTo(0x87);
        }
        assertThat(aws.receivedPublishes("not/kept")).isEmpty();
        assertRefused("iot:RetainPublish on not/kept");
    }

    @Test
    void endsTheConnectionOfAnMqtt311ClientThatRetainsAndMayOnlyPublish() throws Exception {
        aws.policy("publisher-3", PUBLISH_ONLY);
        try (MqttWire wire = Mqtt5Packets.connected(aws, MqttVersion.MQTT_3_1_1, "publisher-3")) {
            wire.send(Mqtt5Packets.retained("kept", 1)).expectEnd();
        }
    }

    @Test
    void retainsAMessageIfThePolicyAllowsBothActions() throws Exception {
        aws.policy("retainer", PUBLISH_ONLY.allow(Action.RETAIN_PUBLISH, "kept"));
        try (MqttWire wire = Mqtt5Packets.connected(aws, "retainer")) {
            wire.send(Mqtt5Packets.retained("kept", 1));

            assertThat(Mqtt5Packets.puback(wire, 1)).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"false, CONNECTION_ACCEPTED", "true, CONNECTION_REFUSED_NOT_AUTHORIZED_5"})
    void refusesARetainedWillOfAClientThatMayOnlyPublish(boolean retained, MqttConnectReturnCode code)
            throws Exception {
        aws.policy("mortal", PUBLISH_ONLY);
        try (MqttWire wire = Mqtt5Packets.open(aws)) {
            wire.send(MqttWire.connect(MqttVersion.MQTT_5, "mortal")
                    .willFlag(true)
                    .willTopic("will")
                    .willMessage(new byte[0])
                    .willRetain(retained)
                    .willQoS(MqttQoS.AT_LEAST_ONCE)
                    .build());

            assertThat(wire.expect(MqttConnAckMessage.class, MqttMessageType.CONNACK)
                            .variableHeader()
                            .connectReturnCode())
                    .isEqualTo(code);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
    void deliversOnlyWhatThePolicyLetsAClientReceive(MqttVersion version) throws Exception {
        aws.policy("subscriber", SUBSCRIBE_ONLY.allow(Action.RECEIVE, "in/public"));
        try (MqttWire wire = Mqtt5Packets.connected(aws, version, "subscriber")) {
            wire.send(MqttWire.subscribe(1, "in/#")).expect(MqttMessageType.SUBACK);

            aws.publish("in/secret", "not for you", 1);
            aws.publish("in/public", "for you", 1);

            assertThat(topicOfNextMessage(wire)).isEqualTo("in/public");
            assertRefused("iot:Receive on in/secret");
        }
    }

    @Test
    void comparesTheWholeFilterOfASharedSubscriptionAndTheTopicOfItsMessages() throws Exception {
        aws.policy("sharer", CONNECT.allow(Action.SUBSCRIBE, "$share/*/in/a").allow(Action.RECEIVE, "in/a"));
        try (MqttWire wire = Mqtt5Packets.connected(aws, "sharer")) {
            wire.send(MqttWire.subscribe(1, "in/a", "$share/g/in/a"));
            assertThat(Mqtt5Packets.suback(wire)).containsExactly(0x87, 1);
            assertRefused("iot:Subscribe on in/a");

            aws.publish("in/a", "for the group", 1);

            assertThat(topicOfNextMessage(wire)).isEqualTo("in/a");
        }
    }

    @Test
    void asksThePolicyAtEachDelivery() throws Exception {
        aws.policy("revoked", SUBSCRIBE_ONLY.allow(Action.RECEIVE, "in/*"));
        try (MqttWire wire = Mqtt5Packets.connected(aws, "revoked")) {
            wire.send(MqttWire.subscribe(1, MqttQoS.AT_MOST_ONCE, "in/#")).expect(MqttMessageType.SUBACK);
            aws.publish("in/a", "x", 1);
            assertThat(topicOfNextMessage(wire)).isEqualTo("in/a");

            aws.policy("revoked", SUBSCRIBE_ONLY.allow(Action.RECEIVE, "in/b"));
            aws.publish("in/a", "x", 1);
            aws.publish("in/b", "x", 1);

            assertThat(topicOfNextMessage(wire)).isEqualTo("in/b");
        }
    }

    /** The answers of jobs come without a subscription, and not by the broker. */
    @Test
    void withholdsAServicesAnswerThatThePolicyDoesNotLetAClientReceive() throws Exception {
        String topic = "$aws/things/lamp/jobs/get";
        aws.policy("lamp", PUBLISH_ONLY);
        try (MqttWire wire = Mqtt5Packets.connected(aws, "lamp")) {
            wire.send(Mqtt5Packets.publish(topic, 1)).expect(MqttMessageType.PUBACK);
            wire.send(MqttWire.pingRequest()).expect(MqttMessageType.PINGRESP);

            assertRefused("iot:Receive on " + topic);
        }
    }

    private void assertRefused(String detail) {
        List<Refused> refusals = aws.events().refusals().after(before).stream()
                .map(entry -> entry.event())
                .filter(refused -> refused.rule() == AwsIotRule.POLICY)
                .toList();
        assertThat(refusals)
                .singleElement()
                .satisfies(refused -> assertThat(refused.detail().get()).contains(detail, "no statement allows it"));
    }

    private static String topicOfNextMessage(MqttWire wire) throws IOException {
        MqttPublishMessage message = wire.expect(MqttPublishMessage.class, MqttMessageType.PUBLISH);
        message.release();
        return message.variableHeader().topicName();
    }
}
