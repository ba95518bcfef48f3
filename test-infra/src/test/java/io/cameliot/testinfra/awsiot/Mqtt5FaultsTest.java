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

import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.Fault.Answer;
import io.cameliot.testinfra.awsiot.fault.Fault.RefuseMqtt5.By;
import io.cameliot.testinfra.awsiot.fault.Faults;
import io.cameliot.testinfra.awsiot.fault.InjectedFault;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.gateway.ReceivedConnect;
import io.cameliot.testinfra.net.TlsClient;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The faults that use MQTT 5. */
class Mqtt5FaultsTest {
    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    private final AwsIotEmulator aws = AWS.emulator();

    @ParameterizedTest
    @ValueSource(ints = {0x80, 0x87, 0x90, 0x91, 0x97})
    void refusesMessagesTheRequestedNumberOfTimes(int reasonCode) throws Exception {
        InjectedFault fault = aws.faults().inject(new Fault.RefusePublish(reasonCode), 2);
        String topic = "refused/" + reasonCode;
        try (MqttWire wire = Mqtt5Packets.connected(aws, "refused")) {
            wire.send(
                    Mqtt5Packets.publish(topic, 0), // has no PUBACK that could refuse it
                    Mqtt5Packets.publish(topic, 1),
                    Mqtt5Packets.publish(topic, 2),
                    Mqtt5Packets.publish(topic, 1));

            assertThat(Mqtt5Packets.puback(wire, 1)).isEqualTo(reasonCode);
            assertThat(Mqtt5Packets.puback(wire, 2)).isEqualTo(reasonCode);
            assertThat(Mqtt5Packets.puback(wire, 1)).isZero();
        }
        assertThat(fault.triggered()).isEqualTo(2);
        assertThat(aws.receivedPublishes(topic)).hasSize(2);
    }

    @Test
    void refusesOnlyMessagesToMatchingTopics() throws Exception {
        aws.faults().inject(new Fault.RefusePublish("bad/+", 0x97), Faults.ALWAYS);
        try (MqttWire wire = Mqtt5Packets.connected(aws, "topics")) {
            wire.send(Mqtt5Packets.publish("good/1", 1));
            assertThat(Mqtt5Packets.puback(wire, 1)).isZero();
            wire.send(Mqtt5Packets.publish("bad/1", 2));
            assertThat(Mqtt5Packets.puback(wire, 2)).isEqualTo(0x97);
        }
    }

