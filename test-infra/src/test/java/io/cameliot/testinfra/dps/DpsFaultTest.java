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
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.dps.PahoDevice.Message;
import io.cameliot.testinfra.dps.fault.DpsFault.Answer;
import io.cameliot.testinfra.dps.fault.DpsFault.AnswerBeforePubAck;
import io.cameliot.testinfra.dps.fault.DpsFault.Delay;
import io.cameliot.testinfra.dps.fault.DpsFault.DropAfter;
import io.cameliot.testinfra.dps.fault.DpsFault.DropBefore;
import io.cameliot.testinfra.dps.fault.DpsFault.ForeignAnswerFirst;
import io.cameliot.testinfra.dps.fault.DpsFault.Grant;
import io.cameliot.testinfra.dps.fault.DpsFault.RefuseConnect;
import io.cameliot.testinfra.dps.fault.DpsFault.RefuseHandshake;
import io.cameliot.testinfra.dps.fault.DpsFault.RetryAfter;
import io.cameliot.testinfra.dps.fault.DpsFault.Withhold;
import io.cameliot.testinfra.dps.fault.DpsStep;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.service.Enrollment;
import java.io.IOException;
import java.time.Duration;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each fault occurs at its step and as often as requested, and the registration continues afterwards. */
class DpsFaultTest {

    private static final EnrollmentKey KEY = EnrollmentKey.random();
    private static final String BOILER = "boiler-7";

    @RegisterExtension
    static final DpsEmulatorExtension DPS = new DpsEmulatorExtension(DpsEmulator.builder()
            .enroll(Enrollment.group("boilers").symmetricKey(KEY).build()));

    private final DpsEmulator dps = DPS.emulator();

    @Test
    void refusesTheHandshake() throws Exception {
        dps.injectForAnyDevice(new RefuseHandshake(), 1);
        try (PahoDevice device = device()) {
            assertThatThrownBy(device::connect)
                    .rootCause()
                    .hasMessageEndingWith("Received fatal alert: handshake_failure");

            device.connect();
        }
        assertThat(dps.statistics().failedHandshakes()).isEqualTo(1);
    }

    @Test
    void dropsTheConnectionBeforeConnack() throws Exception {
        dps.inject(BOILER, new DropBefore(DpsStep.CONNECT), 2);
        try (PahoDevice device = device()) {
            assertThatThrownBy(device::connect).isInstanceOf(MqttException.class);
            assertThatThrownBy(device::connect).isInstanceOf(MqttException.class);

            device.connect();
        }
        assertThat(dps.connections())
                .extracting(connection -> connection.returnCode().isPresent())
                .containsExactly(false, false, true);
    }

    @Test
    void refusesTheConnectWithTheGivenCode() throws Exception {
        dps.inject(BOILER, new RefuseConnect(3), 1);
        try (PahoDevice device = device()) {
            assertThatExceptionOfType(MqttException.class)
                    .isThrownBy(device::connect)
                    .extracting(MqttException::getReasonCode)
                    .isEqualTo((int) MqttException.REASON_CODE_BROKER_UNAVAILABLE);

            device.connect();
        }
    }

    @Test
    void withholdsConnackAndKeepsTheConnection() throws Exception {
        dps.inject(BOILER, new Withhold(DpsStep.CONNECT), 1);
        try (RawDevice device = raw()) {
            assertThat(device.connect().ping().receive().type()).isEqualTo(RawDevice.PINGRESP);
        }
    }

    @Test
    void withholdsSubackAndKeepsTheConnection() throws Exception {
        dps.inject(BOILER, new Withhold(DpsStep.SUBSCRIBE), 1);
        try (RawDevice device = raw()) {
            assertThat(device.connect().receive().type()).isEqualTo(RawDevice.CONNACK);
            assertThat(device.subscribe().ping().receive().type()).isEqualTo(RawDevice.PINGRESP);
        }
    }

