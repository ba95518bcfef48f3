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
package io.cameliot.awsiot.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.testinfra.process.JavaCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As {@link FaultSuiteTest}, for the fault that needs a JVM of its own. */
class NameServiceOutageTest {

    @TempDir
    private Path folder;

    @Test
    void losesNothingAndHearsAgainAfterItsEndpointWasUnknown() throws Exception {
        Path output = folder.resolve("output.txt");
        List<String> options = List.of(
                "-Djdk.net.hosts.file=" + folder.resolve("hosts"),
                // The JDK keeps an address for 30 s and a failure for 10 s.
                "-Dsun.net.inetaddr.ttl=0",
                "-Dsun.net.inetaddr.negative.ttl=0");
        Process process = new ProcessBuilder(JavaCommand.of(NameServiceOutage.class, options, folder.toString()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(90, TimeUnit.SECONDS))
                    .as(output.toString())
                    .isTrue();
            assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
