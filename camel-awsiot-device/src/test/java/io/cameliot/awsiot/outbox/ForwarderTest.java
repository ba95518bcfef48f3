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
package io.cameliot.awsiot.outbox;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.awsiot.outbox.store.AcceptedMessage;
import io.cameliot.awsiot.outbox.store.FileMessageStore;
import io.cameliot.awsiot.outbox.store.MemoryMessageStore;
import io.cameliot.awsiot.publish.PublishException;
import io.cameliot.awsiot.publish.PublishReceipt;
import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.awsiot.publish.PublishSession;
import io.cameliot.common.mqtt.MessageProperties;
import io.cameliot.common.mqtt.PublishRefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The times that a test with real connections cannot wait for. */
class ForwarderTest {

    private final MemoryMessageStore store = new MemoryMessageStore();
    private final List<String> arrived = new ArrayList<>();
    private final List<String> duplicates = new ArrayList<>();
    private final List<Long> expiries = new ArrayList<>();
    private long now;
    private long time;
    private int refusal = 0x87;
    private boolean allowed;
    private final Forwarder forwarder =
            new Forwarder("The outbox", store, 10, () -> null, () -> {}, () -> now, () -> time);

    @Test
    void triesAMessageSetAsideAgain() {
        keep("poison", "one");
        loseConnectionsUntilSetAside();
        assertThat(arrived).containsExactly("one");
        assertThat(forwarder.depth()).isEqualTo(1);

        allowed = true;
        now += Forwarder.ASIDE.toNanos() - 1;
        keep("two");
        assertThat(arrived).containsExactly("one", "two");

        now += 1;
        settle();

        assertThat(arrived).containsExactly("one", "two", "poison");
        assertThat(forwarder.depth()).isZero();
    }

    @Test
    void setsAsideAgainWhatIsStillNotAllowedAtTheCostOfOneConnection() {
        keep("poison", "one");
        loseConnectionsUntilSetAside();

        now += Forwarder.ASIDE.toNanos();
        settle();

        assertThat(forwarder.setAsideCount()).isEqualTo(2);
        assertThat(forwarder.depth()).isEqualTo(1);
    }

