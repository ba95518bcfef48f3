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
import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.dps.DpsEmulatorExtension;
import io.cameliot.testinfra.dps.fault.DpsFault;
import io.cameliot.testinfra.dps.fault.DpsStep;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.service.Enrollment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the service answers out of the ordinary, beyond what {@link DpsConformanceTest} has. */
class ServiceAnswersTest {

    private static final EnrollmentKey KEY = EnrollmentKey.random();

    @RegisterExtension
    static final DpsEmulatorExtension DPS = new DpsEmulatorExtension(DpsEmulator.builder()
            .retryAfter(Duration.ZERO)
            .enroll(Enrollment.individual("dev-1")
                    .symmetricKey(KEY)
                    .assigningPolls(0)
                    .build()));

    private final DpsEmulator dps = DPS.emulator();

    @Test
    void waitsAsLongAsThrottlingAsks() throws Exception {
        dps.inject("dev-1", DpsFault.Answer.throttled(DpsStep.REGISTER, 1), 1);

        assertThat(register()).isNull();

        assertThat(Duration.between(
                        dps.requests().get(0).receivedAt(),
                        dps.requests().get(1).receivedAt()))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void saysSoWhenTheServiceStaysBusy() throws Exception {
        dps.inject("dev-1", DpsFault.Answer.error(DpsStep.REGISTER, 429), 99);

        assertThat(register("maxRetries=1")).satisfies(e -> {
            assertThat(e.getStatus()).isEqualTo(429);
            assertThat(e.isRetryable()).isTrue();
            assertThat(e)
                    .hasMessageContaining("Gave up after 1 retries")
                    .hasMessageContaining("registrationsPerMinute");
        });
    }

    @ParameterizedTest
    @CsvSource({"REGISTER,400", "REGISTER,404", "RESULT,404", "RESULT,428"})
    void doesNotAskAgainWhatIsRefused(DpsStep step, int status) throws Exception {
        dps.inject("dev-1", DpsFault.Answer.error(step, status), 1);

        assertThat(register()).satisfies(e -> {
            assertThat(e.getStatus()).isEqualTo(status);
            assertThat(e.getErrorCode()).isEqualTo(status * 1000);
            assertThat(e.isRetryable()).isFalse();
        });
    }

    @Test
    void takesASubscriptionOfQos0() throws Exception {
        dps.inject("dev-1", new DpsFault.Grant(0), 1);

        assertThat(register()).isNull();
        assertThat(dps.pendingFaults()).isEmpty();
    }

    @Test
    void failsWhenTheSubscriptionIsRefused() throws Exception {
        dps.inject("dev-1", new DpsFault.Grant(128), 1);

        assertThat(register()).hasMessageContaining("refused the subscription");
    }

    @ParameterizedTest
    @CsvSource({"5, not authorized", "4, bad user name or password", "2, client identifier rejected"})
    void failsWhenTheConnectionIsRefused(int returnCode, String meaning) throws Exception {
        dps.inject("dev-1", new DpsFault.RefuseConnect(returnCode), 1);

        assertThat(register()).satisfies(e -> {
            assertThat(e).hasMessageContaining(meaning);
            assertThat(e.isRetryable()).isFalse();
        });
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {"`no json`", "`{\"status\":\"assigned\"}`", "`123`", "``"})
    void failsWithTheBeginningOfAMalformedAnswer(String body) throws Exception {
        dps.inject("dev-1", DpsFault.Answer.malformed(DpsStep.RESULT, body), 1);

        assertThat(register()).satisfies(e -> {
            assertThat(e).hasMessageContaining("could not be read").hasMessageEndingWith(": " + body);
            assertThat(e.isRetryable()).isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"operationId\":null,",
                "",
                "\"operationId\":0,\"new\":[],",
            })
    void takesAnAssignmentThatNamesNoMoreThanIsNeeded(String operation) throws Exception {
        dps.inject(
                "dev-1",
                DpsFault.Answer.malformed(
                        DpsStep.REGISTER,
                        "{" + operation + "\"status\":\"assigned\",\"registrationState\":{\"assignedHub\":"
                                + "\"hub.example\",\"deviceId\":\"dev-1\",\"substatus\":null,\"x509\":\"none\"}}"),
                1);

        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("dev-1", key(KEY)));
            Exchange registered = routes.register();

            assertThat(failure(registered)).isNull();
            assertThat(registered.getMessage().getHeaders())
                    .containsEntry(DpsConstants.ASSIGNED_HUB, "hub.example")
                    .containsEntry(DpsConstants.REGISTRATION_ID, "dev-1")
                    .containsEntry(DpsConstants.STATUS, "assigned")
                    .doesNotContainKeys(DpsConstants.SUBSTATUS, DpsConstants.OPERATION_ID);
            assertThat(DpsRoutes.result(registered).getX509()).isNull();
        }
    }

