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
package io.cameliot.azure.dps.registration;

import static io.cameliot.azure.dps.registration.Walk.ASSIGNED;
import static io.cameliot.azure.dps.registration.Walk.ASSIGNING;
import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.azure.dps.registration.RegistrationAction.Backoff;
import io.cameliot.azure.dps.registration.RegistrationAction.Connect;
import io.cameliot.azure.dps.registration.RegistrationAction.Finish;
import io.cameliot.azure.dps.registration.RegistrationAction.Ignore;
import io.cameliot.azure.dps.registration.RegistrationAction.Pause;
import io.cameliot.azure.dps.registration.RegistrationAction.Poll;
import io.cameliot.azure.dps.registration.RegistrationAction.Register;
import io.cameliot.azure.dps.registration.RegistrationAction.Subscribe;
import io.cameliot.azure.dps.registration.RegistrationEvent.Cancelled;
import io.cameliot.azure.dps.registration.RegistrationEvent.ConnectFailed;
import io.cameliot.azure.dps.registration.RegistrationEvent.ConnectProblem;
import io.cameliot.azure.dps.registration.RegistrationEvent.Connected;
import io.cameliot.azure.dps.registration.RegistrationEvent.ConnectionLost;
import io.cameliot.azure.dps.registration.RegistrationEvent.DeadlinePassed;
import io.cameliot.azure.dps.registration.RegistrationEvent.PauseOver;
import io.cameliot.azure.dps.registration.RegistrationEvent.Started;
import io.cameliot.azure.dps.registration.RegistrationEvent.Subscribed;
import io.cameliot.azure.dps.registration.RegistrationEvent.TimedOut;
import io.cameliot.azure.dps.registration.RegistrationOutcome.Assigned;
import io.cameliot.azure.dps.wire.RegistrationStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistrationMachineTest {

    @Test
    void registersAndPollsUntilAssigned() {
        Walk walk = Walk.at(RegistrationStep.QUEUED).on(new Started());
        assertThat(walk.action).isEqualTo(new Connect(0));
        assertThat(walk.on(new Connected()).action).isEqualTo(new Subscribe());
        assertThat(walk.on(new Subscribed(1)).action).isEqualTo(new Register(1));
        assertThat(walk.answer(202, "retry-after=3", ASSIGNING).action).isEqualTo(new Pause(Duration.ofSeconds(3)));
        assertThat(walk.pauseOver().action).isEqualTo(new Poll(2, "4.op"));
        assertThat(walk.answer(202, "retry-after=4", ASSIGNING).action).isEqualTo(new Pause(Duration.ofSeconds(4)));
        assertThat(walk.pauseOver().action).isEqualTo(new Poll(3, "4.op"));

        assertThat(walk.answer(200, ASSIGNED).outcome()).isInstanceOfSatisfying(Assigned.class, assigned -> {
            assertThat(assigned.operationId()).isEqualTo("4.op");
            assertThat(assigned.registrationState().path("deviceId").asText()).isEqualTo("device");
            assertThat(assigned.credential()).isZero();
        });
        assertThat(walk.now()).isEqualTo(Duration.ofSeconds(7));
    }

    /**
     * Every step with every event: what follows where the event means something there, and nothing where it does not.
     */
    @ParameterizedTest
    @CsvSource({
        "QUEUED,    Connect,  -,         -,      -,         -,      -,       -,    Finish",
        "CONNECT,   -,        Subscribe, Backoff,-,         -,      Backoff, Backoff, Finish",
        "SUBSCRIBE, -,        -,         -,      Register,  -,      Backoff, Backoff, Finish",
        "REGISTER,  -,        -,         -,      -,         Pause,  Backoff, Backoff, Finish",
        "POLL,      -,        -,         -,      -,         Pause,  Backoff, Backoff, Finish",
        "PAUSE,     -,        -,         -,      -,         -,      -,       Backoff, Finish",
        "BACKOFF,   -,        -,         -,      -,         -,      -,       -,       Finish",
        "FINISHED,  -,        -,         -,      -,         -,      -,       -,       -",
    })
    void answersEveryEventAtEveryStep(
            RegistrationStep step,
            String started,
            String connected,
            String connectFailed,
            String subscribed,
            String answered,
            String timedOut,
            String lost,
            String ended) {
        assertAction(step, new Started(), started);
        assertAction(step, new Connected(), connected);
        assertAction(step, new ConnectFailed(ConnectProblem.TRANSIENT, "no route", null), connectFailed);
        assertAction(step, new Subscribed(1), subscribed);
        assertAction(step, new TimedOut(), timedOut);
        assertAction(step, new ConnectionLost("gone", null), lost);
        assertAction(step, new DeadlinePassed(), ended);
        assertAction(step, new Cancelled("stop", null), ended);
        assertThat(name(Walk.at(step).answer(202, ASSIGNING))).isEqualTo(answered);
    }

    @ParameterizedTest
    @CsvSource({"PAUSE, Poll", "BACKOFF, Connect", "QUEUED, -", "CONNECT, -", "REGISTER, -", "POLL, -", "FINISHED, -"})
    void goesOnAfterAPauseOnly(RegistrationStep step, String action) {
        Walk walk = Walk.at(step).after(Duration.ofSeconds(5));

        assertThat(name(walk.on(new PauseOver()))).isEqualTo(action);
    }

    private static void assertAction(RegistrationStep step, RegistrationEvent event, String expected) {
        Walk walk = Walk.at(step);
        RegistrationState before = walk.state;
        assertThat(before.step()).isEqualTo(step);

        assertThat(name(walk.on(event))).as("%s at %s", event, step).isEqualTo(expected);
        if (expected.equals("-")) {
            assertThat(walk.state).isSameAs(before);
        }
    }

    private static String name(Walk walk) {
        return walk.action instanceof Ignore ? "-" : walk.action.getClass().getSimpleName();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void takesTheSubscriptionWithWhatQosItIsGranted(int qos) {
        assertThat(Walk.at(RegistrationStep.SUBSCRIBE).on(new Subscribed(qos)).action)
                .isEqualTo(new Register(1));
    }

    @Test
    void failsWhenTheSubscriptionIsRefused() {
        assertThat(Walk.at(RegistrationStep.SUBSCRIBE).on(new Subscribed(0x80)).failure())
                .satisfies(failure -> {
                    assertThat(failure.step()).isEqualTo(RegistrationStep.SUBSCRIBE);
                    assertThat(failure.problem()).contains("refused the subscription", "serviceHost");
                    assertThat(failure.retryable()).isFalse();
                });
    }

    @ParameterizedTest
    @EnumSource(names = {"REGISTER", "POLL"})
    void ignoresForeignAnswers(RegistrationStep step) {
        for (String topic : List.of(
                "$dps/registrations/res/200/?$rid=99",
                "$dps/registrations/res/200/?$rid=",
                "$dps/registrations/res/200/?rid=1",
                "$dps/registrations/res/200",
                "$dps/registrations/unknown",
                "something/else")) {
            assertThat(Walk.at(step).message(topic, ASSIGNED).action).as(topic).isEqualTo(new Ignore());
        }
    }

    @Test
    void ignoresAnAnswerToAnEarlierRequest() {
        Walk walk = Walk.at(RegistrationStep.POLL);

        walk.message("$dps/registrations/res/401/?$rid=1", "{}");

        assertThat(walk.action).isEqualTo(new Ignore());
    }

    @ParameterizedTest
    @EnumSource(names = {"REGISTER", "POLL"})
    void letsTheBodyDecideWhatALowStatusMeans(RegistrationStep step) {
        assertThat(Walk.at(step).answer(200, ASSIGNING).action).isInstanceOf(Pause.class);
        assertThat(Walk.at(step).answer(202, ASSIGNED).outcome()).isInstanceOf(Assigned.class);
    }

    @Test
    void pollsAtTheDefaultIntervalWhereTheServiceNamesNone() {
        for (String property : List.of("x=y", "retry-after=0", "retry-after=-1", "retry-after=")) {
            assertThat(Walk.at(RegistrationStep.REGISTER).answer(202, property, ASSIGNING).action)
                    .as(property)
                    .isEqualTo(new Pause(Duration.ofSeconds(2)));
        }
    }

    @Test
    void givesUpAtOnceWhenTheServiceAsksToWaitLongerThanThereIsTime() {
        assertThat(Walk.at(RegistrationStep.REGISTER)
                        .answer(202, "retry-after=9999999999999999999", ASSIGNING)
                        .failure())
                .satisfies(failure -> {
                    assertThat(failure.problem()).contains("registrationTimeout=60000 ms");
                    assertThat(failure.operationId()).contains("4.op");
                    assertThat(failure.answer().status()).contains(202);
                    assertThat(failure.retryable()).isTrue();
                });
    }

    @ParameterizedTest
    @CsvSource({
        "REGISTER, 429, registrationsPerMinute",
        "POLL, 429, registrationsPerMinute",
        "REGISTER, 503, internal error"
    })
    void givesUpWithTheErrorThatAsksToWaitLongerThanThereIsTime(RegistrationStep step, int status, String advice) {
        String body = "{\"errorCode\":" + status + "001,\"trackingId\":\"track\",\"message\":\"Later.\"}";

        assertThat(Walk.at(step).answer(status, "retry-after=300", body).failure())
                .satisfies(failure -> {
                    assertThat(failure.step()).isEqualTo(step);
                    assertThat(failure.answer().status()).contains(status);
                    assertThat(failure.answer().error().errorCode()).contains(status * 1000 + 1);
                    assertThat(failure.answer().error().trackingId()).contains("track");
                    assertThat(failure.retryable()).isTrue();
                    assertThat(failure.problem())
                            .contains(
                                    "due in 300000 ms",
                                    "registrationTimeout=60000 ms",
                                    status + " (Later., error code " + status + "001, tracking id track): ",
                                    advice,
                                    ". Raise registrationTimeout");
                });
    }

    /** The backoff of the client can be the longer one as well. */
    @Test
    void givesUpWithTheErrorAfterWhichNoRetryIsLeftInTime() {
        Walk walk = Walk.at(RegistrationStep.POLL).after(Duration.ofSeconds(56)).answer(503, "{}");

        assertThat(walk.failure().answer().status()).contains(503);
    }

    @Test
    void pollsNotMoreThanFiveTimesInTenSeconds() {
        RegistrationPolicy eager = new RegistrationPolicy(
                Duration.ofSeconds(60), Duration.ofMillis(10), 3, failures -> Duration.ofMillis(10));
        Walk walk = Walk.at(RegistrationStep.POLL, eager, 1);
        List<Duration> polls = new ArrayList<>(List.of(walk.now()));
        while (polls.size() < 23) {
            walk.answer(202, ASSIGNING).pauseOver();
            assertThat(walk.action).isInstanceOf(Poll.class);
            polls.add(walk.now());
        }

        for (int i = 5; i < polls.size(); i++) {
            assertThat(polls.get(i).minus(polls.get(i - 5))).isGreaterThanOrEqualTo(Duration.ofSeconds(10));
        }
        assertThat(polls.get(4)).isLessThan(polls.get(0).plusSeconds(1));
    }

    @Test
    void countsRetriedPollsAndThoseOfEarlierConnectionsAsPolls() {
        RegistrationPolicy eager = new RegistrationPolicy(
                Duration.ofSeconds(60), Duration.ofMillis(10), 9, failures -> Duration.ofMillis(10));
        Walk walk = Walk.at(RegistrationStep.POLL, eager, 1);
        Duration first = walk.now();
        walk.answer(429, "{}").pauseOver();
        walk.on(new ConnectionLost("gone", null)).pauseOver().reconnected();
        walk.answer(503, "{}").pauseOver();
        walk.on(new TimedOut()).pauseOver().reconnected();
        assertThat(walk.action).isInstanceOf(Poll.class);

        walk.answer(202, ASSIGNING);

        assertThat(walk.now().plus(walk.pause())).isEqualTo(first.plus(PollPace.WINDOW));
    }

    @ParameterizedTest
    @CsvSource({"failed,FAILED", "disabled,DISABLED"})
    void failsWhenTheOperationEndsWithoutAnAssignment(String status, RegistrationStatus expected) {
        String body = "{\"operationId\":\"\",\"status\":\"" + status + "\",\"registrationState\":{\"errorCode\":400207,"
                + "\"errorMessage\":\"Custom allocation failed with status code: 400\"}}";

        assertThat(Walk.at(RegistrationStep.POLL).answer(200, body).failure()).satisfies(failure -> {
            assertThat(failure.answer().registrationStatus()).contains(expected);
            assertThat(failure.answer().status()).contains(200);
            assertThat(failure.answer().error().errorCode()).contains(400207);
            assertThat(failure.operationId()).contains("4.op");
            assertThat(failure.retryable()).isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 400, 404, 409, 412, 415, 428})
    void failsForGoodFrom300To428(int status) {
        for (RegistrationStep step : List.of(RegistrationStep.REGISTER, RegistrationStep.POLL)) {
            String body = "{\"errorCode\":" + status + "123,\"trackingId\":\"track\",\"message\":\"No.\"}";
            assertThat(Walk.at(step).answer(status, "retry-after=1", body).failure())
                    .satisfies(failure -> {
                        assertThat(failure.step()).isEqualTo(step);
                        assertThat(failure.answer().status()).contains(status);
                        assertThat(failure.answer().error().trackingId()).contains("track");
                        assertThat(failure.problem())
                                .contains(status + " (No., error code " + status + "123, tracking id track)");
                        assertThat(failure.retryable()).isFalse();
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 503, 599})
    void registersAgainOnTheSameConnectionWhenTheServiceIsBusy(int status) {
        Walk walk = Walk.at(RegistrationStep.REGISTER).answer(status, "{\"errorCode\":429001}");
        assertThat(walk.action).isEqualTo(new Pause(Duration.ofSeconds(1)));
        assertThat(walk.pauseOver().action).isEqualTo(new Register(2));
        assertThat(walk.answer(status, "Retry-After=7", "not even JSON").action)
                .isEqualTo(new Pause(Duration.ofSeconds(7)));
        assertThat(walk.pauseOver().action).isEqualTo(new Register(3));
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 503, 599})
    void keepsTheOperationWhenTheServiceIsBusyBetweenPolls(int status) {
        Walk walk = Walk.at(RegistrationStep.POLL).answer(status, "{\"errorCode\":429001}");
        assertThat(walk.action).isEqualTo(new Pause(Duration.ofSeconds(1)));
        assertThat(walk.pauseOver().action).isEqualTo(new Poll(3, "4.op"));
    }

    @Test
    void givesUpAfterSoManyRetriesInARow() {
        Walk walk = Walk.at(RegistrationStep.POLL);
        for (int retry = 1; retry <= 3; retry++) {
            assertThat(walk.answer(429, "{}").action).isEqualTo(new Pause(Duration.ofSeconds(retry)));
            walk.pauseOver();
        }

        assertThat(walk.answer(429, "{\"errorCode\":429001,\"message\":\"Slow down\"}")
                        .failure())
                .satisfies(failure -> {
                    assertThat(failure.answer().status()).contains(429);
                    assertThat(failure.problem())
                            .contains("3 retries", "maxRetries", "Slow down", "registrationsPerMinute");
                    assertThat(failure.retryable()).isTrue();
                });
    }

    @Test
    void countsRetriesAnewAfterProgress() {
        Walk walk = Walk.at(RegistrationStep.POLL);
        for (int round = 0; round < 3; round++) {
            walk.answer(429, "{}").pauseOver();
            walk.answer(503, "{}").pauseOver();
            walk.answer(202, ASSIGNING);
            assertThat(walk.action).isEqualTo(new Pause(Duration.ofSeconds(2)));
            walk.pauseOver();
        }
        assertThat(walk.state.failures()).isZero();
    }

    @Test
    void registersAgainWhenTheConnectionIsLostBeforeThereIsAnOperation() {
        Walk walk = Walk.at(RegistrationStep.REGISTER).on(new ConnectionLost("gone", null));
        assertThat(walk.action).isEqualTo(new Backoff(Duration.ofSeconds(1)));
        assertThat(walk.pauseOver().action).isEqualTo(new Connect(0));
        assertThat(walk.reconnected().action).isEqualTo(new Register(2));
    }

    @ParameterizedTest
    @EnumSource(names = {"POLL", "PAUSE"})
    void pollsTheSameOperationAfterTheConnectionWasLost(RegistrationStep step) {
        Walk walk = Walk.at(step).on(new ConnectionLost("gone", null)).after(Duration.ofSeconds(5));
        walk.on(new PauseOver()).reconnected();

        assertThat(walk.action).isInstanceOfSatisfying(Poll.class, poll -> assertThat(poll.operationId())
                .isEqualTo("4.op"));
    }

    @Test
    void keepsToTheServicesPaceAfterTheConnectionWasLost() {
        Walk walk = Walk.at(RegistrationStep.REGISTER).answer(202, "retry-after=10", ASSIGNING);
        walk.on(new ConnectionLost("gone", null)).pauseOver().reconnected();

        assertThat(walk.action).isEqualTo(new Pause(Duration.ofSeconds(9)));
    }

    @Test
    void takesNoLateAnswerOfAnEarlierConnectionForItsOwn() {
        Walk walk = Walk.at(RegistrationStep.REGISTER);
        String late = "$dps/registrations/res/401/?$rid=1";
        walk.on(new TimedOut()).pauseOver().reconnected();

        assertThat(walk.message(late, "{}").action).isEqualTo(new Ignore());
    }

    @Test
    void givesUpConnectingAfterSoManyRetries() {
        Walk walk = Walk.at(RegistrationStep.CONNECT);
        Exception cause = new Exception();
        ConnectFailed failed = new ConnectFailed(ConnectProblem.TRANSIENT, "no route to host", cause);
        for (int retry = 1; retry <= 3; retry++) {
            assertThat(walk.on(failed).action).isEqualTo(new Backoff(Duration.ofSeconds(retry)));
            assertThat(walk.pauseOver().action).isEqualTo(new Connect(0));
        }

        assertThat(walk.on(failed).failure()).satisfies(failure -> {
            assertThat(failure.step()).isEqualTo(RegistrationStep.CONNECT);
            assertThat(failure.problem()).contains("3 retries", "no route to host");
            assertThat(failure.retryable()).isTrue();
            assertThat(failure.cause()).isSameAs(cause);
        });
    }

    @Test
    void doesNotTryAgainWhatStays() {
        ConnectFailed failed = new ConnectFailed(ConnectProblem.PERMANENT, "unknown CA: set caFile", null);

        assertThat(Walk.at(RegistrationStep.CONNECT).on(failed).failure()).satisfies(failure -> {
            assertThat(failure.problem()).contains("set caFile");
            assertThat(failure.retryable()).isFalse();
        });
    }

    @Test
    void triesTheSecondaryKeyWhenThePrimaryIsRefused() {
        Walk walk = Walk.at(RegistrationStep.REGISTER, Walk.POLICY, 2);

        assertThat(walk.answer(401, "{\"errorCode\":401000}").action).isEqualTo(new Connect(1));
        assertThat(walk.reconnected().action).isEqualTo(new Register(2));
        assertThat(walk.answer(200, ASSIGNED).outcome())
                .isInstanceOfSatisfying(Assigned.class, assigned -> assertThat(assigned.credential())
                        .isEqualTo(1));
    }

    @Test
    void failsWhenTheSecondaryKeyIsRefusedToo() {
        Walk walk = Walk.at(RegistrationStep.REGISTER, Walk.POLICY, 2)
                .answer(401, "{}")
                .reconnected()
                .answer(401, "{\"errorCode\":401000,\"message\":\"Unauthorized\"}");

        assertThat(walk.failure().problem()).contains("401000", "Unauthorized", "clock");
    }

    @Test
    void triesTheSecondaryKeyWhenTheConnectionIsRefused() {
        ConnectFailed refused = new ConnectFailed(ConnectProblem.CREDENTIAL_REFUSED, "CONNACK 5", null);
        Walk walk = Walk.at(RegistrationStep.CONNECT, Walk.POLICY, 2);

        assertThat(walk.on(refused).action).isEqualTo(new Connect(1));
        assertThat(walk.on(refused).failure().retryable()).isFalse();
    }

    @Test
    void goesOnWithTheOperationByANewTokenWhenTheOneOfTheConnectionIsNoLongerTaken() {
        Walk walk = Walk.at(RegistrationStep.POLL, Walk.POLICY, 2).answer(401, "{}");
        assertThat(walk.action).isEqualTo(new Backoff(Duration.ofSeconds(1)));
        assertThat(walk.pauseOver().action).isEqualTo(new Connect(0));
        assertThat(walk.reconnected().action).isEqualTo(new Poll(3, "4.op"));

        walk.answer(202, ASSIGNING).pauseOver().answer(401, "{}");

        assertThat(walk.pauseOver().action).isEqualTo(new Connect(0));
    }

    @Test
    void goesOnWithTheOperationAndTheSecondaryKeyWhenANewTokenIsRefusedToo() {
        Walk walk = Walk.at(RegistrationStep.POLL, Walk.POLICY, 2)
                .answer(401, "{}")
                .pauseOver()
                .reconnected()
                .answer(401, "{}");

        assertThat(walk.action).isEqualTo(new Connect(1));
        assertThat(walk.reconnected().action).isEqualTo(new Poll(4, "4.op"));
        assertThat(walk.answer(401, "{}").failure().retryable()).isFalse();
    }

    @Test
    void takesARefusedPollForARefusedKeyWhereNoRetryIsLeft() {
        RegistrationPolicy once =
                new RegistrationPolicy(Duration.ofSeconds(60), Duration.ofSeconds(2), 0, failures -> Duration.ZERO);

        assertThat(Walk.at(RegistrationStep.POLL, once, 2).answer(401, "{}").action)
                .isEqualTo(new Connect(1));
        assertThat(Walk.at(RegistrationStep.POLL, once, 1).answer(401, "{}").failure())
                .satisfies(failure -> {
                    assertThat(failure.answer().status()).contains(401);
                    assertThat(failure.retryable()).isFalse();
                });
    }

    @ParameterizedTest
    @CsvSource({
        "QUEUED, its turn",
        "CONNECT, CONNACK",
        "SUBSCRIBE, SUBACK",
        "REGISTER, answer to the register request",
        "POLL, answer to a poll",
        "PAUSE, before the next request",
        "BACKOFF, before the next connection"
    })
    void namesTheStepAtWhichTheTimeWasOver(RegistrationStep step, String description) {
        assertThat(Walk.at(step).on(new DeadlinePassed()).failure()).satisfies(failure -> {
            assertThat(failure.step()).isEqualTo(step);
            assertThat(failure.step().description()).contains(description);
            assertThat(failure.problem()).contains("registrationTimeout=60000 ms");
            assertThat(failure.retryable()).isTrue();
        });
    }

    @Test
    void saysWhatWentWrongBeforeTheTimeWasOver() {
        Walk walk = Walk.at(RegistrationStep.POLL)
                .on(new ConnectionLost("the network went down", null))
                .on(new DeadlinePassed());

        assertThat(walk.failure().problem())
                .contains("the network went down while waiting for the answer to a poll of the operation");
    }

    @Test
    void beginsNoBackoffThatOutlastsTheRegistration() {
        Walk walk = Walk.at(RegistrationStep.POLL).after(Duration.ofSeconds(56)).on(new ConnectionLost("gone", null));

        assertThat(walk.failure().problem())
                .contains("registrationTimeout=60000 ms", "gone", ". Raise registrationTimeout");
        assertThat(walk.failure().answer().status()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "123", "{\"operationId\":\"4.op\"}", "{\"operationId\":\"4.op\",\"status\":\"assigned\"}"})
    void failsWithTheBeginningOfAMalformedAnswer(String body) {
        assertThat(Walk.at(RegistrationStep.REGISTER).answer(202, body).failure())
                .satisfies(failure -> {
                    assertThat(failure.problem()).contains("/res/202/", body);
                    assertThat(failure.retryable()).isFalse();
                });
    }

    @Test
    void failsOnAMalformedTopic() {
        assertThat(Walk.at(RegistrationStep.REGISTER)
                        .message("$dps/registrations/res/200/?$rid=1&$rid=1", ASSIGNED)
                        .failure()
                        .problem())
                .contains("$rid is given twice");
    }

    @Test
    void ignoresEverythingOnceFinished() {
        Walk walk = Walk.at(RegistrationStep.POLL).answer(200, ASSIGNED);
        int request = walk.state.requestId();

        walk.message("$dps/registrations/res/200/?$rid=" + request, ASSIGNED);

        assertThat(walk.action).isEqualTo(new Ignore());
        assertThat(walk.state.step()).isEqualTo(RegistrationStep.FINISHED);
    }

    @Test
    void endsWithWhoCancelledIt() {
        Throwable cause = new CancellationException();
        Walk walk = Walk.at(RegistrationStep.PAUSE).on(new Cancelled("The route is stopped", cause));

        assertThat(walk.action).isInstanceOf(Finish.class);
        assertThat(walk.failure().problem()).isEqualTo("The route is stopped");
        assertThat(walk.failure().cause()).isSameAs(cause);
    }
}
