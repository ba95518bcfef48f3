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
import io.cameliot.common.mqtt.PublishRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class PubackBatchTest {

    private final List<Runnable> timed = new ArrayList<>();
    private final List<List<Outgoing>> settled = new ArrayList<>();
    private int unacknowledged;
    private long now;
    private boolean loopEnded;
    private final PubackBatch batch = new PubackBatch(
            (task, delay) -> {
                if (loopEnded) {
                    throw new RejectedExecutionException();
                }
                timed.add(task);
            },
            () -> unacknowledged,
            messages -> {
                settled.add(messages);
                unacknowledged -= messages.size();
            },
            () -> now);

    @Test
    void settlesALoneMessageAtOnce() {
        unacknowledged = 1;

        batch.add(message());

        assertThat(settled).hasSize(1);
        assertThat(timed).isEmpty();
    }

    @Test
    void settlesEachAtOnceWhileFewAreInFlight() {
        unacknowledged = PubackBatch.MANY;

        batch.add(message());
        batch.add(message());

        assertThat(settled).hasSize(2);
    }

    @Test
    void settlesEachAtOnceWhileTheyComeSlowly() {
        manyHaveComeWithin(PubackBatch.SOON_NANOS);

        batch.add(message());
        batch.add(message());

        assertThat(settled).hasSize(2);
    }

    @Test
    void settlesManyTogetherAndInOrderWhileManyAreInFlight() {
        manyHaveComeWithin(PubackBatch.SOON_NANOS - 1);
        List<Outgoing> messages = new ArrayList<>();

        for (int i = 0; i < PubackBatch.ENOUGH; i++) {
            assertThat(settled).isEmpty();
            messages.add(message());
            batch.add(messages.get(i));
        }

        assertThat(settled).containsExactly(messages);
        assertThat(timed).hasSize(1);
    }

    @Test
    void settlesWhatIsThereWhenTheTimeIsOver() {
        manyHaveComeWithin(PubackBatch.SOON_NANOS - 1);
        Outgoing message = message();
        batch.add(message);

        timed.get(0).run();

        assertThat(settled).containsExactly(List.of(message));
    }

    @Test
    void settlesNothingWhenTheTimeIsOverAndNothingIsThereAndSetsItAgainLater() {
        manyHaveComeWithin(PubackBatch.SOON_NANOS - 1);
        for (int i = 0; i < PubackBatch.ENOUGH; i++) {
            batch.add(message());
        }

        timed.get(0).run();
        assertThat(settled).hasSize(1);
        batch.add(message());

        assertThat(timed).hasSize(2);
    }

    @Test
    void settlesAtOnceWhenTheEventLoopHasEnded() {
        manyHaveComeWithin(PubackBatch.SOON_NANOS - 1);
        loopEnded = true;

        batch.add(message());

        assertThat(settled).hasSize(1);
    }

    private void manyHaveComeWithin(long nanos) {
        unacknowledged = PubackBatch.LOT + 100;
        for (int i = 1; i < PubackBatch.LOT; i++) {
            batch.add(message());
        }
        now += nanos;
        batch.add(message());
        if (!timed.isEmpty()) {
            timed.remove(0).run();
        }
        settled.clear();
        unacknowledged = 100;
    }

    private static Outgoing message() {
        return new Outgoing(new PublishRequest("t", new byte[0], 1, false, MessageProperties.NONE), false) {

            @Override
            void taken() {}

            @Override
            void refused(PublishRefusedException refusal) {}

            @Override
            void givenBack() {}

            @Override
            Runnable unsendable(Throwable cause) {
                return null;
            }
        };
    }
}
