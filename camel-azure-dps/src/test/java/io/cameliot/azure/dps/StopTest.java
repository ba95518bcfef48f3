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
package io.cameliot.azure.dps;

import static io.cameliot.azure.dps.DpsRoutes.failure;
import static io.cameliot.azure.dps.DpsRoutes.groupKey;
import static io.cameliot.azure.dps.DpsRoutes.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.dps.DpsEmulatorExtension;
import io.cameliot.testinfra.dps.fault.DpsFault;
import io.cameliot.testinfra.dps.fault.DpsStep;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.service.Enrollment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.RouteController;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stopping cancels what is under way at once, and leaves no thread and no connection. */
class StopTest {

    private static final EnrollmentKey KEY = EnrollmentKey.random();

    /** Far less than the registration's timeout, and than Camel's for a graceful shutdown. */
    private static final Duration SOON = Duration.ofSeconds(8);

    /** When the error handler of the page repeats a registration. */
    private static final String PATIENT =
            "${exception.retryable} == true && ${exception.cause} !is 'java.util.concurrent.CancellationException'";

    @RegisterExtension
    static final DpsEmulatorExtension DPS = new DpsEmulatorExtension(DpsEmulator.builder()
            .retryAfter(Duration.ofSeconds(60))
            .enroll(Enrollment.group("group").symmetricKey(KEY).build()));

    private final DpsEmulator dps = DPS.emulator();

    static Stream<Arguments> steps() {
        return Stream.of(
                Arguments.of(new DpsFault.Withhold(DpsStep.CONNECT), "(CONNACK)"),
                Arguments.of(new DpsFault.Withhold(DpsStep.SUBSCRIBE), "(SUBACK)"),
                Arguments.of(new DpsFault.Withhold(DpsStep.REGISTER), "the answer to the register request"),
                Arguments.of(new DpsFault.RetryAfter(DpsStep.REGISTER, "60"), "pausing before the next request"));
    }

