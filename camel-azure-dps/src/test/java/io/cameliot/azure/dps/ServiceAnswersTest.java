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
import io.cameliot.testinfra.dps.DpsFault;
import io.cameliot.testinfra.dps.DpsRequest;
import io.cameliot.testinfra.dps.DpsStep;
import io.cameliot.testinfra.dps.ResponseTopicStyle;
import io.cameliot.testinfra.dps.identity.SymmetricKey;
import io.cameliot.testinfra.dps.service.Enrollment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the service answers out of the ordinary, over real sockets. */
class ServiceAnswersTest {

    private static final SymmetricKey KEY = SymmetricKey.random();

    @RegisterExtension
    static final DpsEmulatorExtension DPS =
            new DpsEmulatorExtension(builder -> builder.retryAfter(Duration.ofSeconds(1))
                    .enroll(Enrollment.individual("dev-1")
                            .symmetricKey(KEY)
                            .assigningPolls(0)
                            .build()));

    private final DpsEmulator dps = DPS.emulator();

    @ParameterizedTest
    @EnumSource(names = "EMPTY_RID", mode = EnumSource.Mode.EXCLUDE)
    void findsRetryAfterAndRequestIdWhereverTheyStand(ResponseTopicStyle style) throws Exception {
        dps.responseTopics(style);

        assertThat(register()).isNull();

        assertThat(Duration.between(
                        dps.requests().get(0).receivedAt(),
                        dps.requests().get(1).receivedAt()))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void takesNoAnswerWithoutRequestIdForItsOwn() throws Exception {
        dps.responseTopics(ResponseTopicStyle.EMPTY_RID);

        assertThat(register("requestTimeout=1000", "maxRetries=0"))
                .hasMessageContaining("waiting for the answer to the register request");
    }

    @ParameterizedTest
    @CsvSource({"REGISTER,429", "REGISTER,503", "RESULT,429", "RESULT,500"})
    void asksAgainOnTheSameConnectionWhenTheServiceIsBusy(DpsStep step, int status) throws Exception {
        dps.inject("dev-1", DpsFault.Answer.error(step, status), 2);

        assertThat(register()).isNull();

        assertThat(dps.pendingFaults()).isEmpty();
        assertThat(dps.statistics().connects()).isOne();
        assertThat(dps.requests()).filteredOn(DpsRequest::isRegister).hasSize(step == DpsStep.REGISTER ? 3 : 1);
    }

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

    @ParameterizedTest
    @CsvSource({"0", "-1", "soon", "''"})
    void pollsAtItsOwnPaceWhereRetryAfterNamesNone(String retryAfter) throws Exception {
        dps.inject("dev-1", new DpsFault.RetryAfter(DpsStep.REGISTER, retryAfter), 1);

        assertThat(register("defaultPollInterval=300")).isNull();

        assertThat(Duration.between(
                        dps.requests().get(0).receivedAt(),
                        dps.requests().get(1).receivedAt()))
                .isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void givesUpAtOnceWhenTheServiceAsksToWaitBeyondTheDeadline() throws Exception {
        dps.inject("dev-1", new DpsFault.RetryAfter(DpsStep.REGISTER, "99999999999"), 1);

        assertThat(register()).satisfies(e -> {
            assertThat(e).hasMessageContaining("registrationTimeout=120000 ms");
            assertThat(e.getOperationId()).isNotNull();
            assertThat(e.isRetryable()).isTrue();
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"REGISTER", "RESULT"})
    void ignoresAnswersToOthers(DpsStep step) throws Exception {
        dps.inject("dev-1", new DpsFault.ForeignAnswerFirst(step), 1);
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("dev-1", key(KEY)));

            assertThat(result(routes.register()).getRegistrationId()).isEqualTo("dev-1");
        }
        assertThat(dps.pendingFaults()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"REGISTER", "RESULT"})
    void takesAnAnswerThatComesBeforeItsPuback(DpsStep step) throws Exception {
        dps.inject("dev-1", new DpsFault.AnswerBeforePubAck(step), 1);

        assertThat(register()).isNull();
        assertThat(dps.pendingFaults()).isEmpty();
    }

    @Test
    void ignoresAnAnswerThatComesAfterItGaveUpOnIt() throws Exception {
        dps.inject("dev-1", new DpsFault.Delay(DpsStep.REGISTER, Duration.ofMillis(1300)), 1);

        assertThat(register("requestTimeout=1000")).isNull();
        assertThat(dps.requests()).filteredOn(DpsRequest::isRegister).hasSize(2);
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
