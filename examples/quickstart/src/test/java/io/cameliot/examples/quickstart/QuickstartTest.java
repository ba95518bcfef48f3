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
package io.cameliot.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cameliot.testinfra.pki.TestCertificateAuthority;
import io.cameliot.testinfra.process.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuickstartTest {

    @Test
    void exitsWithZeroAndPrintsItsStepsAndTheAccount() throws Exception {
        Process process = start();

        List<String> output = read(process);

        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(String.join("\n", output)).isZero();
        assertThat(output)
                .containsSubsequence(
                        "Starting emulators of both clouds",
                        "awsiot-device: published the first of 10 readings",
                        "awsiot-device: received the last reading")
                .anyMatch(line -> line.matches("azure-dps: assigned quickstart-1 to \\S+"))
                .contains("awsiot-device: received a command", "awsiot-provisioning: registered sensor-17");
        assertThat(output)
                .anyMatch(line -> line.matches("Device +quickstart-1"))
                .anyMatch(line -> line.matches("Hub +\\S+\\.azure-devices\\.net"))
                .anyMatch(line -> line.matches("Published +10 readings"))
                .anyMatch(line -> line.matches("Received +10 readings"))
                .anyMatch(line -> line.matches("Command +\\{\"led\": \"on\"}"))
                .anyMatch(line -> line.matches("Thing +sensor-17"));
    }

    /** The same as against the real clouds: the properties say where they are, here as environment variables. */
    @Test
    void runsAgainstTheCloudsThatEnvironmentVariablesName() throws Exception {
        try (Clouds clouds = Clouds.start()) {
            Map<String, String> environment = new HashMap<>(Map.of("QUICKSTART_READINGS", "5"));
            clouds.properties()
                    .forEach((name, value) -> environment.put(
                            name.toString().toUpperCase(Locale.ROOT).replace('.', '_'), value.toString()));
            Process process = start(environment, "-Dquickstart.emulators=false");

            List<String> output = new ArrayList<>();
            try (BufferedReader reader = process.inputReader()) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    output.add(line);
                    if (line.equals("awsiot-device: published the first of 5 readings")) {
                        clouds.sendCommand();
                    }
                }
            }

            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(String.join("\n", output)).isZero();
            assertThat(output)
                    .doesNotContain("Starting emulators of both clouds")
                    .anyMatch(line -> line.matches("Published +5 readings"))
                    .anyMatch(line -> line.matches("Received +5 readings"))
                    .anyMatch(line -> line.matches("Command +\\{\"led\": \"on\"}"))
                    .anyMatch(line -> line.matches("Thing +sensor-17"));
        }
    }

    @Test
    void getsFromMavenTheSystemPropertyOfThePagesCommand() throws Exception {
        assertThat(Files.readString(Path.of("README.md")))
                .contains("-Pquickstart -pl examples/quickstart -am package -Dquickstart.emulators=false\n");
        assertThat(Files.readString(Path.of("pom.xml")))
                .contains("<argument>-Dquickstart.emulators=${quickstart.emulators}</argument>");
    }

    @Test
    void exitsWithOneAndTheReasonWhenAPropertyIsMissing() throws Exception {
        Process process = start("-Dquickstart.emulators=false");

        List<String> output = read(process);

        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(output).anyMatch(line -> line.startsWith("The quickstart failed: ") && line.contains("dps.idScope"));
    }

    @Test
    void failsWhenTheGatewayIsNotThere() throws Exception {
        try (Clouds clouds = Clouds.start()) {
            clouds.aws().stop();

            assertFails(clouds.properties(), "Connection refused");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"aws.caFile", "dps.caFile"})
    void failsWhenAServerIsOfAnotherAuthority(String option, @TempDir Path folder) throws Exception {
        Path other = TestCertificateAuthority.create("Another CA").writeCertificate(folder.resolve("other.pem"));
        try (Clouds clouds = Clouds.start()) {
            clouds.properties().setProperty(option, other.toString());

            assertFails(clouds.properties(), "is not signed by a trusted CA: set option caFile");
        }
    }

    @Test
    void failsWhenTheKeyOfTheDeviceIsWrong() throws Exception {
        try (Clouds clouds = Clouds.start()) {
            clouds.properties().setProperty("dps.sharedAccessKey", "d3Jvbmcga2V5IHdyb25nIGtleSB3cm9uZyBrZXk=");

            assertFails(clouds.properties(), "sharedAccessKey");
        }
    }

    private static void assertFails(Properties properties, String reason) {
        assertThatThrownBy(() -> Quickstart.run(properties, () -> {})).satisfies(failure -> {
            StringBuilder messages = new StringBuilder();
            for (Throwable t = failure; t != null; t = t.getCause()) {
                messages.append(t.getMessage()).append('\n');
            }
            assertThat(messages.toString()).contains(reason);
        });
    }

    private static Process start(String... options) throws IOException {
        return start(Map.of(), options);
    }

    private static Process start(Map<String, String> environment, String... options) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(JavaCommand.of(Quickstart.class, List.of(options))).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static List<String> read(Process process) throws IOException {
        try (BufferedReader reader = process.inputReader()) {
            return reader.lines().toList();
        }
    }
}
