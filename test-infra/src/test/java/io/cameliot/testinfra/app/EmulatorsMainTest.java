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
package io.cameliot.testinfra.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.gateway.Limits;
import io.cameliot.testinfra.net.TlsClient;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import io.cameliot.testinfra.process.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the main class as users do: in a separate process. */
class EmulatorsMainTest {
    @TempDir
    Path parent;

    @Test
    void printsThreeLinesServesTheFilesItWroteAndLeavesNothing() throws Exception {
        Path folder = parent.resolve("emulators");
        Process process = start("--folder", folder.toString());
        int port;
        try (BufferedReader output = output(process)) {
            List<String> lines = List.of(output.readLine(), output.readLine(), output.readLine());

            assertThat(lines.get(0)).matches("Page    http://127\\.0\\.0\\.1:\\d+/#token=[0-9a-f]{48}");
            assertThat(lines.get(1)).startsWith("Folder  " + folder);
            assertThat(lines.get(2)).startsWith("Route   awsiot-device:my/topic?endpoint=");
            Properties properties = properties(folder);
            port = port(properties.getProperty("camel.component.awsiot-device.connect-to"));
            assertDeviceConnects(folder, properties.getProperty("aws.endpoint"), port);
            assertThat(properties.getProperty("dps.key")).isNotEmpty();
            assertThat(Files.getPosixFilePermissions(folder.resolve("device.key.pem")))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));

