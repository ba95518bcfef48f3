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
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cameliot.testinfra.dps.PahoDevice.Message;
import io.cameliot.testinfra.dps.hub.Telemetry;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.identity.SharedAccessSignature;
import io.cameliot.testinfra.dps.service.Enrollment;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Devices connect to the hub that the provisioning service has assigned. */
class IotHubEmulatorTest {

    private static final String HUB = "contoso.azure-devices.net";
    private static final String OTHER_HUB = "fabrikam.azure-devices.net";
    private static final EnrollmentKey GROUP_KEY = EnrollmentKey.random();
    private static final EnrollmentKey KEY = GROUP_KEY.deriveDeviceKey("boiler-7");
    private static final String USER_NAME = HUB + "/boiler-7/?api-version=2021-04-12";
    private static final String EVENTS = "devices/boiler-7/messages/events/";
    private static final String DEVICE_BOUND = "devices/boiler-7/messages/devicebound/#";
    private static final IssuedCertificate CERTIFICATE =
            TestCertificateAuthority.create("Root").issueDevice("boiler-x509");

    @RegisterExtension
    static final DpsEmulatorExtension DPS = new DpsEmulatorExtension(DpsEmulator.builder()
            .hubs(HUB, OTHER_HUB)
            .enroll(
                    Enrollment.group("boilers")
                            .symmetricKey(GROUP_KEY)
                            .assigningPolls(0)
                            .build(),
                    Enrollment.individual("boiler-x509")
                            .certificate(CERTIFICATE.certificate())
                            .build()));

    private final DpsEmulator dps = DPS.emulator();

    /** Without Paho, which connects slowly. */
    @BeforeEach
    void provision() throws Exception {
        try (RawDevice device = RawDevice.at(dps, "boiler-7", KEY)) {
            device.connect().subscribe().register();
            String operationId = new JsonMapper()
                    .readTree(device.receiveAnswer())
                    .get("operationId")
                    .asText();
            device.publish("$dps/registrations/GET/iotdps-get-operationstatus/?$rid=2&operationId=" + operationId);
            assertThat(device.receiveAnswer()).contains("\"status\":\"assigned\"");
        }
    }

    @Test
    void recordsTelemetryWithItsProperties() throws Exception {
        try (PahoDevice device = connected()) {
            device.publish(EVENTS, "{\"t\":21}", 0);
            device.publish(EVENTS + "%24.ct=application%2Fjson&%24.ce=utf-8&room=boiler%20room&a%2Bb", "{\"t\":22}", 1);

            await().until(() -> dps.hub().telemetry().size() == 2);
        }
        Telemetry first = dps.hub().telemetry().get(0);
        assertThat(first.hub()).isEqualTo(HUB);
        assertThat(first.deviceId()).isEqualTo("boiler-7");
        assertThat(first.properties()).isEmpty();
        assertThat(first.text()).isEqualTo("{\"t\":21}");
        assertThat(dps.hub().telemetry().get(1).properties())
                .containsExactly(
                        entry("$.ct", "application/json"),
                        entry("$.ce", "utf-8"),
                        entry("room", "boiler room"),
                        entry("a+b", ""));
    }

    @Test
    void convertsTheRetainFlagToAProperty() throws Exception {
        try (PahoDevice device = connected()) {
            MqttMessage message = new MqttMessage(new byte[] {1});
            message.setRetained(true);
            device.client().publish(EVENTS, message);

            await().until(() -> !dps.hub().telemetry().isEmpty());
        }
        assertThat(dps.hub().telemetry().get(0).properties()).containsExactly(entry("mqtt-retain", "true"));
        assertThat(dps.hub().telemetry().get(0).payload()).containsExactly(1);
    }

    @Test
    void sendsMessagesToASubscribedDeviceAndKeepsThemForOthers() throws Exception {
        dps.hub().send(HUB, "boiler-7", Map.of(), "early");
        try (PahoDevice device = connected()) {
            assertThat(device.subscribe(DEVICE_BOUND, 2)).isEqualTo(1);
            Message early = device.receive();
            assertThat(early.text()).isEqualTo("early");
            assertThat(early.qos()).isEqualTo(1);
            assertThat(early.topic())
                    .isEqualTo("devices/boiler-7/messages/devicebound/"
                            + "%24.to=%2Fdevices%2Fboiler-7%2Fmessages%2Fdevicebound");

            dps.hub().send(HUB, "boiler-7", Map.of("$.ct", "application/json"), "{\"on\":true}");

            Message command = device.receive();
            assertThat(command.topic()).endsWith("devicebound&%24.ct=application%2Fjson");
            assertThat(command.text()).isEqualTo("{\"on\":true}");

            device.client().unsubscribe(DEVICE_BOUND);
            dps.hub().send(HUB, "boiler-7", Map.of(), "late");
        }
        try (PahoDevice device = connected()) {
            device.subscribe(DEVICE_BOUND, 0);
            assertThat(device.receive().text()).isEqualTo("late");
        }
    }

