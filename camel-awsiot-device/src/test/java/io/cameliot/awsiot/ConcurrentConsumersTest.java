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

import io.cameliot.awsiot.receive.InboundQueue;
import io.cameliot.awsiot.testing.Contexts;
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.RouteDefinition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Option concurrentConsumers. A message's body is its topic's last level and a number, as in a7. */
@Timeout(90)
class ConcurrentConsumersTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    @RegisterExtension
    final DeviceContext device = new DeviceContext(AWS);

    private final AwsIotEmulator aws = AWS.emulator();
    private final CamelContext camel = device.camel();
    private final String prefix = "in/" + UUID.randomUUID() + "/";
    private final String clientId = "device-" + UUID.randomUUID();
    /** What has left the route, each of it once or more often. */
    private final List<String> done = new CopyOnWriteArrayList<>();

    private final AtomicInteger inRoute = new AtomicInteger();
    private final AtomicInteger mostInRoute = new AtomicInteger();
    private final CountDownLatch released = new CountDownLatch(1);
    private final DeviceFiles files = device.files();

    @AfterEach
    void release() {
        released.countDown();
    }

    @ParameterizedTest(name = "{0} at a time, qos {1}{2}")
    @CsvSource({"4, 1, ''", "3, 0, ''", "5, 1, &acknowledgement=onReceive", "1, 1, ''", "64, 1, ''"})
    void processesTopicsAtTheSameTimeAndEachInOrder(int atATime, int qos, String options) throws Exception {
        Set<String> topicsInRoute = ConcurrentHashMap.newKeySet();
        receive("&concurrentConsumers=" + atATime + options, exchange -> {
            assertThat(topicsInRoute.add(topic(exchange))).isTrue();
            // Long enough for others to come in.
            new CountDownLatch(1).await(2, TimeUnit.MILLISECONDS);
            topicsInRoute.remove(topic(exchange));
        });

        publishNumbered(6, 40, qos);

        await().atMost(LONG).until(() -> done.size() == 6 * 40);
        assertEachTopicInOrder(6, 40);
        assertThat(mostInRoute.get()).isBetween(Math.min(atATime, 2), Math.min(atATime, 6));
    }

    @Test
    void letsASlowTopicHoldUpNoOther() throws Exception {
        receive("&concurrentConsumers=2", this::blockA);
        aws.publish(prefix + "a", "a0", 1);
        await().until(() -> inRoute.get() == 1);

        IntStream.range(0, 60).forEach(i -> aws.publish(prefix + "bc".charAt(i % 2), "bc".charAt(i % 2) + "" + i, 1));
        IntStream.range(1, 10).forEach(i -> aws.publish(prefix + "a", "a" + i, 1));

        await().atMost(LONG).until(() -> done.size() == 60);
        assertThat(done).noneMatch(message -> message.startsWith("a"));
        released.countDown();
        await().until(() -> done.size() == 70);
        assertThat(done.subList(60, 70)).containsExactlyElementsOf(numbered("a", 10));
    }

    @Test
    void holdsNoMoreUnacknowledgedMessagesThanTheServersWindow() throws Exception {
        receive("&concurrentConsumers=2", this::blockA);
        aws.publish(prefix + "a", "a0", 1);
        await().until(() -> inRoute.get() == 1);

        IntStream.range(0, 300).forEach(i -> aws.publish(prefix + "b", "b" + i, 1));

        await().during(Duration.ofSeconds(1)).atMost(LONG).until(() -> done.size() < 100);
        released.countDown();
        await().atMost(LONG).until(() -> done.size() == 301);
        assertThat(done.stream().filter(message -> message.startsWith("b")))
                .containsExactlyElementsOf(numbered("b", 300));
    }

    @Test
    void acknowledgesNoMessageBeforeThoseThatArrivedBeforeIt() throws Exception {
        receive("&concurrentConsumers=3&cleanSession=false", this::blockA);
        aws.publish(prefix + "a", "a0", 1);
        aws.publish(prefix + "b", "b0", 1);
        aws.publish(prefix + "c", "c0", 1);
        await().until(() -> done.containsAll(List.of("b0", "c0")));

        aws.disconnect(clientId);

        // What was not acknowledged on the first connection comes again by the second.
        await().atMost(LONG)
                .until(() -> done.stream().filter("b0"::equals).count() == 2
                        && done.stream().filter("c0"::equals).count() == 2);
        released.countDown();
        await().until(() -> done.contains("a0"));
    }

    @Test
    void losesNothingAndKeepsTheOrderWhenTheConnectionIsLostInBetween() throws Exception {
        receive("&concurrentConsumers=4&cleanSession=false", exchange -> new CountDownLatch(1)
                .await(5, TimeUnit.MILLISECONDS));

        for (int round = 0; round < 4; round++) {
            for (int i = 0; i < 15; i++) {
                for (String topic : List.of("a", "b", "c", "d", "e")) {
                    aws.publish(prefix + topic, topic + (round * 15 + i), 1);
                }
            }
            int connected = round;
            await().atMost(LONG).until(() -> done.size() > 20 * connected);
            aws.disconnect(clientId);
        }

        for (String topic : List.of("a", "b", "c", "d", "e")) {
            await().atMost(LONG).until(() -> done.containsAll(numbered(topic, 60)));
            // A message can come twice; the first time, each comes after the one before it.
            assertThat(done.stream()
                            .filter(message -> message.startsWith(topic))
                            .distinct())
                    .containsExactlyElementsOf(numbered(topic, 60));
        }
    }

    @Test
    void redeliversAFailedMessageBeforeTheNextOfItsTopicAndHoldsUpNoOther() throws Exception {
        AtomicInteger failures = new AtomicInteger(2);
        receive("&concurrentConsumers=2&redeliveryDelay=300ms", exchange -> {
            if (body(exchange).equals("a0") && failures.getAndDecrement() > 0) {
                throw new IllegalStateException("not now");
            }
        });

        publishNumbered(2, 5, 1);

        await().atMost(LONG).until(() -> done.size() == 10);
        assertEachTopicInOrder(2, 5);
        assertThat(done.subList(0, 5)).containsExactlyElementsOf(numbered("b", 5));
    }

    @Test
    void keepsMessagesWhileSuspendedAndTheOrderAfterwards() throws Exception {
        receive("&concurrentConsumers=3", exchange -> {});
        camel.getRouteController().suspendRoute("in");

        publishNumbered(5, 15, 1);
        await().during(Duration.ofMillis(300)).until(done::isEmpty);
        camel.getRouteController().resumeRoute("in");

        await().atMost(LONG).until(() -> done.size() == 75);
        assertEachTopicInOrder(5, 15);
    }

    @Test
    void completesWhatIsInItsRoutesWhenItStopsAndLeavesTheRestToThePersistentSession() throws Exception {
        CountDownLatch entered = new CountDownLatch(3);
        CountDownLatch go = new CountDownLatch(1);
        CamelContext before = Contexts.withoutJmx();
        List<String> completed = new CopyOnWriteArrayList<>();
        addRoute(
                before,
                "&concurrentConsumers=3&cleanSession=false",
                route -> route.process(exchange -> {
                    entered.countDown();
                    go.await(20, TimeUnit.SECONDS);
                    completed.add(body(exchange));
                }));
        before.start();
        publishNumbered(5, 4, 1);
        assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
        Thread stopper = new Thread(before::stop, "stopper");
        stopper.start();
        await().until(before::isStopping);
        go.countDown();
        stopper.join(LONG.toMillis());
        assertThat(completed).containsExactlyInAnyOrder("a0", "b0", "c0");

        receive("&concurrentConsumers=3&cleanSession=false", exchange -> {});

        await().atMost(LONG).until(() -> done.size() >= 17);
        await().during(Duration.ofMillis(300)).until(() -> done.size() == 17);
        assertThat(done).doesNotContain("a0", "b0", "c0");
        assertThat(done).filteredOn(message -> message.startsWith("a")).containsExactly("a1", "a2", "a3");
    }

    @Test
    void processesWhatHasArrivedWhenItsRouteStops() throws Exception {
        receive("&concurrentConsumers=2", exchange -> new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS));
        AwsIotDeviceConnectionView connection = camel.hasService(AwsIotDeviceConnectionView.class);
        publishNumbered(3, 10, 1);
        await().atMost(LONG).until(() -> connection.getReceived() == 30);

        camel.getRouteController().stopRoute("in");

        assertThat(done).hasSize(30);
        assertEachTopicInOrder(3, 10);
    }

    @Test
    void dropsQos0MessagesBeyondItsBound() throws Exception {
        receive("&concurrentConsumers=2", exchange -> released.await(30, TimeUnit.SECONDS));
        AwsIotDeviceConnectionView connection = camel.hasService(AwsIotDeviceConnectionView.class);

        int sent = InboundQueue.MAX_UNHELD + 200;
        IntStream.range(0, sent).forEach(i -> aws.publish(prefix + (i % 7), "m" + i, 0));
        await().atMost(LONG).until(() -> connection.getReceived() == sent);
        released.countDown();

        await().atMost(LONG).until(() -> done.size() + connection.getDropped() == sent);
        assertThat(done).hasSizeBetween(InboundQueue.MAX_UNHELD, InboundQueue.MAX_UNHELD + 2);
    }

    @Test
    void losesNoMessageAcknowledgedOnReceiptBehindASlowRoute() throws Exception {
        receive("&concurrentConsumers=3&acknowledgement=onReceive", exchange -> released.await(30, TimeUnit.SECONDS));

        int sent = InboundQueue.MAX_UNHELD + 200;
        IntStream.range(0, sent).forEach(i -> aws.publish(prefix + "abcd".charAt(i % 4), "m" + i, 1));
        released.countDown();

        await().atMost(LONG).until(() -> done.size() == sent);
    }

    @Test
    void receivesByASharedSubscription() throws Exception {
        addRoute(
                camel,
                "$share/group/" + prefix + "+",
                "&concurrentConsumers=3",
                route -> route.process(observed(exchange -> new CountDownLatch(1).await(2, TimeUnit.MILLISECONDS))));
        camel.start();

        publishNumbered(4, 20, 1);

        await().atMost(LONG).until(() -> done.size() == 80);
        assertEachTopicInOrder(4, 20);
        assertThat(mostInRoute.get()).isBetween(2, 3);
    }

    /** A route that goes on with threads of its own is in use until it is done. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void countsARouteThatContinuesOnAnotherThreadUntilItIsDone(int atATime) throws Exception {
        Map<String, Integer> expected = new ConcurrentHashMap<>();
        addRoute(camel, "&concurrentConsumers=" + atATime, route -> route.process(
                        exchange -> mostInRoute.accumulateAndGet(inRoute.incrementAndGet(), Math::max))
                .threads(8)
                .delay(3)
                .asyncDelayed()
                .process(exchange -> {
                    assertThat(body(exchange))
                            .isEqualTo(topic(exchange) + (expected.merge(topic(exchange), 1, Integer::sum) - 1));
                    inRoute.decrementAndGet();
                    done.add(body(exchange));
                }));
        camel.start();

        publishNumbered(5, 20, 1);

        await().atMost(LONG).until(() -> done.size() == 100);
        assertEachTopicInOrder(5, 20);
        assertThat(mostInRoute.get()).isBetween(Math.min(2, atATime), atATime);
    }

    @Test
    void hasNoMoreThreadsThanItMayHaveMessagesInRoutes() throws Exception {
        receive("&concurrentConsumers=3", exchange -> {});

        publishNumbered(20, 10, 1);
        await().atMost(LONG).until(() -> done.size() == 200);

        assertThat(Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().contains("AwsIotDeviceConsumer")
                                && thread.getName().contains(camel.getName())))
                .hasSizeBetween(1, 3);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1001})
    void refusesANumberThatCannotBe(int atATime) {
        assertThatThrownBy(() -> camel.getEndpoint(uri(prefix + "+", "&concurrentConsumers=" + atATime)))
                .hasStackTraceContaining("Option concurrentConsumers=" + atATime + " is not between 1 and 1000");
        AwsIotDeviceComponent component = camel.getComponent("awsiot-device", AwsIotDeviceComponent.class);
        component.getConfiguration().setConcurrentConsumers(atATime);
        assertThatThrownBy(() -> camel.getEndpoint(uri(prefix + "+", "")))
                .hasStackTraceContaining("Option concurrentConsumers=" + atATime);
    }

    @Test
    void takesTheNumberOfTheComponent() throws Exception {
        camel.getComponent("awsiot-device", AwsIotDeviceComponent.class)
                .getConfiguration()
                .setConcurrentConsumers(2);
        receive("", exchange -> released.await(30, TimeUnit.SECONDS));

        publishNumbered(3, 1, 1);

        await().atMost(LONG).until(() -> inRoute.get() == 2);
        await().during(Duration.ofMillis(200)).until(() -> inRoute.get() == 2);
        released.countDown();
        await().atMost(LONG).until(() -> done.size() == 3);
    }

    private void blockA(Exchange exchange) throws InterruptedException {
        if (topic(exchange).equals("a")) {
            released.await(60, TimeUnit.SECONDS);
        }
    }

    private Processor observed(Processor processor) {
        return exchange -> {
            mostInRoute.accumulateAndGet(inRoute.incrementAndGet(), Math::max);
            try {
                processor.process(exchange);
            } finally {
                inRoute.decrementAndGet();
            }
            done.add(body(exchange));
        };
    }

    private void receive(String options, Processor processor) throws Exception {
        addRoute(camel, options, route -> route.process(observed(processor)));
        camel.start();
    }

    private void addRoute(CamelContext to, String options, Consumer<RouteDefinition> route) throws Exception {
        addRoute(to, prefix + "+", options, route);
    }

    private void addRoute(CamelContext to, String filter, String options, Consumer<RouteDefinition> route)
            throws Exception {
        to.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                route.accept(from(uri(filter, options)).routeId("in"));
            }
        });
    }

    private String uri(String filter, String options) {
        return "awsiot-device:" + filter + "?endpoint=" + aws.endpoint() + "&connectTo="
                + aws.address(GatewayPort.MQTT_8883) + "&" + files.options() + "&clientId=" + clientId
                + "&reconnectMinDelay=50ms&reconnectMaxDelay=200ms" + options;
    }

    private void publishNumbered(int topics, int messages, int qos) {
        for (int i = 0; i < messages; i++) {
            for (int topic = 0; topic < topics; topic++) {
                String name = String.valueOf((char) ('a' + topic));
                aws.publish(prefix + name, name + i, qos);
            }
        }
    }

    private void assertEachTopicInOrder(int topics, int messages) {
        for (int topic = 0; topic < topics; topic++) {
            String name = String.valueOf((char) ('a' + topic));
            assertThat(done.stream().filter(message -> message.startsWith(name)))
                    .containsExactlyElementsOf(numbered(name, messages));
        }
    }

    private static List<String> numbered(String topic, int messages) {
        return IntStream.range(0, messages).mapToObj(i -> topic + i).toList();
    }

    private static String body(Exchange exchange) {
        return exchange.getMessage().getBody(String.class);
    }

    private static String topic(Exchange exchange) {
        String topic = exchange.getMessage().getHeader(AwsIotDeviceConstants.TOPIC, String.class);
        return topic.substring(topic.lastIndexOf('/') + 1);
    }
}
