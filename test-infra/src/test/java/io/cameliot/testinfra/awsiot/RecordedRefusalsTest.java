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

import static io.cameliot.testinfra.awsiot.MqttWire.connect;
import static io.cameliot.testinfra.awsiot.MqttWire.publish;
import static io.cameliot.testinfra.awsiot.MqttWire.subscribe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import io.cameliot.testinfra.awsiot.auth.IamCredentials;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.event.AwsIotRule;
import io.cameliot.testinfra.event.Published;
import io.cameliot.testinfra.event.Refused;
import io.cameliot.testinfra.event.Rule;
import io.cameliot.testinfra.event.TlsRule;
import io.cameliot.testinfra.net.TlsClient;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every refusal is recorded with its rule, its client and what exactly was wrong. */
class RecordedRefusalsTest {
    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    private final AwsIotEmulator aws = AWS.emulator();
    private final long before = aws.events().refusals().last();

    @Test
    void recordsThatTheServerNameIsMissing() {
        assertHandshakeFails(GatewayPort.MQTT_8883, aws.issueDevice("d"), null);

        assertThat(only(TlsRule.SERVER_NAME_MISSING).detail().get()).contains("no server name (SNI)");
    }

    @Test
    void recordsAnUnknownServerNameWithThoseThatAreServed() {
        assertHandshakeFails(GatewayPort.MQTT_8883, aws.issueDevice("d"), "other.example");

        assertThat(only(TlsRule.SERVER_NAME_UNKNOWN).detail().get()).contains("other.example", aws.endpoint());
    }

    @Test
    void recordsAnAlpnNameOfNoRowWithThoseThatAreServed() {
        assertHandshakeFails(GatewayPort.MULTIPLEXED_443, aws.issueDevice("d"), aws.endpoint(), "h2");

        assertThat(only(TlsRule.ALPN_NOT_SERVED).detail().get()).contains("[h2]", "x-amzn-mqtt-ca");
    }

    @Test
    void recordsThatTheCertificateIsMissing() {
        assertHandshakeFails(GatewayPort.MQTT_8883, null, aws.endpoint());

        assertThat(only(TlsRule.CERTIFICATE_MISSING).client().address()).startsWith("127.0.0.1:");
    }

    @Test
    void recordsACertificateOfAnUnknownAuthorityWithItsNames() {
        // Of the same name as the registered one, as after a restart; a Java client would not send one of another
        // issuer.
        IssuedCertificate foreign =
                TestCertificateAuthority.create("AWS IoT emulator device CA").issueDevice("stranger");

        assertHandshakeFails(GatewayPort.MQTT_8883, foreign, aws.endpoint());

        assertThat(only(TlsRule.CERTIFICATE_NOT_REGISTERED).detail().get())
                .contains("CN=stranger", "CN=AWS IoT emulator device CA");
    }

    @Test
    void recordsADeactivatedCertificateWithItsId() {
        IssuedCertificate device = aws.issueDevice("deactivated");
        aws.deactivate(device.certificate());

        assertHandshakeFails(GatewayPort.MQTT_8883, device, aws.endpoint());

        assertThat(only(TlsRule.CERTIFICATE_NOT_ACTIVE).detail().get()).contains("CN=deactivated", "is deactivated");
    }

    @Test
    void recordsAnExpiredCertificate() {
        Instant now = Instant.now();
        IssuedCertificate expired = aws.deviceAuthority()
                .certificate("expired")
                .validFrom(now.minus(Duration.ofDays(2)))
                .validUntil(now.minus(Duration.ofDays(1)))
                .issue();

        assertHandshakeFails(GatewayPort.MQTT_8883, expired, aws.endpoint());

        assertThat(only(TlsRule.CERTIFICATE_NOT_VALID_NOW).detail().get()).contains("CN=expired");
    }

    @Test
    void recordsThatTheClientDoesNotTrustTheServer() {
        TlsClient distrustful =
                TlsClient.trusting(TestCertificateAuthority.create("Another CA").certificate(), aws.issueDevice("d"));

        assertThatThrownBy(() -> distrustful.connect("127.0.0.1", aws.port(GatewayPort.MQTT_8883), aws.endpoint()))
                .isInstanceOf(IOException.class);

        assertThat(only(TlsRule.CLIENT_ALERT).detail().get()).contains("certificate_unknown");
    }

    @Test
    void recordsWhatIsNoTls() throws Exception {
        try (Socket plain = new Socket("127.0.0.1", aws.port(GatewayPort.MQTT_8883))) {
            plain.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(plain.getInputStream().readAllBytes()).isNotNull();
        }

        only(TlsRule.NOT_TLS);
    }

