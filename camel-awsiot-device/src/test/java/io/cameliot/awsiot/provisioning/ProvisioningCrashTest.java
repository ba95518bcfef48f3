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
package io.cameliot.awsiot.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.awsiot.provisioning.flow.ProvisioningStep;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.provisioning.CertificateDescription;
import io.cameliot.testinfra.awsiot.provisioning.CertificateDescription.Purpose;
import io.cameliot.testinfra.awsiot.provisioning.CertificateState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code kill -9} at each step: the next start ends with a working device. */
class ProvisioningCrashTest extends ProvisioningTestSupport {

    private static final int KILLED = 128 + 9;

    private int checks;

    @ParameterizedTest
    @EnumSource(
            value = ProvisioningStep.class,
            names = {"QUEUED", "BACKOFF", "FINISHED"},
            mode = EnumSource.Mode.EXCLUDE)
    void endsWithAWorkingDeviceWhereverItWasKilled(ProvisioningStep step) throws Exception {
        assertThat(DyingDevice.run(uri("&parameter.SerialNumber=17"), " leads to " + step))
                .isEqualTo(KILLED);

        assertRecovers();
    }

    /** The request has taken effect, and the device dies before it hears of it. */
    @Test
    void endsWithAWorkingDeviceWhenItWasKilledBeforeTheAnswers() throws Exception {
        aws.faults().inject(new Fault.WithholdMessage("$aws/provisioning-templates/factory/provision/json/accepted"));
        String uri = uri("&parameter.SerialNumber=17&requestTimeout=5s");
        assertThat(DyingDevice.run(uri, "TimedOut at REGISTER")).isEqualTo(KILLED);
        assertThat(thingNames()).containsExactly("sensor-17");

        assertRecovers();
    }

    @Test
    void endsWithAWorkingDeviceWhenItWasKilledWhileReprovisioning() throws Exception {
        start(provisioning(""));
        provision(serial("17"), Map.of());
        assertThat(DyingDevice.run(uri("&parameter.SerialNumber=17&reprovision=true"), " leads to COMMIT"))
                .isEqualTo(KILLED);

        DeviceProvisioningResult before = provision(serial("17"), Map.of());
        assertWorks(before);
        DeviceProvisioningResult after = provision(serial("17"), Map.of(AwsIotProvisioningConstants.REPROVISION, true));
        assertThat(after.getCertificateId()).isNotEqualTo(before.getCertificateId());
        assertWorks(after);
        assertThat(aws.provisioning().certificates().orphans()).isEmpty();
    }

    private void assertRecovers() throws Exception {
        start(provisioning(""));

        assertWorks(provision(serial("17"), Map.of()));

        List<CertificateDescription> devices = aws.provisioning().certificates().all().stream()
                .filter(certificate -> certificate.purpose() == Purpose.DEVICE)
                .toList();
        assertThat(aws.provisioning().certificates().orphans()).hasSizeLessThanOrEqualTo(1);
        assertThat(devices)
                .filteredOn(certificate -> certificate.state() == CertificateState.ACTIVE)
                .as("no certificate is active without a device that has its key")
                .hasSize(1);
    }

    private void assertWorks(DeviceProvisioningResult result) {
        aws.clearReceivedPublishes();
        producer.sendBody(
                "awsiot-device:readings?" + connection() + "&clientId=check-" + ++checks + "&certificateFile="
                        + result.getCertificateFile() + "&privateKeyFile=" + result.getPrivateKeyFile(),
                "21.5");
        assertThat(aws.receivedPublishes("readings")).hasSize(1);
    }
}
