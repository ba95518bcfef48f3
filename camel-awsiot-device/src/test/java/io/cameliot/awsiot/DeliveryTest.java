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

import io.cameliot.awsiot.receive.AcknowledgementMode;
import io.cameliot.awsiot.receive.InboundQueue;
import io.cameliot.awsiot.testing.Contexts;
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.engine.PrototypeExchangeFactory;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.spi.ExchangeFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How messages get from a subscription into a route: at least once, in order, and no faster than the route. */
class DeliveryTest {

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    @RegisterExtension
    final DeviceContext device = new DeviceContext(AWS);

    private final AwsIotEmulator aws = AWS.emulator();
    private final CamelContext camel = device.camel();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final List<Exchange> handled = new CopyOnWriteArrayList<>();
    /** How often the exception handler throws. */
    private final AtomicInteger handlerFailures = new AtomicInteger();

    private final String topic = "in/" + UUID.randomUUID();
    private final DeviceFiles files = device.files();

    @BeforeEach
    void prepare() {
        camel.getRegistry().bind("handler", new Handler());
    }

    @Test
    void givesAFailedMessageToTheRouteAgainBeforeTheNextOne() throws Exception {
        AtomicInteger failures = new AtomicInteger(2);
        receive("", exchange -> {
            see(exchange);
            if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("not now");
            }
        });

        aws.publish(topic, "first", 1);
        aws.publish(topic, "second", 1);