    @Test
    void recordsAClientThatLeavesDuringTheHandshake() throws Exception {
        SSLEngine client = SSLContext.getDefault().createSSLEngine(aws.endpoint(), 8883);
        client.setUseClientMode(true);
        ByteBuffer hello = ByteBuffer.allocate(client.getSession().getPacketBufferSize());
        client.wrap(ByteBuffer.allocate(0), hello);
        try (Socket plain = new Socket("127.0.0.1", aws.port(GatewayPort.MQTT_8883))) {
            plain.getOutputStream().write(hello.array(), 0, hello.position());
            plain.shutdownOutput();
            assertThat(plain.getInputStream().readAllBytes()).isNotNull();
        }

        assertThat(only(TlsRule.CLIENT_CLOSED).detail().get()).contains("Closed", aws.endpoint());
    }

    @Test
    void recordsThatThePolicyForbidsToConnect() throws Exception {
        aws.policy("locked", DevicePolicy.ALLOW_ALL.deny(Action.CONNECT, "locked"));
        try (MqttWire wire = Mqtt5Packets.open(aws)) {
            wire.send(connect(MqttVersion.MQTT_5, "locked").build()).expect(MqttMessageType.CONNACK);
        }

        Refused refused = only(AwsIotRule.POLICY);
        assertThat(refused.client().id()).isEqualTo("locked");
        assertThat(refused.answer()).isEqualTo("CONNACK 0x87");
        assertThat(refused.detail().get()).contains("iot:Connect on locked", "a statement denies it");
    }

    @Test
    void recordsThatThePolicyForbidsToPublish() throws Exception {
        aws.policy("mute", DevicePolicy.DENY_ALL.allow(Action.CONNECT, "*"));
        try (MqttWire wire = Mqtt5Packets.connected(aws, "mute")) {
            wire.send(Mqtt5Packets.publish("a/b", 1)).expect(MqttMessageType.PUBACK);
        }

        Refused refused = only(AwsIotRule.POLICY);
        assertThat(refused.answer()).isEqualTo("PUBACK 0x87");
        assertThat(refused.detail().get()).contains("iot:Publish on a/b", "no statement allows it");
    }

    @Test
    void recordsThatThePolicyForbidsToSubscribe() throws Exception {
        aws.policy("deaf", DevicePolicy.ALLOW_ALL.deny(Action.SUBSCRIBE, "secret/*"));
        try (MqttWire wire = Mqtt5Packets.connected(aws, MqttVersion.MQTT_3_1_1, "deaf")) {
            wire.send(subscribe(1, "secret/a")).expectEnd();
        }

        Refused refused = only(AwsIotRule.POLICY);
        assertThat(refused.answer()).isEqualTo("the connection was closed");
        assertThat(refused.detail().get()).contains("iot:Subscribe on secret/a");
    }

    @Test
    void recordsQos2ThatGetsNoAnswerByMqtt311() throws Exception {
        try (MqttWire wire = Mqtt5Packets.connected(aws, MqttVersion.MQTT_3_1_1, "exactly-once")) {
            wire.send(publish("a/b", 1, MqttQoS.EXACTLY_ONCE, new byte[0]));

            Refused refused = only(AwsIotRule.QOS_2);
            assertThat(refused.answer()).isEqualTo("no answer");
            assertThat(refused.detail().get()).isEqualTo("PUBLISH to a/b");
        }
    }

    @Test
    void recordsQos2ThatEndsTheConnectionByMqtt5() throws Exception {
        try (MqttWire wire = Mqtt5Packets.connected(aws, "exactly-once-5")) {
            wire.send(subscribe(1, MqttQoS.EXACTLY_ONCE, "a/#"));

            Refused refused = only(AwsIotRule.QOS_2);
            assertThat(refused.answer()).isEqualTo("DISCONNECT 0x9B");
            assertThat(refused.detail().get()).isEqualTo("SUBSCRIBE to a/# at QoS 2");
        }
    }

    @Test
    void recordsATopicThatIsTooDeep() throws Exception {
        try (MqttWire wire = Mqtt5Packets.connected(aws, MqttVersion.MQTT_3_1_1, "deep")) {
            wire.send(publish("1/2/3/4/5/6/7/8/9", 1, MqttQoS.AT_LEAST_ONCE, new byte[0]))
                    .expectEnd();
        }

        Refused refused = only(AwsIotRule.TOPIC);
        assertThat(refused.answer()).isEqualTo("the connection was closed");
        assertThat(refused.detail().get()).contains("1/2/3/4/5/6/7/8/9", "7 forward slashes");
    }

    @Test
    void recordsWhoTookOverAClientId() throws Exception {
        try (MqttWire older = Mqtt5Packets.connected(aws, "twin");
                MqttWire newer = Mqtt5Packets.connected(aws, "twin")) {
            Mqtt5Packets.expectDisconnect(older, 0x8E);
            assertThat(newer).isNotNull();
        }

        Refused refused = only(AwsIotRule.DUPLICATE_CLIENT_ID);
        assertThat(refused.client().id()).isEqualTo("twin");
        assertThat(refused.answer()).isEqualTo("DISCONNECT 0x8E");
        assertThat(refused.detail().get()).contains("127.0.0.1:");
    }

