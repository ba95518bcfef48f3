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
import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.Faults;
import io.cameliot.testinfra.awsiot.gateway.ConnectionInfo;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MQTT with a client certificate, through Camel routes and over TLS. */
class X509RouteTest {

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    @TempDir
    private Path folder;

    private final AwsIotEmulator emulator = AWS.emulator();
    private CamelContext camel;
    private DeviceFiles files;

    @BeforeEach
    void createCamel() {
        camel = Contexts.withoutJmx();
        files = DeviceFiles.write(folder, emulator.issueDevice("sensor-1"), emulator.serverAuthority());
    }

    @AfterEach
    void stopCamel() {
        camel.stop();
        Threads.assertNoneLeft();
        await().untilAsserted(() -> assertThat(emulator.connections()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void publishesAndReceives(int qos) throws Exception {
        MockEndpoint received = camel.getEndpoint("mock:received", MockEndpoint.class);
        start(
                route -> route.from(uri("factory/+/readings", "qos=" + qos)).to(received),
                route -> route.from("direct:publish").to(uri("factory/1/readings", "qos=" + qos)));
        received.expectedBodiesReceived("23.5");

        camel.createProducerTemplate().sendBody("direct:publish", "23.5");

        received.assertIsSatisfied(10_000);
        Exchange exchange = received.getExchanges().get(0);
        assertThat(exchange.getIn().getHeaders())
                .containsEntry(AwsIotDeviceConstants.TOPIC, "factory/1/readings")
                .containsEntry(AwsIotDeviceConstants.QOS, qos)
                .containsEntry(AwsIotDeviceConstants.RETAINED, false)
                .containsEntry(AwsIotDeviceConstants.DUPLICATE, false)
                .containsKey(AwsIotDeviceConstants.MESSAGE_ID)
                .containsKey(AwsIotDeviceConstants.CLIENT_ID);
    }

    @Test
    void sharesOneConnectionAmongEndpointsOfOneIdentity() throws Exception {
        start(
                route -> route.from(uri("a/#", "clientId=shared")).routeId("a").to("mock:a"),
                route -> route.from(uri("b/#", "clientId=shared&qos=0"))
                        .routeId("b")
                        .to("mock:b"),
                route -> route.from("direct:publish")
                        .routeId("publish")
                        .to(uri("a/1", "clientId=shared&retained=true")));

        assertThat(connectionsOf("shared"))
                .singleElement()
                .satisfies(connection -> assertThat(connection.topicFilters()).containsExactlyInAnyOrder("a/#", "b/#"));

        camel.getRouteController().stopRoute("a");
        camel.getRouteController().stopRoute("publish");
        assertThat(connectionsOf("shared"))
                .singleElement()
                .satisfies(connection -> assertThat(connection.topicFilters()).containsExactly("b/#"));

        camel.getRouteController().stopRoute("b");
        await().until(() -> connectionsOf("shared").isEmpty());
    }

    @Test
    void refusesASecondIdentityWithTheSameClientId() throws Exception {
        start(route -> route.from(uri("a", "clientId=one")).to("mock:a"));

        assertStartFails("clientId 'one' is in use by an endpoint with other connection options", route -> route.from(
                        uri("b", "clientId=one&keepAliveInterval=90"))
                .to("mock:b"));
    }

    @Test
    void takesTopicQosAndRetainFromHeadersOnceOnly() throws Exception {
        start(route ->
                route.from("direct:publish").to(uri("default/topic", "qos=0")).to(uri("second/topic", "qos=0")));

        Exchange result = camel.createProducerTemplate().send("direct:publish", exchange -> {
            exchange.getIn().setBody("x");
            exchange.getIn().setHeader(AwsIotDeviceConstants.OVERRIDE_TOPIC, "other/topic");
            exchange.getIn().setHeader(AwsIotDeviceConstants.OVERRIDE_QOS, "1");
            exchange.getIn().setHeader(AwsIotDeviceConstants.OVERRIDE_RETAINED, true);
        });

        assertThat(result.getException()).isNull();
        await().untilAsserted(() ->
                assertThat(emulator.receivedPublishes("second/topic")).hasSize(1));
        assertThat(emulator.receivedPublishes("default/topic")).isEmpty();
        assertThat(emulator.receivedPublishes("other/topic")).singleElement().satisfies(publish -> {
            assertThat(publish.qos()).isEqualTo(1);
            assertThat(publish.retained()).isTrue();
        });
        assertThat(result.getMessage().getHeaders()).doesNotContainKey(AwsIotDeviceConstants.OVERRIDE_TOPIC);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 128 * 1024})
    void publishesAnEmptyAndTheLargestPayload(int size) throws Exception {
        MockEndpoint received = camel.getEndpoint("mock:received", MockEndpoint.class);
        received.expectedMessageCount(1);
        start(route -> route.from(uri("sizes", "")).to(received), route -> route.from("direct:publish")
                .to(uri("sizes", "")));

        camel.createProducerTemplate().sendBody("direct:publish", new byte[size]);

        received.assertIsSatisfied(10_000);
        assertThat(received.getExchanges().get(0).getIn().getBody(byte[].class)).hasSize(size);
    }

    @Test
    void failsAnExchangeWithATooLargePayload() throws Exception {
        assertExchangeFails(new byte[128 * 1024 + 1], "131073 bytes: AWS IoT Core allows 131072 (128 KB)");
    }

    @Test
    void failsAnExchangeWhoseBodyIsNoBytes() throws Exception {
        assertExchangeFails(new Object(), "cannot be turned into bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/+", "", "1/2/3/4/5/6/7/8/9", "a/\uD800"})
    void failsAnExchangeWithABadTopicHeader(String topic) throws Exception {
        start(route -> route.from("direct:publish").to(uri("a", "")));

        Exchange result = camel.createProducerTemplate().send("direct:publish", exchange -> exchange.getIn()
                .setHeader(AwsIotDeviceConstants.OVERRIDE_TOPIC, topic));

        assertThat(result.getException()).hasMessageStartingWith("T").hasMessageContaining("opic");
    }

    @Test
    void failsAnExchangeWithQos2InTheHeader() throws Exception {
        start(route -> route.from("direct:publish").to(uri("a", "")));

        Exchange result = camel.createProducerTemplate()
                .send("direct:publish", exchange -> exchange.getIn().setHeader(AwsIotDeviceConstants.OVERRIDE_QOS, 2));

        assertThat(result.getException()).hasMessageContaining("quality of service 0 and 1 only");
    }

    @Test
    void doesNotStartWithACertificateOfAnotherAuthority() {
        TestCertificateAuthority other = TestCertificateAuthority.create("Another CA");
        files = DeviceFiles.write(folder, other.issueDevice("sensor-1"), emulator.serverAuthority());

        assertStartFails("refused the client certificate", route -> route.from(uri("a", ""))
                .to("mock:a"));
    }

    @Test
    void doesNotStartWhenTheServerIsNotTrusted() {
        TestCertificateAuthority other = TestCertificateAuthority.create("Another CA");
        files = DeviceFiles.write(folder, emulator.issueDevice("sensor-1"), other);

        assertStartFails("is not signed by a trusted CA: set option caFile", route -> route.from(uri("a", ""))
                .to("mock:a"));
    }

    @Test
    void doesNotStartWhenTheServerHasAnotherName() {
        assertStartFails(
                "wrong.example.com", route -> route.from(uri("a", "").replace(emulator.endpoint(), "wrong.example.com"))
                        .to("mock:a"));
    }

    @Test
    void doesNotStartWithoutAServer() throws IOException {
        try (Socket bound = new Socket()) { // keeps the port from others and does not listen
            bound.bind(new InetSocketAddress("127.0.0.1", 0));

            assertStartFails(
                    "Connection refused", route -> route.from(uri("a", "connectTo=127.0.0.1:" + bound.getLocalPort()))
                            .to("mock:a"));
        }
    }

    @Test
    void doesNotStartWhenTheEndpointCannotBeResolved() {
        assertStartFails("cannot be resolved: check option endpoint", route -> route.from(
                        "awsiot-device:a?endpoint=nowhere.invalid&" + files.options())
                .to("mock:a"));
    }

    @Test
    void doesNotStartWhenTheSubscriptionIsRefused() {
        emulator.policy("refused", DevicePolicy.ALLOW_ALL.deny(DevicePolicy.Action.SUBSCRIBE, "secret/#"));

        assertStartFails(
                "subscription to topic filter 'secret/#' was refused",
                route -> route.from(uri("secret/#", "clientId=refused")).to("mock:a"));
    }

    @Test
    void doesNotStartWhenTheServerDoesNotAnswer() {
        emulator.faults().inject(new Fault.Withhold(Fault.Answer.CONNACK), Faults.ALWAYS);

        assertStartFails("No CONNACK from", route -> route.from(uri("a", "connectionTimeout=1s"))
                .to("mock:a"));
    }

    @Test
    void doesNotStartWhenTheSubscriptionIsNotAnswered() {
        emulator.faults().inject(new Fault.Withhold(Fault.Answer.SUBACK), Faults.ALWAYS);

        assertStartFails("No SUBACK from", route -> route.from(uri("a", "connectionTimeout=1s"))
                .to("mock:a"));
    }

    @Test
    void failsThePublishThatIsNotAcknowledgedInTime() throws Exception {
        start(route -> route.from("direct:publish").to(uri("a", "publishTimeout=500ms")));
        emulator.faults().inject(new Fault.Withhold(Fault.Answer.PUBACK), Faults.ALWAYS);

        Exchange result = camel.createProducerTemplate()
                .send("direct:publish", exchange -> exchange.getIn().setBody("x"));

        assertThat(result.getException()).hasMessageContaining("no PUBACK within publishTimeout");
    }

    @Test
    void receivesAndPublishesAgainAfterAnOutage() throws Exception {
        MockEndpoint received = camel.getEndpoint("mock:received", MockEndpoint.class);
        String fast = "reconnectMinDelay=50ms&reconnectMaxDelay=200ms";
        start(route -> route.from(uri("a/#", fast)).to(received), route -> route.from("direct:publish")
                .to(uri("a/1", fast)));
        ProducerTemplate template = camel.createProducerTemplate();

        emulator.stop();
        try {
            await().until(() -> emulator.connections().isEmpty());
        } finally {
            emulator.start();
        }
        received.expectedBodiesReceived("after");
        template.sendBody("direct:publish", "after");

        received.assertIsSatisfied(10_000);
    }

    @Test
    void tellsWhyAPublishFailedWhileTheServerIsGone() throws Exception {
        start(route -> route.from("direct:publish").to(uri("a", "publishTimeout=700ms&reconnectMinDelay=100ms")));

        emulator.stop();
        try {
            Exchange result = camel.createProducerTemplate()
                    .send("direct:publish", exchange -> exchange.getIn().setBody("x"));

            assertThat(result.getException())
                    .hasMessageContaining("within publishTimeout")
                    .hasMessageContaining(emulator.endpoint());
        } finally {
            emulator.start();
        }
    }

    @Test
    void stopsWhileTheServerIsGone() throws Exception {
        start(route -> route.from(uri("a", "")).to("mock:a"), route -> route.from("direct:in")
                .to(uri("b", "")));

        emulator.stop();
        try {
            assertThat(camel.getStatus().isStarted()).isTrue();
            camel.stop();
            Threads.assertNoneLeft();
        } finally {
            emulator.start();
        }
    }

    @Test
    void handsAFailedExchangeToTheExceptionHandlerAndGoesOn() throws Exception {
        MockEndpoint received = camel.getEndpoint("mock:received", MockEndpoint.class);
        received.expectedBodiesReceived("good");
        start(route -> route.from(uri("a", ""))
                .choice()
                .when(route.body().isEqualTo("bad"))
                .throwException(new IllegalStateException("bad message"))
                .otherwise()
                .to(received));

        emulator.publish("a", "bad", 1);
        emulator.publish("a", "good", 1);

        received.assertIsSatisfied(10_000);
    }

    @Test
    void keepsTheOrderOfMessages() throws Exception {
        MockEndpoint received = camel.getEndpoint("mock:received", MockEndpoint.class);
        List<String> numbers = IntStream.range(0, 300).mapToObj(String::valueOf).toList();
        received.expectedBodiesReceived(numbers);
        start(route -> route.from(uri("order", "")).to(received));

        numbers.forEach(number -> emulator.publish("order", number, 1));

        received.assertIsSatisfied(10_000);
    }

    private String uri(String topic, String more) {
        String connectTo = more.contains("connectTo=") ? "" : "&connectTo=" + emulator.address(GatewayPort.MQTT_8883);
        return "awsiot-device:" + topic + "?endpoint=" + emulator.endpoint() + connectTo + "&" + files.options()
                + (more.isEmpty() ? "" : "&" + more);
    }

    private List<ConnectionInfo> connectionsOf(String clientId) {
        return emulator.connections().stream()
                .filter(connection -> connection.clientId().equals(clientId))
                .toList();
    }

    private void assertExchangeFails(Object body, String reason) throws Exception {
        start(route -> route.from("direct:publish").to(uri("a", "")));

        Exchange result = camel.createProducerTemplate()
                .send("direct:publish", exchange -> exchange.getIn().setBody(body));

        assertThat(result.getException()).hasMessageContaining(reason);
        assertThat(emulator.connections()).hasSize(1);
    }

    private void assertStartFails(String reason, RouteMaker maker) {
        assertThatThrownBy(() -> start(maker))
                .satisfies(failure -> assertThat(failure.getMessage()).contains(reason));
    }

    private void start(RouteMaker... makers) throws Exception {
        for (RouteMaker maker : makers) {
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    maker.make(this);
                }
            });
        }
        camel.start();
    }

    @FunctionalInterface
    private interface RouteMaker {
        void make(RouteBuilder route);
    }
}
