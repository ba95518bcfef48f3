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

import io.cameliot.awsiot.testing.Contexts;
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.gateway.ConnectionInfo;
import io.cameliot.testinfra.awsiot.gateway.DisconnectReason;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.fault.FaultProxy;
import io.cameliot.testinfra.fault.NetworkFault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What AWS IoT Core does with sessions, wills, retained messages, shared subscriptions and its own topics. */
class MqttBehaviourTest {

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    @RegisterExtension
    final DeviceContext device = new DeviceContext(AWS);

    private final AwsIotEmulator aws = AWS.emulator();
    private final CamelContext camel = device.camel();
    private final DeviceFiles files = device.files();
    private MockEndpoint received;

    @BeforeEach
    void prepare() {
        received = camel.getEndpoint("mock:received", MockEndpoint.class);
    }

    @Test
    void receivesRetainedMessagesAndMarksThem() throws Exception {
        aws.publish("retained/1", "kept".getBytes(StandardCharsets.UTF_8), 1, true);
        received.expectedBodiesReceived("kept");
        received.expectedHeaderReceived(AwsIotDeviceConstants.RETAINED, true);

        receive("retained/1", "");

        received.assertIsSatisfied(10_000);
    }

    @Test
    void leavesItsWillWhenItVanishes() throws Exception {
        receive("wills/+", "clientId=heir");
        CamelContext vanishing = Contexts.withoutJmx();
        try {
            vanishing.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from(uri("any", "clientId=testator&willTopic=wills/1&willPayload=gone&willQos=1"))
                            .to("mock:any");
                }
            });
            vanishing.start();
            received.expectedBodiesReceived("gone");

            aws.disconnect("testator");

            received.assertIsSatisfied(10_000);
        } finally {
            vanishing.stop();
        }
    }

    @Test
    void leavesNoWillWhenItStopsInOrder() throws Exception {
        receive("wills/+", "clientId=heir");
        CamelContext orderly = Contexts.withoutJmx();
        orderly.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri("any", "clientId=testator&willTopic=wills/2&willPayload=gone"))
                        .to("mock:any");
            }
        });
        orderly.start();
        orderly.stop();

        // What is published after it arrives alone.
        received.expectedBodiesReceived("later");
        aws.publish("wills/3", "later", 1);

        received.assertIsSatisfied(10_000);
    }

    @Test
    void leavesNoWillWhenItStopsWhileTheConnackIsOnItsWay() throws Exception {
        receive("wills/+", "clientId=heir");
        try (FaultProxy line =
                FaultProxy.to("127.0.0.1", aws.port(GatewayPort.MQTT_8883)).start()) {
            line.applyToAll(new NetworkFault.Delay(Duration.ofMillis(500)));
            CamelContext hasty = Contexts.withoutJmx();
            hasty.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    String options = "clientId=hasty&willTopic=wills/4&willPayload=gone&awaitConnection=never";
                    from(uri("any", options, line.address())).to("mock:any");
                }
            });
            hasty.start();
            await().pollInterval(Duration.ofMillis(10))
                    .until(() -> !aws.connectionsOf("hasty").isEmpty());
            hasty.stop();
            await().untilAsserted(() -> assertThat(aws.connectionsOf("hasty"))
                    .extracting(ConnectionInfo::disconnectReason)
                    .containsExactly(Optional.of(DisconnectReason.CLIENT_INITIATED_DISCONNECT)));
        }

        received.expectedBodiesReceived("later");
        aws.publish("wills/5", "later", 1);
        received.assertIsSatisfied(10_000);
    }

    @Test
    void receivesWhatAPersistentSessionMissed() throws Exception {
        receive("missed", "clientId=keeper&cleanSession=false&reconnectMinDelay=50ms&reconnectMaxDelay=100ms");
        received.expectedBodiesReceived("while away");

        aws.stop();
        aws.publish("missed", "while away", 1);
        aws.start();

        received.assertIsSatisfied(15_000);
    }

    @Test
    void receivesAfterARestartWhatAPersistentSessionMissed() throws Exception {
        try (CamelContext before = Contexts.withoutJmx()) {
            before.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from(uri("restart/1", "clientId=restarted&cleanSession=false"))
                            .to("mock:one");
                    from(uri("restart/2", "clientId=restarted&cleanSession=false"))
                            .to("mock:two");
                }
            });
            before.start();
        }
        aws.publish("restart/1", "first", 1);
        aws.publish("restart/2", "second", 1);
        received.expectedBodiesReceivedInAnyOrder("first", "second");

        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                // Nobody subscribes: what comes is what the session kept.
                from(uri("restart/#", "clientId=restarted&cleanSession=false&subscribe=false"))
                        .to(received);
            }
        });
        camel.start();

        received.assertIsSatisfied(10_000);
    }

    @Test
    void forgetsTheSubscriptionOfARouteThatIsStoppedAlone() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri("alone/1", "clientId=partly&cleanSession=false"))
                        .routeId("alone")
                        .to(received);
                from(uri("alone/2", "clientId=partly&cleanSession=false")).to("mock:other");
            }
        });
        camel.start();

        camel.getRouteController().stopRoute("alone");

        assertThat(aws.connections())
                .extracting(ConnectionInfo::topicFilters)
                .singleElement()
                .satisfies(filters -> assertThat(filters).containsExactly("alone/2"));
    }

    @Test
    void sharesASubscriptionAmongClients() throws Exception {
        received.expectedMessageCount(20);
        receive("$share/group/shared/#", "clientId=worker-1");
        receive("$share/group/shared/#", "clientId=worker-2");

        IntStream.range(0, 20).forEach(i -> aws.publish("shared/" + i, "m" + i, 1));

        received.assertIsSatisfied(10_000);
        assertThat(received.getExchanges())
                .extracting(exchange -> exchange.getIn().getHeader(AwsIotDeviceConstants.TOPIC))
                .doesNotHaveDuplicates();
        assertThat(received.getExchanges())
                .extracting(exchange -> exchange.getIn().getHeader(AwsIotDeviceConstants.CLIENT_ID))
                .contains("worker-1", "worker-2");
    }

    @Test
    void receivesLifecycleEventsAsPlainTopics() throws Exception {
        receive("$aws/events/presence/connected/newcomer", "clientId=watcher");
        received.expectedMinimumMessageCount(1);
        received.expectedHeaderReceived(AwsIotDeviceConstants.TOPIC, "$aws/events/presence/connected/newcomer");

        receive("any", "clientId=newcomer");

        received.assertIsSatisfied(10_000);
    }

    @Test
    void subscribesToMoreFiltersThanOneSubscribePacketMayHave() throws Exception {
        for (int i = 0; i < 20; i++) {
            receive("many/" + i, "clientId=many&reconnectMinDelay=50ms&reconnectMaxDelay=100ms");
        }

        aws.disconnect("many");

        // The emulator tells no moment from which on all filters are in force again.
        await().untilAsserted(() -> {
            IntStream.range(0, 20).forEach(i -> aws.publish("many/" + i, "x", 1));
            assertThat(received.getReceivedExchanges())
                    .extracting(exchange -> exchange.getIn().getHeader(AwsIotDeviceConstants.TOPIC, String.class))
                    .containsAll(
                            IntStream.range(0, 20).mapToObj(i -> "many/" + i).toList());
        });
        assertThat(aws.connections())
                .extracting(ConnectionInfo::topicFilters)
                .singleElement()
                .satisfies(filters -> assertThat(filters).hasSize(20));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&awaitConnection=never"})
    void refusesTheFiftyFirstSubscriptionOfAConnection(String options) throws Exception {
        for (int i = 0; i < 50; i++) {
            receive("filters/" + i, "clientId=greedy" + options);
        }

        assertThatThrownBy(() -> receive("filters/50", "clientId=greedy" + options))
                .hasMessageContaining("has 50 subscriptions already, which is all AWS IoT Core allows");
    }

    @Test
    void clampsNothingAndAsksForTheKeepAliveOfTheOption() throws Exception {
        receive("any", "clientId=patient&keepAliveInterval=1200");

        assertThat(aws.connections())
                .extracting(ConnectionInfo::keepAliveSeconds)
                .containsExactly(1200);
    }

    private void receive(String filter, String options) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri(filter, options)).to(received);
            }
        });
        camel.start();
    }

    private String uri(String topic, String options) {
        return uri(topic, options, aws.address(GatewayPort.MQTT_8883));
    }

    private String uri(String topic, String options, String address) {
        return "awsiot-device:" + topic + "?endpoint=" + aws.endpoint() + "&connectTo=" + address + "&"
                + files.options() + (options.isEmpty() ? "" : "&" + options);
    }
}