    @Test
    void doesNotAffectMessagesOfAnMqtt311Client() throws Exception {
        InjectedFault fault = aws.faults().inject(new Fault.RefusePublish(0x97));
        try (MqttWire wire = Mqtt5Packets.connected(aws, MqttVersion.MQTT_3_1_1, "old")) {
            wire.send(Mqtt5Packets.publish("old", 1)).expect(MqttMessageType.PUBACK);
        }
        assertThat(fault.triggered()).isZero();
        assertThat(aws.receivedPublishes("old")).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
    void refusesASubscriptionWithTheCodeOfTheFault(MqttVersion version) throws Exception {
        aws.faults().inject(new Fault.RefuseSubscription("busy", 0x97));
        try (MqttWire wire = Mqtt5Packets.connected(aws, version, "subscriber")) {
            wire.send(MqttWire.subscribe(1, "busy", "free"));

            assertThat(Mqtt5Packets.suback(wire)).containsExactly(version == MqttVersion.MQTT_5 ? 0x97 : 0x80, 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x80, 0x87, 0x8F, 0x91})
    void refusesAnUnsubscribeWithTheCodeOfTheFaultAndKeepsTheSubscription(int reasonCode) throws Exception {
        aws.faults().inject(new Fault.RefuseUnsubscribe("kept", reasonCode));
        try (MqttWire wire = Mqtt5Packets.connected(aws, "unsubscriber-" + reasonCode)) {
            wire.send(MqttWire.subscribe(1, "kept", "left"));
            Mqtt5Packets.suback(wire);

            wire.send(Mqtt5Packets.unsubscribe(2, "kept", "left"));
            assertThat(Mqtt5Packets.unsuback(wire)).containsExactly(reasonCode, 0);
            aws.publish("left", "x", 0);
            aws.publish("kept", "x", 0);

            assertThat(((MqttPublishMessage) wire.expect(MqttMessageType.PUBLISH))
                            .variableHeader()
                            .topicName())
                    .isEqualTo("kept");
            wire.send(Mqtt5Packets.unsubscribe(3, "kept"));
            assertThat(Mqtt5Packets.unsuback(wire)).containsExactly(0);
        }
    }

    @Test
    void doesNotAffectUnsubscribesOfAnMqtt311Client() throws Exception {
        InjectedFault fault = aws.faults().inject(new Fault.RefuseUnsubscribe("kept", 0x80));
        try (MqttWire wire = Mqtt5Packets.connected(aws, MqttVersion.MQTT_3_1_1, "old-unsubscriber")) {
            wire.send(MqttWire.subscribe(1, "kept")).expect(MqttMessageType.SUBACK);
            wire.send(Mqtt5Packets.unsubscribe(2, "kept")).expect(MqttMessageType.UNSUBACK);
        }
        assertThat(fault.triggered()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x80, 0x87, 0x97, 0x9F})
    void refusesAConnectionWithTheCodeOfTheFault(int reasonCode) throws Exception {
        aws.faults().inject(new Fault.RefuseConnection(reasonCode));
        try (MqttWire wire = Mqtt5Packets.open(aws)) {
            wire.send(Mqtt5Packets.connect("refused-connect", true, MqttProperties.NO_PROPERTIES));

            assertThat(Byte.toUnsignedInt(
                            Mqtt5Packets.connack(wire).connectReturnCode().byteValue()))
                    .isEqualTo(reasonCode);
            wire.expectEnd();
        }
    }

    @ParameterizedTest
    @EnumSource(Answer.class)
    void disconnectsWhenAnAnswerIsDue(Answer answer) throws Exception {
        aws.faults().inject(new Fault.DisconnectBefore(answer, 0x98));

        try (MqttWire wire =
                answer == Answer.CONNACK ? Mqtt5Packets.open(aws) : Mqtt5Packets.connected(aws, "disconnected")) {
            wire.send(asking(answer));

            Mqtt5Packets.expectDisconnect(wire, 0x98);
        }
        if (answer == Answer.PUBACK) {
            assertThat(aws.receivedPublishes("asked")).hasSize(1);
        }
    }

    @Test
    void endsTheConnectionOfAnMqtt311ClientWithoutDisconnect() throws Exception {
        aws.faults().inject(new Fault.DisconnectBefore(Answer.PINGRESP, 0x98));
        try (MqttWire wire = Mqtt5Packets.connected(aws, MqttVersion.MQTT_3_1_1, "old-disconnected")) {
            wire.send(MqttWire.pingRequest()).expectEnd();
        }
    }

    private static MqttMessage asking(Answer answer) {
        return switch (answer) {
            case CONNACK -> MqttWire.connect(MqttVersion.MQTT_5, "disconnected").build();
            case SUBACK -> MqttWire.subscribe(1, "a");
            case UNSUBACK -> Mqtt5Packets.unsubscribe(2, "a");
            case PUBACK -> MqttWire.publish("asked", 3, MqttQoS.AT_LEAST_ONCE, new byte[1]);
            case PINGRESP -> MqttWire.pingRequest();
        };
    }

    @ParameterizedTest
    @EnumSource
    void refusesMqtt5LikeAServerOfMqtt311(By by) throws Exception {
        String clientId = "versions-" + by;
        InjectedFault fault = aws.faults().inject(new Fault.RefuseMqtt5(by), Faults.ALWAYS);
        byte[] answer = by == By.CONNACK ? new byte[] {0x20, 2, 0, 1} : new byte[0];

        for (int attempt = 1; attempt <= 2; attempt++) {
            assertThat(rawAnswerToAnMqtt5Connect(clientId)).isEqualTo(answer);
        }
        try (MqttWire wire = Mqtt5Packets.connected(aws, MqttVersion.MQTT_3_1_1, clientId)) {
            wire.send(MqttWire.pingRequest()).expect(MqttMessageType.PINGRESP);
        }

        assertThat(fault.triggered()).isEqualTo(2);
        assertThat(aws.receivedConnects().stream()
                        .filter(connect -> connect.clientId().equals(clientId))
                        .map(ReceivedConnect::protocolLevel)
                        .toList())
                .isEqualTo(List.of(5, 5, 4));
    }

    /** In bytes, because an MQTT 5 codec does not accept a CONNACK of MQTT 3.1.1. */
    private byte[] rawAnswerToAnMqtt5Connect(String clientId) throws IOException {
        TlsClient client = TlsClient.trusting(aws.serverAuthority().certificate(), aws.issueDevice("raw"));
        byte[] id = clientId.getBytes(StandardCharsets.UTF_8);
        byte[] head = {0x10, (byte) (13 + id.length), 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 60, 0, 0, (byte) id.length};
        try (Socket socket = client.connect("127.0.0.1", aws.port(GatewayPort.MQTT_8883), aws.endpoint())) {
            socket.getOutputStream().write(head);
            socket.getOutputStream().write(id);
            return socket.getInputStream().readAllBytes();
        }
    }
}
