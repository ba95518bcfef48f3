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

import static io.cameliot.azure.dps.DpsRoutes.groupKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.dps.DpsEmulatorExtension;
import io.cameliot.testinfra.dps.fault.DpsFault;
import io.cameliot.testinfra.dps.fault.DpsStep;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.service.Enrollment;
import io.cameliot.testinfra.fault.FaultProxy;
import io.cameliot.testinfra.fault.NetworkFault.HalfOpen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The service is frozen while devices register: what was sent to it is kept by the network, and no answer comes any more. */
@Timeout(120)
class FrozenServiceStopTest {

    private static final EnrollmentKey KEY = EnrollmentKey.random();

    /** Far less than the registrations' timeout, and than a wait for each connection after the other. */
    private static final Duration SOON = Duration.ofSeconds(10);

    private static final int DEVICES = 20;

    @RegisterExtension
    static final DpsEmulatorExtension DPS = new DpsEmulatorExtension(DpsEmulator.builder()
            .retryAfter(Duration.ofSeconds(60))
            .enroll(Enrollment.group("group").symmetricKey(KEY).build()));

    private final DpsEmulator dps = DPS.emulator();
    private FaultProxy proxy;

    @BeforeEach
    void startProxy() {
        String[] address = dps.mqttAddress().split(":");
        proxy = FaultProxy.to(address[0], Integer.parseInt(address[1])).start();
    }

    @AfterEach
    void closeProxy() {
        await().untilAsserted(() -> assertThat(DpsRoutes.threads()).isEmpty());
        proxy.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"maxConcurrentRegistrations=50", "maxConcurrentRegistrations=3"})
    void stopsAFleetOfOneEndpointTogether(String options) throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(uri(routes, "", options));
            List<CompletableFuture<Exchange>> registered = IntStream.range(0, DEVICES)
                    .mapToObj(i -> routes.registerAsync("dev-" + i))
                    .toList();
            await().until(() -> !dps.requests().isEmpty());

            assertThat(timeToStopFrozen(routes)).isLessThan(SOON);

            await().atMost(SOON).until(() -> registered.stream().allMatch(CompletableFuture::isDone));
        }
    }

    @Test
    void stopsManyEndpointsTogether() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.routes(builder -> IntStream.range(0, DEVICES).forEach(i -> {
                builder.from(uri(routes, "consumer-" + i)).to("mock:in");
                builder.from("direct:" + i).to(uri(routes, "producer-" + i));
            }));
            routes.start();
            Stream<CompletableFuture<Object>> sent = IntStream.range(0, DEVICES)
                    .mapToObj(i -> routes.context().createProducerTemplate().asyncSendBody("direct:" + i, null));
            List<CompletableFuture<Object>> registered = sent.toList();
            await().until(() -> dps.requests().size() >= DEVICES);

            assertThat(timeToStopFrozen(routes)).isLessThan(SOON);

            await().atMost(SOON).until(() -> registered.stream().allMatch(CompletableFuture::isDone));
        }
    }

    @Test
    void stopsWhatIsStillConnecting() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            proxy.applyToAll(new HalfOpen());
            routes.routes(builder -> IntStream.range(0, DEVICES)
                    .forEach(i -> builder.from(uri(routes, "connecting-" + i)).to("mock:in")));
            routes.start();
            await().until(() -> proxy.accepted() >= DEVICES / 2);

            assertThat(timeToStopFrozen(routes)).isLessThan(SOON);
        }
    }

    @Test
    void givesUpWhatBlocksInItsRoutesWithCamelsTimeout() throws Exception {
        int timeout = 2;
        CountDownLatch entered = new CountDownLatch(4);
        for (int i = 0; i < 4; i++) {
            dps.inject("blocked-" + i, new DpsFault.RetryAfter(DpsStep.REGISTER, "1"), 1);
            dps.inject("blocked-" + i, new DpsFault.RetryAfter(DpsStep.POLL, "1"), 1);
        }
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.context().getShutdownStrategy().setTimeout(timeout);
            routes.routes(builder -> IntStream.range(0, 4)
                    .forEach(i -> builder.from(uri(routes, "blocked-" + i)).process(exchange -> {
                        entered.countDown();
                        new CountDownLatch(1).await();
                    })));
            routes.start();
            assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();

            assertThat(timeToStopFrozen(routes)).isLessThan(SOON.plusSeconds(timeout));
        }
    }

    private String uri(DpsRoutes routes, String registrationId, String... options) {
        List<String> all = new ArrayList<>(List.of(groupKey(KEY), "connectTo=" + proxy.address()));
        all.addAll(List.of(options));
        return routes.uri(registrationId, all.toArray(String[]::new));
    }

    private Duration timeToStopFrozen(DpsRoutes routes) {
        proxy.applyToAll(new HalfOpen());
        long begun = System.nanoTime();
        routes.context().stop();
        return Duration.ofNanos(System.nanoTime() - begun);
    }
}
