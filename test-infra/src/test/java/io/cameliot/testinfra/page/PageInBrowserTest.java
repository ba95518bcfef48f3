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
package io.cameliot.testinfra.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.service.Enrollment;
import io.cameliot.testinfra.event.EventLog;
import io.cameliot.testinfra.event.Published;
import io.cameliot.testinfra.net.TlsClient;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ThrowingRunnable;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * Drives the page in a real Chromium. It is skipped where there is none ({@code apt-get install chromium}). With
 * {@code -Dcameliot.page.pictures=<folder>} it writes pictures of the page.
 */
@EnabledIf(value = "io.cameliot.testinfra.page.Browser#isInstalled", disabledReason = "No Chromium is on the path")
class PageInBrowserTest {
    private static final String DEVICE = "sensor-1";
    private static final EventLog LOG = new EventLog();

    @TempDir
    private static Path profile;

    private static AwsIotEmulator aws;
    private static DpsEmulator dps;
    private static PageServer page;
    private static Browser browser;

    @BeforeAll
    static void start() throws IOException {
        aws = AwsIotEmulator.builder()
                .customDomain("localhost")
                .events(LOG)
                .build()
                .start();
        dps = DpsEmulator.builder()
                .events(LOG)
                .enroll(Enrollment.individual(DEVICE)
                        .symmetricKey(EnrollmentKey.random())
                        .build())
                .build()
                .start();
        page = new PageServer(aws, dps, LOG).start(0);
        browser = Browser.start(profile);
        browser.look(1280, 1000, false);
        browser.open(page.url());
        eventually(() -> assertThat(browser.text("#connection")).isEqualTo("Connected to the emulators"));
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        page.close();
        dps.close();
        aws.close();
    }

    @Test
    void showsAConnectedDeviceItsMessagesAndTheReasonOfARefusal() throws Exception {
        MqttClient device = connect(DEVICE, aws.issueDevice(DEVICE));
        try {
            device.subscribe("orders/+", 1);
            device.publish("readings/" + DEVICE, utf8("{\"temperature\":21.5}"), 1, false);
            IssuedCertificate foreign = TestCertificateAuthority.create("AWS IoT emulator device CA")
                    .issueDevice("stranger");
            assertThatThrownBy(() -> connect("stranger", foreign)).isInstanceOf(MqttException.class);

            eventually(() -> assertThat(browser.text("#connection-list"))
                    .contains(DEVICE, "MQTT 3.1.1", "X.509, port 8883", "orders/+"));
            eventually(() -> assertThat(browser.text("#message-list"))
                    .contains("readings/" + DEVICE, "\"temperature\": 21.5", "QoS 1"));
            eventually(() -> assertThat(browser.text("#refusal-list"))
                    .contains(
                            "CN=stranger",
                            "CN=AWS IoT emulator device CA",
                            "must be registered",
                            "X.509 client certificates"));
            eventually(() -> assertThat(browser.text("#connection-list")).contains("1 published"));
            picture("light", 1280, 1000, false, "#main");
            picture("dark", 1280, 1000, true, "#main");
            picture("narrow", 400, 900, false, "#main");
            picture("refusal", 400, 900, true, "#refusals");
        } finally {
            device.disconnectForcibly(0, 1, true);
            device.close();
        }
    }

    @Test
    void showsMarkupOfADeviceAsText() {
        aws.publish("<img src=x onerror=alert(1)>", "<script>document.title='taken'</script>", 0);

        eventually(() -> assertThat(browser.text("#message-list"))
                .contains("<img src=x onerror=alert(1)>", "<script>document.title='taken'</script>"));
        assertThat(browser.evaluate("document.querySelectorAll('#message-list img, #message-list script').length")
                        .asInt())
                .isZero();
        assertThat(browser.evaluate("document.title").asText()).isEqualTo("Cloud emulators");
    }

    @Test
    void filtersMessagesByTopicAndShowsThemInHexadecimalDigits() {
        aws.publish("filter/a/x", "AB", 0);
        aws.publish("filter/b/y", "CD", 0);
        eventually(() -> assertThat(browser.text("#message-list")).contains("filter/a/x", "filter/b/y"));

        browser.type("#topic-filter", "filter/+/x");
        browser.evaluate("(() => { const format = document.querySelector('#payload-format'); format.value = 'hex';"
                + " format.dispatchEvent(new Event('change')); })()");

        assertThat(browser.text("#message-list"))
                .contains("filter/a/x", "41 42")
                .doesNotContain("filter/b/y");
        browser.type("#topic-filter", "");
        browser.evaluate("(() => { const format = document.querySelector('#payload-format'); format.value = 'auto';"
                + " format.dispatchEvent(new Event('change')); })()");
    }

    @Test
    void filtersMessagesBeforeTheSampleIsTaken() {
        browser.type("#topic-filter", "rare/+");
        eventually(() -> assertThat(browser.evaluate("document.querySelector('#message-list').dataset.filter")
                        .asText())
                .isEqualTo("rare/+"));
        for (int i = 0; i < 1_000; i++) {
            LOG.published("flood", () -> flood());
        }
        aws.publish("rare/1", "found", 0);
        for (int i = 0; i < 1_000; i++) {
            LOG.published("flood", () -> flood());
        }

        eventually(() -> assertThat(browser.text("#message-list")).contains("rare/1", "found"));
        assertThat(browser.text("#message-list")).doesNotContain("flood");
        browser.type("#topic-filter", "");
        eventually(() -> assertThat(browser.text("#message-list")).contains("flood"));
    }

