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
package io.cameliot.testinfra.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.dps.DpsEmulatorExtension;
import io.cameliot.testinfra.net.TlsClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Runs tests that fail, and reads what the extensions print. */
class FailedTestReportTest {

    @Test
    void aFailedTestPrintsTheRefusalsAndTheMessages() {
        assertThat(run("fails", 1, 0))
                .contains("fails() has failed.")
                .contains("AWS IoT emulator: 1 refusal during this test:")
                .contains("no server name (SNI)")
                .contains("rule: The client must send the endpoint's name")
                .contains("source: AWS IoT Core Developer Guide")
                .contains("AWS IoT emulator: 1 message during this test:")
                .contains("user ─► a/topic (QoS 1, 5 bytes) hello")
                .contains("Azure DPS emulator: 0 refusals during this test")
                .doesNotContain("earlier/topic");
    }

    @Test
    void aPassedOrAbortedTestPrintsNothing() {
        assertThat(run("passes", 0, 0)).doesNotContain("during this test");
        assertThat(run("isAborted", 0, 1)).doesNotContain("during this test");
    }

    private static String run(String method, int failed, int aborted) {
        PrintStream real = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            EngineTestKit.engine("junit-jupiter")
                    .selectors(selectMethod(Examples.class, method))
                    .execute()
                    .testEvents()
                    .assertStatistics(
                            statistics -> statistics.started(1).failed(failed).aborted(aborted));
        } finally {
            System.setErr(real);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    /** Runs only from {@link FailedTestReportTest}: its name is that of no test class. */
    static final class Examples {
        @RegisterExtension
        static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

        @RegisterExtension
        static final DpsEmulatorExtension DPS = new DpsEmulatorExtension();

        Examples() {
            AWS.emulator().publish("earlier/topic", "before the test", 1);
        }

        @Test
        void fails() {
            AWS.emulator().publish("a/topic", "hello", 1);
            refuse();
            throw new AssertionError("on purpose");
        }

        @Test
        void passes() {
            refuse();
        }

        @Test
        void isAborted() {
            refuse();
            Assumptions.abort("on purpose");
        }

        private static void refuse() {
            AwsIotEmulator aws = AWS.emulator();
            try {
                TlsClient.trusting(aws.serverAuthority().certificate())
                        .connect("127.0.0.1", aws.port(GatewayPort.MQTT_8883), null);
            } catch (IOException e) {
                return; // as expected
            }
            throw new IllegalStateException("Not refused");
        }
    }
}