    /** What a service, or who speaks in its place, can put into every text that it sends. */
    private static final String HOSTILE = "a\n\u001b[31mFAKE\r\u0085\u2028\u202eLOG" + "x".repeat(5000);

    private static final String HOSTILE_IN_JSON = "a\\n\\u001b[31mFAKE\\r\\u0085\\u2028\\u202eLOG" + "x".repeat(5000);

    static Stream<DpsFault> hostileAnswers() {
        return Stream.of(
                answer(401, "{\"errorCode\":401002,\"trackingId\":\"t\",\"message\":\"" + HOSTILE_IN_JSON + "\"}"),
                answer(404, "{\"errorCode\":404201,\"trackingId\":\"" + HOSTILE_IN_JSON + "\",\"message\":\"m\"}"),
                answer(500, "{\"message\":\"" + HOSTILE_IN_JSON + "\"}"),
                answer(418, HOSTILE),
                answer(200, HOSTILE),
                answer(200, "{\"operationId\":\"o\",\"status\":\"" + HOSTILE_IN_JSON + "\"}"),
                answer(
                        200,
                        "{\"operationId\":\"o\",\"status\":\"failed\",\"registrationState\":{\"errorMessage\":\""
                                + HOSTILE_IN_JSON + "\"}}"));
    }

    private static DpsFault answer(int status, String body) {
        return new DpsFault.Answer(DpsStep.REGISTER, status, OptionalInt.empty(), body);
    }

    @ParameterizedTest
    @MethodSource("hostileAnswers")
    void showsTextOfTheServiceInEscapesAndNotWithoutEnd(DpsFault answer) throws Exception {
        dps.inject("dev-1", answer, 9);

        assertThat(register("maxRetries=0")).satisfies(e -> {
            assertThat(e.getMessage()).containsIgnoringCase("a\\n\\u001b[31mFAKE\\r\\u0085\\u2028\\u202eLOGx");
            for (Throwable t = e; t != null; t = t.getCause()) {
                assertThat(t.toString()).hasSizeLessThan(1500).doesNotContainPattern("[\\p{Cntrl}\\p{Cf}\u2028]");
            }
        });
    }

    @Test
    void leavesDataOfTheServiceAsItIs() throws Exception {
        dps.inject("dev-1", answer(400, "{\"message\":\"" + HOSTILE_IN_JSON + "\"}"), 1);

        assertThat(register().getServiceMessage()).isEqualTo(HOSTILE);
    }

    @Test
    void showsAnErrorThatIsNotJson() throws Exception {
        dps.inject("dev-1", new DpsFault.Answer(DpsStep.REGISTER, 418, OptionalInt.empty(), "<html>teapot"), 1);

        assertThat(register()).hasMessageContaining("418 (<html>teapot)");
    }

    private DeviceRegistrationException register(String... options) throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            List<String> all = new ArrayList<>(List.of(options));
            all.add(key(KEY));
            routes.registering(routes.uri("dev-1", all.toArray(String[]::new)));
            return failure(routes.register());
        }
    }
}
