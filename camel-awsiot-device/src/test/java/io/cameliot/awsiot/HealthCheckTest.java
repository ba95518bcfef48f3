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

import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckRepository;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The health checks tell a deaf route from one that hears. */
class HealthCheckTest {

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    @RegisterExtension
    final DeviceContext device = new DeviceContext(AWS);

    /** Details that Camel adds to those of every check. */
    private static final Pattern OF_CAMEL =
            Pattern.compile("(check|invocation|failure|success|route)\\..*|endpoint\\.uri");

    private final AwsIotEmulator aws = AWS.emulator();
    private final CamelContext camel = device.camel();

    @BeforeEach
    void startRoutes() throws Exception {
        HealthCheckRegistry registry = HealthCheckRegistry.get(camel);
        registry.setExposureLevel("full");
        for (String repository : List.of("consumers", "producers")) {
            HealthCheckRepository checks = (HealthCheckRepository) registry.resolveById(repository);
            checks.setEnabled(true);
            registry.register(checks);
        }
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("awsiot-device:a/#" + options()).routeId("hearing").to("mock:a");
                from("direct:publish").to("awsiot-device:b" + options());
            }
        });
        camel.start();
    }

    @Test
    void areUpWhileConnected() {
        assertThat(results())
                .extracting(result -> result.getCheck().getId())
                .anyMatch(id -> id.equals("consumer:hearing"))
                .anyMatch(id -> id.startsWith("producer:awsiot-device-"));
        assertThat(results()).allMatch(result -> result.getState() == HealthCheck.State.UP);
    }

    @Test
    void haveTheDetailsThatThePageForOperatorsNames() throws IOException {
        Matcher list = Pattern.compile("(?s)its details are (.*?`last\\.error`)")
                .matcher(Files.readString(Path.of("..", "docs", "operations.md")));
        assertThat(list.find()).isTrue();
        List<String> named = Pattern.compile("`([a-z.]+)`")
                .matcher(list.group(1))
                .results()
                .map(name -> name.group(1))
                .filter(name -> !name.equals("last.error"))
                .toList();

        assertThat(results()).isNotEmpty().allSatisfy(result -> assertThat(result.getDetails().keySet().stream()
                        .filter(name -> !OF_CAMEL.matcher(name).matches()))
                .containsExactlyInAnyOrderElementsOf(named));
    }

    @Test
    void areDownWithTheReasonDuringAnOutageAndUpAfterIt() {
        aws.stop();
        try {
            await().untilAsserted(() -> assertThat(results()).hasSize(2).allMatch(HealthCheckTest::isDown));
            assertThat(results()).allSatisfy(result -> {
                assertThat(result.getMessage()).isPresent();
                assertThat(result.getDetails())
                        .containsEntry("client.id", "healthy")
                        .containsKeys("since", "attempt", "state");
            });
        } finally {
            aws.start();
        }
        await().until(() -> results().stream().noneMatch(HealthCheckTest::isDown));
    }

    @Test
    void areDownWhenTheSubscriptionIsRefusedAfterAReconnect() {
        aws.policy("healthy", DevicePolicy.ALLOW_ALL.deny(DevicePolicy.Action.SUBSCRIBE, "a/#"));
        try {
            aws.disconnect("healthy");

            await().until(() -> results().stream()
                    .filter(HealthCheckTest::isDown)
                    .anyMatch(result -> result.getMessage().orElse("").contains("'a/#' was refused")));
        } finally {
            aws.policy("healthy", DevicePolicy.ALLOW_ALL);
        }
        aws.disconnect("healthy");
        await().until(() -> results().stream().noneMatch(HealthCheckTest::isDown));
    }

    /** It is subscribed to the announcements of jobs, and gets none. */
    @Test
    void areDownWhileARouteMayNotAskForItsJobs() throws Exception {
        String startNext = "$aws/things/idle/jobs/start-next";
        aws.policy("idle", DevicePolicy.ALLOW_ALL.deny(DevicePolicy.Action.SUBSCRIBE, startNext + "/+"));
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("awsiot-device:" + startNext + options("idle"))
                        .routeId("jobs")
                        .to("mock:jobs");
            }
        });

        await().until(() -> results("consumer:jobs").stream()
                .filter(HealthCheckTest::isDown)
                .anyMatch(result -> result.getMessage().orElse("").contains("jobs/start-next/+' was refused")));
        aws.policy("idle", DevicePolicy.ALLOW_ALL);
        await().until(() -> results("consumer:jobs").stream().noneMatch(HealthCheckTest::isDown));
    }

    /** Each route has a producer of its own, and with it a check. */
    @Test
    void areUpWhenOneOfTwoRoutesToAnEndpointStops() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:again").routeId("again").to("awsiot-device:b" + options());
            }
        });
        assertThat(results()).hasSize(3).noneMatch(HealthCheckTest::isDown);

        camel.getRouteController().stopRoute("again");

        assertThat(results()).hasSize(2).noneMatch(HealthCheckTest::isDown);
    }

    private String options() {
        return options("healthy");
    }

    private String options(String clientId) {
        return device.options() + "&clientId=" + clientId + "&reconnectMinDelay=50ms&reconnectMaxDelay=100ms";
    }

    private Collection<HealthCheck.Result> results() {
        return results("consumer:hearing|producer:awsiot-device.*");
    }

    private Collection<HealthCheck.Result> results(String ids) {
        return HealthCheckHelper.invoke(camel).stream()
                .filter(result -> result.getCheck().getId().matches(ids))
                .toList();
    }

    private static boolean isDown(HealthCheck.Result result) {
        return result.getState() == HealthCheck.State.DOWN;
    }
}
