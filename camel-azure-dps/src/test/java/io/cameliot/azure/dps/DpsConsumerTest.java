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

import static io.cameliot.azure.dps.DpsRoutes.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.dps.DpsEmulatorExtension;
import io.cameliot.testinfra.dps.fault.DpsFault;
import io.cameliot.testinfra.dps.fault.DpsStep;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.journal.DpsRequest;
import io.cameliot.testinfra.dps.service.Enrollment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.support.AsyncProcessorSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A consumer registers its device when its route starts. */
class DpsConsumerTest {

    private static final EnrollmentKey KEY = EnrollmentKey.random();

    @RegisterExtension
    static final DpsEmulatorExtension DPS = new DpsEmulatorExtension(DpsEmulator.builder()
            .retryAfter(Duration.ZERO)
            .enroll(Enrollment.individual("dev-1")
                    .symmetricKey(KEY)
                    .assigningPolls(0)
                    .build()));

    private final DpsEmulator dps = DPS.emulator();

    @TempDir
    Path directory;

    @Test
    void sendsTheAssignmentIntoTheRouteOnce() throws Exception {
        try (DpsRoutes routes = consuming()) {
            MockEndpoint assigned = routes.context().getEndpoint("mock:assigned", MockEndpoint.class);
            assigned.expectedMessageCount(1);
            routes.start();

            assigned.assertIsSatisfied(10_000);
            assertThat(assigned.getExchanges().get(0).getMessage()).satisfies(message -> {
                assertThat(message.getBody(DeviceRegistrationResult.class).getDeviceId())
                        .isEqualTo("dev-1");
                assertThat(message.getHeader(DpsConstants.ASSIGNED_HUB)).isEqualTo("contoso.azure-devices.net");
                assertThat(message.getHeader(DpsConstants.STATUS)).isEqualTo("assigned");
            });
            assertThat(assigned.getExchanges().get(0).getFromRouteId()).isEqualTo("provision");
        }
        assertThat(registrations()).isOne();
        await().untilAsserted(() -> assertThat(DpsRoutes.threads()).isEmpty());
    }

    @Test
    void registersAgainWhenTheRouteIsRestarted() throws Exception {
        try (DpsRoutes routes = consuming()) {
            MockEndpoint assigned = routes.context().getEndpoint("mock:assigned", MockEndpoint.class);
            assigned.expectedMessageCount(1);
            routes.start();
            assigned.assertIsSatisfied(10_000);

            assigned.reset();
            assigned.expectedMessageCount(1);
            routes.context().getRouteController().stopRoute("provision");
            routes.context().getRouteController().startRoute("provision");
            assigned.assertIsSatisfied(10_000);
        }
        assertThat(registrations()).isEqualTo(2);
    }