    @Test
    void recordsWhatAServiceRejects() throws Exception {
        try (MqttWire wire = Mqtt5Packets.connected(aws, "shadowless")) {
            wire.send(publish("$aws/things/shadowless/shadow/get", 1, MqttQoS.AT_LEAST_ONCE, new byte[0]))
                    .expect(MqttMessageType.PUBACK);

            Refused refused = only(AwsIotRule.SERVICE_REQUEST);
            assertThat(refused.answer()).isEqualTo("a message on $aws/things/shadowless/shadow/get/rejected");
            assertThat(refused.detail().get()).contains("404");
        }
    }

    @Test
    void recordsAnInjectedFault() throws Exception {
        aws.faults().inject(new Fault.Withhold(Fault.Answer.PUBACK));
        try (MqttWire wire = Mqtt5Packets.connected(aws, "faulty")) {
            wire.send(Mqtt5Packets.publish("a", 1));

            assertThat(only(AwsIotRule.INJECTED_FAULT).detail().get()).isEqualTo("instead of PUBACK");
        }
    }

    @Test
    void recordsARequestWithoutCredentials() throws Exception {
        post("/topics/a?qos=1", "");

        assertThat(only(AwsIotRule.CREDENTIALS_MISSING).answer()).isEqualTo("HTTP status 403");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-amz-date", "authorization"})
    void recordsWhichPartOfASignedRequestDiffers(String part) throws Exception {
        IamCredentials credentials = IamCredentials.permanent("AKIDRECORDED", "a secret");
        aws.register(credentials);
        IamCredentials used =
                part.equals("authorization") ? IamCredentials.permanent("AKIDRECORDED", "another secret") : credentials;
        String signedBody = part.equals("authorization") ? "body" : "";
        StringBuilder headers = new StringBuilder();
        new SigV4Signer(used, "eu-west-1", "iotdata")
                .headers(aws.endpoint(), "/topics/a?qos=1", signedBody)
                .forEach((name, value) ->
                        headers.append(name).append(": ").append(value).append("\r\n"));

        post("/topics/a?qos=1", headers.toString());

        assertThat(only(AwsIotRule.SIGNATURE).detail().get())
                .contains(
                        part.equals("authorization")
                                ? "another secret access key than that of AKIDRECORDED"
                                : "the hash of the body. The client signs an empty body and sends 4 bytes")
                .doesNotContain("a secret");
    }

    @Test
    void recordsTheMessagesOfDevicesServicesAndUsers() throws Exception {
        long last = aws.events().messages().last();
        try (MqttWire wire = Mqtt5Packets.connected(aws, "talker")) {
            wire.send(Mqtt5Packets.publish("talk", 1)).expect(MqttMessageType.PUBACK);
        }
        aws.publish("listen", "hello", 0);
        aws.thing("talker").shadow().setDesired("{\"a\":1}");

        List<Published> messages = aws.events().messages().after(last).stream()
                .map(entry -> entry.event())
                .toList();
        assertThat(messages)
                .extracting(message -> message.from().kind() + " " + message.topic())
                .contains("DEVICE talk", "USER listen", "SERVICE $aws/things/talker/shadow/update/delta");
    }

    private void assertHandshakeFails(
            GatewayPort port, IssuedCertificate identity, String serverName, String... applicationProtocols) {
        TlsClient client = TlsClient.trusting(aws.serverAuthority().certificate(), identity);
        assertThatThrownBy(() -> client.connect("127.0.0.1", aws.port(port), serverName, applicationProtocols)
                        .getInputStream()
                        .read())
                .isInstanceOf(IOException.class);
    }

    private void post(String target, String headers) throws IOException {
        try (SSLSocket socket = TlsClient.trusting(aws.serverAuthority().certificate())
                .connect("127.0.0.1", aws.port(GatewayPort.MULTIPLEXED_443), aws.endpoint())) {
            socket.getOutputStream()
                    .write(("POST " + target + " HTTP/1.1\r\nHost: " + aws.endpoint() + "\r\n" + headers
                                    + "Content-Length: 4\r\nConnection: close\r\n\r\nbody")
                            .getBytes(StandardCharsets.UTF_8));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 403");
        }
    }

    /** Waits for the refusal of this test, and checks that there is no other one. */
    private Refused only(Rule rule) {
        await().untilAsserted(() -> assertThat(refusals()).isNotEmpty());
        assertThat(refusals()).extracting(Refused::rule).containsExactly(rule);
        return refusals().get(0);
    }

    private List<Refused> refusals() {
        return aws.events().refusals().after(before).stream()
                .map(entry -> entry.event())
                .toList();
    }
}
