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
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.cameliot.awsiot.testing.Contexts;
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.gateway.ConnectionInfo;
import io.cameliot.testinfra.awsiot.gateway.DisconnectReason;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.ServiceStatus;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** When and how fast a device connects again, and what it tells of that. */
class ReconnectTest {

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    @RegisterExtension
    final DeviceContext device = DeviceContext.withJmx(AWS);

    private final AwsIotEmulator aws = AWS.emulator();
    private final CamelContext camel = device.camel();
    private final DeviceFiles files = device.files();
    private MockEndpoint received;

    @BeforeEach
    void prepare() {
        received = camel.getEndpoint("mock:received", MockEndpoint.class);
    }

    @Test
    void startsBeforeItsBrokerAndHearsWhenThatIsUp() throws Exception {
        aws.stop();
        try {
            consume("&awaitConnection=never");
            assertThat(connection().getConnectionState()).isIn("CONNECTING", "WAITING");
        } finally {
            aws.start();
        }
        await().until(() -> connection().getConnectionState().equals("CONNECTED"));
        assertHears();
    }

    @Test
    void publishesBeforeItsBrokerIsUpWithinThePublishTimeout() throws Exception {
        aws.stop();
        CompletableFuture<Exchange> published;
        try {
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:out").to(uri("out", "&awaitConnection=never"));
                }
            });
            camel.start();
            published = camel.createProducerTemplate()
                    .asyncSend("direct:out", exchange -> exchange.getIn().setBody("early"));
        } finally {
            aws.start();
        }

        assertThat(published.get(20, TimeUnit.SECONDS).getException()).isNull();
        assertThat(aws.receivedPublishes("out")).hasSize(1);
    }

    @Test
    void isStartedByTheSupervisingRouteControllerWhenItsBrokerIsUp() throws Exception {
        aws.stop();
        try {
            camel.getRouteController().supervising().setBackOffDelay(100);
            camel.getRouteController().supervising().setInitialDelay(0);
            consume("");
            await().until(
                            () -> camel.getRouteController()
                                    .supervising()
                                    .getRestartingRoutes()
                                    .size(),
                            restarting -> restarting == 1);
        } finally {
            aws.start();
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> camel.getRouteController().getRouteStatus("in") == ServiceStatus.Started);
        assertHears();
    }

    @Test
    void recoversFromASubscriptionRefusedForAWhile() throws Exception {
        consume("&clientId=refused");
        aws.policy("refused", DevicePolicy.ALLOW_ALL.deny(DevicePolicy.Action.SUBSCRIBE, "in"));
        try {
            aws.disconnect("refused");
            await().until(() -> connection().getReconnects() == 1);
        } finally {
            aws.policy("refused", DevicePolicy.ALLOW_ALL);
        }

        // Nobody disconnects: it asks again by itself.
        assertHears();
        assertThat(connection().getReconnects()).isEqualTo(1);
    }

    @Test
    void reportsAnotherClientOfItsIdAndDoesNotFightItAtFullSpeed() throws Exception {
        consume("&clientId=twin");
        try (CamelContext other = Contexts.withoutJmx()) {
            other.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from(uri("elsewhere", "&clientId=twin")).to("mock:elsewhere");
                }
            });
            other.start();
            Instant begin = Instant.now();

            await().atMost(Duration.ofSeconds(30))
                    .until(
                            () -> String.valueOf(connection().getLastError()),
                            error -> error.contains("another client"));

            assertThat(connection().getLastError()).contains("client id twin", "give each client an id of its own");
            // Two parties, one CONNECT a second each.
            assertThat(aws.connectionsOf("twin").size())
                    .isLessThanOrEqualTo(
                            4 + 2 * (int) Duration.between(begin, Instant.now()).toSeconds());
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> connection().getConnectionState().equals("CONNECTED"));
        assertHears();
    }

    @ParameterizedTest
    @CsvSource({"5, false", "3.1.1, true"})
    void guessesThatAnotherClientHasItsIdWhereTheServerCannotSaySo(String mqttVersion, boolean guesses)
            throws Exception {
        aws.faults().inject(new Fault.DropBefore(Fault.Answer.SUBACK), 3);

        consume("&clientId=closed&awaitConnection=never&mqttVersion=" + mqttVersion);

        await().atMost(Duration.ofSeconds(20)).until(() -> connection().getReconnects() == 3);
        assertThat(connection().getLastError().contains("either another client connects with client id closed"))
                .isEqualTo(guesses);
        assertHears();
    }

    @Test
    void answersAndStartsWhileItsCredentialsAreFetched() throws Exception {
        CountDownLatch fetched = new CountDownLatch(1);
        camel.getRegistry().bind("slow", (AwsCredentialsProvider) () -> {
            try {
                fetched.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return AwsBasicCredentials.create("AKIASLOW", "secret");
        });
        try {
            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
                camel.addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("awsiot-device:in?endpoint=" + aws.endpoint() + "&connectTo="
                                        + aws.address(GatewayPort.MULTIPLEXED_443)
                                        + "&protocol=wss&authentication=sigv4&credentialsProvider=#slow&caFile="
                                        + files.authority() + "&awaitConnection=never")
                                .to(received);
                    }
                });
                camel.start();
                assertThat(connection().getConnectionState()).isEqualTo("CONNECTING");
            });
        } finally {
            fetched.countDown();
        }
    }

    @Test
    void stopsAtOnceWhileAProducerTemplateIsStillOpen() {
        camel.start();
        ProducerTemplate template = camel.createProducerTemplate();
        template.sendBody(uri("elsewhere", "&clientId=template"), "one");

        camel.stop();

        await().untilAsserted(() -> assertThat(aws.connectionsOf("template"))
                .extracting(ConnectionInfo::disconnectReason)
                .containsExactly(Optional.of(DisconnectReason.CLIENT_INITIATED_DISCONNECT)));
        Threads.assertNoneLeft();
    }

    @Test
    void showsItsConnectionInJmxUntilItStops() throws Exception {
        consume("&clientId=managed");
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName pattern = new ObjectName("org.apache.camel:context=" + camel.getManagementName()
                + ",type=services,name=AwsIotDeviceConnectionView*");
        ObjectName name = server.queryNames(pattern, null).iterator().next();
        aws.publish("in", "one", 1);
        received.expectedMessageCount(1);
        received.assertIsSatisfied(10_000);

        assertThat(server.getAttribute(name, "ClientId")).isEqualTo("managed");
        assertThat(server.getAttribute(name, "ConnectionState")).isEqualTo("CONNECTED");
        assertThat(server.getAttribute(name, "Received")).isEqualTo(1L);
        aws.disconnect("managed");
        await().untilAsserted(() -> {
            assertThat(server.getAttribute(name, "Reconnects")).isEqualTo(1L);
            assertThat(server.getAttribute(name, "LastError")).asString().contains("0x98 (administrative action)");
        });

        camel.getRouteController().stopRoute("in");

        assertThat(server.queryNames(pattern, null)).isEmpty();
    }

    private AwsIotDeviceConnectionView connection() {
        return camel.hasService(AwsIotDeviceConnectionView.class);
    }

    private void consume(String options) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri("in", options)).routeId("in").to(received);
            }
        });
        camel.start();
    }

    /** No moment is known from which on the subscription is in force again. */
    private void assertHears() {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            aws.publish("in", "heard", 1);
            assertThat(received.getReceivedCounter()).isPositive();
        });
    }

    private String uri(String topic, String options) {
        return "awsiot-device:" + topic + "?endpoint=" + aws.endpoint() + "&connectTo="
                + aws.address(GatewayPort.MQTT_8883) + "&reconnectMinDelay=50ms&reconnectMaxDelay=100ms&"
                + files.options() + options;
    }
}
