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

import io.cameliot.testinfra.awsiot.auth.Principal;
import io.cameliot.testinfra.awsiot.gateway.ConnectionInfo;
import io.cameliot.testinfra.awsiot.gateway.DisconnectReason;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.net.TlsClient;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.KeyType;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MqttWithCertificateTest {
    @RegisterExtension
    static final AwsIotEmulatorExtension AWS =
            new AwsIotEmulatorExtension(AwsIotEmulator.builder().customDomain("localhost"));

    private final AwsIotEmulator aws = AWS.emulator();

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void carriesMessagesFromDeviceToDevice(int qos) throws Exception {
        try (PahoDevice sender = new PahoDevice(aws, "sender").connect();
                PahoDevice receiver = new PahoDevice(aws, "receiver").connect()) {
            receiver.subscribe("plant/+/state", 1);

            sender.publish("plant/7/state", "running", qos);

            assertThat(receiver.next())
                    .isEqualTo(new PahoDevice.Received("plant/7/state", "running", qos, false, false));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a.b/c d/e, a.b/c d/e",
        "a.b/+/e, a.b/x.y z/e",
        "x/#, x/y.z/$q",
        "+/lead, /lead",
        "d//e, d//e",
        "trail/+, trail/",
        "$aws/things/+/shadow/#, $aws/things/t.1/shadow/update",
        "stars*/>/#, stars*/>/b\\c",
        "ünï/日本, ünï/日本",
        "$share/group/work/+, work/1"
    })
    void matchesTopicsWithAnyCharacters(String filter, String topic) throws Exception {
        try (PahoDevice device = new PahoDevice(aws, "any-topic").connect()) {
            device.subscribe(filter, 1);

            device.publish(topic, "here", 1);

            assertThat(device.next().topic()).isEqualTo(topic);
            device.client().unsubscribe(filter);
        }
    }

    @ParameterizedTest
    @CsvSource({"#, $aws/some/topic", "+/some, $aws/some", "sensor/#, sensor", "a/b, a.b", "a/+, a/b/c"})
    void deliversNothingThatAwsDoesNotDeliver(String filter, String topic) throws Exception {
        try (PahoDevice device = new PahoDevice(aws, "other-topic").connect()) {
            device.subscribe(filter, 1);
            device.subscribe("after/this", 1);

            device.publish(topic, "not here", 1);
            device.publish("after/this", "but this", 1);

            assertThat(device.next().payload()).isEqualTo("but this");
        }
    }

    @Test
    void recordsThePropertiesOfAConnection() throws Exception {
        IssuedCertificate identity = aws.issueDevice("talkative");
        try (PahoDevice device = new PahoDevice(aws, "talkative", identity)) {
            device.options().setUserName("someone?secret=42");
            device.options().setKeepAliveInterval(5);
            device.connect().subscribe("x/y", 1);
            device.publish("x/y", "hello", 1);
            device.next();

            ConnectionInfo info = aws.connectionsOf("talkative").get(0);

            assertThat(info.isOpen()).isTrue();
            assertThat(info.port()).isEqualTo(GatewayPort.MQTT_8883);
            assertThat(info.webSocket()).isFalse();
            assertThat(info.mqttVersion()).isEqualTo("3.1.1");
            assertThat(info.principal().authentication()).isEqualTo(Principal.Authentication.X509);
            assertThat(info.principal().identifier()).hasSize(64);
            assertThat(info.serverName()).isEqualTo("localhost");
            assertThat(info.tlsVersion()).isEqualTo("TLSv1.3");
            assertThat(info.userName()).contains("someone");
            assertThat(info.keepAliveSeconds()).isEqualTo(30);
            assertThat(info.publishes()).isEqualTo(1);
            assertThat(info.deliveries()).isEqualTo(1);
            assertThat(info.topicFilters()).containsExactly("x/y");
            assertThat(aws.connections()).extracting(ConnectionInfo::clientId).containsExactly("talkative");
        }
        await().untilAsserted(() -> assertThat(aws.connectionsOf("talkative"))
                .singleElement()
                .extracting(ConnectionInfo::disconnectReason)
                .isEqualTo(Optional.of(DisconnectReason.CLIENT_INITIATED_DISCONNECT)));
    }

    @Test
    void recordsWhatDevicesPublish() throws Exception {
        aws.clearReceivedPublishes();
        try (PahoDevice device = new PahoDevice(aws, "recorded").connect()) {
            device.publish("log/this", "1", 1);
            device.publish("log/that", "2", 1);
        }

        assertThat(aws.receivedPublishes("log/this")).singleElement().satisfies(publish -> {
            assertThat(publish.clientId()).contains("recorded");
            assertThat(publish.text()).isEqualTo("1");
            assertThat(publish.qos()).isEqualTo(1);
        });
        assertThat(aws.receivedPublishes()).hasSize(2);
    }

    @Test
    void deliversTheMessagesOfATest() throws Exception {
        try (PahoDevice device = new PahoDevice(aws, "listener").connect()) {
            device.subscribe("commands/listener", 1);

            aws.publish("commands/listener", "reboot", 1);

            assertThat(device.next().payload()).isEqualTo("reboot");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void acceptsEachTlsVersion(String version) throws Exception {
        TlsClient client = TlsClient.trusting(aws.serverAuthority().certificate(), aws.issueDevice("tls"));

        try (SSLSocket socket = client.connect("127.0.0.1", aws.port(GatewayPort.MQTT_8883), aws.endpoint());
                MqttWire wire = new MqttWire(socket)) {
            wire.send(MqttWire.connect(MqttVersion.MQTT_3_1_1, "tls-1").build()).expect(MqttMessageType.CONNACK);
        }
        try (AwsIotEmulator one =
                        AwsIotEmulator.builder().tlsVersions(version).build().start();
                SSLSocket socket = TlsClient.trusting(one.serverAuthority().certificate(), one.issueDevice("tls"))
                        .connect("127.0.0.1", one.port(GatewayPort.MQTT_8883), one.endpoint())) {
            assertThat(socket.getSession().getProtocol()).isEqualTo(version);
        }
    }

    @ParameterizedTest
    @CsvSource({"MQTT_8883,", "MQTT_8883, x-amzn-mqtt-ca", "MQTT_8883, anything", "MULTIPLEXED_443, x-amzn-mqtt-ca"})
    void acceptsCertificatesOn8883AndWithAlpnOn443(GatewayPort port, String alpn) throws Exception {
        try (MqttWire wire = connect(aws.issueDevice("alpn"), port, alpn)) {
            wire.send(MqttWire.connect(MqttVersion.MQTT_5, "alpn").build()).expect(MqttMessageType.CONNACK);

            assertThat(aws.connectionsOf("alpn")).last().satisfies(info -> {
                assertThat(info.serverName()).isEqualTo(aws.endpoint());
                assertThat(info.applicationProtocols()).isEqualTo(alpn == null ? List.of() : List.of(alpn));
                assertThat(info.mqttVersion()).isEqualTo("5");
            });
        }
    }

    @Test
    void acceptsCertificatesOfARegisteredIntermediate() throws Exception {
        TestCertificateAuthority fleet =
                TestCertificateAuthority.create("Own Root", KeyType.RSA).createIntermediate("Own Fleet CA");
        aws.registerAuthority(fleet.certificate());

        try (MqttWire wire = connect(fleet.issueDevice("own"), GatewayPort.MQTT_8883, null)) {
            wire.send(MqttWire.connect(MqttVersion.MQTT_3_1_1, "own").build()).expect(MqttMessageType.CONNACK);
        }
    }

    @Test
    void refusesADeviceWithoutCertificate() {
        assertRefused(null);
    }

    @Test
    void refusesACertificateOfAnUnknownAuthority() {
        assertRefused(
                TestCertificateAuthority.create("AWS IoT emulator device CA").issueDevice("stranger"));
    }

    @Test
    void refusesAnExpiredCertificate() {
        assertRefused(aws.deviceAuthority()
                .certificate("old")
                .validFrom(Instant.now().minus(Duration.ofDays(2)))
                .validUntil(Instant.now().minus(Duration.ofDays(1)))
                .issue());
    }

    @Test
    void refusesADeactivatedCertificateOfAnEarlierConnection() throws Exception {
        IssuedCertificate identity = aws.issueDevice("sold");
        TlsClient client = TlsClient.trusting(aws.serverAuthority().certificate(), identity);
        int port = aws.port(GatewayPort.MQTT_8883);
        try (MqttWire wire = new MqttWire(client.connect("127.0.0.1", port, aws.endpoint()))) {
            wire.send(MqttWire.connect(MqttVersion.MQTT_3_1_1, "sold").build()).expect(MqttMessageType.CONNACK);
        }

        aws.deactivate(identity.certificate());

        // With the same SSLContext a resumed TLS session would be accepted without a certificate.
        assertThatThrownBy(() -> {
                    try (SSLSocket socket = client.connect("127.0.0.1", port, aws.endpoint())) {
                        socket.getInputStream().read();
                    }
                })
                .isInstanceOf(SSLException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"b1b2c3d4e5f6g7-ats.iot.eu-west-1.amazonaws.com", "127.0.0.1.example.com"})
    void refusesAServerNameThatIsNotAnEndpoint(String serverName) {
        TlsClient client = TlsClient.trusting(aws.serverAuthority().certificate(), aws.issueDevice("lost"));

        assertThatThrownBy(() -> client.connect("127.0.0.1", aws.port(GatewayPort.MQTT_8883), serverName))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("unrecognized_name");
    }

    @Test
    void refusesAClientWithoutServerName() {
        TlsClient client = TlsClient.trusting(aws.serverAuthority().certificate(), aws.issueDevice("lost"));
        long failures = aws.counters().handshakeFailures();

        assertThatThrownBy(() -> client.connect("127.0.0.1", aws.port(GatewayPort.MQTT_8883), null))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("unrecognized_name");
        await().untilAsserted(
                        () -> assertThat(aws.counters().handshakeFailures()).isEqualTo(failures + 1));
    }

    @Test
    void refusesAnUnsupportedAlpnName() {
        TlsClient client = TlsClient.trusting(aws.serverAuthority().certificate(), aws.issueDevice("lost"));

        assertThatThrownBy(() -> client.connect(
                        "127.0.0.1", aws.port(GatewayPort.MULTIPLEXED_443), aws.endpoint(), "x-amzn-mqtt"))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("no_application_protocol");
    }

    @Test
    void isNotTrustedByAClientThatDoesNotKnowItsAuthority() {
        TlsClient client = TlsClient.trusting(
                TestCertificateAuthority.create("AWS IoT emulator server CA").certificate(),
                aws.issueDevice("careful"));

        assertThatThrownBy(() -> client.connect("127.0.0.1", aws.port(GatewayPort.MQTT_8883), aws.endpoint()))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void presentsAnInvalidCertificateIfConfigured() {
        AwsIotEmulatorBuilder builder = AwsIotEmulator.builder();
        builder.customDomain(
                builder.endpoint(),
                builder.serverAuthority()
                        .certificate("expired")
                        .hostNames(builder.endpoint())
                        .validFrom(Instant.now().minus(Duration.ofDays(2)))
                        .validUntil(Instant.now().minus(Duration.ofDays(1)))
                        .issue());
        try (AwsIotEmulator bad = builder.build().start()) {
            TlsClient client = TlsClient.trusting(bad.serverAuthority().certificate(), bad.issueDevice("careful"));

            assertThatThrownBy(() -> client.connect("127.0.0.1", bad.port(GatewayPort.MQTT_8883), bad.endpoint()))
                    .isInstanceOf(SSLException.class)
                    .hasRootCauseInstanceOf(CertificateExpiredException.class);
        }
    }

    @Test
    void presentsTheCertificateOfACustomDomain() throws Exception {
        TestCertificateAuthority other = TestCertificateAuthority.create("Other CA");
        try (AwsIotEmulator custom = AwsIotEmulator.builder()
                        .customDomain("iot.example.com", other.issueServer("iot.example.com"))
                        .build()
                        .start();
                SSLSocket socket = TlsClient.trusting(other.certificate(), custom.issueDevice("custom"))
                        .connect("127.0.0.1", custom.port(GatewayPort.MQTT_8883), "iot.example.com");
                MqttWire wire = new MqttWire(socket)) {
            wire.send(MqttWire.connect(MqttVersion.MQTT_3_1_1, "custom").build())
                    .expect(MqttMessageType.CONNACK);
        }
    }

    @Test
    void acceptsAConnectThatArrivesWithTheHandshake() throws Exception {
        try (MqttWire wire = connect(aws.issueDevice("eager"), GatewayPort.MQTT_8883, null)) {
            wire.send(MqttWire.connect(MqttVersion.MQTT_3_1_1, "eager").build()).expect(MqttMessageType.CONNACK);
            wire.send(MqttWire.publish("eager/topic", 1, MqttQoS.AT_LEAST_ONCE, bytes("x")))
                    .expect(MqttMessageType.PUBACK);
        }
    }

    private void assertRefused(IssuedCertificate identity) {
        // In TLS 1.3 the client finishes before the server has checked it. The alert arrives with the first read, if
        // the connection is not closed while the client still writes.
        assertThatThrownBy(() -> {
                    try (SSLSocket socket = TlsClient.trusting(
                                    aws.serverAuthority().certificate(), identity)
                            .connect("127.0.0.1", aws.port(GatewayPort.MQTT_8883), aws.endpoint())) {
                        socket.getInputStream().read();
                    }
                })
                .isInstanceOfAny(SSLException.class, SocketException.class);
        assertThatThrownBy(() -> {
                    try (PahoDevice device = new PahoDevice(aws, "refused", identity)) {
                        device.connect();
                    }
                })
                .isInstanceOf(MqttException.class);
    }

    private MqttWire connect(IssuedCertificate identity, GatewayPort port, String alpn) throws IOException {
        TlsClient client = TlsClient.trusting(aws.serverAuthority().certificate(), identity);
        return new MqttWire(client.connect(
                "127.0.0.1", aws.port(port), aws.endpoint(), alpn == null ? new String[0] : new String[] {alpn}));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
