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
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.cameliot.common.mqtt.MessageProperties;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KeptMessagesTest {

    private final PublishCounters counters = new PublishCounters();
    private final SendWindow window = new SendWindow(2, counters);
    private final KeptMessages kept = new KeptMessages(window, counters);
    private final List<PublishSession> sessions = new ArrayList<>();
    private final Consumer<PublishSession> keeper = sessions::add;
    private final RecordingChannel channel = new RecordingChannel();

    @Test
    void countsAMessageOnceThatItsKeeperSendsOnTwoConnections() {
        open(1);
        CompletableFuture<PublishReceipt> first = sessions.get(0).publish(message("a", 1), false);
        window.close();
        assertThat(failureOf(first)).hasMessageContaining("the connection ended");

        open(2);
        CompletableFuture<PublishReceipt> second = sessions.get(1).publish(message("a", 1), true);
        assertThat(counters.acknowledged().sum()).isZero();
        channel.acknowledge("a");

        assertThat(second).isCompleted();
        assertThat(channel.sent).containsExactly("a", "a*");
        assertThat(counters.published().sum()).isEqualTo(1);
        assertThat(counters.acknowledged().sum()).isEqualTo(1);
        assertThat(counters.failed().sum()).isZero();
    }

    @Test
    void tellsTheKeeperOfARefusalAndCountsItAsAFailure() {
        open(1);
        CompletableFuture<PublishReceipt> refused = sessions.get(0).publish(message("a", 1), false);

        channel.refuse("a", 0x87);

        assertThat(failureOf(refused)).isInstanceOfSatisfying(PublishException.class, failure -> {
            assertThat(failure.isRefusal()).isTrue();
            assertThat(failure.getReasonCode()).isEqualTo(0x87);
        });
        assertThat(counters.failed().sum()).isEqualTo(1);
        assertThat(counters.acknowledged().sum()).isZero();
    }

    @Test
    void keepsAMessageBackThatHasNoRoomWhateverItsQos() {
        open(1);
        sessions.get(0).publish(message("a", 1), false);
        sessions.get(0).publish(message("b", 1), false);
        sessions.get(0).publish(message("c", 0), false);
        assertThat(channel.sent).containsExactly("a", "b");

        channel.acknowledge("a");

        assertThat(channel.sent).containsExactly("a", "b", "c");
    }

    @Test
    void givesAMessageThatWaitedForRoomBackWhenTheConnectionEnds() {
        open(1);
        sessions.get(0).publish(message("a", 1), false);
        sessions.get(0).publish(message("b", 1), false);
        CompletableFuture<PublishReceipt> waiting = sessions.get(0).publish(message("c", 1), false);

        window.close();

        assertThat(failureOf(waiting)).hasMessageContaining("the connection ended");
        open(2);
        assertThat(channel.sent).containsExactly("a", "b");
    }

    @Test
    void countsNoOutcomeOfMessagesThatTheKeeperHasGivenUp() {
        open(1);
        sessions.get(0).publish(message("a", 1), false).cancel(false);
        sessions.get(0).publish(message("b", 1), false).cancel(false);

        channel.acknowledge("a");
        channel.refuse("b", 0x87);

        assertThat(counters.acknowledged().sum()).isZero();
        assertThat(counters.failed().sum()).isZero();
    }

    @Test
    void toleratesAnEndWithoutAConnection() {
        open(1);
        window.close();

        assertThatNoException().isThrownBy(window::close);
    }

    @Test
    void offersAConnectionToItsKeeperOnceAndOnlyWhileThereIsOne() {
        kept.setKeeper(sessions::add);
        assertThat(sessions).isEmpty();

        window.open(1, channel);
        assertThat(sessions).hasSize(1);
        window.close();
        kept.setKeeper(sessions::add);

        assertThat(sessions).hasSize(1);
    }

    @Test
    void offersNothingToAKeeperThatWasRemoved() {
        open(1);
        window.close();

        kept.removeKeeper(keeper);
        window.open(2, channel);

        assertThat(sessions).hasSize(1);
    }

    @Test
    void keepsAKeeperThatHasReplacedTheOneRemoved() {
        List<PublishSession> others = new ArrayList<>();
        Consumer<PublishSession> other = others::add;
        kept.setKeeper(other);
        kept.setKeeper(keeper);

        kept.removeKeeper(other);
        window.open(1, channel);

        assertThat(sessions).hasSize(1);
        assertThat(others).isEmpty();
    }

    @Test
    void takesBackWhatWasNotSentAndNothingElse() {
        open(1);
        List<CompletableFuture<PublishReceipt>> published = publish("a", "b", "c", "d");

        sessions.get(0).takeBack();

        assertThat(published.subList(2, 4)).allMatch(CompletableFuture::isCancelled);
        channel.acknowledge("a", "b");
        assertThat(published.subList(0, 2)).allMatch(first -> first.join() == PublishReceipt.ACKNOWLEDGED);
        assertThat(channel.sent).containsExactly("a", "b");
    }

    @Test
    void countsAMessageOnceThatWasTakenBackAndSentLater() {
        open(1);
        publish("a", "b", "c");
        sessions.get(0).takeBack();
        channel.acknowledge("a", "b");

        publish("c");
        channel.acknowledge("c");

        assertThat(channel.sent).containsExactly("a", "b", "c");
        assertThat(counters.published().sum()).isEqualTo(3);
        assertThat(counters.acknowledged().sum()).isEqualTo(3);
        assertThat(counters.failed().sum()).isZero();
    }

    @Test
    void countsAMessageOnceThatWaitedWhenItsConnectionEnded() {
        open(1);
        publish("a", "b", "c");
        window.close();
        open(2);

        sessions.get(1).publish(message("c", 1), true);
        channel.acknowledge("c");

        assertThat(counters.published().sum()).isEqualTo(3);
        assertThat(counters.acknowledged().sum()).isEqualTo(1);
    }

    /** The room that a refused message leaves is filled as soon as its keeper was told. */
    @Test
    void sendsNothingBehindARefusedMessageThatItsKeeperTakesBackWhenItIsTold() {
        open(1);
        publish("a").get(0).whenComplete((receipt, refusal) -> sessions.get(0).takeBack());
        publish("b", "c", "d");

        channel.refuse("a", 0x97);

        assertThat(channel.sent).containsExactly("a", "b");
    }

    private List<CompletableFuture<PublishReceipt>> publish(String... payloads) {
        return Stream.of(payloads)
                .map(payload -> sessions.get(sessions.size() - 1).publish(message(payload, 1), false))
                .toList();
    }

    private void open(int number) {
        kept.setKeeper(keeper);
        window.open(number, channel);
    }

    private static Throwable failureOf(CompletableFuture<PublishReceipt> publish) {
        assertThat(publish).isCompletedExceptionally();
        return publish.handle((receipt, failure) -> failure).join();
    }

    private static PublishRequest message(String payload, int qos) {
        return new PublishRequest("t", payload.getBytes(StandardCharsets.UTF_8), qos, false, MessageProperties.NONE);
    }
}
