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

import io.cameliot.common.mqtt.MessageProperties;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublishQueueTest {

    private static final int MEGABYTE = 1024 * 1024;

    private final PublishCounters counters = new PublishCounters();
    private final PublishQueue queue =
            new PublishQueue(new SendWindow(10, counters), Duration.ofMinutes(1), counters, null);

    @Test
    void takesAnyNumberOfMessagesWithoutAConnectionAndHoldsUpNoCaller() {
        List<CompletableFuture<PublishReceipt>> submitted = new ArrayList<>();

        for (int i = 0; i < 20_000; i++) {
            submitted.add(queue.submit(message(1, i % 2)));
        }

        assertThat(submitted).noneMatch(CompletableFuture::isDone);
        assertThat(queue.waiting()).isEqualTo(20_000);
    }

    @Test
    void failsWhatWouldTakeTooMuchMemoryUntilSomethingElseIsDone() {
        for (int i = 0; i < 63; i++) {
            assertThat(queue.submit(message(MEGABYTE, 1))).isNotDone();
        }

        assertThat(queue.submit(message(MEGABYTE, 1)))
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(PublishException.class)
                .withMessageContaining("64 MB")
                .withMessageContaining("option outbox");
        assertThat(counters.failed().sum()).isEqualTo(1);
        assertThat(queue.submit(message(1, 1))).isNotDone();
    }

    @Test
    void takesMoreWhenTheTimeOfThoseThatWaitIsOver() {
        PublishQueue impatient = new PublishQueue(new SendWindow(10, counters), Duration.ZERO, counters, null);
        for (int i = 0; i < 63; i++) {
            impatient.submit(message(MEGABYTE, 1));
        }

        impatient.expire(() -> "no connection", null);

        assertThat(counters.failed().sum()).isEqualTo(63);
        assertThat(impatient.submit(message(MEGABYTE, 1))).isNotDone();
    }

    @Test
    void doesNotMissThePubackOfAMessageThatHasNone() {
        Congested congested = new Congested();
        CompletableFuture<PublishReceipt> submitted = congested.queue.submit(message(1, 0));

        congested.queue.expire(() -> "connected", null);

        assertThat(congested.channel.sent).hasSize(1);
        assertThat(submitted)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .withMessageContaining("not sent within publishTimeout (connected)");
    }

    /** A server that stops reading: what has failed still takes memory, in the connection. */
    @Test
    void takesNoMoreWhileTheConnectionHoldsWhatHasFailed() {
        Congested congested = new Congested();
        congested.queue.submit(message(63 * MEGABYTE, 0));
        congested.queue.expire(() -> "connected", null);
        assertThat(counters.failed().sum()).isEqualTo(1);

        assertThat(congested.queue.submit(message(MEGABYTE, 0)))
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withMessageContaining("64 MB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"written", "refused", "refused for a while", "connection lost"})
    void takesMoreWhenTheConnectionLetsGoOfWhatHasFailed(String event) {
        Congested congested = new Congested();
        congested.queue.submit(message(63 * MEGABYTE, 0));
        congested.queue.expire(() -> "connected", null);

        String payload = congested.channel.sent.get(0);
        switch (event) {
            case "written" -> congested.channel.acknowledge(payload);
            case "refused" -> congested.channel.refuse(payload, 0x9A);
            case "refused for a while" -> congested.channel.refuse(payload, 0x97);
            default -> {
                congested.window.close();
                congested.window.open(2, congested.channel);
            }
        }

        assertThat(congested.queue.submit(message(MEGABYTE, 0))).isNotDone();
        assertThat(congested.queue.submit(message(63 * MEGABYTE, 0)))
                .as("the room that was left twice")
                .isCompletedExceptionally();
    }

    @Test
    void failsWhatWaitsAndWhatComesLaterWhenItIsClosed() {
        CompletableFuture<PublishReceipt> before = queue.submit(message(1, 1));

        queue.close();

        assertThat(before).isCompletedExceptionally();
        assertThat(queue.submit(message(1, 1))).isCompletedExceptionally();
        assertThat(queue.submit(message(1, 0))).isCompletedExceptionally();
    }

    private static PublishRequest message(int bytes, int qos) {
        return new PublishRequest("t", new byte[bytes], qos, false, MessageProperties.NONE);
    }

    /** A connection whose server does not read, and a queue whose messages are late at once. */
    private final class Congested {

        private final RecordingChannel channel = new RecordingChannel();
        private final SendWindow window = new SendWindow(10, counters);
        private final PublishQueue queue = new PublishQueue(window, Duration.ZERO, counters, null);

        Congested() {
            channel.congested = true;
            window.open(1, channel);
        }
    }
}
