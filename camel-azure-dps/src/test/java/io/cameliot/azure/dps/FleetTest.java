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
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.dps.DpsEmulatorExtension;
import io.cameliot.testinfra.dps.fault.DpsFault;
import io.cameliot.testinfra.dps.fault.DpsStep;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.journal.DpsConnect;
import io.cameliot.testinfra.dps.journal.DpsRequest;
import io.cameliot.testinfra.dps.service.Assignment;
import io.cameliot.testinfra.dps.service.Enrollment;
import io.cameliot.testinfra.log.CapturedLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One endpoint registers many devices. */
class FleetTest {

    private static final EnrollmentKey KEY = EnrollmentKey.random();

    @RegisterExtension
    static final DpsEmulatorExtension DPS = new DpsEmulatorExtension(DpsEmulator.builder()
            .retryAfter(Duration.ofSeconds(1))
            .enroll(Enrollment.group("group").symmetricKey(KEY).build()));

    private final DpsEmulator dps = DPS.emulator();

    /** Each device waits twice for a second, as the service asks. */
    @Test
    void registersFiveHundredDevicesWithABoundedNumberOfConnectionsAndThreads() throws Exception {
        int devices = 500;
        int atATime = 100;
        AtomicInteger mostThreads = new AtomicInteger();
        AtomicInteger mostActive = new AtomicInteger();
        try (CapturedLog log = CapturedLog.at(Map.of("io.cameliot.common.fleet", "info"));
                DpsRoutes routes = new DpsRoutes(dps)) {
            String uri = routes.uri("", groupKey(KEY), "maxConcurrentRegistrations=" + atATime);
            routes.registering(uri);
            DpsEndpoint endpoint = routes.context().getEndpoint(uri, DpsEndpoint.class);

            List<CompletableFuture<Exchange>> registered = IntStream.range(0, devices)
                    .mapToObj(i -> routes.registerAsync("dev-" + i))
                    .toList();
            await().atMost(Duration.ofSeconds(100))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> {
                        mostThreads.accumulateAndGet(DpsRoutes.threads().size(), Math::max);
                        mostActive.accumulateAndGet(endpoint.getActiveRegistrations(), Math::max);
                        return registered.stream().allMatch(CompletableFuture::isDone);
                    });

            for (CompletableFuture<Exchange> one : registered) {
                assertThat(result(one.get()).getStatus()).isEqualTo("assigned");
            }
            // An account each hundred devices.
            await().untilAsserted(() -> assertThat(log.text().lines().filter(line -> line.contains("devices done")))
                    .hasSize(5)
                    .first()
                    .asString()
                    .containsPattern(
                            "azure-dps:\\S+: 100 devices done, 0 failed, \\d+ in progress, \\d+ waiting; [\\d,]+ per"
                                    + " minute"));
        }
        assertThat(dps.assignedDevices())
                .extracting(Assignment::registrationId)
                .doesNotHaveDuplicates()
                .hasSize(devices);
        assertThat(dps.statistics().connects()).isEqualTo(devices);
        assertThat(mostActive).hasValue(atATime);
        // The service sees the end of a connection a little later than the one who ended it.
        assertThat(dps.statistics().mostOpenConnections()).isLessThan(2 * atATime);
        assertThat(dps.statistics().throttled()).isZero();
        // A connection has three threads of the MQTT client, and two more while it is made; the endpoint has a dozen.
        assertThat(mostThreads).hasPositiveValue().hasValueLessThanOrEqualTo(5 * atATime + 12);
        await().untilAsserted(() -> assertThat(DpsRoutes.threads()).isEmpty());
    }

    @Test
    void waitsBetweenPollsAsLongAsTheServiceAsks() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("", groupKey(KEY)));

            for (CompletableFuture<Exchange> one : registerAll(routes, List.of("dev-1", "dev-2", "dev-3"))) {
                result(one.get(30, TimeUnit.SECONDS));
            }
        }
        for (String device : List.of("dev-1", "dev-2", "dev-3")) {
            List<DpsRequest> requests = dps.requests(device);
            assertThat(requests).hasSize(3);
            for (int i = 1; i < requests.size(); i++) {
                assertThat(Duration.between(
                                requests.get(i - 1).receivedAt(),
                                requests.get(i).receivedAt()))
                        .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
            }
        }
    }

    @Test
    void beginsNoMoreRegistrationsInAMinuteThanAllowed() throws Exception {
        assignAtTheFirstPoll();
        List<String> devices = List.of("dev-1", "dev-2", "dev-3", "dev-4", "dev-5");
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("", groupKey(KEY), "registrationsPerMinute=120"));

            for (CompletableFuture<Exchange> one : registerAll(routes, devices)) {
                result(one.get(30, TimeUnit.SECONDS));
            }
        }
        List<DpsConnect> connections = dps.connections();
        assertThat(Duration.between(
                        connections.get(0).receivedAt(), connections.get(4).receivedAt()))
                .isGreaterThan(Duration.ofMillis(800));
    }

    @Test
    void registersADeviceOnceAtATime() throws Exception {
        assignAtTheFirstPoll();
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("", groupKey(KEY)));

            for (CompletableFuture<Exchange> one : registerAll(routes, List.of("dev-1", "DEV-1", "dev-1"))) {
                result(one.get(30, TimeUnit.SECONDS));
            }
        }
        assertOneAtATime();
        assertThat(dps.statistics().connects()).isEqualTo(3);
    }

    @Test
    void keepsOneDevicesTroubleFromTheOthers() throws Exception {
        dps.inject("bad", new DpsFault.Withhold(DpsStep.REGISTER), 1);
        List<CompletableFuture<Exchange>> registered;
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("", groupKey(KEY)));
            registered = registerAll(routes, List.of("bad", "good-1", "good-2"));

            result(registered.get(1).get(20, TimeUnit.SECONDS));
            result(registered.get(2).get(20, TimeUnit.SECONDS));
            assertThat(registered.get(0)).isNotDone();
        }
        assertThat(failure(registered.get(0).get(1, TimeUnit.SECONDS))).hasMessageContaining("stopped");
    }

    /** More routes block than there are threads for results; the registrations of others go on. */
    @Test
    void registersWhileRoutesBlock() throws Exception {
        assignAtTheFirstPoll();
        CountDownLatch release = new CountDownLatch(1);
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            String uri = routes.uri("", groupKey(KEY));
            routes.routes(builder -> builder.from("direct:register").to(uri).process(exchange -> release.await()));
            routes.start();
            List<String> devices =
                    IntStream.range(0, 15).mapToObj(i -> "dev-" + i).toList();
            List<CompletableFuture<Exchange>> registered = registerAll(routes, devices);

            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(dps.assignedDevices()).hasSize(15));
            assertThat(registered).noneMatch(CompletableFuture::isDone);

            release.countDown();
            for (CompletableFuture<Exchange> one : registered) {
                result(one.get(10, TimeUnit.SECONDS));
            }
        }
    }

    @Test
    void registersDevicesOfADynamicUriThroughOneEndpoint() throws Exception {
        assignAtTheFirstPoll();
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            String uri = routes.uri("${header.device}", groupKey(KEY), "maxConcurrentRegistrations=1");
            routes.routes(builder -> builder.from("direct:dynamic").toD(uri)).start();
            List<CompletableFuture<Exchange>> registered = Stream.of("dev-1", "dev-2", "dev-3")
                    .map(device -> routes.context()
                            .createProducerTemplate()
                            .asyncSend("direct:dynamic", exchange -> exchange.getMessage()
                                    .setHeader("device", device)))
                    .toList();

            for (CompletableFuture<Exchange> one : registered) {
                Exchange exchange = one.get(30, TimeUnit.SECONDS);
                assertThat(result(exchange).getRegistrationId())
                        .isEqualTo(exchange.getMessage().getHeader("device"));
            }
            assertThat(routes.context().getEndpoints())
                    .filteredOn(DpsEndpoint.class::isInstance)
                    .hasSize(1);
        }
        assertOneAtATime();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev-1", "dev%2D2", "d%65v-3", "dev%3A4"})
    void meansTheSameDeviceByToAndToD(String spelling) throws Exception {
        assignAtTheFirstPoll();
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.routes(builder -> {
                        builder.from("direct:to").to(routes.uri(spelling, groupKey(KEY)));
                        builder.from("direct:toD").toD(routes.uri("${header.device}", groupKey(KEY)));
                    })
                    .start();

            Exchange to = routes.context().createProducerTemplate().send("direct:to", exchange -> {});
            Exchange toD = routes.context()
                    .createProducerTemplate()
                    .send("direct:toD", exchange -> exchange.getMessage().setHeader("device", spelling));

            assertThat(result(toD).getRegistrationId()).isEqualTo(result(to).getRegistrationId());
        }
    }

    /** One poll instead of two. */
    private void assignAtTheFirstPoll() {
        dps.enroll(Enrollment.group("group").symmetricKey(KEY).assigningPolls(0).build());
    }

    /** Each of three is through before the next one begins. */
    private void assertOneAtATime() {
        List<Boolean> registers =
                dps.requests().stream().map(DpsRequest::isRegister).toList();
        assertThat(registers).containsExactly(true, false, true, false, true, false);
        // The emulator may notice the end of a connection after the beginning of the next one.
        assertThat(dps.statistics().mostOpenConnections()).isLessThanOrEqualTo(2);
    }

    private static List<CompletableFuture<Exchange>> registerAll(DpsRoutes routes, List<String> devices) {
        return devices.stream().map(routes::registerAsync).toList();
    }
}
