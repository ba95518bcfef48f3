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

import io.cameliot.testinfra.net.TlsClient;
import io.cameliot.testinfra.process.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the main class as users do: in a separate process. */
class AwsIotEmulatorMainTest {
    private static final Pattern PORT = Pattern.compile("port 8883 .*127\\.0\\.0\\.1:(\\d+)");

    @TempDir
    Path directory;

    @Test
    void printsHowToConnectAndStopsWhenInterrupted() throws Exception {
        Process process = start("--region", "us-east-1", "--directory", directory.toString());
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            int port = readPort(output);

            assertThat(directory.resolve("device.cert.pem")).isNotEmptyFile();
            assertThat(directory.resolve("device.key.pem")).isNotEmptyFile();
            // Without the device's key the connection fails, but only after the name and the authority were accepted.
            assertThatThrownBy(() -> TlsClient.trusting(authority())
                            .connect("127.0.0.1", port, "a1b2c3d4e5f6g7-ats.iot.us-east-1.amazonaws.com")
                            .getInputStream()
                            .read())
                    .isInstanceOf(SSLException.class)
                    // bad_certificate on JDK 17, certificate_required on newer ones
                    .hasMessageMatching(".*Received fatal alert: (bad_certificate|certificate_required)");

            process.destroy(); // SIGTERM, which has the same effect as Ctrl-C
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void printsItsUsageForAnUnknownOption() throws Exception {
        Process process = start("--port-443", "seven");
        try (InputStream errors = process.getErrorStream()) {
            assertThat(new String(errors.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("--port-443 seven: a port is a number from 0 to 65535")
                    .contains("--port-8883 <number>");
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(2);
        } finally {
            process.destroyForcibly();
        }
    }

    private X509Certificate authority() throws Exception {
        try (InputStream in = Files.newInputStream(directory.resolve("ca.pem"))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static int readPort(BufferedReader output) throws IOException {
        int port = 0;
        for (String line = output.readLine(); line != null && !line.startsWith("curl"); line = output.readLine()) {
            Matcher matcher = PORT.matcher(line);
            if (matcher.find()) {
                port = Integer.parseInt(matcher.group(1));
            }
        }
        return port;
    }

    private static Process start(String... arguments) throws IOException {
        return new ProcessBuilder(JavaCommand.of(AwsIotEmulatorMain.class, List.of(), arguments)).start();
    }
}
