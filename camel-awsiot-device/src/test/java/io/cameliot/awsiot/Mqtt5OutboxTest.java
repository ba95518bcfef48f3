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
package io.cameliot.awsiot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.awsiot.testing.Contexts;
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.InjectedFault;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.gateway.ReceivedPublish;
import io.cameliot.testinfra.awsiot.gateway.UserPropertyPair;
import io.cameliot.testinfra.log.CapturedLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Store and forward with message properties and reason codes. */
class Mqtt5OutboxTest {

    private static final String SENSOR = "outbox/sensor";

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    @TempDir
    private Path folder;

    private final AwsIotEmulator aws = AWS.emulator();
    private CamelContext camel = Contexts.withoutJmx();
    private String options;

    @BeforeEach
    void writeFiles() {
        DeviceFiles files = DeviceFiles.write(folder, aws.issueDevice("device"), aws.serverAuthority());
        options = "?endpoint=" + aws.endpoint() + "&connectTo=" + aws.address(GatewayPort.MQTT_8883)
                + "&clientId=forwarding&reconnectMinDelay=50ms&reconnectMaxDelay=100ms&outboxDirectory=" + folder
                + "&outbox=file&" + files.options();
        aws.clearReceivedPublishes();
    }

    @AfterEach
    void stopCamel() {
        camel.stop();
        aws.faults().clear();
        aws.policy("forwarding", DevicePolicy.ALLOW_ALL);
        Threads.assertNoneLeft();
    }

    @Test
    void sendsWithItsPropertiesWhatAnEarlierProcessHasAcceptedUnlessItHasExpired() throws Exception {
        aws.stop();
        try {
            start();
            send(
                    "kept",
                    Map.of(
                            AwsIotDeviceConstants.CONTENT_TYPE,
                            "text/plain",
                            AwsIotDeviceConstants.MESSAGE_EXPIRY,
                            3_600,
                            AwsIotDeviceConstants.USER_PROPERTIES,
                            Map.of("a", List.of("1", "2"))));
            send("expiring", Map.of(AwsIotDeviceConstants.MESSAGE_EXPIRY, 1));
            send("plain", Map.of());
            camel.stop();
        } finally {
            aws.start();
        }
        // The expiry of one second.
        await().pollDelay(Duration.ofMillis(1_100)).until(() -> true);
        camel = Contexts.withoutJmx();
        start();

        await().until(() -> aws.receivedPublishes(SENSOR).size() == 2);
        List<ReceivedPublish> arrived = aws.receivedPublishes(SENSOR);
        assertThat(arrived).extracting(ReceivedPublish::text).containsExactly("kept", "plain");
        assertThat(arrived.get(0).properties().contentType()).hasValue("text/plain");
        assertThat(arrived.get(0).properties().userProperties())
                .containsExactly(new UserPropertyPair("a", "1"), new UserPropertyPair("a", "2"));
        assertThat(arrived.get(0).properties().messageExpirySeconds().orElseThrow())
                .isBetween(3_000L, 3_599L);
        await().until(() -> view().getOutboxDepth() == 0);
        assertThat(view().getOutboxExpired()).isEqualTo(1);
    }

    @Test
    void setsAsideWhatThePolicyForbidsAtTheCostOfNoConnection() throws Exception {
        start();
        aws.policy("forwarding", DevicePolicy.ALLOW_ALL.deny(DevicePolicy.Action.PUBLISH, "outbox/forbidden"));

        send("one", Map.of());
        send("no", Map.of(AwsIotDeviceConstants.OVERRIDE_TOPIC, "outbox/forbidden"));
        send("two", Map.of());

        await().untilAsserted(() -> assertThat(aws.receivedPublishes(SENSOR))
                .extracting(ReceivedPublish::text)
                .containsExactly("one", "two"));
        await().until(() -> view().getOutboxSetAside() == 1);
        await().until(() -> view().getOutboxDepth() == 1);
        assertThat(view().getReconnects()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x80, 0x91, 0x97})
    void keepsTheOrderBehindAMessageThatIsRefusedForNow(int code) throws Exception {
        start();
        InjectedFault refusal = aws.faults().inject(new Fault.RefusePublish(SENSOR, code), 2);
        try (CapturedLog log = CapturedLog.at(Map.of("io.cameliot.awsiot.outbox", "warn"))) {
            send("0", Map.of());
            await().until(() -> refusal.triggered() > 0);

            for (int i = 1; i < 5; i++) {
                send(String.valueOf(i), Map.of());
            }

            await().until(() -> view().getOutboxForwarded() == 5);
            // An outbox has no publishTimeout.
            assertThat(log.text())
                    .contains("The outbox of client id forwarding waits for", "it is tried again")
                    .doesNotContain("publishTimeout");
        }
        assertThat(aws.receivedPublishes(SENSOR))
                .extracting(ReceivedPublish::text)
                .containsExactly("0", "1", "2", "3", "4");
        assertThat(refusal.triggered()).isEqualTo(2);
        assertThat(aws.receivedPublishes(SENSOR)).noneMatch(ReceivedPublish::duplicate);
        assertThat(view().getOutboxSetAside()).isZero();
        assertThat(view().getReconnects()).isZero();
    }

    /** With one message in flight the next one waits at the connection already, when the refusal comes. */
    @Test
    void letsNothingThatWaitsAtTheConnectionOvertakeAMessageThatIsRefusedForNow() throws Exception {
        options += "&maxInflight=1";
        InjectedFault refusal = aws.faults().inject(new Fault.RefusePublish(SENSOR, 0x97), 1);
        aws.stop();
        try {
            start();
            for (int i = 0; i < 5; i++) {
                send(String.valueOf(i), Map.of());
            }
        } finally {
            aws.start();
        }

        await().atMost(Duration.ofSeconds(20)).until(() -> view().getOutboxForwarded() == 5);
        assertThat(refusal.triggered()).isEqualTo(1);
        assertThat(aws.receivedPublishes(SENSOR))
                .extracting(ReceivedPublish::text)
                .containsExactly("0", "1", "2", "3", "4");
        assertThat(aws.receivedPublishes(SENSOR)).noneMatch(ReceivedPublish::duplicate);
    }

    private void send(String body, Map<String, Object> headers) {
        camel.createProducerTemplate().sendBodyAndHeaders("direct:publish", body, headers);
    }

    private void start() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:publish").to("awsiot-device:" + SENSOR + options);
            }
        });
        camel.start();
    }

    private AwsIotDeviceConnectionView view() {
        return camel.hasService(AwsIotDeviceConnectionView.class);
    }
}