    @Test
    void sendsAMessageAgainOnTheNextConnectionUntilTheDeviceAcknowledgesIt() throws Exception {
        dps.hub().send(HUB, "boiler-7", Map.of(), "first");
        dps.hub().send(HUB, "boiler-7", Map.of(), "second");
        try (RawDevice device = raw().connect().subscribe(DEVICE_BOUND)) {
            assertThat(device.receiveAnswer()).isEqualTo("first");
            assertThat(device.receiveAnswer()).isEqualTo("second");
        }
        try (RawDevice device = raw().connect().subscribe(DEVICE_BOUND)) {
            assertThat(device.receiveAnswer()).isEqualTo("first");
            device.acknowledge(1).ping();
            assertThat(device.receiveAnswer()).isEqualTo("second");
            assertThat(device.receive().type()).isEqualTo(RawDevice.PINGRESP);
        }
        try (RawDevice device = raw().connect().subscribe(DEVICE_BOUND)) {
            assertThat(device.receiveAnswer()).isEqualTo("second");
        }
    }

    @Test
    void countsWhatADeviceHasNotAcknowledgedAsWaiting() throws Exception {
        try (RawDevice device = raw().connect().subscribe(DEVICE_BOUND)) {
            for (int i = 0; i < 50; i++) {
                dps.hub().send(HUB, "boiler-7", Map.of(), "message");
            }
            for (int i = 0; i < 50; i++) {
                assertThat(device.receiveAnswer()).isEqualTo("message");
            }
            assertThatIllegalStateException()
                    .isThrownBy(() -> dps.hub().send(HUB, "boiler-7", Map.of(), "one too many"));

            device.acknowledge(50).ping();
            assertThat(device.receive().type()).isEqualTo(RawDevice.PINGRESP);

            dps.hub().send(HUB, "boiler-7", Map.of(), "one more");
            assertThat(device.receiveAnswer()).isEqualTo("one more");
        }
    }

