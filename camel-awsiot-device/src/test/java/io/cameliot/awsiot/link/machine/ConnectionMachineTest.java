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
package io.cameliot.awsiot.link.machine;

import static io.cameliot.awsiot.link.machine.ConnectionWalk.FAILURE;
import static io.cameliot.awsiot.link.machine.ConnectionWalk.MAX;
import static io.cameliot.awsiot.link.machine.ConnectionWalk.MIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.awsiot.failure.AwsReasons;
import io.cameliot.awsiot.link.machine.ConnectionAction.Answer;
import io.cameliot.awsiot.link.machine.ConnectionAction.Connect;
import io.cameliot.awsiot.link.machine.ConnectionAction.Disconnect;
import io.cameliot.awsiot.link.machine.ConnectionAction.Drop;
import io.cameliot.awsiot.link.machine.ConnectionAction.GiveUp;
import io.cameliot.awsiot.link.machine.ConnectionAction.HoldTraffic;
import io.cameliot.awsiot.link.machine.ConnectionAction.Pause;
import io.cameliot.awsiot.link.machine.ConnectionAction.Publish;
import io.cameliot.awsiot.link.machine.ConnectionAction.Subscribe;
import io.cameliot.awsiot.link.machine.ConnectionAction.SubscribeRefused;
import io.cameliot.awsiot.link.machine.ConnectionEvent.AttemptFailed;
import io.cameliot.awsiot.link.machine.ConnectionEvent.Awaited;
import io.cameliot.awsiot.link.machine.ConnectionEvent.Closed;
import io.cameliot.awsiot.link.machine.ConnectionEvent.Established;
import io.cameliot.awsiot.link.machine.ConnectionEvent.Lost;
import io.cameliot.awsiot.link.machine.ConnectionEvent.PauseOver;
import io.cameliot.awsiot.link.machine.ConnectionEvent.ReconnectAsked;
import io.cameliot.awsiot.link.machine.ConnectionEvent.Subscribed;
import io.cameliot.awsiot.link.machine.ConnectionEvent.TimePassed;
import io.cameliot.awsiot.link.machine.ConnectionEvent.Wanted;
import io.cameliot.common.mqtt.MqttReasonException;
import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsConnectException.Reason;
import java.io.EOFException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionMachineTest {

    private static final Duration SPACING = Duration.ofSeconds(1);

    private final Throwable serverClose = new TlsConnectException(Reason.CONNECTION_LOST, "closed", new EOFException());
    private final Throwable deafNetwork = new TlsConnectException(Reason.KEEP_ALIVE_EXPIRED, "lost", null);
    private final Throwable takenOver = new MqttReasonException(0x8E, "taken over");

    @Test
    void connectsSubscribesAndOnlyThenPublishes() {
        ConnectionWalk walk = new ConnectionWalk().on(new Wanted());
        assertThat(walk.actions).containsExactly(new Connect(1));

        assertThat(walk.established().actions).containsExactly(new Subscribe(1, false));
        assertThat(walk.subscribed().actions).containsExactly(new Publish(1));
        assertThat(walk.memory.step()).isEqualTo(ConnectionStep.READY);
    }

    /**
     * Every step with every event of its own number: what follows where the event means something there, and nothing where
     * it does not.
     */
    @ParameterizedTest
    @CsvSource({
        "IDLE,        Connect, Connect, -,       Disconnect, -,            -,       -,          -,                            EndTraffic+Finish",
        "PACING,      -,       -,       Pause,   Disconnect, -,            -,       -,          -,                            EndTraffic+Finish",
        "CONNECTING,  -,       -,       -,       Subscribe,  GiveUp+Pause, -,       -,          GiveUp+Pause,                 EndTraffic+GiveUp+Finish",
        "SUBSCRIBING, Answer,  -,       -,       Disconnect, -,            Publish, Drop+Pause, HoldTraffic+Disconnect+Pause, EndTraffic+Disconnect+Finish",
        "READY,       Answer,  -,       -,       Disconnect, -,            -,       Drop+Pause, HoldTraffic+Disconnect+Pause, EndTraffic+Disconnect+Finish",
        "WAITING,     -,       -,       Pause,   Disconnect, -,            -,       -,          Pause,                        EndTraffic+Finish",
        "CLOSED,      Answer,  -,       -,       Disconnect, -,            -,       -,          -,                            -",
    })
    void answersEveryEventAtEveryStep(
            ConnectionStep step,
            String awaited,
            String wanted,
            String pauseOver,
            String established,
            String failed,
            String subscribed,
            String lost,
            String reconnectAsked,
            String closed) {
        int number = ConnectionWalk.at(step).memory.number();
        assertActions(step, new Awaited(7), awaited);
        assertActions(step, new Wanted(), wanted);
        assertActions(step, new PauseOver(number), pauseOver);
        assertActions(step, new Established(number), established);
        assertActions(step, new AttemptFailed(number, FAILURE), failed);
        assertActions(step, new Subscribed(number), subscribed);
        assertActions(step, new Lost(number, FAILURE), lost);
        assertActions(step, new ReconnectAsked(), reconnectAsked);
        assertActions(step, new TimePassed(), "-");
        assertActions(step, new Closed(), closed);
    }

    private static void assertActions(ConnectionStep step, ConnectionEvent event, String expected) {
        ConnectionWalk walk = ConnectionWalk.at(step);
        assertThat(walk.memory.step()).isEqualTo(step);

        assertThat(names(walk.on(event))).as("%s at %s", event, step).isEqualTo(expected);
    }

    private static String names(ConnectionWalk walk) {
        return walk.actions.isEmpty()
                ? "-"
                : walk.actions.stream()
                        .map(action -> action.getClass().getSimpleName())
                        .collect(Collectors.joining("+"));
    }

    /** A session that comes late is closed; all other late news changes nothing. */
    @ParameterizedTest
    @EnumSource(ConnectionStep.class)
    void changesNothingUponNewsOfAnotherAttempt(ConnectionStep step) {
        ConnectionMemory before = ConnectionWalk.at(step).memory;
        for (int number : new int[] {before.number() - 1, before.number() + 1}) {
            for (ConnectionEvent late : List.of(
                    new PauseOver(number),
                    new AttemptFailed(number, FAILURE),
                    new Subscribed(number),
                    new Lost(number, takenOver))) {
                ConnectionWalk walk = ConnectionWalk.at(step).on(late);
                assertThat(walk.actions).as("%s at %s", late, step).isEmpty();
                assertThat(walk.memory).isEqualTo(before);
            }
            ConnectionWalk walk = ConnectionWalk.at(step).on(new Established(number));
            assertThat(walk.actions).containsExactly(new Disconnect(number));
            assertThat(walk.memory).isEqualTo(before);
        }
    }

    @Test
    void isIdleAfterAnAttemptThatFailedForWhoWaitedOnly() {
        ConnectionWalk walk = new ConnectionWalk().on(new Awaited(3)).attemptFailed(FAILURE);

        assertThat(walk.actions).containsExactly(new GiveUp(1), new Answer(List.of(3), FAILURE));
        assertThat(walk.memory.step()).isEqualTo(ConnectionStep.IDLE);
        assertThat(walk.memory.lastError()).isSameAs(FAILURE);
        assertThat(walk.memory.history().attempts()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"CONNECTING", "PACING", "WAITING"})
    void triesAgainAfterAnAttemptThatFailedWhereAConnectionIsWanted(ConnectionStep step) {
        ConnectionWalk walk = ConnectionWalk.at(step);
        if (step != ConnectionStep.CONNECTING) {
            walk.after(Duration.ofSeconds(5)).on(new PauseOver(walk.memory.number()));
        }
        int number = walk.memory.number();

        walk.on(new Awaited(1)).on(new Awaited(2)).attemptFailed(FAILURE);

        assertThat(walk.actions)
                .containsExactly(
                        new GiveUp(number),
                        new Pause(number + 1, walk.pause().time(), FAILURE),
                        new Answer(List.of(1, 2), FAILURE));
        assertThat(walk.memory.waiters()).isEmpty();
    }

    @Test
    void keepsTryingWhenItIsToldSoDuringAnAttempt() {
        ConnectionWalk walk =
                new ConnectionWalk().on(new Awaited(1)).on(new Wanted()).attemptFailed(FAILURE);

        assertThat(walk.memory.step()).isEqualTo(ConnectionStep.WAITING);
    }

    @Test
    void keepsTryingOnceItWasConnectedThoughNobodyToldItSo() {
        ConnectionWalk walk = new ConnectionWalk()
                .on(new Awaited(1))
                .established()
                .subscribed()
                .lost(deafNetwork);
        walk.pauseOver().attemptFailed(FAILURE);

        assertThat(walk.memory.step()).isEqualTo(ConnectionStep.WAITING);
    }

    @Test
    void answersWhoWaitsOnceItHasSubscribedAndCountsAnAttemptNoMore() {
        ConnectionWalk walk =
                new ConnectionWalk().on(new Awaited(1)).on(new Awaited(2)).established();

        assertThat(walk.actions).containsExactly(new Subscribe(1, false), new Answer(List.of(1, 2), null));
        assertThat(walk.memory.history().attempts()).isZero();
        assertThat(walk.subscribed().actions).containsExactly(new Publish(1));
    }

    @Test
    void doesNotAnswerWhoWaitsByTheLossBeforeButByTheNextAttempt() {
        ConnectionWalk walk = ConnectionWalk.at(ConnectionStep.WAITING).on(new Awaited(1));
        assertThat(walk.actions).isEmpty();

        walk.after(MAX).on(new PauseOver(walk.memory.number())).established();

        assertThat(walk.actions).contains(new Answer(List.of(1), null));
    }

    @Test
    void keepsASecondBetweenConnects() {
        ConnectionWalk walk = new ConnectionWalk().on(new Awaited(1)).attemptFailed(FAILURE);

        walk.after(Duration.ofMillis(300)).on(new Awaited(2));

        assertThat(walk.actions).containsExactly(new Pause(2, Duration.ofMillis(700), null));
        assertThat(walk.memory.step().state()).isEqualTo(ConnectionState.CONNECTING);
        assertThat(walk.pauseOver().actions).containsExactly(new Connect(3));
    }

    /** The CONNECT follows the TLS handshake, and the DISCONNECT of the connection before. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keepsASecondAfterAnAttemptThatMayHaveSentItsConnectLate(boolean connects) {
        ConnectionWalk walk = new ConnectionWalk().on(new Awaited(1)).after(Duration.ofSeconds(5));
        if (connects) {
            walk.established().subscribed().after(Duration.ofMillis(300)).on(new ReconnectAsked());
        } else {
            walk.attemptFailed(FAILURE).after(Duration.ofMillis(300)).on(new Awaited(2));
        }

        assertThat(walk.pause().time()).isEqualTo(Duration.ofMillis(700));
    }

    @Test
    void keepsASecondAfterTheConnectOfTheConnectionBefore() {
        ConnectionWalk walk = new ConnectionWalk();
        walk.memory = ConnectionMemory.connectedBefore(Duration.ofMillis(-300));

        walk.on(new Awaited(1));

        assertThat(walk.actions).containsExactly(new Pause(1, Duration.ofMillis(700), null));
        assertThat(walk.memory.history().attempts()).isZero();
        assertThat(walk.pauseOver().actions).containsExactly(new Connect(2));
        assertThat(walk.established().actions)
                .as("its first connection")
                .containsExactly(new Subscribe(2, false), new Answer(List.of(1), null));
    }

    @Test
    void tellsTheNextConnectionOfAnAttemptThatItsEndHasGivenUp() {
        ConnectionWalk walk = new ConnectionWalk().on(new Awaited(1)).after(Duration.ofSeconds(5));

        walk.on(new Closed());

        assertThat(walk.memory.history().attemptedAt()).isEqualTo(walk.now());
    }

    @Test
    void pacesAnewWhereATimerFiresTooEarly() {
        ConnectionWalk walk = ConnectionWalk.at(ConnectionStep.PACING);

        walk.after(Duration.ofMillis(999)).on(new PauseOver(walk.memory.number()));

        assertThat(walk.actions).containsExactly(new Pause(4, Duration.ofMillis(1), null));
    }

    @Test
    void sendsNothingOnAConnectionThatIsLostBeforeItHasSubscribed() {
        ConnectionWalk walk = ConnectionWalk.at(ConnectionStep.SUBSCRIBING).lost(deafNetwork);
        assertThat(walk.actions).containsExactly(new Drop(1, deafNetwork), new Pause(2, MIN, deafNetwork));

        // The SUBACK that overtook the loss on its way here.
        assertThat(walk.on(new Subscribed(1)).actions).isEmpty();
    }

    @Test
    void hearsOfALossOnce() {
        ConnectionWalk walk = ConnectionWalk.at(ConnectionStep.READY).lost(deafNetwork);
        ConnectionMemory waiting = walk.memory;

        walk.on(new Lost(1, takenOver));

        assertThat(walk.actions).isEmpty();
        assertThat(walk.memory).isEqualTo(waiting);
    }

    @Test
    void endsTheAttemptWhenItIsClosedMeanwhileAndClosesTheSessionThatComesAllTheSame() {
        ConnectionWalk walk = new ConnectionWalk().on(new Awaited(1)).on(new Closed());

        assertThat(names(walk)).isEqualTo("Answer+EndTraffic+GiveUp+Finish");
        assertThat(walk.actions.get(0)).isInstanceOfSatisfying(Answer.class, answer -> {
            assertThat(answer.waiters()).containsExactly(1);
            assertThat(answer.failure()).hasMessage("The connection with client id dev at host:8883 was closed");
        });
        assertThat(walk.on(new Established(1)).actions).containsExactly(new Disconnect(1));
        assertThat(walk.on(new AttemptFailed(1, FAILURE)).actions).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"WAITING", "PACING"})
    void answersWhoWaitsWhenItIsClosedDuringAPauseAndConnectsNoMore(ConnectionStep step) {
        ConnectionWalk walk = ConnectionWalk.at(step).on(new Awaited(1)).on(new Awaited(2));
        int number = walk.memory.number();

        assertThat(names(walk.on(new Closed()))).isEqualTo("Answer+EndTraffic+Finish");
        assertThat(((Answer) walk.actions.get(0)).waiters()).containsExactly(1, 2);
        assertThat(walk.after(MAX).on(new PauseOver(number)).actions).isEmpty();
        assertThat(walk.on(new Wanted()).actions).isEmpty();
    }

    @Test
    void refusesWhoComesAfterTheEnd() {
        ConnectionWalk walk = ConnectionWalk.at(ConnectionStep.CLOSED).on(new Awaited(9));

        assertThat(walk.actions).singleElement().isInstanceOfSatisfying(Answer.class, answer -> assertThat(
                        answer.failure())
                .hasMessage("The connection with client id dev at host:8883 is closed"));
    }

    @Test
    void asksForRefusedFiltersEveryReconnectMaxDelayWhileConnected() {
        ConnectionWalk walk = ConnectionWalk.at(ConnectionStep.READY);

        assertThat(walk.after(MAX.minusMillis(1)).on(new TimePassed()).actions).isEmpty();
        assertThat(walk.after(Duration.ofMillis(1)).on(new TimePassed()).actions)
                .containsExactly(new SubscribeRefused(1));
        assertThat(walk.after(MAX.minusMillis(1)).on(new TimePassed()).actions).isEmpty();

        walk.lost(deafNetwork);
        assertThat(walk.after(MAX).on(new TimePassed()).actions).isEmpty();
    }

    @Test
    void asksForRefusedFiltersAnewFromTheReconnectOn() {
        ConnectionWalk walk = ConnectionWalk.at(ConnectionStep.READY)
                .after(MAX.minusSeconds(2))
                .lost(deafNetwork);
        walk.reconnected().after(Duration.ofSeconds(2));

        // That of the first connection would be due: the reconnect has asked for all of them.
        assertThat(walk.on(new TimePassed()).actions).isEmpty();
    }

    // When to connect again.

    @Test
    void doublesTheDelayWithEachAttemptThatFails() {
        ConnectionWalk walk = ConnectionWalk.at(ConnectionStep.CONNECTING);

        for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 64, 120, 120}) {
            walk.attemptFailed(FAILURE);
            assertThat(walk.pause().time()).isEqualTo(Duration.ofSeconds(seconds));
            walk.pauseOver();
        }
    }

    @Test
    void startsAgainWithTheSmallestDelayAfterAStableConnection() {
        ConnectionWalk walk = troubled().after(Duration.ofSeconds(31)).lost(deafNetwork);

        assertThat(walk.pause().time()).isEqualTo(MIN);
    }

    @Test
    void goesOnWithLongDelaysAfterAConnectionThatDidNotLast() {
        ConnectionWalk walk = troubled().after(Duration.ofSeconds(29)).lost(deafNetwork);

        assertThat(walk.pause().time()).isEqualTo(Duration.ofSeconds(8));
    }

    @Test
    void startsAgainWithTheSmallestDelayThoughTheSuspicionIsOfLongAgo() {
        ConnectionWalk walk = ConnectionWalk.at(ConnectionStep.READY);
        for (int close = 1; close <= 5; close++) {
            walk.after(Duration.ofMinutes(6)).lost(serverClose);

            assertThat(walk.pause().time()).isEqualTo(MIN);
            assertThat(walk.memory.lastError()).isSameAs(serverClose);
            walk.reconnected();
        }
    }

    // Takeovers.

    @Test
    void suspectsATakeoverAfterThreeClosesInTenMinutesAndSlowsDown() {
        ConnectionWalk walk = ConnectionWalk.at(ConnectionStep.READY);
        for (int close = 1; close <= 2; close++) {
            walk.after(Duration.ofMinutes(2)).lost(serverClose);
            assertThat(walk.memory.lastError()).isSameAs(serverClose);
            assertThat(walk.pause().time()).isEqualTo(MIN);
            walk.reconnected();
        }

        for (int seconds : new int[] {2, 4, 8, 16}) {
            walk.after(Duration.ofMinutes(2)).lost(serverClose);
            assertThat(walk.memory.lastError()).hasMessageContainingAll("another client", "client id dev");
            assertThat(walk.pause().time()).isEqualTo(Duration.ofSeconds(seconds));
            walk.reconnected();
        }
    }

    @Test
    void suspectsNothingAfterManyClosesWhereTheServerNamesTakeovers() {
        ConnectionWalk walk =
                new ConnectionWalk(false).on(new Wanted()).established().subscribed();
        for (int close = 1; close <= 4; close++) {
            walk.after(Duration.ofMinutes(2)).lost(serverClose);

            assertThat(walk.memory.lastError()).isSameAs(serverClose);
            assertThat(walk.pause().time()).isEqualTo(MIN);
            walk.reconnected();
        }
    }

    @Test
    void saysInWhatTimeThreeConnectionsWereClosed() {
        ConnectionWalk walk = ConnectionWalk.at(ConnectionStep.READY);
        walk.after(Duration.ofMinutes(2)).lost(serverClose).reconnected();
        walk.after(Duration.ofMinutes(2)).lost(serverClose).reconnected();
        walk.after(Duration.ofMinutes(2)).lost(serverClose);

        // Twice the second before the reconnect.
        assertThat(walk.memory.lastError()).hasMessageContaining("within 242 s");
    }

    @Test
    void suspectsNothingWhenTheNetworkIsBad() {
        ConnectionWalk walk = ConnectionWalk.at(ConnectionStep.READY);
        for (int loss = 1; loss <= 10; loss++) {
            walk.after(Duration.ofSeconds(5)).lost(deafNetwork);
            assertThat(walk.memory.lastError()).isSameAs(deafNetwork);
            walk.reconnected();
        }
    }

    @Test
    void suspectsNothingWhenAttemptsFail() {
        ConnectionWalk walk = ConnectionWalk.at(ConnectionStep.CONNECTING);
        for (int attempt = 1; attempt <= 10; attempt++) {
            walk.attemptFailed(serverClose);
            assertThat(walk.memory.lastError()).isSameAs(serverClose);
            walk.pauseOver();
        }
    }

    @Test
    void waitsLongAfterTheFirstTakeoverThatTheServerNames() {
        ConnectionWalk walk = ConnectionWalk.at(ConnectionStep.READY);
        for (int takeover = 0; takeover < 100; takeover++) {
            walk.after(Duration.ofHours(1)).lost(takenOver);
            assertThat(walk.pause().time()).isBetween(MAX.dividedBy(2), MAX);
            assertThat(walk.memory.lastError()).hasMessageContaining("another client has connected");
            walk.reconnected();
        }

        walk.after(Duration.ofHours(1)).lost(deafNetwork);
        assertThat(walk.pause().time()).isEqualTo(MIN);
    }

    @Test
    void waitsLongBetweenTheAttemptsAfterATakeoverUntilOneSucceedsAndLasts() {
        ConnectionWalk walk = ConnectionWalk.at(ConnectionStep.READY).lost(takenOver);
        for (int attempt = 0; attempt < 5; attempt++) {
            walk.pauseOver().attemptFailed(FAILURE);
            assertThat(walk.pause().time()).isBetween(MAX.dividedBy(2), MAX);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x81, 0x87, 0x8B, 0x97, 0x98})
    void saysWhatTheServerMeansByItsDisconnectAndComesBackSoon(int reasonCode) {
        ConnectionWalk walk = ConnectionWalk.at(ConnectionStep.READY)
                .after(Duration.ofMinutes(1))
                .lost(new MqttReasonException(reasonCode, "ended"));

        assertThat(walk.memory.lastError())
                .hasMessage("ended: " + AwsReasons.disconnect(reasonCode, "dev"))
                .isInstanceOfSatisfying(MqttReasonException.class, failure -> assertThat(failure.getReasonCode())
                        .isEqualTo(reasonCode));
        assertThat(walk.pause().time()).isEqualTo(MIN);
    }

    @Test
    void sendsNoTwoConnectsWithinASecondHoweverManyTakeoversThereAre() {
        ConnectionWalk walk = ConnectionWalk.at(ConnectionStep.READY);
        for (int takeover = 0; takeover < 50; takeover++) {
            walk.lost(serverClose);
            Duration lost = walk.now();
            walk.pauseOver();
            assertThat(walk.actions).containsExactly(new Connect(walk.memory.number()));
            assertThat(walk.now().minus(lost)).isGreaterThanOrEqualTo(SPACING);
            walk.established().subscribed();
        }
    }

    /** Connected after two attempts that failed, and one connection that did not last. */
    private static ConnectionWalk troubled() {
        ConnectionWalk walk = ConnectionWalk.at(ConnectionStep.CONNECTING);
        walk.attemptFailed(FAILURE).pauseOver().attemptFailed(FAILURE).pauseOver();
        return walk.established().subscribed().lost(FAILURE).reconnected();
    }

    @Test
    void connectsAnewWhenAskedToAndTakesBackWhatIsOnItsWayFirst() {
        ConnectionWalk walk = ConnectionWalk.at(ConnectionStep.READY).after(SPACING);

        walk.on(new ReconnectAsked());
        assertThat(walk.actions).hasSize(3).element(0).isInstanceOf(HoldTraffic.class);
        assertThat(walk.actions).endsWith(new Disconnect(1), new Connect(2));
        assertThat(walk.established().actions).containsExactly(new Subscribe(2, true));
        assertThat(walk.subscribed().actions).containsExactly(new Publish(2));
    }

    /** The end that it brought about itself is no loss: neither a longer delay nor a takeover follows from it. */
    @Test
    void countsNoLossWhenItConnectsAnew() {
        ConnectionWalk walk = ConnectionWalk.at(ConnectionStep.READY);
        for (int i = 0; i < 5; i++) {
            walk.after(SPACING).on(new ReconnectAsked()).established().subscribed();
        }

        assertThat(walk.memory.lastError()).isNull();
        assertThat(walk.lost(serverClose).pause().time()).isEqualTo(MIN);
        assertThat(walk.memory.history().suspectsTakeover()).isFalse();
    }

    @Test
    void keepsASecondBetweenConnectsHoweverOftenItIsAsked() {
        ConnectionWalk walk = ConnectionWalk.at(ConnectionStep.READY).after(Duration.ofMillis(400));

        walk.on(new ReconnectAsked());
        assertThat(walk.pause().time()).isEqualTo(Duration.ofMillis(600));
        assertThat(walk.on(new ReconnectAsked()).actions).isEmpty();
        assertThat(walk.after(Duration.ofMillis(600)).on(new PauseOver(walk.memory.number())).actions)
                .containsExactly(new Connect(3));
    }

    @Test
    void doesNotWaitForTheEndOfADelayWhenItIsAsked() {
        ConnectionWalk walk = ConnectionWalk.at(ConnectionStep.WAITING).after(SPACING);

        assertThat(walk.on(new ReconnectAsked()).actions).containsExactly(new Connect(3));
        assertThat(walk.on(new PauseOver(2)).actions)
                .as("the end of the delay that was cut short")
                .isEmpty();
    }

    @Test
    void givesUpAnAttemptThatMayHaveReadTheOldFilesAndClosesItsSession() {
        ConnectionWalk walk = ConnectionWalk.at(ConnectionStep.CONNECTING)
                .on(new Awaited(7))
                .after(SPACING)
                .on(new ReconnectAsked());

        assertThat(walk.actions).containsExactly(new GiveUp(1), new Pause(2, SPACING, null));
        assertThat(walk.on(new Established(1)).actions).containsExactly(new Disconnect(1));
        assertThat(walk.after(SPACING).on(new PauseOver(2)).actions).containsExactly(new Connect(3));
        assertThat(walk.on(new Established(3)).actions)
                .containsExactly(new Subscribe(3, false), new Answer(List.of(7), null));
    }
}