    private static Published flood() {
        return Published.of(new Published.Origin(Published.Kind.USER, ""), "flood", new byte[0], 0, false, Map.of());
    }

    @Test
    void replacesThePolicyOfADeviceAndSendsACommandToAClient() throws Exception {
        MqttClient device = connect("door", aws.issueDevice("door"));
        try {
            device.subscribe("$aws/commands/clients/door/executions/+/request/json", 1);
            eventually(() -> assertThat(browser.text("#connection-list")).contains("everything is allowed"));
            browser.click("[aria-label=\"Change the policy of door\"]");
            browser.type(
                    "#policy-statements", "[{\"Effect\":\"Allow\",\"Action\":\"iot:Connect\",\"Resource\":\"door\"}]");
            browser.click("#policy-form button");

            eventually(() -> assertThat(browser.text("#connection-list")).contains("iot:Connect on door"));
            assertThat(browser.text("#policy-status")).contains("the policy of door");
            device.publish("door/open", new byte[0], 0, false);
            eventually(() -> assertThat(browser.text("#refusal-list")).contains("iot:Publish on door/open"));

            browser.type("#client-id", "door");
            browser.click("#client-command-form button");
            eventually(() -> assertThat(browser.text("#client-command-list")).contains("CREATED"));
            picture("policy", 400, 1400, true, "#connections");
            picture("client", 400, 900, false, "#client");
        } finally {
            device.disconnectForcibly(0, 1, true);
            device.close();
        }
    }

    @Test
    void publishesAndInjectsAFault() {
        browser.type("#publish-topic", "by/hand");
        browser.type("#publish-payload", "hello");
        browser.click("#publish-form button");
        eventually(() -> assertThat(browser.text("#publish-status")).isEqualTo("Published to by/hand"));
        browser.type("#publish-topic", "by/+");
        browser.click("#publish-form button");
        eventually(() -> assertThat(browser.text("#publish-status")).contains("A topic holds no wildcards"));

        browser.evaluate("(() => { const kind = document.querySelector('#fault-kind'); kind.value = 'DropBefore';"
                + " kind.dispatchEvent(new Event('change')); })()");
        browser.click("#fault-form button");
        eventually(() -> assertThat(browser.text("#fault-list")).contains("AWS IoT", "DropBefore[answer=CONNACK]"));
        browser.click("#fault-clear");
        eventually(() -> assertThat(aws.faults().pending()).isEmpty());
    }

    @Test
    void namesEveryFieldAndFitsInto400Pixels() {
        browser.look(400, 900, false);
        assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(400);
        browser.look(1280, 1000, false);
        assertThat(browser.evaluate("[...document.querySelectorAll('input, select, textarea')]"
                                + ".filter((field) => field.labels.length === 0).length")
                        .asInt())
                .isZero();
        assertThat(browser.evaluate("[...document.querySelectorAll('section')].every((part) =>"
                                + " document.getElementById(part.getAttribute('aria-labelledby')))")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void keepsTheFocusWhileNumbersChange() throws Exception {
        MqttClient device = connect("counted", aws.issueDevice("counted"));
        try {
            eventually(() -> assertThat(browser.text("#connection-list")).contains("counted", "0 published"));
            browser.evaluate("document.querySelector('[aria-label=\"Disconnect counted\"]').focus()");

            device.publish("count", new byte[0], 1, false);

            eventually(() -> assertThat(browser.text("#connection-list")).contains("1 published"));
            assertThat(browser.evaluate("document.activeElement.getAttribute('aria-label')")
                            .asText())
                    .isEqualTo("Disconnect counted");
            browser.click("[aria-label=\"Disconnect counted\"]");
            eventually(() -> assertThat(device.isConnected()).isFalse());
        } finally {
            device.disconnectForcibly(0, 1, true);
            device.close();
        }
    }

    @Test
    void beginsWithALinkThatSkipsToTheContent() {
        browser.evaluate("document.activeElement.blur()");

        browser.press("Tab", 9);

        assertThat(browser.evaluate("document.activeElement.className").asText())
                .isEqualTo("skip");
    }

    private static void picture(String name, int width, int height, boolean dark, String anchor) throws IOException {
        String folder = System.getProperty("cameliot.page.pictures", "");
        if (!folder.isEmpty()) {
            browser.look(width, height, dark);
            browser.evaluate("document.activeElement.blur()");
            browser.evaluate("document.querySelector('" + anchor + "').scrollIntoView()");
            if (anchor.equals("#main")) {
                browser.evaluate("scrollTo(0, 0)");
            }
            browser.screenshot(Path.of(folder, name + ".png"));
            browser.look(1280, 1000, false);
        }
    }

    private static MqttClient connect(String clientId, IssuedCertificate identity) throws MqttException {
        MqttClient client =
                new MqttClient("ssl://localhost:" + aws.port(GatewayPort.MQTT_8883), clientId, new MemoryPersistence());
        client.setTimeToWait(TimeUnit.SECONDS.toMillis(10));
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        options.setSocketFactory(
                TlsClient.context(aws.serverAuthority().certificate(), identity).getSocketFactory());
        client.connect(options);
        return client;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void eventually(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(assertion);
    }
}