        await().untilAsserted(() ->
                assertThat(seen).containsExactly("first", "first duplicate", "first duplicate", "second"));
        assertThat(handled).isEmpty();
    }

    @Test
    void redeliversARolledBackMessage() throws Exception {
        receive("", exchange -> {
            see(exchange);
            exchange.setRollbackOnly(seen.size() == 1);
        });

        aws.publish(topic, "only", 1);

        await().untilAsserted(() -> assertThat(seen).containsExactly("only", "only duplicate"));
    }

    @Test
    void handsAMessageToTheExceptionHandlerWhenRedeliveriesAreUsedUp() throws Exception {
        receive("&maxRedeliveries=2", exchange -> {
            see(exchange);
            if (exchange.getIn().getBody(String.class).equals("bad")) {
                throw new IllegalStateException("bad message");
            }
        });

        aws.publish(topic, "bad", 1);
        aws.publish(topic, "good", 1);

        await().untilAsserted(() -> assertThat(seen).containsExactly("bad", "bad duplicate", "bad duplicate", "good"));
        assertThat(handled).singleElement().satisfies(exchange -> assertThat(exchange.getException())
                .hasMessage("bad message"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&concurrentConsumers=2", "&acknowledgement=onReceive", "&qos=0"})
    void goesOnWhereTheExceptionHandlerThrows(String options) throws Exception {
        handlerFailures.set(2);
        receive("&maxRedeliveries=0&clientId=thrower" + options, exchange -> {
            see(exchange);
            if (!exchange.getIn().getBody(String.class).equals("good")) {
                throw new IllegalStateException("bad message");
            }
        });

        aws.publish(topic, "bad", 1);
        aws.publish(topic, "worse", 1);
        aws.publish(topic, "good", 1);

        await().untilAsserted(() -> assertThat(seen).containsExactly("bad", "worse", "good"));
        assertThat(handled).hasSize(2);
        // Nothing is left in the queue of the consumer, which would hold up the stop.
        camel.getRouteController().stopRoute("in0", 10, TimeUnit.SECONDS);
        assertThat(camel.getRouteController().getRouteStatus("in0").isStopped()).isTrue();
    }

    @Test
    void goesOnWhereTheFailureIsOneOfCamelAroundTheRoute() throws Exception {
        camel.getCamelContextExtension().setExchangeFactory(new FailingExchangeFactory(null));
        receive("", this::see);

        aws.publish(topic, "first", 1);
        aws.publish(topic, "second", 1);

        await().untilAsserted(() -> assertThat(seen).containsExactly("second"));
    }

    @Test
    void doesNotRedeliverWhatWasAcknowledgedOnReceipt() throws Exception {
        receive("&acknowledgement=onReceive", exchange -> {
            see(exchange);
            throw new IllegalStateException("bad message");
        });

        aws.publish(topic, "one", 1);
        aws.publish(topic, "two", 1);

        await().untilAsserted(() -> assertThat(handled).hasSize(2));
        assertThat(seen).containsExactly("one", "two");
    }

    @Test
    void leavesAMessageThatFailedWhileStoppingToThePersistentSession() throws Exception {
        CamelContext before = Contexts.withoutJmx();
        CountDownLatch failed = new CountDownLatch(1);
        addRoute(before, "&clientId=keeper&cleanSession=false&redeliveryDelay=1h", exchange -> {
            failed.countDown();
            throw new IllegalStateException("not now");
        });
        before.start();
        aws.publish(topic, "kept", 1);
        assertThat(failed.await(10, TimeUnit.SECONDS)).isTrue();
        before.stop();

        receive("&clientId=keeper&cleanSession=false", this::see);

        // Brokers differ in whether they mark it as a duplicate.
        await().untilAsserted(() -> assertThat(seen).singleElement().asString().startsWith("kept"));
    }

    @ParameterizedTest
    @EnumSource(AcknowledgementMode.class)
    void processesWhatTheSessionNoLongerKeepsWhenTheContextStops(AcknowledgementMode mode) throws Exception {
        String options = "&clientId=stops-" + mode + "&cleanSession=false&acknowledgement=" + mode;
        CamelContext before = Contexts.withoutJmx();
        CountDownLatch go = new CountDownLatch(1);
        addRoute(before, options, exchange -> {
            go.await(20, TimeUnit.SECONDS);
            see(exchange);
        });
        before.start();
        AwsIotDeviceConnectionView connection = before.hasService(AwsIotDeviceConnectionView.class);
        List<String> gone = new ArrayList<>();
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int qos = i % 2;
            aws.publish(topic, "m" + i, qos);
            (qos == 1 && mode == AcknowledgementMode.afterRoute ? kept : gone).add("m" + i);
        }
        await().until(() -> connection.getReceived() == 20);

        AwsIotDeviceConsumer consumer =
                (AwsIotDeviceConsumer) before.getRoute("in0").getConsumer();
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(before::stop);
        await().until(consumer::isSuspended);
        go.countDown();
        stopped.get(30, TimeUnit.SECONDS);

        assertThat(seen).containsExactlyElementsOf(gone);
        seen.clear();
        receive(options, exchange -> seen.add(exchange.getIn().getBody(String.class)));
        await().untilAsserted(() -> assertThat(seen).containsExactlyElementsOf(kept));
    }

    @Test
    void keepsMessagesWhileSuspendedAndDeliversThemInOrderAfterwards() throws Exception {
        receive("", this::see);
        camel.getRouteController().suspendRoute("in0");

        List<String> numbers = IntStream.range(0, 50).mapToObj(String::valueOf).toList();
        numbers.forEach(number -> aws.publish(topic, number, 1));
        await().during(Duration.ofMillis(200)).until(seen::isEmpty);
        camel.getRouteController().resumeRoute("in0");

        await().untilAsserted(() -> assertThat(seen).containsExactlyElementsOf(numbers));
    }

    @Test
    void goesOnAfterAStopThatCamelAbortedAndHoldsOneConnectionOnly() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        receive("", exchange -> {
            see(exchange);
            go.await(20, TimeUnit.SECONDS);
        });
        aws.publish(topic, "first", 1);
        await().until(() -> seen.size() == 1);

        assertThat(camel.getRouteController().stopRoute("in0", 100, TimeUnit.MILLISECONDS, true))
                .isFalse();
        aws.publish(topic, "second", 1);
        go.countDown();

        await().untilAsserted(() -> assertThat(seen).containsExactly("first", "second"));
        camel.getRouteController().stopRoute("in0");
        await().untilAsserted(() ->
                assertThat(camel.hasService(AwsIotDeviceConnectionView.class)).isNull());
    }

    @Test
    void acknowledgesAMessageThoughTheNextOneTakesLong() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        receive("&clientId=slow&cleanSession=false", exchange -> {
            see(exchange);
            if (exchange.getIn().getBody(String.class).equals("second")) {
                go.await(20, TimeUnit.SECONDS);
            }
        });
        camel.getRouteController().suspendRoute("in0");
        AwsIotDeviceConnectionView connection = camel.hasService(AwsIotDeviceConnectionView.class);
        aws.publish(topic, "first", 1);
        aws.publish(topic, "second", 1);
        await().until(() -> connection.getReceived() == 2);
        camel.getRouteController().resumeRoute("in0");
        await().during(Duration.ofMillis(200)).until(() -> seen.contains("second"));

        aws.disconnect("slow");
        // What is not acknowledged comes again with the next connection.
        await().until(() -> connection.getReceived() > 2);
        go.countDown();
        aws.publish(topic, "third", 1);

        await().until(() -> seen.contains("third"));
        assertThat(seen).filteredOn(message -> message.startsWith("first")).hasSize(1);
    }

    @Test
    void holdsNoMoreQos0MessagesThanItsBoundBehindASlowRoute() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        receive("", exchange -> {
            go.await(20, TimeUnit.SECONDS);
            see(exchange);
        });
        AwsIotDeviceConnectionView connection = camel.hasService(AwsIotDeviceConnectionView.class);

        int sent = InboundQueue.MAX_UNHELD + 200;
        IntStream.range(0, sent).forEach(i -> aws.publish(topic, "m" + i, 0));
        await().until(() -> connection.getReceived() == sent);
        go.countDown();

        await().until(() -> seen.size() + connection.getDropped() == sent);
        // One is with the route while the others wait.
        assertThat(seen).hasSizeBetween(InboundQueue.MAX_UNHELD, InboundQueue.MAX_UNHELD + 1);
    }

    @Test
    void losesNoQos1MessageAcknowledgedOnReceiptBehindASlowRoute() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        receive("&acknowledgement=onReceive", exchange -> {
            go.await(20, TimeUnit.SECONDS);
            see(exchange);
        });

        int sent = InboundQueue.MAX_UNHELD + 200;
        IntStream.range(0, sent).forEach(i -> aws.publish(topic, "m" + i, 1));
        go.countDown();

        await().until(() -> seen.size() == sent);
    }

    @Test
    void deliversARetainedMessageToEachRouteOfAFilter() throws Exception {
        aws.publish(topic, "kept".getBytes(StandardCharsets.UTF_8), 1, true);
        receive("&clientId=shared", exchange -> seen.add("one"));
        addRoute(camel, "&clientId=shared&maxRedeliveries=1", exchange -> seen.add("two"));

        await().untilAsserted(() -> assertThat(seen).contains("one", "two"));
    }

    private void see(Exchange exchange) {
        boolean duplicate = exchange.getIn().getHeader(AwsIotDeviceConstants.DUPLICATE, Boolean.class);
        seen.add(exchange.getIn().getBody(String.class) + (duplicate ? " duplicate" : ""));
    }

    private void receive(String options, Processor processor) throws Exception {
        addRoute(camel, options, processor);
        camel.start();
    }

    private void addRoute(CamelContext to, String options, Processor processor) throws Exception {
        String uri = "awsiot-device:" + topic + "?endpoint=" + aws.endpoint() + "&connectTo="
                + aws.address(GatewayPort.MQTT_8883)
                + "&" + files.options() + (options.contains("redeliveryDelay") ? "" : "&redeliveryDelay=10ms")
                + (to == camel ? "&exceptionHandler=#handler" : "") + options;
        to.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri).routeId("in" + to.getRoutesSize()).process(processor);
            }
        });
    }

    private final class Handler implements ExceptionHandler {

        @Override
        public void handleException(Throwable exception) {
            handleException(null, null, exception);
        }

        @Override
        public void handleException(String message, Throwable exception) {
            handleException(message, null, exception);
        }

        @Override
        public void handleException(String message, Exchange exchange, Throwable exception) {
            handled.add(exchange);
            if (handlerFailures.getAndDecrement() > 0) {
                throw new IllegalStateException("the exception handler fails, too");
            }
        }
    }

    /** Creates no exchange for the first message. */
    private static final class FailingExchangeFactory extends PrototypeExchangeFactory {

        private final AtomicInteger created = new AtomicInteger();

        FailingExchangeFactory(Consumer consumer) {
            super(consumer);
        }

        @Override
        public ExchangeFactory newExchangeFactory(Consumer consumer) {
            FailingExchangeFactory ofConsumer = new FailingExchangeFactory(consumer);
            ofConsumer.setCamelContext(getCamelContext());
            return ofConsumer;
        }

        @Override
        public Exchange create(Endpoint fromEndpoint, boolean autoRelease) {
            if (created.getAndIncrement() == 0) {
                throw new IllegalStateException("no exchange");
            }
            return super.create(fromEndpoint, autoRelease);
        }
    }
}