    @Test
    void triesSetAsideMessagesAgainThoughOthersJoinThem() {
        forwarder.connected(new Refusing());
        keep("poison");
        now += Forwarder.ASIDE.toNanos() / 2;
        keep("poison");
        assertThat(forwarder.setAsideCount()).isEqualTo(2);
        allowed = true;

        now += Forwarder.ASIDE.toNanos() / 2;
        settle();

        assertThat(arrived).containsExactly("poison", "poison");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x87, 0x90, 0x95, 0x99, 0x9A})
    void setsAsideAtOnceWhatIsRefusedForGoodAndGoesOn(int code) {
        refusal = code;
        forwarder.connected(new Refusing());

        keep("one", "poison", "two");

        assertThat(arrived).containsExactly("one", "two");
        assertThat(forwarder.setAsideCount()).isEqualTo(1);
        assertThat(forwarder.depth()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x80, 0x91, 0x97})
    void waitsWithAllThatFollowsForWhatCanPassAndSendsItAsNew(int code) {
        refusal = code;
        forwarder.connected(new Refusing());
        keep("one", "poison");
        assertThat(due(forwarder)).isNotEmpty();
        keep("two");
        assertThat(arrived).containsExactly("one");
        allowed = true;

        now = due(forwarder).get(0);
        settle();

        assertThat(arrived).containsExactly("one", "poison", "two");
        assertThat(duplicates).isEmpty();
        assertThat(forwarder.setAsideCount()).isZero();
    }

    /** The worker asks after the run when to run again, and its disk may have taken long meanwhile. */
    @Test
    void tellsTheEndOfAPauseUntilARunHasSentWhatWaits() {
        refusal = 0x97;
        forwarder.connected(new Refusing());
        keep("poison");
        now = due(forwarder).get(0);
        assertThat(due(forwarder)).isNotEmpty();
        allowed = true;

        settle();

        assertThat(due(forwarder)).isEmpty();
        assertThat(arrived).containsExactly("poison");
    }

    @Test
    void tellsTheRetryOfWhatIsSetAsideUntilARunIsToRetryIt() {
        Refusing connection = new Refusing();
        forwarder.connected(connection);
        keep("poison");
        connection.silent = true;
        keep("one");
        now = due(forwarder).get(0);
        assertThat(due(forwarder)).isNotEmpty();
        allowed = true;

        settle();

        // The acknowledgement of the message in flight, which it waits for, makes the next run.
        assertThat(due(forwarder)).isEmpty();
        connection.silent = false;
        connection.answers.forEach(Runnable::run);
        settle();
        assertThat(arrived).containsExactly("one", "poison");
    }

    @Test
    void sendsNothingTwiceThatIsOnItsWayBehindARefusedMessage() {
        refusal = 0x97;
        Refusing connection = new Refusing();
        connection.silent = true;
        forwarder.connected(connection);
        keep("poison", "one", "two");
        connection.answers.forEach(Runnable::run);
        settle();
        connection.silent = false;
        allowed = true;

        now = due(forwarder).get(0);
        settle();

        assertThat(arrived).containsExactly("one", "two", "poison");
    }

    @Test
    void letsNothingOvertakeWhatIsRefusedAgainAndAgain() {
        refusal = 0x97;
        forwarder.connected(new Refusing());
        keep("poison");
        keep("one", "two");
        for (int again = 0; again < 5; again++) {
            now = due(forwarder).get(0);
            settle();
            assertThat(arrived).isEmpty();
        }
        allowed = true;

        now = due(forwarder).get(0);
        settle();
        settle();

        assertThat(arrived).containsExactly("poison", "one", "two");
    }

    @Test
    void letsNothingOvertakeThatWaitsAtTheConnectionBehindARefusedMessage() {
        refusal = 0x97;
        Narrow connection = new Narrow();
        forwarder.connected(connection);
        keep("poison", "one", "two");
        assertThat(connection.waiting).hasSize(2);

        connection.answer();
        settle();

        assertThat(arrived).isEmpty();
        assertThat(connection.waiting).isEmpty();
        allowed = true;
        now = due(forwarder).get(0);
        settle();
        connection.answerAll();
        assertThat(arrived).containsExactly("poison", "one", "two");
        assertThat(duplicates).isEmpty();
        assertThat(forwarder.depth()).isZero();
    }

    @Test
    void sendsNothingThatWaitsAtTheConnectionWhenItHasStopped() {
        Narrow connection = new Narrow();
        forwarder.connected(connection);
        keep("one", "two", "three");

        forwarder.stopSending();
        settle();
        assertThat(forwarder.isIdle()).isFalse();
        connection.answerAll();

        assertThat(arrived).containsExactly("one");
        assertThat(forwarder.isIdle()).isTrue();
        assertThat(forwarder.depth()).isEqualTo(2);
    }

    @Test
    void marksAsADuplicateWhatAnEarlierConnectionMayHaveSentThoughThisOneHasNot() {
        refusal = 0x97;
        forwarder.connected(new Narrow());
        keep("poison", "one");
        Narrow connection = new Narrow();
        forwarder.connected(connection);
        settle();

        connection.answer();
        allowed = true;
        settle();
        now = due(forwarder).get(0);
        settle();
        connection.answerAll();

        assertThat(arrived).containsExactly("poison", "one");
        // The poison was refused by the second connection, so the third time it is none.
        assertThat(duplicates).containsExactly("poison", "one");
    }

    @Test
    void dropsWhatHasExpiredSinceAnEarlierProcessAndSendsTheRestOfTheExpiry() {
        keepExpiring(60, "long", null);
        keepExpiring(10, "short", null);
        keepExpiring(0, "shortest", null);
        time = 10_000;

        forwarder.connected(new Connection());
        settle();

        assertThat(arrived).containsExactly("long");
        assertThat(expiries).containsExactly(50L);
        assertThat(forwarder.expiredCount()).isEqualTo(2);
        assertThat(forwarder.depth()).isZero();
    }

    /** As a device without a battery clock, which has 1970 until it has a network. */
    @ParameterizedTest
    @ValueSource(longs = {20_000, -20_000})
    void countsTheExpiryOfAMessageOfThisProcessByTheTimeThatHasPassedWhateverTheClockIsSetTo(long days) {
        keepExpiring(60, "long", now);
        keepExpiring(10, "short", now);
        now += Duration.ofSeconds(10).toNanos();
        time += Duration.ofDays(days).toMillis();

        forwarder.connected(new Connection());
        settle();

        assertThat(arrived).containsExactly("long");
        assertThat(expiries).containsExactly(50L);
        assertThat(forwarder.expiredCount()).isEqualTo(1);
    }

    @Test
    void setsAsideAtOnceWhatIsDamagedAndSendsTheOthers(@TempDir Path folder) throws IOException {
        try (FileMessageStore files = FileMessageStore.open(folder)) {
            Forwarder reading = new Forwarder("The outbox", files, 10, () -> null, () -> {}, () -> now, () -> time);
            files.append(List.of(message("one"), message("two"), message("three")))
                    .forEach(reading::add);
            Path file = folder.resolve("0000000000000001.log");
            byte[] whole = Files.readAllBytes(file);
            Files.writeString(file, Files.readString(file, ISO_8859_1).replace("one", "ONE"), ISO_8859_1);
            reading.connected(new Connection());
            reading.run();
            reading.run();

            assertThat(arrived).containsExactly("two", "three");
            assertThat(reading.setAsideCount()).isEqualTo(1);
            assertThat(reading.depth()).isEqualTo(1);
            Files.write(file, whole);
            now += Forwarder.ASIDE.toNanos();
            reading.run();
            reading.run();

            assertThat(arrived).containsExactly("two", "three", "one");
            assertThat(reading.depth()).isZero();
        }
    }

    @Test
    void waitsForADiskThatFailsBeforeItSendsTheMessagesThatItGives(@TempDir Path folder) throws IOException {
        try (FileMessageStore files = FileMessageStore.open(folder)) {
            Forwarder reading = new Forwarder("The outbox", files, 10, () -> null, () -> {}, () -> now, () -> time);
            files.append(List.of(message("x".repeat(4 << 20)))).forEach(reading::add);
            files.append(List.of(message("two"))).forEach(reading::add);
            Path file = folder.resolve("0000000000000001.log");
            Path elsewhere = Files.move(file, folder.resolve("elsewhere"));
            reading.connected(new Connection());
            now += 1;
            reading.run();
            assertThat(due(reading)).containsExactly(now + Duration.ofSeconds(1).toNanos());
            now += Duration.ofSeconds(9).toNanos();
            reading.run();
            assertThat(arrived).isEmpty();
            assertThat(reading.setAsideCount()).isZero();

            now += Duration.ofSeconds(1).toNanos();
            reading.run();
            reading.run();

            assertThat(arrived).containsExactly("two");
            assertThat(due(reading)).doesNotContain(now + Duration.ofSeconds(1).toNanos());
            now += Forwarder.ASIDE.toNanos();
            files.append(List.of(message("three"))).forEach(reading::add);
            reading.run();
            reading.run();
            assertThat(arrived).as("it holds the others up but once").containsExactly("two", "three");
            assertThat(reading.setAsideCount()).isEqualTo(2);
            Files.move(elsewhere, file);
            now += Forwarder.ASIDE.toNanos();
            reading.run();
            reading.run();
            assertThat(arrived).hasSize(3);
            assertThat(reading.depth()).isZero();
        }
    }

    private static AcceptedMessage message(String payload) {
        return new AcceptedMessage(
                new PublishRequest(
                        "allowed", payload.getBytes(StandardCharsets.UTF_8), 1, false, MessageProperties.NONE),
                0);
    }

    private void keepExpiring(long seconds, String payload, Long acceptedNanos) {
        MessageProperties properties = new MessageProperties(null, null, null, seconds, null, null);
        store.append(List.of(new AcceptedMessage(
                        new PublishRequest("allowed", payload.getBytes(StandardCharsets.UTF_8), 1, false, properties),
                        0,
                        acceptedNanos)))
                .forEach(forwarder::add);
    }

    private void keep(String... payloads) {
        List<AcceptedMessage> requests = new ArrayList<>();
        for (String payload : payloads) {
            requests.add(new AcceptedMessage(
                    new PublishRequest(
                            payload.equals("poison") ? "forbidden" : "allowed",
                            payload.getBytes(StandardCharsets.UTF_8),
                            1,
                            false,
                            MessageProperties.NONE),
                    0));
        }
        store.append(requests).forEach(forwarder::add);
        settle();
    }

    private static List<Long> due(Forwarder forwarder) {
        List<Long> times = new ArrayList<>();
        forwarder.tellWhenDue(times::add);
        return times;
    }

    /** What a run hears of its own messages is for the next one. */
    private void settle() {
        forwarder.run();
        forwarder.run();
    }

    private void loseConnectionsUntilSetAside() {
        for (int connection = 0; connection < 20 && forwarder.setAsideCount() == 0; connection++) {
            forwarder.connected(new Connection());
            settle();
        }
        forwarder.connected(new Connection());
        settle();
    }

    /**
     * Has one message in flight, until it is told to answer, and lets others wait. It refuses the poison, unless it is
     * allowed.
     */
    private final class Narrow implements PublishSession {

        private record Publish(PublishRequest request, boolean duplicate, CompletableFuture<PublishReceipt> done) {}

        private final Deque<Publish> waiting = new ArrayDeque<>();
        private Publish inFlight;

        @Override
        public CompletableFuture<PublishReceipt> publish(PublishRequest request, boolean duplicate) {
            Publish publish = new Publish(request, duplicate, new CompletableFuture<>());
            waiting.add(publish);
            fill();
            return publish.done();
        }

        private void fill() {
            if (inFlight == null) {
                inFlight = waiting.poll();
                if (inFlight != null && inFlight.duplicate()) {
                    duplicates.add(text(inFlight.request()));
                }
            }
        }

        void answer() {
            Publish answered = inFlight;
            inFlight = null;
            String payload = text(answered.request());
            if (payload.equals("poison") && !allowed) {
                answered.done()
                        .completeExceptionally(new PublishException(
                                answered.request(), "not taken", new PublishRefusedException(refusal, "refused")));
            } else {
                arrived.add(payload);
                answered.done().complete(PublishReceipt.ACKNOWLEDGED);
            }
            fill();
        }

        void answerAll() {
            while (inFlight != null) {
                answer();
                settle();
            }
        }

        @Override
        public void takeBack() {
            for (Publish publish = waiting.poll(); publish != null; publish = waiting.poll()) {
                publish.done().cancel(false);
            }
        }
    }

    private static String text(PublishRequest request) {
        return new String(request.payload(), StandardCharsets.UTF_8);
    }

    /** Ends when it is sent the poison, unless that is allowed, and takes nothing after it. */
    private final class Connection implements PublishSession {

        private boolean ended;

        @Override
        public CompletableFuture<PublishReceipt> publish(PublishRequest request, boolean duplicate) {
            ended |= request.topic().equals("forbidden") && !allowed;
            if (ended) {
                return CompletableFuture.failedFuture(new IOException("closed"));
            }
            arrived.add(text(request));
            expiries.add(request.properties().messageExpirySeconds());
            return CompletableFuture.completedFuture(PublishReceipt.ACKNOWLEDGED);
        }

        @Override
        public void takeBack() {
            // Nothing waits.
        }
    }

    /** Refuses the poison by its reason code, unless it is allowed, and takes everything else. */
    private final class Refusing implements PublishSession {

        private final List<Runnable> answers = new ArrayList<>();
        private boolean silent;

        @Override
        public CompletableFuture<PublishReceipt> publish(PublishRequest request, boolean duplicate) {
            String payload = text(request);
            if (duplicate) {
                duplicates.add(payload);
            }
            CompletableFuture<PublishReceipt> published = new CompletableFuture<>();
            Runnable answer;
            if (payload.equals("poison") && !allowed) {
                PublishException refused =
                        new PublishException(request, "not taken", new PublishRefusedException(refusal, "refused"));
                answer = () -> published.completeExceptionally(refused);
            } else {
                arrived.add(payload);
                answer = () -> published.complete(PublishReceipt.ACKNOWLEDGED);
            }
            if (silent) {
                answers.add(answer);
            } else {
                answer.run();
            }
            return published;
        }

        @Override
        public void takeBack() {
            // Nothing waits.
        }
    }
}
