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
package io.cameliot.awsiot.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.awsiot.testing.Race;
import io.cameliot.awsiot.testing.UnconnectedDevice;
import io.cameliot.common.mqtt.MessageProperties;
import io.cameliot.common.mqtt.session.InboundMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnswerSubscriptionTest {

    private final UnconnectedDevice device = new UnconnectedDevice();

    @AfterEach
    void close() {
        device.close();
    }

    @Test
    void subscribesWithTheFirstRequest() {
        AnswerSubscription subscription = subscription();
        assertThat(device.filters()).isEmpty();

        subscription.whenGranted(failure -> {});

        assertThat(device.filters()).containsExactly("answers");
    }

    @Test
    void subscribesToNothingAfterItWasClosed() {
        List<Throwable> failures = new ArrayList<>();
        AnswerSubscription subscription = subscription();
        subscription.close();

        subscription.whenGranted(failures::add);

        assertThat(device.filters()).isEmpty();
        assertThat(failures).singleElement().satisfies(failure -> assertThat(failure)
                .hasMessageContaining("'answers'"));
    }

    /** The order of the two threads is chance, and none of them may leave the subscription behind. */
    @Test
    void leavesNoSubscriptionWhereItIsClosedWhileItSubscribes() throws Exception {
        for (int i = 0; i < 2000; i++) {
            AnswerSubscription subscription = subscription();
            Race.run(subscription::close, device.threads().io(), () -> subscription.whenGranted(failure -> {}));

            assertThat(device.filters()).isEmpty();
        }
    }

    /** As above, for the last sender that stops while another thread still sends for it. */
    @Test
    void leavesNoSubscriptionWhereItsSenderStopsWhileItSends() throws Exception {
        RequestManager<Requests> manager =
                new RequestManager<>(connection -> new Requests(connection, device.threads()));
        PublishRequest request = new PublishRequest("t", new byte[0], 1, false, MessageProperties.NONE);
        for (int i = 0; i < 500; i++) {
            Requests requests = manager.acquire(device.connection(), this);
            List<CompletableFuture<InboundMessage>> answers = new ArrayList<>();
            Race.run(
                    () -> manager.release(requests, this),
                    device.threads().io(),
                    () -> answers.add(requests.send(this, request, Duration.ofMinutes(1))));

            assertThat(device.filters()).isEmpty();
            assertThat(answers).singleElement().satisfies(answer -> assertThat(answer)
                    .isCompletedExceptionally());
        }
        assertThat(device.connection().waiting()).isZero();
    }

    private AnswerSubscription subscription() {
        return new AnswerSubscription(device.connection(), "answers", new NoListener(), Runnable::run);
    }

    private static final class NoListener implements AnswerSubscription.Listener {

        @Override
        public boolean answered(InboundMessage message) {
            return false;
        }

        @Override
        public void connectionLost(Throwable cause) {
            // There is no connection.
        }
    }
}
