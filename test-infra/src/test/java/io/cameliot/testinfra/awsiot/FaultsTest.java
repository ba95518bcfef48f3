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
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.Fault.Answer;
import io.cameliot.testinfra.awsiot.fault.Faults;
import io.cameliot.testinfra.awsiot.fault.InjectedFault;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.net.TlsClient;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultsTest {
    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    private final AwsIotEmulator aws = AWS.emulator();

    @Test
    void dropsAConnectionAfterItsHandshake() throws Exception {
        InjectedFault fault = aws.faults().inject(new Fault.DropAfterHandshake());

        try (MqttWire wire = open()) {
            wire.expectEnd();
        }

        assertThat(fault.triggered()).isEqualTo(1);
        connected("after").close();
    }

    @ParameterizedTest
    @EnumSource(Answer.class)
    void dropsAConnectionWhenAnAnswerIsDue(Answer answer) throws Exception {
        aws.faults().inject(new Fault.DropBefore(answer));

        try (MqttWire wire = answer == Answer.CONNACK ? open() : connected("drop")) {
            wire.send(asking(answer)).expectEnd();
        }
        if (answer == Answer.PUBACK) {
            assertThat(aws.receivedPublishes("a")).isNotEmpty();
        }
        connected("drop").close();
    }

    @ParameterizedTest
    @EnumSource(Answer.class)
    void withholdsAnAnswer(Answer answer) throws Exception {
        InjectedFault fault = aws.faults().inject(new Fault.Withhold(answer));

        try (MqttWire wire = answer == Answer.CONNACK ? open() : connected("withhold")) {
            wire.send(asking(answer)).expectSilence();
            assertThat(fault.triggered()).isEqualTo(1);
            if (answer != Answer.CONNACK) {
                wire.send(asking(answer)).expect(MqttMessageType.valueOf(answer.name()));
            }
        }
    }

    @Test
    void dropsAConnectionAfterSomePublishes() throws Exception {
        aws.clearReceivedPublishes();
        aws.faults().inject(new Fault.DropAfterPublishes(3));

        try (MqttWire wire = connected("publishes")) {
            for (int i = 1; i <= 2; i++) {
                wire.send(publish(i)).expect(MqttMessageType.PUBACK);
            }
            wire.send(publish(3)).expectEnd();
        }
        assertThat(aws.receivedPublishes("a")).hasSize(3);
    }

    @Test
    void dropsAConnectionAfterSomeDeliveries() throws Exception {
        aws.faults().inject(new Fault.DropAfterDeliveries(2));

        try (MqttWire wire = connected("deliveries")) {
            wire.send(MqttWire.subscribe(1, "d")).expect(MqttMessageType.SUBACK);
            aws.publish("d", "1", 1);
            wire.expect(MqttMessageType.PUBLISH);
            aws.publish("d", "2", 1);
            wire.expect(MqttMessageType.PUBLISH);
            wire.expectEnd();
        }
    }

    @Test
    void deliversAMessageTwiceOnALiveConnection() throws Exception {
        InjectedFault fault = aws.faults().inject(new Fault.RepeatDelivery("again/#"));

        try (MqttWire wire = connected("twice")) {
            wire.send(MqttWire.subscribe(1, "again/#", "once")).expect(MqttMessageType.SUBACK);
            aws.publish("once", "0", 1);
            MqttPublishMessage other = wire.expect(MqttPublishMessage.class, MqttMessageType.PUBLISH);
            assertThat(fault.triggered()).isZero();
            aws.publish("again/a", "1", 1);
            MqttPublishMessage first = wire.expect(MqttPublishMessage.class, MqttMessageType.PUBLISH);
            MqttPublishMessage second = wire.expect(MqttPublishMessage.class, MqttMessageType.PUBLISH);

            assertThat(second.variableHeader().topicName()).isEqualTo("again/a");
            assertThat(second.payload()).isEqualTo(first.payload());
            assertThat(second.fixedHeader().isDup()).isFalse();
            assertThat(second.variableHeader().packetId())
                    .isNotEqualTo(first.variableHeader().packetId());
            for (MqttPublishMessage message : List.of(other, first, second)) {
                wire.send(MqttMessageBuilders.pubAck()
                        .packetId(message.variableHeader().packetId())
                        .build());
            }
            wire.send(MqttWire.pingRequest()).expect(MqttMessageType.PINGRESP);
            assertThat(aws.connectionsOf("twice").get(0).inFlight()).isZero();
        }
    }

    @Test
    void refusesAConnection() throws Exception {
        aws.faults().inject(new Fault.RefuseConnection(3));

        try (MqttWire wire = open()) {
            wire.send(MqttWire.connect(MqttVersion.MQTT_3_1_1, "refused").build());
            assertThat(wire.expect(MqttConnAckMessage.class, MqttMessageType.CONNACK)
                            .variableHeader()
                            .connectReturnCode())
                    .isEqualTo(MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE);
            wire.expectEnd();
        }
    }

    @Test
    void refusesOneOfSeveralSubscriptions() throws Exception {
        aws.faults().inject(new Fault.RefuseSubscription("b/#"));

        try (MqttWire wire = connected("partly")) {
            wire.send(MqttWire.subscribe(1, "a", "b/#", "c"));
            assertThat(wire.expect(MqttSubAckMessage.class, MqttMessageType.SUBACK)
                            .payload()
                            .reasonCodes())
                    .containsExactly(1, 0x80, 1);
            aws.publish("b/1", "not for you", 1);
            aws.publish("c", "for you", 1);
            wire.expect(MqttMessageType.PUBLISH);
            wire.expectSilence();
        }
    }

    @Test
    void affectsTheSelectedClientsTheRequestedNumberOfTimes() throws Exception {
        InjectedFault fault =
                aws.faults().inject(new Fault.Withhold(Answer.PINGRESP), 2, clientId -> clientId.equals("victim"));

        try (MqttWire bystander = connected("bystander");
                MqttWire victim = connected("victim")) {
            bystander.send(MqttWire.pingRequest()).expect(MqttMessageType.PINGRESP);
            victim.send(MqttWire.pingRequest()).expectSilence();
            victim.send(MqttWire.pingRequest()).expectSilence();
            victim.send(MqttWire.pingRequest()).expect(MqttMessageType.PINGRESP);
        }
        assertThat(fault.triggered()).isEqualTo(2);
    }

    @Test
    void affectsNoClientAfterItsRemoval() throws Exception {
        InjectedFault one = aws.faults().inject(new Fault.Withhold(Answer.PINGRESP), Faults.ALWAYS);
        try (MqttWire wire = connected("taken-back")) {
            wire.send(MqttWire.pingRequest()).expectSilence();
            one.remove();
            wire.send(MqttWire.pingRequest()).expect(MqttMessageType.PINGRESP);

            aws.faults().inject(new Fault.Withhold(Answer.PINGRESP), Faults.ALWAYS);
            aws.faults().clear();
            wire.send(MqttWire.pingRequest()).expect(MqttMessageType.PINGRESP);
        }
    }

    @Test
    void refusesFewerThanOneOccurrence() {
        assertThatThrownBy(() -> aws.faults().inject(new Fault.DropAfterHandshake(), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 0x7F, 0x100})
    void refusesAReasonCodeThatDoesNotRefuse(int code) {
        assertThat(Stream.<ThrowingCallable>of(
                        () -> new Fault.RefuseConnection(code),
                        () -> new Fault.RefuseSubscription("a", code),
                        () -> new Fault.RefuseUnsubscribe("a", code),
                        () -> new Fault.RefusePublish(code),
                        () -> new Fault.DisconnectBefore(Answer.SUBACK, code)))
                .allSatisfy(fault -> assertThatThrownBy(fault)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("0x80 to 0xFF")
                        .hasMessageEndingWith("not " + code));
    }

    @Test
    void takesTheReturnCodesOfMqtt311() {
        assertThat(new Fault.RefuseConnection(1).returnCode()).isEqualTo(1);
        assertThat(new Fault.RefuseConnection(5).returnCode()).isEqualTo(5);
        assertThatThrownBy(() -> new Fault.RefuseConnection(6))
                .hasMessage("The code of a refusal is 1 to 5 or 0x80 to 0xFF, and not 6");
    }

    @Test
    void refusesToDropAConnectionAfterNoMessage() {
        assertThatThrownBy(() -> new Fault.DropAfterPublishes(0)).hasMessageContaining("1 or more");
        assertThatThrownBy(() -> new Fault.DropAfterDeliveries(0)).hasMessageContaining("1 or more");
    }

    @Test
    void disconnectsAClientOnRequest() throws Exception {
        try (MqttWire wire = connected("kicked")) {
            assertThat(aws.disconnect("kicked")).isTrue();
            wire.expectEnd();
        }
        await().until(() -> !aws.disconnect("kicked"));
    }

    private static MqttMessage asking(Answer answer) {
        return switch (answer) {
            case CONNACK -> MqttWire.connect(MqttVersion.MQTT_3_1_1, "asking").build();
            case SUBACK -> MqttWire.subscribe(1, "a/b");
            case UNSUBACK ->
                MqttMessageBuilders.unsubscribe()
                        .messageId(2)
                        .addTopicFilter("a/b")
                        .build();
            case PUBACK -> publish(3);
            case PINGRESP -> MqttWire.pingRequest();
        };
    }

    private static MqttMessage publish(int packetId) {
        return MqttWire.publish("a", packetId, MqttQoS.AT_LEAST_ONCE, "x".getBytes(StandardCharsets.UTF_8));
    }

    private MqttWire connected(String clientId) throws IOException {
        MqttWire wire = open();
        wire.send(MqttWire.connect(MqttVersion.MQTT_3_1_1, clientId).build()).expect(MqttMessageType.CONNACK);
        return wire;
    }

    private MqttWire open() throws IOException {
        TlsClient client = TlsClient.trusting(aws.serverAuthority().certificate(), aws.issueDevice("faulty"));
        return new MqttWire(client.connect("127.0.0.1", aws.port(GatewayPort.MQTT_8883), aws.endpoint()));
    }
}
