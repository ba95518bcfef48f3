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
package io.cameliot.testinfra.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.testinfra.process.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs the main class as users do: in a separate process. */
class FaultProxyMainTest {

    private static final Pattern ADDRESS = Pattern.compile("127\\.0\\.0\\.1:(\\d+) leads to .*");

    @Test
    void relaysWithItsFaultsAndStopsWhenInterrupted() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process process = start("--to", "127.0.0.1:" + listener.getLocalPort(), "--delay", "1", "--cut-after", "3");
            try (BufferedReader output = process.inputReader();
                    Socket client = new Socket(InetAddress.getLoopbackAddress(), port(output.readLine()));
                    Socket server = listener.accept()) {
                server.setSoTimeout(10_000);
                client.getOutputStream().write(new byte[] {1, 2, 3, 4, 5});
                assertThat(server.getInputStream().readAllBytes()).containsExactly(1, 2, 3);

                process.destroy(); // SIGTERM, which has the same effect as Ctrl-C
                assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            } finally {
                process.destroyForcibly();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--delay 10, --to: the server is missing",
        "--to nowhere, --to: 'nowhere' is not of the form <host>:<port>",
        "--to localhost:65536, 'a port is a number from 0 to 65535, not 65536'",
        "--to localhost:1 --slow fast, --slow: 'fast' is not a number",
        "--to localhost:1 --slow 0, '--slow: At least 1 byte must pass in a second, not 0'"
    })
    void printsItsUsageForInvalidOptions(String arguments, String message) throws Exception {
        Process process = start(arguments.split(" "));
        try (BufferedReader errors = process.errorReader()) {
            assertThat(errors.lines())
                    .anyMatch(line -> line.contains(message))
                    .anyMatch(line -> line.contains("--help"));
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(2);
        } finally {
            process.destroyForcibly();
        }
    }

    private static int port(String line) {
        Matcher matcher = ADDRESS.matcher(line);
        assertThat(matcher.matches()).as(line).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    private static Process start(String... arguments) throws IOException {
        return new ProcessBuilder(JavaCommand.of(FaultProxyMain.class, List.of(), arguments)).start();
    }
}
