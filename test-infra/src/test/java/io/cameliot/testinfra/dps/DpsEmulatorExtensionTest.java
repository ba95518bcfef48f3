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
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.cameliot.testinfra.dps.fault.DpsFault;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DpsEmulatorExtensionTest {

    @RegisterExtension
    static final DpsEmulatorExtension OF_THE_CLASS = new DpsEmulatorExtension();

    @RegisterExtension
    final DpsEmulatorExtension ofTheTest = new DpsEmulatorExtension();

    private static DpsEmulator lastOfATest;
    private static int portOfTheClass;

    /** The second run checks that the state of the first is gone. */
    @RepeatedTest(2)
    void resetsAndRestartsTheEmulatorOfTheClass() throws MqttException {
        DpsEmulator dps = OF_THE_CLASS.emulator();
        assertThat(portOfTheClass).isIn(0, dps.mqttPort());
        assertThat(dps.connections()).isEmpty();
        assertThat(dps.pendingFaults()).isEmpty();
        portOfTheClass = dps.mqttPort();
        try (PahoDevice device = PahoDevice.at(dps, "boiler-7")
                .userName(PahoDevice.userName(dps, "boiler-7"))
                .connect()) {
            assertThat(device.client().isConnected()).isTrue();
            assertThat(dps.connections()).hasSize(1);
        }
        dps.injectForAnyDevice(new DpsFault.RefuseHandshake(), 1);
        dps.stop();
    }

    @RepeatedTest(2)
    void startsAnotherEmulatorForEachTestInAnInstanceField() {
        if (lastOfATest != null) {
            assertThatIllegalStateException().isThrownBy(lastOfATest::mqttPort);
        }
        lastOfATest = ofTheTest.emulator();
        assertThat(lastOfATest.mqttPort())
                .isPositive()
                .isNotEqualTo(OF_THE_CLASS.emulator().mqttPort());
    }

    @AfterAll
    static void emulatorOfTheClassStillRuns() {
        assertThat(OF_THE_CLASS.emulator().mqttPort()).isPositive();
    }

    @Nested
    class NestedClass {
        @Test
        void sharesTheEmulatorOfTheOuterClass() {
            assertThat(OF_THE_CLASS.emulator().mqttPort()).isPositive();
        }
    }
}