            process.destroy(); // SIGTERM, which has the same effect as Ctrl-C
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(folder).doesNotExist();
        assertThat(isFree(port)).isTrue();
    }

    @Test
    void keepsAuthoritiesAndDevices() throws Exception {
        String[] arguments = {"--folder", parent.toString(), "--keep", "--device", "sensor-1"};
        try (Emulators first = Emulators.start(EmulatorsOptions.parse(arguments))) {
            assertThat(first.threeLines()).contains("sensor-1.cert.pem");
        }
        String device = Files.readString(parent.resolve("sensor-1.cert.pem"));
        String authority = Files.readString(parent.resolve("aws-ca.pem"));
        String claim = Files.readString(parent.resolve("claim.cert.pem"));
        String key = properties(parent).getProperty("dps.key");
        IssuedCertificate kept = IssuedCertificate.read(parent, "sensor-1");
        IssuedCertificate provisioned = TestCertificateAuthority.of(
                        IssuedCertificate.read(parent, "aws-device-authority"))
                .issueDevice("sensor-2");

        try (Emulators second = Emulators.start(EmulatorsOptions.parse(arguments))) {
            assertThat(second).isNotNull();
            assertThat(parent.resolve("sensor-1.cert.pem")).hasContent(device);
            assertThat(parent.resolve("aws-ca.pem")).hasContent(authority);
            assertThat(parent.resolve("claim.cert.pem")).hasContent(claim);
            Properties properties = properties(parent);
            assertThat(properties.getProperty("dps.key")).isEqualTo(key);
            for (IssuedCertificate client : List.of(kept, provisioned)) {
                TlsClient.trusting(authority(parent.resolve("aws-ca.pem")), client)
                        .connect(
                                "127.0.0.1",
                                port(properties.getProperty("camel.component.awsiot-device.connect-to")),
                                properties.getProperty("aws.endpoint"))
                        .close();
            }
        }
    }

    @Test
    void doesNotReplaceTheApplicationPropertiesOfSomebodyElse() throws Exception {
        Path mine = Files.writeString(parent.resolve("application.properties"), "mine=true\n");

        Process process = start("--folder", parent.toString());

        assertFails(process, 1, mine + " is not of these emulators: name another folder by --folder");
        assertThat(mine).hasContent("mine=true");
        assertThat(parent.toFile().list()).containsExactly("application.properties");
    }

    @ParameterizedTest
    @ValueSource(strings = {"device.key.pem", "device.cert.pem", "claim.key.pem", "aws-ca.pem", "dps-device.key"})
    void neitherReplacesNorDeletesAFileOfSomebodyElse(String name) throws Exception {
        Path mine = Files.writeString(parent.resolve(name), "my only key");

        Process process = start("--folder", parent.toString());

        assertFails(process, 1, mine + " is not of these emulators: name another folder by --folder");
        assertThat(mine).hasContent("my only key");
        assertThat(parent.toFile().list()).containsExactly(name);
    }

    @Test
    void neitherReplacesNorUsesAFileOfSomebodyElseInAFolderToBeKept() throws Exception {
        Path mine = Files.writeString(parent.resolve("device.cert.pem"), "my only certificate");

        Process process = start("--folder", parent.toString(), "--keep");

        assertFails(process, 1, mine + " is not of these emulators: name another folder by --folder");
        assertThat(mine).hasContent("my only certificate");
    }

    @Test
    void tellsWhichPortIsInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            for (String option : List.of("--port-8883", "--dps-port", "--page-port")) {
                Process process = start(
                        "--folder", parent.resolve("e").toString(), option, Integer.toString(taken.getLocalPort()));

                assertFails(process, 1, "port " + taken.getLocalPort());
                assertThat(parent.resolve("e")).doesNotExist();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--port-443 seven | --port-443 seven: a port is a number from 0 to 65535",
                "--page-port 65536 | --page-port 65536: a port is a number from 0 to 65535",
                "--device ../x | --device ../x: allowed is [a-z0-9][a-z0-9_-]{0,62}",
                "--folder | --folder needs a value",
                "--publishes-per-second fast | --publishes-per-second fast: a rate is a number from 0 to 999999999",
                "--tls | Unknown option --tls",
            })
    void tellsWhatIsAllowed(String arguments, String message) throws Exception {
        Process process = start(arguments.split(" "));

        assertFails(process, 2, message);
    }

    @Test
    void takesTheStandardPortsUnlessAnOptionSaysOtherwise() {
        EmulatorsOptions options = EmulatorsOptions.parse("--standard-ports", "--port-443", "0");

        assertThat(options.port(GatewayPort.MQTT_8883)).isEqualTo(8883);
        assertThat(options.port(GatewayPort.HTTPS_8443)).isEqualTo(8443);
        assertThat(options.port(GatewayPort.MULTIPLEXED_443)).isZero();
    }

    @Test
    void discardsMessagesLikeTheCloudUnlessAnOptionSaysOtherwise() {
        assertThat(EmulatorsOptions.parse().publishesPerSecond()).isEqualTo(Limits.PUBLISHES_PER_SECOND);
        assertThat(EmulatorsOptions.parse("--publishes-per-second", "0").publishesPerSecond())
                .isZero();
    }

    private static void assertDeviceConnects(Path folder, String endpoint, int port) throws Exception {
        TlsClient.trusting(authority(folder.resolve("aws-ca.pem")), IssuedCertificate.read(folder, "device"))
                .connect("127.0.0.1", port, endpoint)
                .close();
    }

    private static void assertFails(Process process, int exitValue, String message) throws Exception {
        try {
            assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains(message);
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(exitValue);
        } finally {
            process.destroyForcibly();
        }
    }

    private static boolean isFree(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return !socket.isConnected();
        } catch (IOException e) {
            return true;
        }
    }

    private static Properties properties(Path folder) throws IOException {
        Properties properties = new Properties();
        try (var reader = Files.newBufferedReader(folder.resolve("application.properties"))) {
            properties.load(reader);
        }
        return properties;
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.indexOf(':') + 1));
    }

    private static X509Certificate authority(Path file) throws Exception {
        try (var in = Files.newInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private static Process start(String... arguments) throws IOException {
        return new ProcessBuilder(JavaCommand.of(EmulatorsMain.class, List.of(), arguments)).start();
    }
}
