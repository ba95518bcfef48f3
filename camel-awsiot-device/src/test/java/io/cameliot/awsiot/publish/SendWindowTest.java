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
package io.cameliot.awsiot.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.common.mqtt.MessageProperties;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The window with its two sources, the queue of exchanges and the messages that someone keeps. */
class SendWindowTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final PublishCounters counters = new PublishCounters();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private long now;
    private final SendWindow window = new SendWindow(3, counters, () -> now);
    private final PublishQueue queue = new PublishQueue(window, Duration.ofMinutes(1), counters, timer);
    private final KeptMessages kept = new KeptMessages(window, counters);
    private final List<PublishSession> sessions = new ArrayList<>();
    private final RecordingChannel channel = new RecordingChannel();

    @AfterEach
    void endTimer() {
        timer.shutdownNow();
    }

    @Test
    void sendsTheNextMessageWhenOneIsAcknowledgedAndNotBefore() {
        window.open(1, channel);
        submit("one", "two", "three", "four", "five");
        assertThat(channel.sent).containsExactly("one", "two", "three");

        channel.acknowledge("two");

        assertThat(channel.sent).containsExactly("one", "two", "three", "four");
        assertThat(window.inFlight()).isEqualTo(3);
        assertThat(queue.waiting()).isEqualTo(1);
    }

    @Test
    void hasNoMoreInFlightThanTheServerTakes() {
        channel.receiveMaximum = 2;
        window.open(1, channel);

        submit("one", "two", "three");

        assertThat(channel.sent).containsExactly("one", "two");
    }

    @Test
    void sendsQos0AtOnceThoughTheWindowIsFull() {
        window.open(1, channel);
        submit("one", "two", "three");

        assertThat(queue.submit(message("zero", 0))).isCompleted();

        assertThat(channel.sent).endsWith("zero");
        assertThat(counters.sentAtOnce().sum()).isEqualTo(1);
    }

    @Test
    void letsQos0OvertakeNothingThatWaits() {
        window.open(1, channel);
        submit("one", "two", "three", "four");
        CompletableFuture<PublishReceipt> zero = queue.submit(message("zero", 0));
        assertThat(channel.sent).doesNotContain("zero");

        channel.acknowledge("one");

        assertThat(channel.sent).endsWith("four", "zero");
        channel.acknowledge("zero");
        assertThat(zero).isCompleted();
        assertThat(window.inFlight()).isEqualTo(3);
    }

    @Test
    void keepsAccountOfQos0WhereMuchWaitsToBeWritten() {
        channel.congested = true;
        window.open(1, channel);

        CompletableFuture<PublishReceipt> zero = queue.submit(message("zero", 0));

        assertThat(zero).isNotDone();
        assertThat(window.inFlight()).isEqualTo(1);
        channel.acknowledge("zero");
        assertThat(zero).isCompleted();
        assertThat(window.inFlight()).isZero();
    }

    @Test
    void sendsQos0AgainWithoutTheDuplicateFlag() {
        channel.congested = true;
        window.open(1, channel);
        queue.submit(message("zero", 0));

        window.close();
        RecordingChannel next = new RecordingChannel();
        window.open(2, next);

        assertThat(next.sent).containsExactly("zero");
        assertThat(counters.resent().sum()).isZero();
    }

    @Test
    void sendsWhatWasInFlightAgainFirstInOrderAndAsDuplicates() {
        window.open(1, channel);
        submit("one", "two", "three", "four");
        channel.acknowledge("two");

        window.close();
        RecordingChannel next = new RecordingChannel();
        window.open(2, next);

        assertThat(channel.sent).containsExactly("one", "two", "three", "four");
        assertThat(next.sent).containsExactly("one*", "three*", "four*");
        assertThat(counters.resent().sum()).isEqualTo(3);
    }

    @Test
    void takesALatePubackOfAnEndedConnectionForWhatItIs() {
        window.open(1, channel);
        List<CompletableFuture<PublishReceipt>> submitted = submit("one", "two", "three", "four");
        window.close();
        channel.acknowledge("one");

        RecordingChannel next = new RecordingChannel();
        window.open(2, next);
        channel.acknowledge("two");

        assertThat(submitted.get(0)).isCompleted();
        assertThat(submitted.get(1)).isCompleted();
        // "two" is in flight once more, and holds its place until its PUBACK comes there.
        assertThat(next.sent).containsExactly("two*", "three*", "four");
        assertThat(window.inFlight()).isEqualTo(3);
        assertThat(counters.acknowledged().sum()).isEqualTo(2);
    }

    /** At full speed PUBACKs are settled together, by an event loop that can end before it does. */
    @Nested
    class WithAPubackThatIsNotSettled {

        private static final int OTHERS = PubackBatch.LOT + 100;

        private final SendWindow large = new SendWindow(300, counters, () -> now);
        private final PublishQueue fast = new PublishQueue(large, Duration.ZERO, counters, timer);
        private final List<CompletableFuture<PublishReceipt>> others = new ArrayList<>();
        private CompletableFuture<PublishReceipt> unsettled;

        @BeforeEach
        void acknowledgeTheOldestMessageAsTheLastOfALot() {
            large.open(1, channel);
            unsettled = fast.submit(message("oldest", 1));
            now = 1;
            for (int i = 0; i < OTHERS; i++) {
                others.add(fast.submit(message("other" + i, 1)));
            }
            for (int i = 0; i < PubackBatch.LOT - 1; i++) {
                channel.acknowledge("other" + i);
            }
            channel.acknowledge("oldest");
            assertThat(unsettled).isNotDone();
        }

        @Test
        void completesItsMessageWhenTheConnectionEndsAndSendsItNoMore() {
            large.close();

            assertThat(unsettled).isCompleted();
            RecordingChannel next = new RecordingChannel();
            large.open(2, next);
            assertThat(next.sent).hasSize(OTHERS - PubackBatch.LOT + 1).doesNotContain("oldest*");
        }

        @Test
        void completesItsMessageWhenTheQueueIsClosed() {
            large.close();
            fast.close();

            assertThat(unsettled).isCompleted();
            assertThat(others.get(OTHERS - 1)).isCompletedExceptionally();
        }

        @Test
        void doesNotFailItsMessageWhenTheTimeIsOver() {
            fast.expire(() -> "CONNECTED", null);

            assertThat(others.get(OTHERS - 1)).isCompletedExceptionally();
            assertThat(unsettled).isNotDone();
            channel.scheduled.forEach(Runnable::run);
            assertThat(unsettled).isCompleted();
        }

        @Test
        void takesTheConnectionForSilentOnlyForTheSakeOfOthers() {
            now = LIMIT.toNanos() + 1;
            assertThat(large.silentFor(LIMIT)).isEmpty();

            now++;

            assertThat(large.silentFor(LIMIT)).isEqualTo(OptionalInt.of(1));
        }
    }

    @Nested
    class WithAMessageThatHasTimedOutWithoutAPuback {

        @BeforeEach
        void timeOut() {
            channel.receiveMaximum = 1;
            PublishQueue impatient = new PublishQueue(window, Duration.ZERO, counters, timer);
            window.open(1, channel);
            CompletableFuture<PublishReceipt> failed = impatient.submit(message("one", 1));
            impatient.expire(() -> "CONNECTED", null);
            assertThat(failed).isCompletedExceptionally();
        }

        @Test
        void sendsTheNextOnlyAfterThePuback() {
            submit("two");
            assertThat(channel.sent).containsExactly("one");

            channel.acknowledge("one");

            assertThat(channel.sent).containsExactly("one", "two");
            assertThat(counters.failed().sum()).isEqualTo(1);
            assertThat(counters.acknowledged().sum()).isZero();
        }

        @Test
        void findsTheConnectionSilent() {
            now = LIMIT.toNanos() + 1;

            assertThat(window.silentFor(LIMIT)).isEqualTo(OptionalInt.of(1));
        }

        @Test
        void sendsOnlyTheNextOnAnotherConnection() {
            submit("two");
            window.close();
            RecordingChannel next = new RecordingChannel();
            window.open(2, next);

            assertThat(next.sent).containsExactly("two");
            assertThat(window.inFlight()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x80, 0x91, 0x97})
    void sendsNothingThatHasFailedWhenItIsRefusedForNowAfterwards(int reasonCode) {
        PublishQueue impatient = new PublishQueue(window, Duration.ZERO, counters, timer);
        window.open(1, channel);
        CompletableFuture<PublishReceipt> failed = impatient.submit(message("one", 1));
        impatient.expire(() -> "CONNECTED", null);
        assertThat(failed).isCompletedExceptionally();

        channel.refuse("one", reasonCode);

        assertThat(impatient.waiting()).isZero();
        window.close();
        RecordingChannel next = new RecordingChannel();
        window.open(2, next);
        assertThat(next.sent).isEmpty();
        assertThat(counters.failed().sum()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x80, 0x91, 0x97})
    void putsOffWhatIsRefusedForNowAndLetsTheNextGoOut(int reasonCode) {
        window.open(1, channel);
        List<CompletableFuture<PublishReceipt>> submitted = submit("one", "two", "three", "four");

        channel.refuse("one", reasonCode);

        assertThat(submitted.get(0)).isNotDone();
        assertThat(channel.sent).endsWith("four");
        assertThat(queue.waiting()).isEqualTo(1);
        queue.close();
        assertThat(submitted.get(0)).isCompletedExceptionally();
    }

    @Test
    void sendsWhatWasRefusedForNowAgainAsNew() {
        window.open(1, channel);
        List<CompletableFuture<PublishReceipt>> submitted = submit("one");
        channel.refuse("one", 0x97);

        await().untilAsserted(() -> assertThat(queue.waiting()).isZero());

        await().untilAsserted(() -> assertThat(channel.sent).containsExactly("one", "one"));
        channel.acknowledge("one");
        assertThat(submitted.get(0)).isCompleted();
        assertThat(counters.resent().sum()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x87, 0x90, 0x99})
    void failsWhatIsRefusedForGoodAndLetsTheNextGoOut(int reasonCode) {
        window.open(1, channel);
        List<CompletableFuture<PublishReceipt>> submitted = submit("one", "two", "three", "four");

        channel.refuse("one", reasonCode);

        assertThat(submitted.get(0))
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(PublishException.class)
                .withMessageContaining("not taken, ");
        assertThat(channel.sent).endsWith("four");
    }

    @Test
    void failsWhatCannotBeSentAndSendsAllBehindIt() {
        String[] impossible =
                IntStream.range(0, 20_000).mapToObj(i -> "impossible" + i).toArray(String[]::new);
        List<CompletableFuture<PublishReceipt>> submitted = submit(impossible);
        submit("possible");

        window.open(1, channel);

        assertThat(submitted).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(channel.sent).containsExactly("possible");
        assertThat(window.inFlight()).isEqualTo(1);
    }

    @Test
    void takesFromTheQueueAndFromTheKeeperInTurn() {
        kept.setKeeper(sessions::add);
        window.open(1, channel);
        keep("a", "b", "c", "d");
        submit("one", "two", "three");
        assertThat(channel.sent).containsExactly("a", "b", "c");

        channel.acknowledge("a", "b", "c");
        channel.acknowledge("one", "d");

        assertThat(channel.sent).containsExactly("a", "b", "c", "one", "d", "two", "three");
    }

    /** So that it is never empty while the keeper reads from its disk. */
    @Test
    void sendsWhatTheKeeperHasGivenAheadWithoutAskingForMore() {
        kept.setKeeper(sessions::add);
        window.open(1, channel);
        keep("a", "b", "c", "d", "e", "f");

        channel.acknowledge("a", "b", "c");

        assertThat(channel.sent).containsExactly("a", "b", "c", "d", "e", "f");
        assertThat(queue.waiting()).isZero();
    }

    @Test
    void givesTheKeeperAllBackThatItsConnectionDidNotTake() {
        kept.setKeeper(sessions::add);
        window.open(1, channel);
        List<CompletableFuture<PublishReceipt>> given = keep("a", "b", "c", "d");
        channel.acknowledge("b");

        window.close();

        assertThat(given.get(1)).isCompleted().isNotCompletedExceptionally();
        assertThat(given)
                .filteredOn(CompletableFuture::isCompletedExceptionally)
                .hasSize(3);
        RecordingChannel next = new RecordingChannel();
        window.open(2, next);
        assertThat(next.sent).isEmpty();
        assertThat(sessions).hasSize(2);
        assertThat(sessions.get(0).publish(message("late", 1), false)).isCompletedExceptionally();
        assertThat(next.sent).isEmpty();
    }

    @Test
    void givesThePresentConnectionToAKeeperThatComesLater() {
        window.open(1, channel);

        kept.setKeeper(sessions::add);

        assertThat(sessions).hasSize(1);
        keep("a");
        assertThat(channel.sent).containsExactly("a");
    }

    @Test
    void leavesInFlightWhatTheKeeperCannotHaveSentUntilTheConnectionEnds() {
        kept.setKeeper(sessions::add);
        window.open(1, channel);
        CompletableFuture<PublishReceipt> impossible = keep("impossible").get(0);
        assertThat(impossible).isNotDone();

        now = LIMIT.toNanos() + 1;
        assertThat(window.silentFor(LIMIT)).isEqualTo(OptionalInt.of(1));

        window.close();
        assertThat(impossible).isCompletedExceptionally();
    }

    @Test
    void findsTheConnectionSilentWhenNothingWasAcknowledgedForTheLimit() {
        window.open(7, channel);
        submit("one");
        now = LIMIT.toNanos();
        assertThat(window.silentFor(LIMIT)).isEmpty();

        now++;

        assertThat(window.silentFor(LIMIT)).isEqualTo(OptionalInt.of(7));
    }

    @Test
    void bearsAPubackThatIsLateWhileThoseBeforeItCome() {
        window.open(1, channel);
        submit("one", "two");
        now = LIMIT.toNanos();
        channel.acknowledge("one");

        now += LIMIT.toNanos();
        assertThat(window.silentFor(LIMIT)).isEmpty();
        now++;
        assertThat(window.silentFor(LIMIT)).isEqualTo(OptionalInt.of(1));
    }

    @Test
    void findsTheConnectionSilentWhenAMessageSentLaterIsAcknowledgedAndTheOldestIsLate() {
        window.open(1, channel);
        submit("one");
        now = LIMIT.toNanos();
        submit("two");
        channel.acknowledge("two");
        assertThat(window.silentFor(LIMIT)).isEmpty();

        now++;

        assertThat(window.silentFor(LIMIT)).isEqualTo(OptionalInt.of(1));
    }

    @Test
    void countsTheSilenceFromTheBeginningOfEachConnection() {
        window.open(1, channel);
        submit("one");
        window.close();
        assertThat(window.silentFor(LIMIT)).isEmpty();

        now = LIMIT.toNanos() * 5;
        window.open(2, new RecordingChannel());

        assertThat(window.silentFor(LIMIT)).isEmpty();
    }

    private List<CompletableFuture<PublishReceipt>> submit(String... payloads) {
        List<CompletableFuture<PublishReceipt>> submitted = new ArrayList<>();
        for (String payload : payloads) {
            submitted.add(queue.submit(message(payload, 1)));
        }
        return submitted;
    }

    private List<CompletableFuture<PublishReceipt>> keep(String... payloads) {
        PublishSession session = sessions.get(sessions.size() - 1);
        List<CompletableFuture<PublishReceipt>> given = new ArrayList<>();
        for (String payload : payloads) {
            given.add(session.publish(message(payload, 1), false));
        }
        return given;
    }

    private static PublishRequest message(String payload, int qos) {
        return new PublishRequest("t", payload.getBytes(StandardCharsets.UTF_8), qos, false, MessageProperties.NONE);
    }
}
