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
import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.Fault.Answer;
import io.cameliot.testinfra.awsiot.fault.InjectedFault;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.gateway.ReceivedPublish;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Store and forward: what an outbox accepts arrives, in order, whatever becomes of the connection. */
class OutboxTest {

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    private static final String FAST = "reconnectMinDelay=10ms&reconnectMaxDelay=50ms&clientId=device";

    @TempDir
    private Path folder;

    private final AwsIotEmulator aws = AWS.emulator();
    private CamelContext camel = Contexts.withoutJmx();
    private DeviceFiles files;

    /** The two kinds of outbox, as options. */
    enum Kind {
        MEMORY("outbox=memory"),
        FILE("outbox=file&outboxDirectory=%s/outboxes");

        private final String options;

        Kind(String options) {
            this.options = options;
        }

        String in(Path folder) {
            return FAST + "&" + options.formatted(folder);
        }
    }

    @BeforeEach
    void prepare() {
        aws.clearReceivedPublishes();
        files = DeviceFiles.write(folder, aws.issueDevice("device"), aws.serverAuthority());
    }

    @AfterEach
    void stopCamel() {
        aws.start();
        aws.policy("device", DevicePolicy.ALLOW_ALL);
        camel.stop();
        Threads.assertNoneLeft();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void startsAndAcceptsWhileOfflineAndForwardsInOrder(Kind kind) throws Exception {
        route("out", kind.in(folder));
        aws.stop();
        camel.start();

        List<String> numbers = send(0, 300);
        assertThat(status().getOutboxDepth()).isEqualTo(300);
        assertThat(status().getOutboxAccepted()).isEqualTo(300);
        aws.start();

        awaitForwarded(300);
        assertThat(received("out")).isEqualTo(numbers);
        assertThat(status().getOutboxDepth()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void sendsWhatWasNotAcknowledgedAgainInOrderAndMarksIt(Kind kind) throws Exception {
        start("out", kind.in(folder));
        aws.faults().inject(new Fault.DropAfterPublishes(30), 2);

        List<String> numbers = send(0, 200);

        awaitForwarded(200);
        List<ReceivedPublish> publishes = aws.receivedPublishes("out");
        assertThat(publishes.stream().map(ReceivedPublish::text).distinct()).isEqualTo(numbers);
        assertThat(publishes.stream().filter(ReceivedPublish::duplicate)).isNotEmpty();
        assertThat(publishes.stream().filter(publish -> !publish.duplicate()).map(ReceivedPublish::text))
                .doesNotHaveDuplicates();
    }

    @Test
    void makesAConnectionAnewOnWhichNothingIsAcknowledged() throws Exception {
        start("out", Kind.MEMORY.in(folder) + "&connectionTimeout=2s");
        aws.faults().inject(new Fault.Withhold(Answer.PUBACK), 1);

        send(0, 1);

        awaitForwarded(1);
        assertThat(aws.receivedPublishes("out"))
                .extracting(ReceivedPublish::duplicate)
                .containsExactly(false, true);
        assertThat(status().getReconnects()).isEqualTo(1);
    }

    @Test
    void deliversAfterARestartWhatTheFileHolds() throws Exception {
        route("out", Kind.FILE.in(folder));
        aws.stop();
        camel.start();
        List<String> numbers = new ArrayList<>(send(0, 100));
        camel.stop();
        aws.start();

        camel = Contexts.withoutJmx();
        start("out", Kind.FILE.in(folder));
        numbers.addAll(send(100, 110));

        awaitForwarded(110);
        assertThat(received("out")).isEqualTo(numbers);
    }

    @Test
    void sendsWhatMemoryHoldsBeforeItStops() throws Exception {
        start("out", Kind.MEMORY.in(folder));
        ProducerTemplate template = camel.createProducerTemplate();
        List<CompletableFuture<Exchange>> sent = IntStream.range(0, 500)
                .mapToObj(i -> template.asyncSend(
                        "direct:out", exchange -> exchange.getIn().setBody(String.valueOf(i))))
                .toList();
        CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get(10, TimeUnit.SECONDS);

        camel.stop();

        assertThat(received("out")).hasSize(500);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void stopsWithoutAConnection(Kind kind) throws Exception {
        route("out", kind.in(folder));
        aws.stop();
        camel.start();
        send(0, 10);

        camel.stop();

        Threads.assertNoneLeft();
    }

    /** The exchange has continued, and the application fills its array with the next reading. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void sendsWhatItAcceptedThoughTheArrayIsUsedAgain(Kind kind) throws Exception {
        route("out", kind.in(folder) + "&mqttVersion=5");
        aws.stop();
        camel.start();
        byte[] array = new byte[1];
        ProducerTemplate template = camel.createProducerTemplate();

        for (char reading : List.of('1', '2')) {
            array[0] = (byte) reading;
            template.sendBodyAndHeader("direct:out", array, AwsIotDeviceConstants.CORRELATION_DATA, array);
        }
        aws.start();

        awaitForwarded(2);
        assertThat(received("out")).containsExactly("1", "2");
        assertThat(aws.receivedPublishes("out"))
                .extracting(publish -> publish.properties().correlationData().orElseThrow())
                .containsExactly(new byte[] {'1'}, new byte[] {'2'});
    }

    @Test
    void rejectsWhatDoesNotFit() throws Exception {
        route("out", Kind.MEMORY.in(folder) + "&outboxMaxMessages=3&outboxOverflow=reject");
        aws.stop();
        camel.start();
        send(0, 3);

        assertThat(sendOne("surplus").getException())
                .hasMessageContaining("The outbox of client id device is full: it has 3 messages (outboxMaxMessages)")
                .hasMessageContaining("outboxOverflow=reject");
        aws.start();
        awaitForwarded(3);
        assertThat(received("out")).containsExactly("0", "1", "2");
    }

    @Test
    void letsAnExchangeWaitForRoomWithoutHoldingUpItsThread() throws Exception {
        route("out", Kind.FILE.in(folder) + "&outboxMaxMessages=3");
        aws.stop();
        camel.start();
        send(0, 3);

        CompletableFuture<Exchange> fourth = sendLater("3");
        await().until(() -> status().getOutboxWaiting() == 1);
        assertThat(fourth).isNotDone();
        aws.start();

        assertThat(fourth.get(20, TimeUnit.SECONDS).getException()).isNull();
        awaitForwarded(4);
        assertThat(received("out")).containsExactly("0", "1", "2", "3");
    }

    @Test
    void failsAnExchangeThatWaitedForRoomTooLong() throws Exception {
        route("out", Kind.MEMORY.in(folder) + "&outboxMaxMessages=1&publishTimeout=300ms");
        aws.stop();
        camel.start();
        send(0, 1);

        assertThat(sendOne("surplus").getException())
                .hasMessageContaining("no room within publishTimeout (300 ms, outboxOverflow=block)");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void dropsTheOldestToMakeRoom(Kind kind) throws Exception {
        route("out", kind.in(folder) + "&outboxMaxMessages=10&outboxOverflow=dropOldest");
        aws.stop();
        camel.start();

        List<String> numbers = send(0, 25);

        assertThat(status().getOutboxDepth()).isEqualTo(10);
        assertThat(status().getOutboxDropped()).isEqualTo(15);
        aws.start();
        awaitForwarded(10);
        assertThat(received("out")).isEqualTo(numbers.subList(15, 25));
    }

    @Test
    void keepsNoMessageOfQos0() throws Exception {
        route("out", Kind.MEMORY.in(folder) + "&publishTimeout=300ms");
        aws.stop();
        camel.start();

        Exchange result = camel.createProducerTemplate().send("direct:out", exchange -> {
            exchange.getIn().setBody("x");
            exchange.getIn().setHeader(AwsIotDeviceConstants.OVERRIDE_QOS, 0);
        });

        assertThat(result.getException()).hasMessageContaining("not sent within publishTimeout");
        assertThat(status().getOutboxAccepted()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"3.1.1, 1", "5, 0"})
    void setsAsideAMessageThatIsNotAllowedAndSendsTheOthers(String mqttVersion, int connections) throws Exception {
        String options = Kind.FILE.in(folder) + "&mqttVersion=" + mqttVersion;
        aws.policy("device", DevicePolicy.ALLOW_ALL.deny(Action.PUBLISH, "forbidden"));
        route("out", options);
        aws.stop();
        camel.start();
        sendTo("forbidden", "poison");
        List<String> numbers = send(0, 20);
        aws.start();

        await().atMost(Duration.ofSeconds(30)).until(() -> status().getOutboxForwarded() == 20);
        assertThat(received("out").stream().distinct()).isEqualTo(numbers);
        assertThat(status().getOutboxSetAside()).isEqualTo(1);
        assertThat(status().getOutboxDepth()).isEqualTo(1);

        // One more of that topic costs one connection, not eight; by MQTT 5 none at all.
        long reconnects = status().getReconnects();
        sendTo("forbidden", "poison 2");
        await().until(() -> status().getOutboxSetAside() == 2);
        send(20, 21);
        awaitForwarded(21);
        assertThat(status().getReconnects()).isEqualTo(reconnects + connections);

        camel.stop();
        aws.policy("device", DevicePolicy.ALLOW_ALL);
        camel = Contexts.withoutJmx();
        start("out", options);
        awaitForwarded(2);
        assertThat(received("forbidden").stream().distinct()).containsExactly("poison", "poison 2");
    }

    @Test
    void sharesItsConnectionWithAConsumerThatHasNoOutbox() throws Exception {
        MockEndpoint heard = camel.getEndpoint("mock:heard", MockEndpoint.class);
        heard.expectedBodiesReceived("0", "1", "2");
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri("out", FAST)).to(heard);
            }
        });
        start("out", Kind.MEMORY.in(folder));

        send(0, 3);

        heard.assertIsSatisfied(10_000);
        assertThat(aws.connections()).hasSize(1);
    }

    @Test
    void refusesTwoOutboxesForOneIdentity() throws Exception {
        start("out", Kind.MEMORY.in(folder));

        assertThatThrownBy(() -> camel.addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:second").to(uri("second", Kind.FILE.in(folder)));
                    }
                }))
                .hasStackTraceContaining("has an outbox with other options already")
                .hasStackTraceContaining("outboxOverflow, or outbox=none, or different client ids");
    }

    @Test
    void refusesASecondCamelContextForOneFile() throws Exception {
        start("out", Kind.FILE.in(folder));
        try (CamelContext second = Contexts.withoutJmx()) {
            second.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:second").to(uri("second", Kind.FILE.in(folder)));
                }
            });
            assertThatThrownBy(second::start)
                    .hasStackTraceContaining(folder.resolve("outboxes/device.outbox")
                            + " is in use by another process or Camel context");
        }
    }

    /** As a thing name that two accounts have. */
    @Test
    void refusesTheFilesOfARouteToAnotherEndpointAndNamesTheWayOut() throws Exception {
        start("out", Kind.FILE.in(folder));

        assertThatThrownBy(() -> camel.addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:second")
                                .to(uri("second", Kind.FILE.in(folder))
                                        .replace(aws.endpoint(), "other-ats.iot.eu-central-1.amazonaws.com"));
                    }
                }))
                .hasStackTraceContaining(folder.resolve("outboxes/device.outbox") + " is in use")
                .hasStackTraceContaining("or by a route to another endpoint")
                .hasStackTraceContaining("or for another account its own outboxDirectory");
    }

    /** As a route that is replaced, or toD whose producers are not kept. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void sendsByANewOutboxThatWasAskedForWhileTheOneBeforeClosed(Kind kind) throws Exception {
        camel.start();
        // It has no outbox, and keeps the connection up.
        Producer other = camel.getEndpoint(uri("other", FAST)).createProducer();
        other.start();
        Endpoint endpoint = camel.getEndpoint(uri("out", kind.in(folder)));
        Producer before = endpoint.createProducer();
        before.start();
        InjectedFault withheld = aws.faults().inject(new Fault.Withhold(Answer.PUBACK), 1);
        process(before, "0");
        await().until(() -> withheld.triggered() == 1 && status().getOutboxDepth() == 1);

        CompletableFuture<Void> stopped = CompletableFuture.runAsync(before::stop);
        // It is closing from now on, and waits for its PUBACK.
        await().until(() -> status().getOutboxDepth() == 0);
        Producer after = endpoint.createProducer();
        CompletableFuture<Void> started = CompletableFuture.runAsync(after::start);
        assertThat(aws.disconnect("device")).isTrue();
        stopped.get(20, TimeUnit.SECONDS);
        started.get(20, TimeUnit.SECONDS);
        await().until(() -> aws.disconnect("device"));
        process(after, "1");

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(received("out").stream().distinct()).containsExactly("0", "1"));
        await().until(() -> status().getOutboxDepth() == 0);
        after.stop();
        other.stop();
    }

    private static void process(Producer producer, String body) throws Exception {
        Exchange exchange = producer.getEndpoint().createExchange();
        exchange.getIn().setBody(body);
        producer.process(exchange);
        assertThat(exchange.getException()).isNull();
    }

    @Test
    void startsNotWithADamagedFile() throws Exception {
        start("out", Kind.FILE.in(folder));
        camel.stop();
        Path file = folder.resolve("outboxes/device.outbox/0000000000000001.log");
        Files.writeString(file, "This is something else.");

        camel = Contexts.withoutJmx();
        assertThatThrownBy(() -> start("out", Kind.FILE.in(folder)))
                .hasStackTraceContaining("The outbox file " + file + " is damaged");
        assertThat(file).hasContent("This is something else.");
    }

    @Test
    void startsNotWithoutADirectoryItCanUse() throws IOException {
        Files.createFile(folder.resolve("outboxes"));

        assertThatThrownBy(() -> start("out", Kind.FILE.in(folder)))
                .hasStackTraceContaining("Option outboxDirectory")
                .hasStackTraceContaining(folder.resolve("outboxes").toString());
    }

    private void start(String topic, String options) throws Exception {
        route(topic, options);
        camel.start();
    }

    private void route(String topic, String options) throws Exception {
        String uri = uri(topic, options);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:out").to(uri);
            }
        });
    }

    private List<String> send(int from, int to) {
        List<String> numbers =
                IntStream.range(from, to).mapToObj(String::valueOf).toList();
        ProducerTemplate template = camel.createProducerTemplate();
        numbers.forEach(number -> template.sendBody("direct:out", number));
        return numbers;
    }

    private void sendTo(String topic, String body) {
        camel.createProducerTemplate()
                .sendBodyAndHeader("direct:out", body, AwsIotDeviceConstants.OVERRIDE_TOPIC, topic);
    }

    private Exchange sendOne(String body) {
        return camel.createProducerTemplate()
                .send("direct:out", exchange -> exchange.getIn().setBody(body));
    }

    private CompletableFuture<Exchange> sendLater(String body) {
        return camel.createProducerTemplate()
                .asyncSend("direct:out", exchange -> exchange.getIn().setBody(body));
    }

    private List<String> received(String topic) {
        return aws.receivedPublishes(topic).stream().map(ReceivedPublish::text).toList();
    }

    private void awaitForwarded(int count) {
        await().atMost(Duration.ofSeconds(20)).until(() -> status().getOutboxForwarded() == count);
    }

    private AwsIotDeviceConnectionView status() {
        return camel.hasService(AwsIotDeviceConnectionView.class);
    }

    private String uri(String topic, String options) {
        return "awsiot-device:" + topic + "?endpoint=" + aws.endpoint() + "&connectTo="
                + aws.address(GatewayPort.MQTT_8883) + "&" + files.options() + "&" + options;
    }
}