    @Test
    void dropsTheConnectionBeforeSuback() throws Exception {
        dps.inject(BOILER, new DropBefore(DpsStep.SUBSCRIBE), 1);
        try (PahoDevice device = device().connect()) {
            assertThatThrownBy(device::subscribed).isInstanceOf(MqttException.class);
        }
        try (PahoDevice device = subscribed()) {
            assertThat(device.register("").status()).isEqualTo(202);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 128})
    void grantsAnotherQos(int returnCode) throws Exception {
        dps.inject(BOILER, new Grant(returnCode), 1);
        try (PahoDevice device = device().connect()) {
            assertThat(device.subscribe(PahoDevice.RESPONSES, 1)).isEqualTo(returnCode);
            device.sendRegister("", 1);
            if (returnCode == 128) {
                await().until(() -> dps.requests().size() == 1);
                device.subscribed();
                assertThat(device.register("").properties()).startsWith("$rid=2&");
            } else {
                assertThat(device.receive().qos()).isEqualTo(Math.min(1, returnCode));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REGISTER", "POLL", "RESULT"})
    void dropsTheConnectionInsteadOfAnAnswerAndKeepsTheOperation(DpsStep step) throws Exception {
        dps.inject(BOILER, new DropBefore(step), 1);
        String operationId = "";
        try (PahoDevice device = subscribed()) {
            for (int request = 0; request < step.ordinal() - DpsStep.REGISTER.ordinal(); request++) {
                operationId = (request == 0 ? device.register("") : device.poll(operationId)).at("/operationId");
            }
            if (step == DpsStep.REGISTER) {
                device.sendRegister("", 1);
            } else {
                device.sendPoll(operationId, 1);
            }
            device.awaitLoss();
            assertThat(device.hasReceivedNothing()).isTrue();
        }
        assertThat(dps.pendingFaults()).isEmpty();
        assertThat(dps.requests().get(dps.requests().size() - 1).status()).isEmpty();

        try (PahoDevice device = subscribed()) {
            Message result = step == DpsStep.REGISTER ? device.provision("") : device.poll(operationId);
            assertThat(result.at("/status")).isEqualTo("assigned");
        }
    }

    @Test
    void dropsTheConnectionAfterAnAnswer() throws Exception {
        dps.inject(BOILER, new DropAfter(DpsStep.REGISTER, Duration.ofMillis(20)), 1);
        try (RawDevice device = raw()) {
            device.connect().receive();
            device.subscribe().receive();

            assertThat(device.register().receive().type()).isEqualTo(RawDevice.PUBACK);
            assertThat(device.receive().type()).isEqualTo(RawDevice.PUBLISH);
            assertThat(device.isClosedByPeer()).isTrue();
        }
        assertThat(dps.requests().get(0).status()).hasValue(202);
    }

    @Test
    void withholdsAnAnswerAndKeepsTheConnection() throws Exception {
        dps.inject(BOILER, new Withhold(DpsStep.REGISTER), 1);
        try (PahoDevice device = subscribed()) {
            device.sendRegister("", 1);

            assertThat(device.register("").properties()).startsWith("$rid=2&");
            assertThat(device.hasReceivedNothing()).isTrue();
        }
        assertThat(dps.requests().get(0).status()).isEmpty();
    }

    @Test
    void delaysAnAnswer() throws Exception {
        dps.inject(BOILER, new Delay(DpsStep.REGISTER, Duration.ofMillis(300)), 1);
        try (PahoDevice device = subscribed()) {
            device.sendRegister("", 1);

            assertThat(device.register("").properties()).startsWith("$rid=2&");
            assertThat(device.receive().properties()).startsWith("$rid=1&");
        }
    }

    @Test
    void dropsADelayedAnswerWhenTheConnectionHasEnded() throws Exception {
        dps.inject(BOILER, new Delay(DpsStep.REGISTER, Duration.ofMillis(50)), 1);
        try (PahoDevice device = subscribed()) {
            device.sendRegister("", 1);
            await().until(() -> dps.pendingFaults().isEmpty());
        }
        try (PahoDevice device = subscribed()) {
            assertThat(device.provision("").at("/status")).isEqualTo("assigned");
        }
    }

    @Test
    void answersWithErrorsAndKeepsTheOperation() throws Exception {
        dps.inject(BOILER, Answer.throttled(DpsStep.REGISTER, 7), 1);
        dps.inject(BOILER, Answer.error(DpsStep.REGISTER, 503), 1);
        dps.inject(BOILER, Answer.error(DpsStep.POLL, 500), 1);
        dps.inject(BOILER, Answer.throttled(DpsStep.RESULT, 2), 2);
        try (PahoDevice device = subscribed()) {
            Message throttled = device.register("");
            assertThat(throttled.topic()).isEqualTo("$dps/registrations/res/429/?$rid=1&retry-after=7");
            assertThat(throttled.at("/errorCode")).isEqualTo("429000");
            assertThat(device.register("").topic()).isEqualTo("$dps/registrations/res/503/?$rid=2");
            String operationId = device.register("").at("/operationId");
            assertThat(device.poll(operationId).status()).isEqualTo(500);
            assertThat(device.poll(operationId).at("/status")).isEqualTo("assigning");
            assertThat(device.poll(operationId).status()).isEqualTo(429);
            assertThat(device.poll(operationId).properties()).isEqualTo("$rid=7&retry-after=2");
            assertThat(device.poll(operationId).status())
                    .as("the service's own quota")
                    .isEqualTo(200);
        }
        assertThat(dps.pendingFaults()).isEmpty();
        assertThat(dps.requests().get(0).reason()).isEqualTo("injected");
    }

    @ParameterizedTest
    @ValueSource(strings = {"123", "", "{\"operationId\":", "{\"status\":\"assigned\",\"registrationState\":123}"})
    void answersWithAMalformedBody(String body) throws Exception {
        dps.inject(BOILER, Answer.malformed(DpsStep.RESULT, body), 1);
        try (PahoDevice device = subscribed()) {
            String operationId = device.register("").at("/operationId");
            device.poll(operationId);

            Message malformed = device.poll(operationId);

            assertThat(malformed.status()).isEqualTo(200);
            assertThat(malformed.text()).isEqualTo(body);
            assertThat(device.poll(operationId).at("/status")).isEqualTo("assigned");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "", "-1", "99999999999", "soon"})
    void replacesRetryAfterInTheTopic(String value) throws Exception {
        dps.inject(BOILER, new RetryAfter(DpsStep.REGISTER, value), 1);
        try (PahoDevice device = subscribed()) {
            Message registered = device.register("");

            assertThat(registered.properties()).isEqualTo("$rid=1&retry-after=" + value);
            assertThat(registered.at("/status")).isEqualTo("assigning");
        }
    }

    @Test
    void acknowledgesBeforeItAnswersUnlessAFaultReversesTheOrder() throws Exception {
        dps.inject(BOILER, new AnswerBeforePubAck(DpsStep.REGISTER), 1);
        try (RawDevice device = raw()) {
            device.connect().receive();
            device.subscribe().receive();

            assertThat(device.register().receive().type()).isEqualTo(RawDevice.PUBLISH);
            assertThat(device.receive().type()).isEqualTo(RawDevice.PUBACK);
            assertThat(device.register().receive().type()).isEqualTo(RawDevice.PUBACK);
            assertThat(device.receive().type()).isEqualTo(RawDevice.PUBLISH);
        }
    }

    private RawDevice raw() throws IOException {
        return RawDevice.at(dps, BOILER, KEY.deriveDeviceKey(BOILER));
    }

    @Test
    void sendsAForeignAnswerFirst() throws Exception {
        dps.inject(BOILER, new ForeignAnswerFirst(DpsStep.REGISTER), 1);
        try (PahoDevice device = subscribed()) {
            Message foreign = device.register("");
            Message own = device.receive();

            assertThat(foreign.topic()).isEqualTo("$dps/registrations/res/200/?$rid=foreign-1");
            assertThat(foreign.at("/registrationState/deviceId")).isEqualTo("foreign");
            assertThat(own.properties()).isEqualTo("$rid=1&retry-after=3");
        }
    }

    @Test
    void affectsTheSelectedDeviceTheRequestedNumberOfTimes() throws Exception {
        dps.inject("BOILER-8", Answer.error(DpsStep.REGISTER, 500), 2);
        try (PahoDevice seven = subscribed();
                PahoDevice eight = PahoDevice.connected(dps, "boiler-8", KEY.deriveDeviceKey("boiler-8"))) {
            assertThat(seven.register("").status()).isEqualTo(202);
            assertThat(eight.register("").status()).isEqualTo(500);
            assertThat(dps.pendingFaults()).hasSize(1);
            assertThat(eight.register("").status()).isEqualTo(500);
            assertThat(eight.register("").status()).isEqualTo(202);
        }
    }

    @Test
    void affectsTheNextDeviceOfAny() throws Exception {
        dps.injectForAnyDevice(Answer.error(DpsStep.REGISTER, 500), 1);
        try (PahoDevice device = subscribed()) {
            assertThat(device.register("").status()).isEqualTo(500);
            assertThat(device.register("").status()).isEqualTo(202);
        }
    }

    @Test
    void refusesInvalidFaults() {
        assertThatIllegalArgumentException().isThrownBy(() -> dps.inject(BOILER, new RefuseHandshake(), 1));
        assertThatIllegalArgumentException().isThrownBy(() -> dps.inject(BOILER, new Grant(0), 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new DropBefore(DpsStep.HANDSHAKE));
        assertThatIllegalArgumentException().isThrownBy(() -> Answer.error(DpsStep.CONNECT, 500));
        assertThatIllegalArgumentException().isThrownBy(() -> new Grant(3));
        assertThatIllegalArgumentException().isThrownBy(() -> new RefuseConnect(0));
    }

    private PahoDevice device() throws MqttException {
        return PahoDevice.at(dps, BOILER)
                .userName(PahoDevice.userName(dps, BOILER))
                .password(PahoDevice.token(dps, BOILER, KEY.deriveDeviceKey(BOILER)));
    }

    private PahoDevice subscribed() throws MqttException {
        return device().connect().subscribed();
    }
}
