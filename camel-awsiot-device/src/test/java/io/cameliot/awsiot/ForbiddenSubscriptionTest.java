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
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckRepository;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Two routes share a connection by MQTT 3.1.1, and the policy forbids the filter of one: AWS IoT Core closes the
 * connection of both and cannot say why.
 */
class ForbiddenSubscriptionTest {

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    @RegisterExtension
    final DeviceContext device = new DeviceContext(AWS);

    private static final String AT_ONCE = "&awaitConnection=never";

    private final AwsIotEmulator aws = AWS.emulator();
    private final CamelContext camel = device.camel();
    private MockEndpoint received;

    @BeforeEach
    void prepare() {
        aws.policy("shared", DevicePolicy.ALLOW_ALL.deny(Action.SUBSCRIBE, "secret"));
        received = camel.getEndpoint("mock:received", MockEndpoint.class);
        HealthCheckRegistry registry = HealthCheckRegistry.get(camel);
        HealthCheckRepository consumers = (HealthCheckRepository) registry.resolveById("consumers");
        consumers.setEnabled(true);
        registry.register(consumers);
    }

    @Test
    void saysThatThePolicyMayForbidASubscriptionUntilThatRouteStops() throws Exception {
        consume("allowed", AT_ONCE);
        camel.start();
        consume("secret", AT_ONCE);

        await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> String.valueOf(connection().getLastError()),
                        error -> error.contains("published or subscribed to"));
        await().untilAsserted(() -> assertThat(isDown("allowed")).isTrue());
        assertThat(isDown("secret")).isTrue();

        camel.getRouteController().stopRoute("secret");

        assertHears();
        await().untilAsserted(() -> assertThat(isDown("allowed")).isFalse());
    }

    @Test
    void failsTheStartOfTheForbiddenRouteOnly() throws Exception {
        consume("allowed", "");
        camel.start();

        assertThatThrownBy(() -> consume("secret", "")).hasStackTraceContaining("iot:Subscribe on topicfilter/secret");

        assertHears();
    }

    private AwsIotDeviceConnectionView connection() {
        return camel.hasService(AwsIotDeviceConnectionView.class);
    }

    private boolean isDown(String route) {
        return HealthCheckHelper.invoke(camel).stream()
                .filter(result -> result.getCheck().getId().equals("consumer:" + route))
                .anyMatch(result -> result.getState() == HealthCheck.State.DOWN);
    }

    private void consume(String topic, String options) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("awsiot-device:" + topic + device.options() + "&clientId=shared&mqttVersion=3.1.1"
                                + "&reconnectMinDelay=50ms&reconnectMaxDelay=100ms&connectionTimeout=5s" + options)
                        .routeId(topic)
                        .to(received);
            }
        });
    }

    private void assertHears() {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            aws.publish("allowed", "heard", 1);
            assertThat(received.getReceivedCounter()).isPositive();
        });
    }
}