    @Test
    void keepsAtMostFiftyMessagesForADevice() {
        for (int i = 0; i < 50; i++) {
            dps.hub().send(HUB, "boiler-7", Map.of(), "message");
        }

        assertThatIllegalStateException()
                .isThrownBy(() -> dps.hub().send(HUB, "boiler-7", Map.of(), "one too many"))
                .withMessageContaining("50 messages");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> dps.hub().send(OTHER_HUB, "boiler-7", Map.of(), "wrong hub"));
    }

    @Test
    void acceptsTheCertificateOfTheRegistration() throws Exception {
        try (PahoDevice device = PahoDevice.connected(dps, "boiler-x509", CERTIFICATE)) {
            device.provision("");
        }
        try (PahoDevice device = PahoDevice.atHub(dps, HUB, "boiler-x509")
                .tls(dps.serverAuthority(), CERTIFICATE, HUB)
                .connect()) {
            assertThat(device.client().isConnected()).isTrue();
            assertThat(dps.hub().isConnected(HUB, "boiler-x509")).isTrue();
        }
        await().until(() -> !dps.hub().isConnected(HUB, "boiler-x509"));
        try (PahoDevice stranger = PahoDevice.atHub(dps, HUB, "boiler-x509")
                .tls(
                        dps.serverAuthority(),
                        TestCertificateAuthority.create("Root").issueDevice("boiler-x509"),
                        HUB)) {
            assertNotAuthorized(stranger);
        }
    }

    @Test
    void refusesInvalidTokensAndThoseOfOtherDevices() throws Exception {
        String resource = HUB + "/devices/boiler-7";
        for (String password : new String[] {
            "",
            "no token",
            token(resource, EnrollmentKey.random(), 3600, null),
            token(resource, GROUP_KEY, 3600, null),
            token(resource, KEY, -1, null),
            token(resource, KEY, 3600, "registration"),
            token(OTHER_HUB + "/devices/boiler-7", KEY, 3600, null),
            token(HUB + "/devices/boiler-8", KEY, 3600, null),
            token("0ne00000001/registrations/boiler-7", KEY, 3600, null)
        }) {
            try (PahoDevice device = PahoDevice.atHub(dps, HUB, "boiler-7").password(password)) {
                assertNotAuthorized(device);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "contoso.azure-devices.net/boiler-7",
                "contoso.azure-devices.net/boiler-7/api-version=2021-04-12",
                "contoso.azure-devices.net/boiler-8/?api-version=2021-04-12",
                "fabrikam.azure-devices.net/boiler-7/?api-version=2021-04-12",
                "boiler-7/?api-version=2021-04-12",
            })
    void refusesAUserNameThatDoesNotMatchTheDevice(String userName) throws Exception {
        try (RawDevice device =
                RawDevice.atHub(dps, HUB, "boiler-7", userName, token(HUB + "/devices/boiler-7", KEY, 3600, null))) {
            assertNotAuthorized(device);
        }
    }

    @Test
    void refusesAUserNameWhoseHubDiffersFromTheServerName() throws Exception {
        try (RawDevice device = RawDevice.atHub(
                dps, OTHER_HUB, "boiler-7", USER_NAME, token(HUB + "/devices/boiler-7", KEY, 3600, null))) {
            assertNotAuthorized(device);
        }
    }

    @Test
    void acceptsAUserNameWithMoreProperties() throws Exception {
        try (PahoDevice device = PahoDevice.atHub(dps, HUB, "boiler-7")
                .userName(HUB + "/boiler-7/?api-version=2021-04-12&DeviceClientType=camel&model-id=dtmi%3Aa%3B1")
                .password(token(HUB + "/devices/boiler-7", KEY, 3600, null))
                .connect()) {
            assertThat(device.client().isConnected()).isTrue();
        }
    }

    @Test
    void refusesADeviceThatWasNotProvisioned() throws Exception {
        try (PahoDevice unknown = PahoDevice.atHub(dps, HUB, "boiler-8")
                        .password(token(HUB + "/devices/boiler-8", GROUP_KEY.deriveDeviceKey("boiler-8"), 3600, null));
                PahoDevice elsewhere = PahoDevice.atHub(dps, OTHER_HUB, "boiler-7")
                        .password(token(OTHER_HUB + "/devices/boiler-7", KEY, 3600, null))) {
            assertNotAuthorized(unknown);
            assertNotAuthorized(elsewhere);
        }
    }

    @Test
    void refusesAHandshakeForAnotherHost() throws Exception {
        try (PahoDevice device = PahoDevice.atHub(dps, "northwind.azure-devices.net", "boiler-7")) {
            assertThatThrownBy(device::connect)
                    .rootCause()
                    .hasMessageEndingWith("Received fatal alert: unrecognized_name");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#",
                "devices/boiler-8/messages/devicebound/#",
                "devices/boiler-7/messages/events/#",
                "$iothub/twin/res/#"
            })
    void refusesEveryOtherTopicFilter(String filter) throws Exception {
        try (RawDevice device = raw()) {
            assertThat(device.connect().receive().type()).isEqualTo(RawDevice.CONNACK);
            assertThat(device.subscribe(filter).receive().body()).containsExactly(0, 1, 128);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "boilers/7",
                "devices/boiler-7/messages/events",
                "devices/boiler-8/messages/events/",
                "devices/boiler-7/messages/events/%zz",
                "$iothub/twin/GET/?$rid=1"
            })
    void closesTheConnectionOnEveryOtherTopic(String topic) throws Exception {
        try (RawDevice device = raw()) {
            assertThat(device.connect().receive().type()).isEqualTo(RawDevice.CONNACK);
            assertThat(device.publish(topic).isClosedByPeer()).isTrue();
        }
        assertThat(dps.hub().telemetry()).isEmpty();
    }

    @Test
    void closesTheConnectionOnQos2AndOnASecondConnectionOfTheDevice() throws Exception {
        try (PahoDevice device = connected()) {
            device.publish(EVENTS, "", 2);
            device.awaitLoss();
        }
        try (PahoDevice first = connected();
                PahoDevice second = connected()) {
            first.awaitLoss();
            assertThat(second.client().isConnected()).isTrue();
        }
    }

    @Test
    void closesTheConnectionOfADeviceThatMovesToAnotherHub() throws Exception {
        try (PahoDevice atFirst = connected();
                PahoDevice device = PahoDevice.connected(dps, "boiler-7", KEY)) {
            dps.enroll(Enrollment.group("boilers")
                    .symmetricKey(GROUP_KEY)
                    .hub(OTHER_HUB)
                    .build());

            assertThat(device.provision("").at("/registrationState/substatus")).isEqualTo("deviceDataMigrated");

            atFirst.awaitLoss();
        }
        try (PahoDevice moved = PahoDevice.atHub(dps, OTHER_HUB, "boiler-7")
                .password(token(OTHER_HUB + "/devices/boiler-7", KEY, 3600, null))
                .connect()) {
            assertThat(moved.client().isConnected()).isTrue();
            assertThat(dps.hub().isConnected(OTHER_HUB, "boiler-7")).isTrue();
        }
    }

    private PahoDevice connected() throws MqttException {
        return PahoDevice.atHub(dps, HUB, "boiler-7")
                .password(token(HUB + "/devices/boiler-7", KEY, 3600, null))
                .connect();
    }

    private RawDevice raw() throws IOException {
        return RawDevice.atHub(dps, HUB, "boiler-7", USER_NAME, token(HUB + "/devices/boiler-7", KEY, 3600, null));
    }

    private static String token(String resource, EnrollmentKey key, int seconds, String keyName) {
        return SharedAccessSignature.sign(resource, key, Instant.now().plusSeconds(seconds), keyName)
                .token();
    }

    private static void assertNotAuthorized(RawDevice device) throws IOException {
        assertThat(device.connect().receive().body()).containsExactly(0, 5);
        assertThat(device.isClosedByPeer()).isTrue();
    }

    private static void assertNotAuthorized(PahoDevice device) {
        assertThatExceptionOfType(MqttException.class)
                .isThrownBy(device::connect)
                .extracting(MqttException::getReasonCode)
                .isEqualTo((int) MqttException.REASON_CODE_NOT_AUTHORIZED);
    }
}
