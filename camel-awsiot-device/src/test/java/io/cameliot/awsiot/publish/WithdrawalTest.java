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

import io.cameliot.awsiot.testing.Race;
import io.cameliot.common.mqtt.MessageProperties;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that are sent only until their sender no longer needs them, such as requests. */
class WithdrawalTest {

    private static final int MEGABYTE = 1024 * 1024;
    private static final int QUOTA_EXCEEDED = 0x97;

    private final PublishCounters counters = new PublishCounters();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final SendWindow window = new SendWindow(1, counters);
    private final PublishQueue queue = new PublishQueue(window, Duration.ofMinutes(1), counters, timer);
    private final KeptMessages kept = new KeptMessages(window, counters);
    private final RecordingChannel channel = new RecordingChannel();
    private final RecordingChannel next = new RecordingChannel();
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    @AfterEach
    void endTimer() {
        timer.shutdownNow();
    }

    @Test
    void sendsNothingThatWasWithdrawnWhileThereWasNoConnection() {
        CompletableFuture<PublishReceipt> request = queue.submitUntil(end, message("request"));
        assertThat(queue.waiting()).isEqualTo(1);

        endByFailure(end);

        assertThat(request).isCompletedExceptionally();
        assertCounted(1, 0, 1);
        window.open(1, channel);
        assertThat(channel.sent).isEmpty();
    }

    @Test
    void sendsNothingThatIsNoLongerNeededWhenItIsSubmitted() {
        window.open(1, channel);
        endByFailure(end);

        assertThat(queue.submitUntil(end, message("request"))).isCompletedExceptionally();

        assertThat(channel.sent).isEmpty();
        assertCounted(1, 0, 1);
    }

    @Test
    void givesUpTheRoomOfWhatIsWithdrawn() {
        for (int i = 0; i < 63; i++) {
            queue.submitUntil(end, new PublishRequest("t", new byte[MEGABYTE], 1, false, MessageProperties.NONE));
        }

        endByFailure(end);

        assertCounted(63, 0, 63);
        assertThat(queue.submit(new PublishRequest("t", new byte[63 * MEGABYTE], 1, false, MessageProperties.NONE)))
                .isNotDone();
    }

    @Test
    void letsWhatWaitsBehindItTakeItsPlaceInTheWindow() {
        window.open(1, channel);
        queue.submit(message("one"));
        queue.submitUntil(end, message("request"));
        queue.submit(message("two"));

        endByFailure(end);
        channel.acknowledge("one");
        channel.acknowledge("two");

        assertThat(channel.sent).containsExactly("one", "two");
        assertCounted(3, 2, 1);
    }

