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
import static io.cameliot.azure.dps.DpsRoutes.key;
import static io.cameliot.azure.dps.DpsRoutes.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.dps.DpsEmulatorExtension;
import io.cameliot.testinfra.dps.fault.DpsFault;
import io.cameliot.testinfra.dps.fault.DpsStep;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.journal.DpsRequest;
import io.cameliot.testinfra.dps.service.Enrollment;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The connection is lost at each step of the flow: the device is assigned all the same, or the error at the deadline
 * names the step.
 */
class LostConnectionTest {

    private static final EnrollmentKey KEY = EnrollmentKey.random();

    @RegisterExtension
    static final DpsEmulatorExtension DPS = new DpsEmulatorExtension(DpsEmulator.builder()
            .retryAfter(Duration.ZERO)
            .enroll(Enrollment.individual("dev-1")
                    .symmetricKey(KEY)
                    .assigningPolls(2)
                    .build()));

    private final DpsEmulator dps = DPS.emulator();

    static Stream<DpsFault> lostConnections() {
        return Stream.of(
                new DpsFault.RefuseConnect(3),
                new DpsFault.DropBefore(DpsStep.CONNECT),
                new DpsFault.DropAfter(DpsStep.CONNECT, Duration.ZERO),
                new DpsFault.DropBefore(DpsStep.SUBSCRIBE),
                new DpsFault.DropAfter(DpsStep.SUBSCRIBE, Duration.ZERO),
                new DpsFault.DropBefore(DpsStep.REGISTER),
                new DpsFault.DropAfter(DpsStep.REGISTER, Duration.ZERO),
                new DpsFault.DropBefore(DpsStep.POLL),
                new DpsFault.DropAfter(DpsStep.POLL, Duration.ZERO),
                new DpsFault.DropBefore(DpsStep.RESULT));
    }

    @ParameterizedTest
    @MethodSource("lostConnections")
    void isAssignedAfterTheConnectionWasLost(DpsFault fault) throws Exception {
        dps.inject("dev-1", fault, 1);
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("dev-1", key(KEY)));

            assertThat(result(routes.registerAsync("dev-1").get(15, TimeUnit.SECONDS))
                            .getStatus())
                    .isEqualTo("assigned");
        }
        assertThat(dps.pendingFaults()).isEmpty();
        assertThat(dps.statistics().connects()).isEqualTo(2);
    }

    @Test
    void isAssignedAfterTheConnectionWasLostAtEveryStepInOneRegistration() throws Exception {
        lostConnections().forEach(fault -> dps.inject("dev-1", fault, 1));
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("dev-1", key(KEY), "maxRetries=10"));

            assertThat(result(routes.register()).getStatus()).isEqualTo("assigned");
        }
        assertThat(dps.pendingFaults()).isEmpty();
    }

    @Test
    void pollsTheOperationThatItHadRegistered() throws Exception {
        dps.inject("dev-1", new DpsFault.DropBefore(DpsStep.POLL), 1);
        dps.inject("dev-1", new DpsFault.DropBefore(DpsStep.RESULT), 1);
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("dev-1", key(KEY)));

            String operationId = result(routes.register()).getOperationId();

            assertThat(dps.requests()).filteredOn(DpsRequest::isRegister).hasSize(1);
            assertThat(dps.requests())
                    .extracting(DpsRequest::operationId)
                    .filteredOn(Optional::isPresent)
                    .containsOnly(Optional.of(operationId));
        }
    }

    @Test
    void pollsTheOperationThatItHadRegisteredWhenTheConnectionIsLostBetweenRequests() throws Exception {
        dps.inject("dev-1", new DpsFault.DropAfter(DpsStep.REGISTER, Duration.ofMillis(100)), 1);
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("dev-1", key(KEY), "defaultPollInterval=600"));

            assertThat(result(routes.register()).getStatus()).isEqualTo("assigned");
        }
        assertThat(dps.statistics().connects()).isEqualTo(2);
        assertThat(dps.requests()).filteredOn(DpsRequest::isRegister).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(names = "HANDSHAKE", mode = EnumSource.Mode.EXCLUDE)
    void triesAStepAgainThatIsNotAnswered(DpsStep step) throws Exception {
        dps.inject("dev-1", new DpsFault.Withhold(step), 1);
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("dev-1", key(KEY), "requestTimeout=2000"));

            assertThat(result(routes.register()).getStatus()).isEqualTo("assigned");
        }
        assertThat(dps.pendingFaults()).isEmpty();
        assertThat(dps.statistics().connects()).isEqualTo(2);
    }

    static Stream<Arguments> stepsThatNeverPass() {
        return Stream.of(
                Arguments.of(DpsStep.CONNECT, "waiting for the connection (CONNACK)"),
                Arguments.of(DpsStep.SUBSCRIBE, "waiting for the subscription (SUBACK)"),
                Arguments.of(DpsStep.REGISTER, "waiting for the answer to the register request"),
                Arguments.of(DpsStep.POLL, "waiting for the answer to a poll of the operation"),
                Arguments.of(DpsStep.RESULT, "waiting for the answer to a poll of the operation"));
    }

    @ParameterizedTest
    @MethodSource("stepsThatNeverPass")
    void namesTheStepThatIsNotAnsweredUntilTheDeadline(DpsStep step, String description) throws Exception {
        dps.inject("dev-1", new DpsFault.Withhold(step), 99);
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("dev-1", key(KEY), "registrationTimeout=2500"));

            assertThat(failure(routes.registerAsync("dev-1").get(15, TimeUnit.SECONDS)))
                    .satisfies(e -> {
                        assertThat(e).hasMessageContaining("failed while " + description);
                        assertThat(e).hasMessageContaining("registrationTimeout=2500 ms");
                        assertThat(e.isRetryable()).isTrue();
                    });
        }
    }

    static Stream<Arguments> stepsThatLoseTheConnection() {
        return Stream.of(
                Arguments.of(new DpsFault.DropBefore(DpsStep.CONNECT), "waiting for the connection"),
                Arguments.of(new DpsFault.DropBefore(DpsStep.SUBSCRIBE), "waiting for the subscription"),
                Arguments.of(
                        new DpsFault.DropBefore(DpsStep.REGISTER), "waiting for the answer to the register request"),
                Arguments.of(new DpsFault.DropBefore(DpsStep.RESULT), "waiting for the answer to a poll"));
    }

    @ParameterizedTest
    @MethodSource("stepsThatLoseTheConnection")
    void namesTheStepThatLostTheConnectionUntilTheRetriesWereUsedUp(DpsFault fault, String description)
            throws Exception {
        dps.inject("dev-1", fault, 99);
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("dev-1", key(KEY), "maxRetries=2"));

            assertThat(failure(routes.register())).satisfies(e -> {
                assertThat(e).hasMessageContaining("failed while " + description);
                assertThat(e).hasMessageContaining("2 retries in a row (maxRetries)");
                assertThat(e.isRetryable()).isTrue();
            });
        }
    }
}
