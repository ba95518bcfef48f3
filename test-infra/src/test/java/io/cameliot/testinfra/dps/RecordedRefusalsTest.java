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
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.dps.fault.DpsFault;
import io.cameliot.testinfra.dps.fault.DpsStep;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.service.Enrollment;
import io.cameliot.testinfra.event.AzureRule;
import io.cameliot.testinfra.event.Cloud;
import io.cameliot.testinfra.event.Refused;
import io.cameliot.testinfra.event.Rule;
import io.cameliot.testinfra.event.TlsRule;
import io.cameliot.testinfra.net.TlsClient;
import java.io.IOException;
import java.util.List;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every refusal is recorded with its rule, its client and what exactly was wrong. */
class RecordedRefusalsTest {

    private static final EnrollmentKey KEY = EnrollmentKey.random();

    @RegisterExtension
    static final DpsEmulatorExtension DPS = new DpsEmulatorExtension(DpsEmulator.builder()
            .enroll(
                    Enrollment.individual("boiler-7").symmetricKey(KEY).build(),
                    Enrollment.individual("boiler-8")
                            .symmetricKey(KEY)
                            .disabled()
                            .build()));

    private final DpsEmulator dps = DPS.emulator();
    private final long before = dps.events().refusals().last();

    @Test
    void recordsAnUnknownServerName() {
        assertThatThrownBy(() -> TlsClient.trusting(dps.serverAuthority().certificate())
                        .connect("127.0.0.1", dps.mqttPort(), "other.example"))
                .isInstanceOf(IOException.class);

        assertThat(only(TlsRule.SERVER_NAME_UNKNOWN).cloud()).isEqualTo(Cloud.AZURE_DPS);
    }

    @Test
    void recordsAnotherIdScope() {
        assertRefused("0ne00000002/registrations/boiler-7/api-version=2019-03-31", AzureRule.ID_SCOPE, "0ne00000002");
    }

    @Test
    void recordsAUserNameOfAnotherForm() {
        assertRefused("boiler-7", AzureRule.USER_NAME, "'boiler-7' is not of the form");
    }

    private void assertRefused(String userName, AzureRule rule, String detail) {
        assertThatThrownBy(() -> {
                    try (PahoDevice device = PahoDevice.at(dps, "boiler-7").userName(userName)) {
                        device.connect();
                    }
                })
                .isInstanceOf(MqttException.class);

        Refused refused = only(rule);
        assertThat(refused.client().id()).isEqualTo("boiler-7");
        assertThat(refused.answer()).isEqualTo("CONNACK 5");
        assertThat(refused.detail().get()).contains(detail);
    }

    @Test
    void recordsATokenThatIsSignedWithAnotherKey() throws Exception {
        EnrollmentKey other = EnrollmentKey.random();
        try (PahoDevice device = PahoDevice.connected(dps, "boiler-7", other)) {
            assertThat(device.register("").status()).isEqualTo(401);
        }

        Refused refused = only(AzureRule.TOKEN);
        assertThat(refused.answer()).isEqualTo("status 401");
        assertThat(refused.detail().get())
                .contains("signed with another key")
                .doesNotContain(other.base64(), KEY.base64());
    }

    @Test
    void recordsThatNoEnrollmentCoversTheDevice() throws Exception {
        try (PahoDevice device = PahoDevice.connected(dps, "boiler-9", KEY)) {
            assertThat(device.register("").status()).isEqualTo(404);
        }

        assertThat(only(AzureRule.ENROLLMENT_NOT_FOUND).detail().get()).contains("boiler-9");
    }

    @Test
    void recordsADisabledEnrollmentAlthoughTheStatusIs200() throws Exception {
        try (PahoDevice device = PahoDevice.connected(dps, "boiler-8", KEY)) {
            assertThat(device.register("").status()).isEqualTo(200);
        }

        assertThat(only(AzureRule.ENROLLMENT_DISABLED).answer()).isEqualTo("status 200");
    }

    @Test
    void recordsAnInjectedAnswer() throws Exception {
        dps.inject("boiler-7", DpsFault.Answer.throttled(DpsStep.REGISTER, 5), 1);
        try (PahoDevice device = PahoDevice.connected(dps, "boiler-7", KEY)) {
            assertThat(device.register("").status()).isEqualTo(429);
        }

        assertThat(only(AzureRule.INJECTED_FAULT).answer()).isEqualTo("status 429");
    }

    @Test
    void recordsATopicThatTheServiceDoesNotHave() throws Exception {
        try (PahoDevice device = PahoDevice.connected(dps, "boiler-7", KEY)) {
            device.publish("my/topic", "", 0);
            device.awaitLoss();
        }

        assertThat(only(AzureRule.TOPIC).detail().get()).contains("my/topic");
    }

    @Test
    void recordsAMessageThatIsTooLarge() throws Exception {
        try (PahoDevice device = PahoDevice.connected(dps, "boiler-7", KEY)) {
            device.publish("$dps/registrations/PUT/iotdps-register/?$rid=1", "x".repeat(98_305), 1);
            device.awaitLoss();
        }

        assertThat(only(AzureRule.SIZE).detail().get()).contains("98305 bytes");
    }

    @Test
    void recordsADeviceThatItsHubDoesNotKnow() {
        assertThatThrownBy(() -> {
                    try (PahoDevice device = PahoDevice.atHub(dps, "contoso.azure-devices.net", "boiler-7")) {
                        device.connect();
                    }
                })
                .isInstanceOf(MqttException.class);

        assertThat(only(AzureRule.HUB_DEVICE).cloud()).isEqualTo(Cloud.AZURE_IOT_HUB);
    }

    /** Waits for the refusal of this test, and checks that there is no other one. */
    private Refused only(Rule rule) {
        await().untilAsserted(() -> assertThat(refusals()).isNotEmpty());
        assertThat(refusals()).extracting(Refused::rule).containsExactly(rule);
        return refusals().get(0);
    }

    private List<Refused> refusals() {
        return dps.events().refusals().after(before).stream()
                .map(entry -> entry.event())
                .toList();
    }
}