    @ParameterizedTest
    @MethodSource("steps")
    void cancelsAtEveryStepWhenTheRouteStops(DpsFault fault, String step) throws Exception {
        dps.inject("dev", fault, 1);
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.context().getShutdownStrategy().setTimeout(60);
            routes.registering(routes.uri("", groupKey(KEY)));
            CompletableFuture<Exchange> registered = routes.registerAsync("dev");
            await().untilAsserted(() -> assertThat(dps.pendingFaults()).isEmpty());

            await().atMost(SOON).until(() -> {
                routes.context().getRouteController().stopRoute("register");
                return true;
            });

            assertThat(failure(registered.get(1, TimeUnit.SECONDS))).satisfies(e -> {
                assertThat(e).hasMessageContaining("the route is stopped").hasMessageContaining(step);
                assertThat(e.isRetryable()).isTrue();
            });
            assertNothingOfTheRouteIsLeft();
        }
        assertNothingIsLeft();
    }

    /** Where nothing in the route names it, Camel creates the component for the first message, when the route runs. */
    @ParameterizedTest
    @ValueSource(strings = {"toD of a device", "toD", "recipientList"})
    void cancelsWhereOnlyMessagesNameTheComponent(String kind) throws Exception {
        dps.inject("dev", new DpsFault.Withhold(DpsStep.REGISTER), 1);
        String options = "?" + groupKey(KEY) + "&connectTo=" + dps.mqttAddress() + "&caFile=RAW("
                + DpsRoutes.base64(dps.serverAuthority().certificatePem()) + ")";
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getShutdownStrategy().setTimeout(60);
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    RouteDefinition route = from("direct:register").routeId("register");
                    switch (kind) {
                        case "toD" -> route.toD("${header.uri}");
                        case "recipientList" -> route.recipientList(header("uri"));
                        default -> route.toD("azure-dps:" + dps.idScope() + "/${header.device}" + options);
                    }
                }
            });
            context.start();
            CompletableFuture<Exchange> registered = context.createProducerTemplate()
                    .asyncSend("direct:register", exchange -> {
                        exchange.getMessage().setHeader("device", "dev");
                        exchange.getMessage().setHeader("uri", "azure-dps:" + dps.idScope() + "/dev" + options);
                    });
            await().untilAsserted(() -> assertThat(dps.pendingFaults()).isEmpty());

            await().atMost(SOON).until(() -> {
                context.getRouteController().stopRoute("register");
                return true;
            });

            assertThat(failure(registered.get(1, TimeUnit.SECONDS))).hasMessageContaining("the route is stopped");
        }
        assertNothingIsLeft();
    }

    /** Camel waits for an exchange in the stop of the route that has consumed its message, too. */
    @ParameterizedTest
    @ValueSource(strings = {"direct", "split", "direct with its own stop"})
    void cancelsWhatCameFromAnotherRouteWhenEitherStops(String kind) throws Exception {
        dps.inject("dev", new DpsFault.Withhold(DpsStep.REGISTER), 1);
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.context().getShutdownStrategy().setTimeout(60);
            routes.routes(builder -> {
                RouteDefinition outer = builder.from("direct:outer").routeId("outer");
                (kind.equals("split") ? outer.split(builder.constant("{}")) : outer).to("direct:register");
            });
            routes.registering(routes.uri("dev", groupKey(KEY)));
            CompletableFuture<Exchange> registered =
                    routes.context().createProducerTemplate().asyncSend("direct:outer", exchange -> {});
            await().untilAsserted(() -> assertThat(dps.pendingFaults()).isEmpty());

            await().atMost(Duration.ofSeconds(20)).until(() -> {
                routes.context()
                        .getRouteController()
                        .stopRoute(kind.equals("direct with its own stop") ? "register" : "outer");
                return true;
            });

            assertThat(registered.get(10, TimeUnit.SECONDS).getException())
                    .hasStackTraceContaining("the route is stopped")
                    .hasRootCauseInstanceOf(CancellationException.class);
            assertThat(HealthCheckHelper.invoke(routes.context()))
                    .filteredOn(result -> result.getCheck().getId().startsWith("producer:azure-dps-"))
                    .as("the cancellation says nothing about the service")
                    .allMatch(result -> result.getState() == HealthCheck.State.UP);
        }
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"route", "context"})
    void registersNoFurtherDeviceOfAMessageWhenStopped(String stopped) throws Exception {
        List<String> devices = IntStream.range(0, 20).mapToObj(i -> "dev-" + i).toList();
        devices.forEach(device -> dps.inject(device, new DpsFault.Withhold(DpsStep.REGISTER), 1));
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.context().getShutdownStrategy().setTimeout(60);
            CompletableFuture<Exchange> fleet = registerFleet(routes, devices);
            await().until(() -> dps.requests().size() == 1);

            await().atMost(SOON).until(() -> {
                if (stopped.equals("route")) {
                    routes.context().getRouteController().stopRoute("fleet");
                } else {
                    routes.context().stop();
                }
                return true;
            });

            assertThat(fleet.get(1, TimeUnit.SECONDS).getException())
                    .hasStackTraceContaining("the route is stopped")
                    .hasRootCauseInstanceOf(CancellationException.class);
            assertThat(dps.statistics().connects()).isOne();
        }
        assertNothingIsLeft();
    }

    /** Sends the devices as one message to a route that registers one after the other. */
    private static CompletableFuture<Exchange> registerFleet(DpsRoutes routes, List<String> devices) throws Exception {
        routes.routes(builder -> builder.from("direct:fleet")
                        .routeId("fleet")
                        .split(builder.body())
                        .setHeader(DpsConstants.REGISTRATION_ID, builder.body())
                        .setBody(builder.constant(""))
                        .to(routes.uri("", groupKey(KEY))))
                .start();
        return routes.context().createProducerTemplate().asyncSend("direct:fleet", exchange -> exchange.getMessage()
                .setBody(devices));
    }

    /** A stop that was aborted must not end what comes after it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void registersAfterAStopThatWasAborted(boolean suspendedBefore) throws Exception {
        registersAtOnce("in-flight");
        registersAtOnce("later");
        CountDownLatch release = new CountDownLatch(1);
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.routes(builder -> builder.from("direct:register")
                            .routeId("register")
                            .process(exchange -> release.await(60, TimeUnit.SECONDS))
                            .to(routes.uri("", groupKey(KEY))))
                    .start();
            CompletableFuture<Exchange> inFlight = routes.registerAsync("in-flight");
            await().until(() -> routes.context().getInflightRepository().size("register") == 1);
            RouteController controller = routes.context().getRouteController();
            if (suspendedBefore) {
                routes.context().getShutdownStrategy().setShutdownNowOnTimeout(false);
                controller.suspendRoute("register", 100, TimeUnit.MILLISECONDS);
            }

            assertThat(controller.stopRoute("register", 100, TimeUnit.MILLISECONDS, true))
                    .as("the stop is aborted")
                    .isFalse();
            release.countDown();

            assertThat(result(inFlight.get(10, TimeUnit.SECONDS)).getStatus()).isEqualTo("assigned");
            assertThat(result(routes.register("later")).getStatus()).isEqualTo("assigned");
        }
    }

    private void registersAtOnce(String device) {
        dps.inject(device, new DpsFault.RetryAfter(DpsStep.REGISTER, "0"), 1);
        dps.inject(device, new DpsFault.RetryAfter(DpsStep.POLL, "0"), 1);
    }

    /** With such a cache Camel stops the producer on the thread that completes its exchange. */
    @ParameterizedTest
    @CsvSource({"toD, false", "recipientList, false", "toD, true"})
    void endsWithoutWaitingForTheThreadThatStopsIt(String kind, boolean afterATimeout) throws Exception {
        dps.inject("dev", new DpsFault.RetryAfter(DpsStep.REGISTER, "0"), 1);
        dps.inject("dev", new DpsFault.RetryAfter(DpsStep.POLL, "0"), 1);
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            // A wait for its own end would take this long.
            routes.context().getExecutorServiceManager().setShutdownAwaitTermination(60_000);
            String uri = routes.uri("dev", groupKey(KEY));
            AtomicBoolean interrupted = new AtomicBoolean();
            routes.routes(builder -> {
                        RouteDefinition route = builder.from("direct:register")
                                .routeId("register")
                                .setHeader("uri", builder.constant(uri));
                        (kind.equals("toD")
                                        ? route.toD("${header.uri}", -1)
                                        : route.recipientList(builder.header("uri"))
                                                .cacheSize(-1)
                                                .end())
                                .process(exchange ->
                                        interrupted.set(Thread.currentThread().isInterrupted()));
                    })
                    .start();
            if (afterATimeout) {
                letTheStopOfAnotherRouteTimeOut(routes);
            }

            Exchange registered = routes.registerAsync("dev").get(20, TimeUnit.SECONDS);

            assertThat(result(registered).getStatus()).isEqualTo("assigned");
            assertThat(interrupted).isFalse();
            assertNothingOfTheRouteIsLeft();
        }
        assertNothingIsLeft();
    }

    /** Lets Camel's shutdown timeout elapse for another route, with an exchange in flight. */
    private static void letTheStopOfAnotherRouteTimeOut(DpsRoutes routes) throws Exception {
        CountDownLatch inFlight = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        routes.routes(builder -> builder.from("direct:other").routeId("other").process(exchange -> {
            inFlight.countDown();
            release.await(60, TimeUnit.SECONDS);
        }));
        routes.context().createProducerTemplate().asyncSendBody("direct:other", "");
        assertThat(inFlight.await(10, TimeUnit.SECONDS)).isTrue();

        routes.context().getRouteController().stopRoute("other", 100, TimeUnit.MILLISECONDS);
        release.countDown();

        assertThat(routes.context().getShutdownStrategy().hasTimeoutOccurred()).isTrue();
    }

    /** Camel repeats by default on the thread that completes the exchange, which is here the only one. */
    @Test
    void goesOnWithOtherDevicesWhileOneWaitsForTheDocumentedRedelivery() throws Exception {
        dps.inject("failing", DpsFault.Answer.error(DpsStep.REGISTER, 503), 1);
        registersAtOnce("other");
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.context().getShutdownStrategy().setTimeout(1);
            patient(routes, "maxRetries=0&maxConcurrentRegistrations=1");
            routes.registerAsync("failing");
            await().until(() -> routes.context().getEndpoints().stream()
                            .filter(DpsEndpoint.class::isInstance)
                            .mapToLong(endpoint -> ((DpsEndpoint) endpoint).getFailedTotal())
                            .sum()
                    == 1);

            assertThat(result(routes.registerAsync("other").get(10, TimeUnit.SECONDS)))
                    .isNotNull();
        }
    }

    @Test
    void stopsSoonWithTheDocumentedRedelivery() throws Exception {
        dps.inject("dev", new DpsFault.Withhold(DpsStep.REGISTER), 1);
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.context().getShutdownStrategy().setTimeout(60);
            patient(routes, "maxRetries=0");
            CompletableFuture<Exchange> registered = routes.registerAsync("dev");
            await().until(() -> dps.requests().size() == 1);

            await().atMost(SOON).until(() -> {
                routes.context().getRouteController().stopRoute("register");
                return true;
            });

            assertThat(failure(registered.get(1, TimeUnit.SECONDS))).hasMessageContaining("the route is stopped");
        }
    }

    /** Starts a route with the error handler of the page. */
    private static void patient(DpsRoutes routes, String options) throws Exception {
        assertThat(Files.readString(Path.of("..", "docs", "azure-dps.md")))
                .contains(
                        ".onWhen(simple(\"" + PATIENT
                                + """
                "))
                    .asyncDelayedRedelivery().maximumRedeliveries(3).redeliveryDelay(60000);
                """);
        routes.routes(builder -> {
                    builder.onException(DeviceRegistrationException.class)
                            .onWhen(builder.simple(PATIENT))
                            .asyncDelayedRedelivery()
                            .maximumRedeliveries(3)
                            .redeliveryDelay(60000);
                    builder.from("direct:register").routeId("register").to(routes.uri("", groupKey(KEY), options));
                })
                .start();
    }

    @Test
    void cancelsThoseWhoWaitTheirTurnToo() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.context().getShutdownStrategy().setTimeout(60);
            routes.registering(routes.uri("", groupKey(KEY), "maxConcurrentRegistrations=2"));
            List<CompletableFuture<Exchange>> registered = IntStream.range(0, 20)
                    .mapToObj(i -> routes.registerAsync("dev-" + i))
                    .toList();
            await().until(() -> dps.requests().size() == 2);

            await().atMost(SOON).until(() -> {
                routes.context().stop();
                return true;
            });

            for (CompletableFuture<Exchange> one : registered) {
                assertThat(failure(one.get(1, TimeUnit.SECONDS))).hasMessageContaining("stopped");
            }
            assertNothingIsLeft();
        }
        assertThat(dps.statistics().connects()).isEqualTo(2);
    }

    @Test
    void cancelsTheRegistrationsOfTheStoppedRouteOnly() throws Exception {
        dps.inject("stays", new DpsFault.RetryAfter(DpsStep.REGISTER, "2"), 1);
        dps.inject("stays", new DpsFault.RetryAfter(DpsStep.POLL, "1"), 1);
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            String uri = routes.uri("", groupKey(KEY));
            routes.routes(builder -> {
                builder.from("direct:other").routeId("other").to(uri);
            });
            routes.registering(uri);
            CompletableFuture<Exchange> stays = routes.registerAsync("stays");
            CompletableFuture<Exchange> stopped = routes.context()
                    .createProducerTemplate()
                    .asyncSend("direct:other", exchange -> exchange.getMessage()
                            .setHeader(DpsConstants.REGISTRATION_ID, "stopped"));
            await().until(() -> dps.requests().size() == 2);

            routes.context().getRouteController().stopRoute("other");

            assertThat(failure(stopped.get(1, TimeUnit.SECONDS))).hasMessageContaining("the route is stopped");
            assertThat(result(stays.get(10, TimeUnit.SECONDS)).getStatus()).isEqualTo("assigned");
        }
    }

    /** They stand behind a registration of another route that still waits. */
    @Test
    void countsNoCancelledRegistrationAsWaiting() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            String uri = routes.uri("", groupKey(KEY), "maxConcurrentRegistrations=1");
            routes.routes(builder -> {
                builder.from("direct:other").routeId("other").to(uri);
            });
            routes.registering(uri);
            DpsEndpoint endpoint = routes.context().getEndpoint(uri, DpsEndpoint.class);
            routes.registerAsync("first");
            await().until(() -> dps.requests().size() == 1);
            routes.registerAsync("second");
            await().until(() -> endpoint.getWaitingRegistrations() == 1);
            for (String device : List.of("a", "b", "c")) {
                routes.context().createProducerTemplate().asyncSend("direct:other", exchange -> exchange.getMessage()
                        .setHeader(DpsConstants.REGISTRATION_ID, device));
            }
            await().until(() -> endpoint.getWaitingRegistrations() == 4);

            routes.context().getRouteController().stopRoute("other");

            await().until(() -> endpoint.getWaitingRegistrations() == 1);
        }
    }

    @Test
    void letsARegistrationFinishWhenTheRouteIsSuspended() throws Exception {
        dps.inject("dev", new DpsFault.RetryAfter(DpsStep.REGISTER, "1"), 1);
        dps.inject("dev", new DpsFault.RetryAfter(DpsStep.POLL, "1"), 1);
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("", groupKey(KEY)));
            CompletableFuture<Exchange> registered = routes.registerAsync("dev");
            await().until(() -> dps.requests().size() == 1);

            routes.context().getRouteController().suspendRoute("register");

            assertThat(result(registered.get(10, TimeUnit.SECONDS)).getStatus()).isEqualTo("assigned");
        }
    }

    @Test
    void registersAgainAfterARestartOfTheRoute() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("", groupKey(KEY)));
            for (int i = 0; i < 2; i++) {
                CompletableFuture<Exchange> registered = routes.registerAsync("dev-" + i);
                int seen = i + 1;
                await().until(() -> dps.requests().size() == seen);

                routes.context().getRouteController().stopRoute("register");
                assertThat(failure(registered.get(1, TimeUnit.SECONDS))).hasMessageContaining("the route is stopped");
                assertNothingOfTheRouteIsLeft();
                routes.context().getRouteController().startRoute("register");
            }
        }
        assertNothingIsLeft();
    }

    @Test
    void leavesNothingWhenTheRouteDoesNotStart() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.routes(builder -> builder.from("direct:register")
                    .to(routes.uri("dev", groupKey(KEY), "assignmentStore=file:/dev/null/assignments")));

            assertThat(catchThrowable(routes::start))
                    .hasStackTraceContaining("Option assignmentStore=file:/dev/null/assignments");
        }
        assertNothingIsLeft();
    }

    /** Its producers stop after the component, and with it the threads of their connections. */
    @Test
    void cancelsWhatAProducerTemplateRegistersWhenTheContextStops() throws Exception {
        CompletableFuture<Exchange> registered;
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.start();
            String uri = routes.uri("dev", groupKey(KEY));
            registered = routes.context().createProducerTemplate().asyncSend(uri, exchange -> {});
            await().until(() -> dps.requests().size() == 1);

            await().atMost(SOON).until(() -> {
                routes.context().stop();
                return true;
            });
        }
        assertThat(failure(registered.get(1, TimeUnit.SECONDS))).hasMessageContaining("stopped");
        assertNothingIsLeft();
    }

    @Test
    void hasOneGroupOfEventLoopsForAllEndpoints() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.start();
            for (int i = 0; i < 10; i++) {
                String uri = routes.uri("dev-" + i, groupKey(KEY));
                routes.context().createProducerTemplate().asyncSend(uri, exchange -> {});
            }
            await().until(() -> dps.requests().size() == 10);

            assertThat(DpsRoutes.threads())
                    .filteredOn(name -> name.contains("AzureDpsEventLoop"))
                    .hasSizeLessThanOrEqualTo(4);
            assertThat(DpsRoutes.threads())
                    .filteredOn(name -> name.contains("AzureDpsTimer"))
                    .hasSize(1);
        }
        assertNothingIsLeft();
    }

    /** The component's threads, which its connections share, end with the component. */
    private void assertNothingOfTheRouteIsLeft() {
        await().atMost(SOON).untilAsserted(() -> assertThat(DpsRoutes.threads())
                .noneMatch(name -> name.contains("AzureDpsResult")));
        assertNoConnectionIsLeft();
    }

    private void assertNothingIsLeft() {
        await().atMost(SOON).untilAsserted(() -> assertThat(DpsRoutes.threads()).isEmpty());
        assertNoConnectionIsLeft();
    }

    private void assertNoConnectionIsLeft() {
        await().atMost(SOON).untilAsserted(() -> assertThat(dps.statistics().openConnections())
                .isZero());
    }
}