    /** A route policy stops and starts a consumer without its route. A producer keeps the endpoint's fleet meanwhile. */
    @Test
    void registersInOneSequenceAfterARestartWhileAMessageIsInTheRoute() throws Exception {
        Queue<AsyncCallback> inTheRoute = new ConcurrentLinkedQueue<>();
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            String uri = routes.uri("dev-1", key(KEY), "reprovisionInterval=50");
            routes.routes(builder -> {
                        builder.from(uri).routeId("provision").process(new AsyncProcessorSupport() {
                            @Override
                            public boolean process(Exchange exchange, AsyncCallback callback) {
                                inTheRoute.add(callback);
                                return false;
                            }
                        });
                        builder.from("direct:register").to(uri);
                    })
                    .start();
            await().until(() -> inTheRoute.size() == 1);
            Consumer consumer = routes.context().getRoute("provision").getConsumer();
            consumer.stop();
            consumer.start();
            await().until(() -> inTheRoute.size() == 2);

            inTheRoute.remove().done(false);

            await().during(Duration.ofMillis(500)).until(() -> registrations() == 2);
            // Registrations of a device wait for each other: one of the former sequence would come before this.
            routes.register();
            assertThat(registrations()).isEqualTo(3);
            inTheRoute.remove().done(false);
        }
    }

    @Test
    void registersAgainAtTheInterval() throws Exception {
        try (DpsRoutes routes = consuming("reprovisionInterval=400")) {
            MockEndpoint assigned = routes.context().getEndpoint("mock:assigned", MockEndpoint.class);
            assigned.expectedMinimumMessageCount(3);
            routes.start();

            assigned.assertIsSatisfied(20_000);
        }
        assertThat(registrations()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void doesNotRegisterAfterARestartWhenTheAssignmentIsRemembered() throws Exception {
        for (int start = 0; start < 2; start++) {
            try (DpsRoutes routes = consuming("assignmentStore=file:" + directory)) {
                MockEndpoint assigned = routes.context().getEndpoint("mock:assigned", MockEndpoint.class);
                assigned.expectedMessageCount(1);
                routes.start();

                assigned.assertIsSatisfied(10_000);
                assertThat(assigned.getExchanges()
                                .get(0)
                                .getMessage()
                                .getBody(DeviceRegistrationResult.class)
                                .createHubSasToken())
                        .startsWith("SharedAccessSignature");
            }
        }
        assertThat(registrations()).isOne();
    }

    @Test
    void registersAtTheStartWhenTheRememberedAssignmentIsOlderThanTheInterval() throws Exception {
        deliverOneAfterAStart(Duration.ofHours(1));
        ageTheAssignment(Duration.ofMinutes(61));

        deliverOneAfterAStart(Duration.ofHours(1));
        assertThat(registrations()).isEqualTo(2);

        deliverOneAfterAStart(Duration.ofHours(1));
        assertThat(registrations()).as("the new assignment is young").isEqualTo(2);
    }

    private void deliverOneAfterAStart(Duration interval) throws Exception {
        try (DpsRoutes routes =
                consuming("assignmentStore=file:" + directory, "reprovisionInterval=" + interval.toMillis())) {
            MockEndpoint assigned = routes.context().getEndpoint("mock:assigned", MockEndpoint.class);
            assigned.expectedMessageCount(1);
            assigned.setResultWaitTime(20_000);
            routes.start();
            assigned.assertIsSatisfied();
        }
    }

    @Test
    void registersWhenTheRestOfTheIntervalHasPassedAfterAStart() throws Exception {
        deliverOneAfterAStart(Duration.ofHours(1));
        ageTheAssignment(Duration.ofMinutes(60).minusSeconds(3));
        try (DpsRoutes routes = consuming("assignmentStore=file:" + directory, "reprovisionInterval=3600000")) {
            routes.start();

            await().atMost(Duration.ofSeconds(30)).until(() -> registrations() == 2);
        }
    }

    /** A clock that was set back must not postpone the registration by as much. */
    @Test
    void countsTheIntervalFromTheStartWhenTheRememberedAssignmentIsFromTheFuture() throws Exception {
        deliverOneAfterAStart(Duration.ofHours(1));
        ageTheAssignment(Duration.ofDays(-1));
        try (DpsRoutes routes = consuming("assignmentStore=file:" + directory, "reprovisionInterval=500")) {
            routes.start();

            await().atMost(Duration.ofSeconds(30)).until(() -> registrations() > 1);
        }
    }

    private void ageTheAssignment(Duration age) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            Files.setLastModifiedTime(
                    files.findFirst().orElseThrow(), FileTime.from(Instant.now().minus(age)));
        }
    }

    @Test
    void registersWhenForcedAlthoughTheAssignmentIsRemembered() throws Exception {
        for (int start = 0; start < 2; start++) {
            try (DpsRoutes routes = consuming("assignmentStore=file:" + directory, "forceRegistration=true")) {
                MockEndpoint assigned = routes.context().getEndpoint("mock:assigned", MockEndpoint.class);
                assigned.expectedMessageCount(1);
                routes.start();
                assigned.assertIsSatisfied(10_000);
            }
        }
        assertThat(registrations()).isEqualTo(2);
    }

    @Test
    void reportsAFailureAndTriesAgain() throws Exception {
        dps.inject("dev-1", DpsFault.Answer.error(DpsStep.REGISTER, 404), 3);
        RecordingExceptionHandler failures = new RecordingExceptionHandler();
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.context().getRegistry().bind("failures", failures);
            routes.routes(builder -> builder.from(routes.uri("dev-1", key(KEY), "exceptionHandler=#failures"))
                    .to("mock:assigned"));
            MockEndpoint assigned = routes.context().getEndpoint("mock:assigned", MockEndpoint.class);
            assigned.expectedMessageCount(1);
            routes.start();

            assigned.assertIsSatisfied(10_000);
        }
        assertThat(failures.messages()).hasSize(3).allSatisfy(message -> assertThat(message)
                .contains("dev-1", "will be registered again in"));
    }

    @Test
    void goesOnWhereTheExceptionHandlerThrows() throws Exception {
        dps.inject("dev-1", DpsFault.Answer.error(DpsStep.REGISTER, 404), 1);
        RecordingExceptionHandler failures = new RecordingExceptionHandler() {
            @Override
            public void handleException(String message, Exchange exchange, Throwable exception) {
                super.handleException(message, exchange, exception);
                throw new IllegalStateException("the exception handler fails, too");
            }
        };
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.context().getRegistry().bind("failures", failures);
            routes.routes(builder -> builder.from(
                            routes.uri("dev-1", key(KEY), "exceptionHandler=#failures", "reprovisionInterval=400"))
                    .throwException(new IllegalStateException("from the route")));
            routes.start();

            // One of the attempt that failed, and one of each run of the route.
            await().atMost(Duration.ofSeconds(20)).until(() -> failures.causes().size() > 2);
        }
        assertThat(registrations()).isGreaterThan(2);
    }

    @Test
    void sendsFailuresIntoTheRouteWhenTheErrorHandlerIsBridged() throws Exception {
        dps.inject("dev-1", DpsFault.Answer.error(DpsStep.REGISTER, 404), 1);
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.routes(builder -> {
                builder.onException(DeviceRegistrationException.class)
                        .handled(true)
                        .to("mock:failed");
                builder.from(routes.uri("dev-1", key(KEY), "bridgeErrorHandler=true"))
                        .to("mock:assigned");
            });
            MockEndpoint failed = routes.context().getEndpoint("mock:failed", MockEndpoint.class);
            failed.expectedMessageCount(1);
            MockEndpoint assigned = routes.context().getEndpoint("mock:assigned", MockEndpoint.class);
            assigned.expectedMessageCount(1);
            routes.start();

            failed.assertIsSatisfied(10_000);
            assigned.assertIsSatisfied(10_000);
            assertThat(failed.getExchanges()
                            .get(0)
                            .getProperty(Exchange.EXCEPTION_CAUGHT, DeviceRegistrationException.class)
                            .getStatus())
                    .isEqualTo(404);
        }
    }

    @Test
    void reportsWhatTheRouteThrows() throws Exception {
        RecordingExceptionHandler failures = new RecordingExceptionHandler();
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.context().getRegistry().bind("failures", failures);
            routes.routes(builder -> builder.from(routes.uri("dev-1", key(KEY), "exceptionHandler=#failures"))
                    .throwException(new IllegalStateException("from the route")));
            routes.start();

            await().untilAsserted(() -> assertThat(failures.causes()).hasSize(1));
            assertThat(failures.causes().get(0)).hasMessageContaining("from the route");
        }
        assertThat(registrations()).isOne();
    }

    @Test
    void stopsAtOnceWhileItRegistersAndSaysNothing() throws Exception {
        dps.inject("dev-1", new DpsFault.Withhold(DpsStep.REGISTER), 1);
        RecordingExceptionHandler failures = new RecordingExceptionHandler();
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.context().getRegistry().bind("failures", failures);
            routes.routes(builder -> builder.from(routes.uri("dev-1", key(KEY), "exceptionHandler=#failures"))
                    .routeId("provision")
                    .to("mock:assigned"));
            routes.start();
            await().untilAsserted(() -> assertThat(dps.pendingFaults()).isEmpty());

            await().atMost(Duration.ofSeconds(8)).until(() -> {
                routes.context().getRouteController().stopRoute("provision");
                return true;
            });

            assertThat(failures.messages()).isEmpty();
        }
        await().untilAsserted(() -> assertThat(DpsRoutes.threads()).isEmpty());
        await().untilAsserted(
                        () -> assertThat(dps.statistics().openConnections()).isZero());
    }

    @Test
    void stopsWhileItPausesAfterAFailure() throws Exception {
        dps.inject("dev-1", DpsFault.Answer.error(DpsStep.REGISTER, 404), 99);
        RecordingExceptionHandler failures = new RecordingExceptionHandler();
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.context().getRegistry().bind("failures", failures);
            routes.routes(builder -> builder.from(routes.uri(
                            "dev-1",
                            key(KEY),
                            "exceptionHandler=#failures",
                            "retryMinDelay=60000",
                            "retryMaxDelay=60000"))
                    .to("mock:assigned"));
            routes.start();
            await().untilAsserted(() -> assertThat(failures.messages()).hasSize(1));
        }
        await().untilAsserted(() -> assertThat(DpsRoutes.threads()).isEmpty());
        assertThat(registrations()).isOne();
    }

    @Test
    void isDownUntilTheDeviceIsAssigned() throws Exception {
        dps.inject("dev-1", DpsFault.Answer.error(DpsStep.REGISTER, 404), 1);
        dps.inject("dev-1", new DpsFault.Delay(DpsStep.RESULT, Duration.ofMillis(100)), 1);
        try (DpsRoutes routes = consuming("retryMinDelay=300", "retryMaxDelay=300")) {
            routes.start();

            await().untilAsserted(() -> assertThat(routes.health("consumer:provision"))
                    .satisfies(result -> {
                        assertThat(result.getState()).isEqualTo(HealthCheck.State.DOWN);
                        assertThat(result.getMessage().orElseThrow()).contains("dev-1", "404");
                        assertThat(result.getError()).containsInstanceOf(DeviceRegistrationException.class);
                    }));
            await().untilAsserted(() ->
                    assertThat(routes.health("consumer:provision").getState()).isEqualTo(HealthCheck.State.UP));
            assertThat(routes.health("consumer:provision").getDetails())
                    .containsEntry("registration.id", "dev-1")
                    .containsEntry("service.host", "global.azure-devices-provisioning.net");
        }
    }

    /** A route policy stops and starts a consumer without its route. */
    @Test
    void isDownAgainAfterARestartUntilTheDeviceIsAssigned() throws Exception {
        try (DpsRoutes routes = consuming("requestTimeout=60000")) {
            routes.start();
            await().untilAsserted(() ->
                    assertThat(routes.health("consumer:provision").getState()).isEqualTo(HealthCheck.State.UP));
            dps.inject("dev-1", new DpsFault.Withhold(DpsStep.REGISTER), 1);

            Consumer consumer = routes.context().getRoute("provision").getConsumer();
            consumer.stop();
            consumer.start();

            assertThat(routes.health("consumer:provision")).satisfies(result -> {
                assertThat(result.getState()).isEqualTo(HealthCheck.State.DOWN);
                assertThat(result.getMessage().orElseThrow()).contains("dev-1", "not registered yet");
            });
        }
    }

    private DpsRoutes consuming(String... options) throws Exception {
        DpsRoutes routes = new DpsRoutes(dps);
        String[] all = List.of(List.of(options), List.of(key(KEY))).stream()
                .flatMap(List::stream)
                .toArray(String[]::new);
        return routes.routes(builder ->
                builder.from(routes.uri("dev-1", all)).routeId("provision").to("mock:assigned"));
    }

    private long registrations() {
        return dps.requests().stream().filter(DpsRequest::isRegister).count();
    }
}
