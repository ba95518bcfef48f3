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
package io.cameliot.testinfra.dps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.service.Enrollment;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HexFormat;
import javax.net.ssl.SSLException;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The refusals of the service, from the TCP connection to the topics. */
class DpsRefusalTest {

    private static final EnrollmentKey KEY = EnrollmentKey.random();
    private static final String BOILER = "boiler-7";

    @RegisterExtension
    static final DpsEmulatorExtension DPS = new DpsEmulatorExtension(DpsEmulator.builder()
            .enroll(Enrollment.individual(BOILER).symmetricKey(KEY).build()));

    private final DpsEmulator dps = DPS.emulator();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0ne00000001/registrations/boiler-7",
                "0ne00000001/registrations/boiler-7/?api-version=2019-03-31",
                "0ne00000001/registrations/boiler-7/api-version=",
                "0ne00000001/registrations/boiler-7/api-version=2019-03-13",
                "0ne00000001/registrations/boiler-7/api-version=2019-03-31&clientVersion=x",
                "0ne00000001/registrations/boiler-7/api-version=2019-03-31&other=x",
                "0ne00000001/registration/boiler-7/api-version=2019-03-31",
                "/registrations/boiler-7/api-version=2019-03-31",
                "0ne00000001/registrations//api-version=2019-03-31",
                "0ne00000001/registrations/boiler-8/api-version=2019-03-31",
                "0ne00000001/registrations/BOILER-7/api-version=2019-03-31",
                "0ne00000002/registrations/boiler-7/api-version=2019-03-31",
            })
    void refusesAUserNameThatDoesNotMatchTheDevice(String userName) throws Exception {
        try (RawDevice device = RawDevice.at(dps, BOILER, userName, PahoDevice.token(dps, BOILER, KEY))) {
            assertNotAuthorized(device);
        }
        assertThat(dps.connections()).singleElement().satisfies(connection -> {
            assertThat(connection.returnCode()).hasValue(5);
            assertThat(connection.reason()).isNotEmpty();
        });
        assertThat(dps.statistics().refusedConnects()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ends-with.", "with space", "mit-ü", "#"})
    void refusesARegistrationIdThatDpsDoesNotAllow(String registrationId) throws Exception {
        try (RawDevice device = RawDevice.at(dps, registrationId, KEY)) {
            assertNotAuthorized(device);
        }
    }

    @Test
    void refusesARegistrationIdOf129Characters() throws Exception {
        String registrationId = "a".repeat(129);
        try (RawDevice device = RawDevice.at(dps, registrationId, KEY)) {
            assertNotAuthorized(device);
        }
    }

    @Test
    void reportsNotAuthorizedToPaho() throws Exception {
        try (PahoDevice device = PahoDevice.at(dps, BOILER)
                .userName("0ne00000002/registrations/boiler-7/api-version=2019-03-31")
                .password(PahoDevice.token(dps, BOILER, KEY))) {
            assertNotAuthorized(device);
        }
    }

    @Test
    void refusesACertificateWithAnotherCommonName() throws Exception {
        IssuedCertificate other = TestCertificateAuthority.create("Root").issueDevice("boiler-8");
        try (PahoDevice device = PahoDevice.at(dps, BOILER)
                .tls(dps.serverAuthority(), other, DpsEmulator.GLOBAL_HOST_NAME)
                .userName(PahoDevice.userName(dps, BOILER))) {
            assertNotAuthorized(device);
        }
        assertThat(dps.connections().get(0).reason()).contains("common name 'boiler-8'");
    }

    @Test
    void acceptsAnyCertificateOfADeviceWithAToken() throws Exception {
        IssuedCertificate other = TestCertificateAuthority.create("Root").issueDevice("boiler-8");
        try (PahoDevice device = PahoDevice.at(dps, BOILER)
                .tls(dps.serverAuthority(), other, DpsEmulator.GLOBAL_HOST_NAME)
                .userName(PahoDevice.userName(dps, BOILER))
                .password(PahoDevice.token(dps, BOILER, KEY))
                .connect()
                .subscribed()) {
            assertThat(device.register("").status()).isEqualTo(202);
        }
    }

    private static void assertNotAuthorized(RawDevice device) throws IOException {
        assertThat(device.connect().receive())
                .usingRecursiveComparison()
                .isEqualTo(new RawDevice.Packet(RawDevice.CONNACK, new byte[] {0, 5}));
        assertThat(device.isClosedByPeer()).isTrue();
    }

    private static void assertNotAuthorized(PahoDevice device) {
        assertThatExceptionOfType(MqttException.class)
                .isThrownBy(device::connect)
                .extracting(MqttException::getReasonCode)
                .isEqualTo((int) MqttException.REASON_CODE_NOT_AUTHORIZED);
    }

    @Test
    void closesTheConnectionOfADeviceWithAWill() throws Exception {
        try (PahoDevice device = PahoDevice.at(dps, BOILER)
                .userName(PahoDevice.userName(dps, BOILER))
                .password(PahoDevice.token(dps, BOILER, KEY))) {
            device.options().setWill("$dps/registrations/PUT/iotdps-register/?$rid=1", new byte[0], 0, false);

            assertThatThrownBy(device::connect).isInstanceOf(MqttException.class);
        }
        assertThat(dps.connections()).singleElement().satisfies(connection -> {
            assertThat(connection.returnCode()).isEmpty();
            assertThat(connection.reason()).contains("will");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#",
                "$dps/#",
                "$dps/registrations/res/+",
                "$dps/registrations/res/200/#",
                "$dps/registrations/PUT/#",
                "devices/boiler-7/messages/devicebound/#"
            })
    void refusesEveryOtherTopicFilter(String filter) throws Exception {
        try (RawDevice device = raw()) {
            assertThat(device.connect().receive().type()).isEqualTo(RawDevice.CONNACK);
            assertThat(device.subscribe(filter).receive())
                    .usingRecursiveComparison()
                    .isEqualTo(new RawDevice.Packet(RawDevice.SUBACK, new byte[] {0, 1, (byte) 128}));
            assertThat(device.ping().receive().type())
                    .as("the connection stays")
                    .isEqualTo(RawDevice.PINGRESP);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "boilers/7",
                "$dps/registrations/PUT/iotdps-register",
                "$dps/registrations/PUT/iotdps-register/",
                "$dps/registrations/POST/iotdps-register/?$rid=1",
                "$dps/registrations/GET/iotdps-get-registration/?$rid=1",
                "$dps/registrations/GET/iotdps-get-operationstatus/?$rid=1&operationId=%zz",
                "$dps/registrations/res/200/?$rid=1",
                "devices/boiler-7/messages/events/"
            })
    void closesTheConnectionOnEveryOtherTopic(String topic) throws Exception {
        try (RawDevice device = raw()) {
            assertThat(device.connect().receive().type()).isEqualTo(RawDevice.CONNACK);
            assertThat(device.publish(topic).isClosedByPeer()).isTrue();
        }
    }

    @Test
    void closesTheConnectionOnQos2() throws Exception {
        try (PahoDevice device = PahoDevice.connected(dps, BOILER, KEY)) {
            device.sendRegister("", 2);

            device.awaitLoss();
        }
        assertThat(dps.requests()).isEmpty();
    }

    @Test
    void closesTheConnectionOnTheRetainFlag() throws Exception {
        try (PahoDevice device = PahoDevice.connected(dps, BOILER, KEY)) {
            device.publish("$dps/registrations/PUT/iotdps-register/?$rid=1", "", 0, true);

            device.awaitLoss();
        }
    }

    @Test
    void closesTheConnectionOnATooLongMessage() throws Exception {
        try (PahoDevice device = PahoDevice.connected(dps, BOILER, KEY)) {
            device.sendRegister("{\"payload\":{\"a\":\"" + "x".repeat(95 * 1024) + "\"}}", 0);
            assertThat(device.receive().status()).isEqualTo(202);

            device.sendRegister("{\"payload\":{\"a\":\"" + "x".repeat(98 * 1024) + "\"}}", 0);

            device.awaitLoss();
        }
    }

    @Test
    void closesTheConnectionAfterItsKeepAliveAndNotBefore() throws Exception {
        try (RawDevice device = raw()) {
            assertThat(device.connect(4, 1).receive().type()).isEqualTo(RawDevice.CONNACK);
            // Longer than the allowed silence of one and a half seconds.
            for (int second = 0; second < 2; second++) {
                await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
                assertThat(device.ping().receive().type()).isEqualTo(RawDevice.PINGRESP);
            }

            assertThat(device.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void ignoresPacketsOfARefusedDevice() throws Exception {
        try (RawDevice device = RawDevice.at(dps, "ends-with.", KEY)) {
            device.connect().subscribe().register();

            assertThat(device.receive().body()).containsExactly(0, 5);
            assertThat(device.isClosedByPeer()).isTrue();
        }
        assertThat(dps.requests()).isEmpty();
    }

    /** CONNACK in MQTT 3.1.1 with code 1 (section 3.1.2.2) for every requested version. */
    @ParameterizedTest
    @ValueSource(ints = {3, 5, 6})
    void refusesOtherVersionsOfMqtt(int level) throws Exception {
        try (RawDevice device = raw()) {
            assertThat(device.connect(level, 60).receive())
                    .usingRecursiveComparison()
                    .isEqualTo(new RawDevice.Packet(RawDevice.CONNACK, new byte[] {0, 1}));
            assertThat(device.isClosedByPeer()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PINGREQ, c000",
        "SUBSCRIBE, 8206000100016100",
        "PUBLISH, 300400016161",
        "DISCONNECT, e000",
        "rubbish, ffff"
    })
    void closesAConnectionThatDoesNotBeginWithConnect(String what, String hex) throws Exception {
        try (RawDevice device = raw()) {
            assertThat(device.send(HexFormat.of().parseHex(hex)).isClosedByPeer())
                    .as(what)
                    .isTrue();
        }
        await().untilAsserted(
                        () -> assertThat(dps.statistics().openConnections()).isZero());
    }

    @Test
    void closesTheConnectionOnASecondConnect() throws Exception {
        try (RawDevice device = raw()) {
            assertThat(device.connect().receive().type()).isEqualTo(RawDevice.CONNACK);
            assertThat(device.connect().isClosedByPeer()).isTrue();
        }
    }

    private RawDevice raw() throws IOException {
        return RawDevice.at(dps, BOILER, KEY);
    }

    @Test
    void ignoresPacketsAfterAnUnsupportedTopic() throws Exception {
        try (RawDevice device = raw()) {
            assertThat(device.connect().receive().type()).isEqualTo(RawDevice.CONNACK);
            assertThat(device.publish("boilers/7").register().isClosedByPeer()).isTrue();
        }
        assertThat(dps.requests()).isEmpty();
    }

    @Test
    void refusesConnectionsWithoutTls() throws Exception {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), dps.mqttPort()));
            socket.setSoTimeout((int) PahoDevice.PATIENCE.toMillis());
            socket.getOutputStream().write(HexFormat.of().parseHex("101000044d5154540402003c000461626364"));
            socket.getOutputStream().flush();

            assertThat(socket.getInputStream().readAllBytes())
                    .as("nothing but a TLS alert before the end")
                    .startsWith(21)
                    .hasSize(7);
        }
        await().untilAsserted(
                        () -> assertThat(dps.statistics().failedHandshakes()).isEqualTo(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"my-dps.azure-devices-provisioning.net", "contoso.azure-devices.net", "localhost"})
    void refusesAHandshakeForAnotherServerNameOrForNone(String serverName) throws Exception {
        try (PahoDevice device = PahoDevice.at(dps, BOILER).tls(dps.serverAuthority(), null, serverName)) {
            assertThatThrownBy(device::connect)
                    .hasCauseInstanceOf(SSLException.class)
                    .rootCause()
                    .hasMessageEndingWith("Received fatal alert: unrecognized_name");
        }
        assertThat(dps.statistics().failedHandshakes()).isEqualTo(1);
        assertThat(dps.statistics().connects()).isZero();
    }

    @Test
    void presentsACertificateThatOnlyItsOwnAuthoritySigned() throws Exception {
        try (PahoDevice device = PahoDevice.at(dps, BOILER)
                .tls(TestCertificateAuthority.create("Other"), null, DpsEmulator.GLOBAL_HOST_NAME)) {
            assertThatThrownBy(device::connect).hasStackTraceContaining("unable to find valid certification path");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/iothub/websocket", "/$iothub/websocket/", "/mqtt2"})
    void answers404OnAnotherWebSocketPath(String path) throws Exception {
        try (PahoDevice device = PahoDevice.overWebSocket(dps, BOILER, path)
                .userName(PahoDevice.userName(dps, BOILER))
                .password(PahoDevice.token(dps, BOILER, KEY))) {
            assertThatThrownBy(device::connect).isInstanceOf(MqttException.class);
        }
        assertThat(dps.connections()).isEmpty();
    }
}
