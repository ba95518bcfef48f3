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
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.service.Enrollment;
import io.cameliot.testinfra.net.FreePorts;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import io.cameliot.testinfra.process.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DpsEmulatorMainTest {

    @TempDir
    Path directory;

    @Test
    void runsUntilItIsStoppedAndReleasesEverything() throws Exception {
        Path caFile = directory.resolve("ca.pem");
        Process process = start("--ca-file", caFile.toString());
        try {
            String text = readUntil(process, "Interrupt to stop.");

            assertThat(text)
                    .containsPattern(
                            "MQTT over TLS   127\\.0\\.0\\.1:\\d+, as global\\.azure-devices-provisioning\\.net")
                    .containsPattern("azure-dps:0ne00000001/device-1\\?connectTo=127\\.0\\.0\\.1:\\d+&caFile=file:"
                            + caFile + "&sharedAccessKey=RAW\\([A-Za-z0-9+/=]{88}\\)");
            assertThat(caFile).content().startsWith("-----BEGIN CERTIFICATE-----");

            process.destroy();

            assertThat(process.waitFor(PahoDevice.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(directory).isEmptyDirectory();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void printsTheReasonWhenAnOptionIsInvalid() throws Exception {
        Process process = start("--mqtt-port", "many");
        try (BufferedReader err =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            assertThat(err.readLine()).isEqualTo("--mqtt-port: 'many' is not a number");
            assertThat(process.waitFor(PahoDevice.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(process.exitValue()).isEqualTo(2);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process start(String... arguments) throws IOException {
        return new ProcessBuilder(JavaCommand.of(DpsEmulatorMain.class, List.of(), arguments)).start();
    }

    private static String readUntil(Process process, String last) throws IOException {
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder text = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            text.append(line).append('\n');
            if (line.equals(last)) {
                return text.toString();
            }
        }
        throw new AssertionError("The emulator ended after: " + text);
    }

    @Test
    void readsEnrollmentsPortsAndNamesFromItsArguments() throws Exception {
        TestCertificateAuthority authority = TestCertificateAuthority.create("Root");
        Path pem = authority.writeCertificate(directory.resolve("root.pem"));
        EnrollmentKey key = EnrollmentKey.random();
        int port = FreePorts.next();

        DpsEmulatorArguments arguments = DpsEmulatorArguments.parse(
                "--mqtt-port",
                "" + port,
                "--id-scope",
                "0ne0000000F",
                "--hub",
                "a.azure-devices.net",
                "--hub",
                "b.azure-devices.net",
                "--device",
                "boiler-7=" + key.base64(),
                "--group",
                "boilers=" + key.base64(),
                "--device-certificate",
                "boiler-8=" + pem,
                "--group-authority",
                "certified=" + pem,
                "--retry-after",
                "1",
                "--tls13");

        assertThat(arguments.enrollments())
                .extracting(Enrollment::id)
                .containsExactly("boiler-7", "boilers", "boiler-8", "certified");
        try (DpsEmulator emulator = arguments.builder().build().start();
                PahoDevice device = PahoDevice.connected(emulator, "boiler-7", key)) {
            assertThat(emulator.mqttPort()).isEqualTo(port);
            assertThat(device.register("").properties()).isEqualTo("$rid=1&retry-after=1");
            assertThat(device.provision("").at("/registrationState/assignedHub"))
                    .isEqualTo("a.azure-devices.net");
            assertThat(emulator.connections().get(0).tlsVersion()).isEqualTo("TLSv1.3");
            assertThat(emulator.connections().get(0).userName()).startsWith("0ne0000000F/");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--mqttport, 1, unknown option",
        "--device, boiler, not of the form",
        "--device, boiler=se cret, not base64",
        "--device, boiler.=AAECAwQFBgcICQoLDA0ODw==, not allowed",
        "--retry-after, -1, whole seconds",
        "--group-authority, boilers=/no/such/file, no certificate",
    })
    void namesAnInvalidOptionWithoutShowingAKey(String option, String value, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DpsEmulatorArguments.parse(option, value))
                .withMessageStartingWith(option + ": ")
                .withMessageContaining(reason)
                .withMessageNotContaining("se cret");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DpsEmulatorArguments.parse("--hub"))
                .withMessage("--hub: a value is missing");
    }
}
