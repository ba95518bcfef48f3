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
package io.cameliot.examples.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.event.EventLog;
import io.cameliot.testinfra.page.Browser;
import io.cameliot.testinfra.page.PageServer;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.camel.main.Main;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** What the page of the emulators shows of the routes of the example, and does with them. */
@EnabledIf(value = "io.cameliot.testinfra.page.Browser#isInstalled", disabledReason = "No Chromium is on the path")
class LampPageTest {

    private static final EventLog LOG = new EventLog();
    private static final AwsIotEmulator AWS =
            AwsIotEmulator.builder().events(LOG).build();
    private static final DpsEmulator DPS = DpsEmulator.builder().events(LOG).build();
    private static final PageServer PAGE = new PageServer(AWS, DPS, LOG);

    private static Browser browser;

    @TempDir
    private Path folder;

    @BeforeAll
    static void openPage(@TempDir Path profile) throws IOException {
        AWS.start();
        DPS.start();
        PAGE.start(0);
        browser = Browser.start(profile);
        browser.open(PAGE.url());
        eventually(() -> assertThat(browser.text("#connection")).isEqualTo("Connected to the emulators"));
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
        PAGE.close();
        DPS.close();
        AWS.close();
    }

    @Test
    void showsTheConnectionOfTheRoutesAndSendsACommandThatARouteAnswers() throws Exception {
        Main lamp = Lamp.of(AWS, AWS.issueDevice(Lamp.THING), folder);
        try {
            lamp.start();
            eventually(() -> assertThat(browser.text("#connection-list"))
                    .contains(
                            Lamp.THING,
                            "MQTT 5",
                            "X.509, port 8883",
                            "$aws/commands/things/lamp/executions/+/request/json"));
            browser.type("#thing-name", Lamp.THING);
            browser.click("#thing-form button");
            eventually(() -> assertThat(browser.text("#thing-status")).isEqualTo("Thing " + Lamp.THING));
            browser.type("#command-payload", "{\"action\": \"measure\"}");

            browser.click("#command-form button");

            eventually(() -> assertThat(browser.text("#command-list"))
                    .contains("SUCCEEDED", "CREATED → IN_PROGRESS → SUCCEEDED", "\"battery\""));
        } finally {
            lamp.stop();
        }
    }

    @Test
    void tellsWhyTheCertificateOfARouteIsRefused() throws Exception {
        // Java presents a certificate only if the server names its issuer.
        TestCertificateAuthority stranger = TestCertificateAuthority.create("AWS IoT emulator device CA");
        Main lamp = Lamp.of(AWS, stranger.issueDevice("stranger"), folder);
        try {
            assertThatThrownBy(lamp::start).hasStackTraceContaining("certificate");
        } finally {
            lamp.stop();
        }

        eventually(() -> assertThat(browser.text("#refusal-list"))
                .contains(
                        "CN=stranger",
                        "CN=AWS IoT emulator device CA",
                        "must be registered",
                        "X.509 client certificates"));
    }

    private static void eventually(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(assertion);
    }
}
