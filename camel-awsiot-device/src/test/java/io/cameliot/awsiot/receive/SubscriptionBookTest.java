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
package io.cameliot.awsiot.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.awsiot.receive.SubscriptionBook.Answered;
import io.cameliot.awsiot.receive.SubscriptionBook.Batch;
import io.cameliot.awsiot.receive.SubscriptionBook.Notice;
import io.cameliot.awsiot.receive.SubscriptionBook.Subscription;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubscriptionBookTest {

    private final Heard one = new Heard();
    private final Heard other = new Heard();
    private final CompletableFuture<Void> waiter = new CompletableFuture<>();
    private final CompletableFuture<Void> otherWaiter = new CompletableFuture<>();
    private final IOException refusal = new IOException("refused");

    @Test
    void subscribesOnceToTheFilterOfTwoHandlersAtTheHigherQos() {
        SubscriptionBook book =
                SubscriptionBook.EMPTY.with("a/b", 1, one, waiter).with("a/b", 0, other, otherWaiter);

        assertThat(book.batches(all -> true)).singleElement().satisfies(batch -> {
            assertThat(batch.qos()).isEqualTo(1);
            assertThat(batch.filters()).containsExactly("a/b");
        });
        assertThat(book.handlersOf("a/b")).containsExactly(one, other);
    }

    @Test
    void putsAtMostEightFiltersOfOneQosIntoASubscribeInTheOrderOfRegistration() {
        SubscriptionBook book = SubscriptionBook.EMPTY;
        for (int i = 0; i < 20; i++) {
            book = book.with("t" + i, i < 3 ? 0 : 1, one, waiter);
        }

        assertThat(book.batches(all -> true))
                .extracting(batch -> batch.qos() + ": " + String.join(" ", batch.filters()))
                .containsExactly(
                        "0: t0 t1 t2", "1: t3 t4 t5 t6 t7 t8 t9 t10", "1: t11 t12 t13 t14 t15 t16 t17 t18", "1: t19");
    }

    @Test
    void hasNoRoomForAFiftyFirstFilterButForAnotherHandlerOfAKnownOne() {
        SubscriptionBook book = SubscriptionBook.EMPTY;
        for (int i = 0; i < 50; i++) {
            assertThat(book.hasRoomFor("t" + i)).isTrue();
            book = book.with("t" + i, 1, one, waiter);
        }

        assertThat(book.hasRoomFor("t50")).isFalse();
        assertThat(book.hasRoomFor("t7")).isTrue();
        assertThat(book.withoutFilter("t7").hasRoomFor("t50")).isTrue();
    }

    @Test
    void leavesTheBookThatItWasMadeFromAsItIs() {
        SubscriptionBook before = SubscriptionBook.EMPTY.with("a", 1, one, waiter);

        before.with("a", 1, other, otherWaiter).without("a", one).withoutFilter("a");
        before.withUnsolicited("#", other);

        assertThat(before.handlersOf("a")).containsExactly(one);
        assertThat(before.handlersOf("b")).isEmpty();
    }

    @Test
    void answersWhoWaitsOnceAndTellsAllHandlersOfAGrant() {
        SubscriptionBook book = SubscriptionBook.EMPTY.with("a", 1, one, waiter).with("a", 1, other, null);

        Answered answered = book.answered(only(book), filter -> null);
        assertThat(answered.notices()).containsExactly(new Notice(one, waiter, null), new Notice(other, null, null));

        answered.notices().forEach(Notice::give);
        assertThat(waiter).isCompleted();
        assertThat(one.events).containsExactly("granted");
        assertThat(other.events).containsExactly("granted");
        assertThat(answered.book().waiters()).isEmpty();
    }

    /** Who waits hears of it by the future, who has heard of the filter before hears it as news. */
    @Test
    void tellsOfARefusalByTheFutureOrAsNewsAndAsksAgainForThatFilterOnly() {
        SubscriptionBook book = SubscriptionBook.EMPTY
                .with("a", 1, one, waiter)
                .with("a", 1, other, null)
                .with("b", 1, one, otherWaiter);

        Answered answered = book.answered(only(book), filter -> filter.equals("a") ? refusal : null);
        answered.notices().forEach(Notice::give);

        assertThat(waiter).isCompletedExceptionally();
        assertThat(otherWaiter).isCompleted();
        assertThat(other.events).containsExactly("refused");
        assertThat(one.events).containsExactly("granted");
        SubscriptionBook refused = answered.book();
        assertThat(refused.batches(Subscription::refused))
                .extracting(Batch::filters)
                .containsExactly(List.of("a"));

        SubscriptionBook granted =
                refused.answered(only(refused), filter -> null).book();
        assertThat(granted.batches(Subscription::refused)).isEmpty();
    }

    @Test
    void hearsNothingOfAnAnswerToASubscriptionThatWasGivenUpAndMadeAnew() {
        SubscriptionBook first = SubscriptionBook.EMPTY.with("a", 1, one, waiter);
        SubscriptionBook second = first.withoutFilter("a").with("a", 1, one, otherWaiter);

        assertThat(second.answered(only(first), filter -> refusal).notices()).isEmpty();
        assertThat(second.waiters(only(first))).isEmpty();
        assertThat(second.answered(only(second), filter -> null).notices())
                .containsExactly(new Notice(one, otherWaiter, null));
    }

    @Test
    void keepsARefusalInMindWhenTheConnectionEndsWithoutAnAnswer() {
        SubscriptionBook book = SubscriptionBook.EMPTY.with("a", 1, one, null);
        SubscriptionBook refused = book.answered(only(book), filter -> refusal).book();
        SubscriptionBook joined = refused.with("a", 1, other, waiter);
        assertThat(joined.waiters(only(joined))).containsExactly(waiter);

        SubscriptionBook unanswered = joined.unanswered(only(joined));

        assertThat(unanswered.waiters()).isEmpty();
        assertThat(unanswered.batches(Subscription::refused)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "a/+,            a/b,   true",
        "a/#,            a/b/c, true",
        "a/+,            a/b/c, false",
        "$share/group/a, a,     true",
        "$share/g/a/+,   a/b,   true",
        "$share/group/a, b,     false",
    })
    void findsTheHandlersOfAllFiltersThatFit(String filter, String topic, boolean fits) {
        SubscriptionBook book =
                SubscriptionBook.EMPTY.with(filter, 1, one, waiter).withUnsolicited("#", other);

        assertThat(book.handlersOf(topic)).containsExactly(fits ? one : other);
        assertThat(book.isSubscribed(topic)).isEqualTo(fits);
    }

    @Test
    void remembersTheFilterThatAHandlerHasLeft() {
        SubscriptionBook book =
                SubscriptionBook.EMPTY.with("a/+", 1, one, waiter).without("a/+", one);

        assertThat(book.handlersOf("a/b")).isEmpty();
        assertThat(book.isSubscribed("a/b")).isTrue();
        assertThat(book.has("a/+", one)).isFalse();
        assertThat(book.waiters()).isEmpty();
    }

    @Test
    void givesNothingUnsolicitedToAHandlerThatWasRemoved() {
        SubscriptionBook book = SubscriptionBook.EMPTY.withUnsolicited("#", one).withUnsolicited("b", other);
        assertThat(book.handlersOf("b")).containsExactly(one, other);

        assertThat(book.withoutUnsolicited(one).handlersOf("b")).containsExactly(other);
    }

    @Test
    void givesUnsolicitedMessagesOfTheirTopicsOnly() {
        SubscriptionBook book = SubscriptionBook.EMPTY.withUnsolicited("a/+", one);

        assertThat(book.handlersOf("a/b")).containsExactly(one);
        assertThat(book.handlersOf("b")).isEmpty();
    }

    @Test
    void keepsTheHandlersOfUnsolicitedMessagesWhileSubscriptionsComeAndGo() {
        SubscriptionBook book =
                SubscriptionBook.EMPTY.withUnsolicited("#", other).with("a", 1, one, waiter);
        assertThat(book.handlersOf("b")).containsExactly(other);

        assertThat(book.without("a", one).withoutFilter("a").handlersOf("a")).containsExactly(other);
    }

    @Test
    void givesNoSubscriptionTheNumberOfAnEarlierOne() {
        SubscriptionBook first = SubscriptionBook.EMPTY.with("a", 1, one, waiter);
        SubscriptionBook unsolicited = first.withoutFilter("a").withUnsolicited("#", other);

        for (SubscriptionBook later : List.of(unsolicited, unsolicited.withoutUnsolicited(other))) {
            assertThat(later.with("a", 1, one, otherWaiter)
                            .answered(only(first), filter -> refusal)
                            .notices())
                    .isEmpty();
        }
    }

    @Test
    void knowsEachHandlerOfAFilterOnce() {
        SubscriptionBook book = SubscriptionBook.EMPTY
                .with("a", 1, one, waiter)
                .with("b", 1, one, waiter)
                .with("b", 1, other, otherWaiter)
                .withUnsolicited("#", new Heard());

        assertThat(book.handlers()).containsExactly(one, other);
    }

    @Test
    void keepsARefusalInMindWhenOneOfTwoHandlersGoes() {
        SubscriptionBook book = SubscriptionBook.EMPTY.with("a", 1, one, null).with("a", 1, other, null);
        SubscriptionBook refused = book.answered(only(book), filter -> refusal).book();

        assertThat(refused.without("a", one).batches(Subscription::refused)).hasSize(1);
    }

    @Test
    void raisesTheQosOfAFilterThatIsAskedForAgainAndNeverLowersIt() {
        SubscriptionBook book = SubscriptionBook.EMPTY.with("a", 0, one, waiter).with("a", 1, other, otherWaiter);
        assertThat(only(book).qos()).isEqualTo(1);

        assertThat(only(book.with("a", 0, one, null)).qos()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "$share/group/a/#, a/b",
        "a/b, $share/group/a/#",
        "$share/group/a/#, $share/group/a/b",
        "$share/group/a, $share/other/a"
    })
    void hasAConflictWhereAFilterIsSharedAndMatchesTheTopicsOfAnother(String known, String filter) {
        SubscriptionBook book = SubscriptionBook.EMPTY.with("b", 1, one, waiter).with(known, 1, one, waiter);

        assertThat(book.conflicting(filter)).isEqualTo(known);
        assertThat(book.withoutFilter(known).conflicting(filter)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "$share/group/a, $share/group/a",
        "$share/group/a, b",
        "a/#, a/b",
        "$share/group/#, $aws/things/T/jobs/notify"
    })
    void hasNoConflictElse(String known, String filter) {
        assertThat(SubscriptionBook.EMPTY.with(known, 1, one, waiter).conflicting(filter))
                .isNull();
    }

    private static Batch only(SubscriptionBook book) {
        return book.batches(all -> true).get(0);
    }

    private static final class Heard implements MessageHandler {

        private final List<String> events = new ArrayList<>();

        @Override
        public void messageArrived(InboundDelivery delivery) {
            events.add("message");
        }

        @Override
        public void subscriptionRefused(IOException reason) {
            events.add("refused");
        }

        @Override
        public void subscriptionGranted() {
            events.add("granted");
        }
    }
}