    @Test
    void countsTheAcknowledgementThatComesAfterTheEnd() {
        window.open(1, channel);
        CompletableFuture<PublishReceipt> request = queue.submitUntil(end, message("request"));

        endByFailure(end);
        assertThat(request).isNotDone();
        assertThat(window.inFlight()).isEqualTo(1);
        channel.acknowledge("request");

        assertThat(request).isCompleted();
        assertCounted(1, 1, 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void resendsNothingWhoseAcknowledgementWasLostWithTheConnection(boolean endedBefore) {
        window.open(1, channel);
        CompletableFuture<PublishReceipt> request = queue.submitUntil(end, message("request"));

        if (endedBefore) {
            endByFailure(end);
        }
        window.close();
        window.open(2, next);
        assertThat(queue.waiting()).isZero();
        endByFailure(end);

        assertThat(request).isCompletedExceptionally();
        assertThat(next.sent).isEmpty();
        assertCounted(1, 0, 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void countsWhatWasAnsweredAsAcknowledged(boolean answeredBefore) {
        window.open(1, channel);
        queue.submitUntil(end, message("request"));

        if (answeredBefore) {
            end.complete(null);
        }
        window.close();
        window.open(2, next);
        end.complete(null);

        assertThat(next.sent).isEmpty();
        assertCounted(1, 1, 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sendsNothingAgainThatTheServerHasRefused(boolean endedBefore) {
        window.open(1, channel);
        CompletableFuture<PublishReceipt> request = queue.submitUntil(end, message("request"));

        if (endedBefore) {
            endByFailure(end);
        }
        channel.refuse("request", QUOTA_EXCEEDED);
        endByFailure(end);

        assertThat(request).isCompletedExceptionally();
        assertCounted(1, 0, 1);
    }

    @Test
    void touchesNoOtherMessages() {
        window.open(1, channel);
        queue.submitUntil(end, message("request"));
        CompletableFuture<PublishReceipt> plain = queue.submit(message("plain"));
        CompletableFuture<PublishReceipt> zero = queue.submit(message("zero", 0));
        CompletableFuture<PublishSession> session = new CompletableFuture<>();
        kept.setKeeper(session::complete);
        CompletableFuture<PublishReceipt> stored = session.join().publish(message("stored"), false);

        endByFailure(end);
        assertThat(queue.waiting()).isEqualTo(2);
        channel.acknowledge("request");
        channel.acknowledge("stored");
        channel.acknowledge("plain");
        channel.acknowledge("zero");

        assertThat(channel.sent).containsExactlyInAnyOrder("request", "stored", "plain", "zero");
        assertThat(plain).isCompleted();
        assertThat(zero).isCompleted();
        assertThat(stored).isCompleted();
    }

    /** The order of the two threads is chance, and each order has a right outcome. */
    @ParameterizedTest
    @ValueSource(strings = {"acknowledge", "reconnect", "make room"})
    void countsEachMessageOnceWhateverComesAtTheTimeOfItsEnd(String meanwhile) throws Exception {
        for (int i = 0; i < 500; i++) {
            PublishCounters counted = new PublishCounters();
            SendWindow single = new SendWindow(1, counted);
            PublishQueue waiting = new PublishQueue(single, Duration.ofMinutes(1), counted, timer);
            RecordingChannel first = new RecordingChannel();
            RecordingChannel second = new RecordingChannel();
            CompletableFuture<Void> over = new CompletableFuture<>();
            single.open(1, first);
            if (meanwhile.equals("make room")) {
                waiting.submit(message("blocker"));
            }
            CompletableFuture<PublishReceipt> request = waiting.submitUntil(over, message("request"));

            Race.run(
                    () -> {
                        switch (meanwhile) {
                            case "acknowledge" -> first.acknowledge("request");
                            case "make room" -> first.acknowledge("blocker");
                            default -> {
                                single.close();
                                single.open(2, second);
                            }
                        }
                    },
                    timer,
                    () -> endByFailure(over));
            if (!request.isDone()) {
                first.acknowledge("request");
            }

            assertThat(request).isDone();
            assertThat(second.sent).isEmpty();
            assertThat(first.sent).doesNotHaveDuplicates();
            assertThat(counted.acknowledged().sum() + counted.failed().sum())
                    .isEqualTo(counted.published().sum());
            assertThat(waiting.waiting()).isZero();
            assertThat(single.inFlight()).isZero();
        }
    }

    private void assertCounted(long published, long acknowledged, long failed) {
        assertThat(counters.published().sum()).as("published").isEqualTo(published);
        assertThat(counters.acknowledged().sum()).as("acknowledged").isEqualTo(acknowledged);
        assertThat(counters.failed().sum()).as("failed").isEqualTo(failed);
        assertThat(queue.waiting()).as("waiting").isZero();
        assertThat(window.inFlight()).as("in flight").isZero();
    }

    private static void endByFailure(CompletableFuture<Void> of) {
        of.completeExceptionally(new IllegalStateException("no answer came"));
    }

    private static PublishRequest message(String payload) {
        return message(payload, 1);
    }

    private static PublishRequest message(String payload, int qos) {
        return new PublishRequest("t", payload.getBytes(StandardCharsets.UTF_8), qos, false, MessageProperties.NONE);
    }
}
