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

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.awsiot.connection.PublishReceipt;
import io.cameliot.awsiot.connection.PublishRequest;
import io.cameliot.awsiot.connection.PublishSession;
import io.cameliot.common.mqtt.MessageProperties;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The times that a test with real connections cannot wait for. */
class ForwarderTest {

    private final MemoryMessageStore store = new MemoryMessageStore();
    private final List<String> arrived = new ArrayList<>();
    private long now;
    private boolean allowed;
    private final Forwarder forwarder = new Forwarder("The outbox", store, 10, () -> null, () -> {}, () -> now);

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

    private void keep(String... payloads) {
        List<PublishRequest> requests = new ArrayList<>();
        for (String payload : payloads) {
            requests.add(new PublishRequest(
                    payload.equals("poison") ? "forbidden" : "allowed",
                    payload.getBytes(StandardCharsets.UTF_8),
                    1,
                    false,
                    MessageProperties.NONE));
        }
        store.append(requests).forEach(forwarder::add);
        settle();
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

    /** Ends when it is sent the poison, unless that is allowed, and takes nothing after it. */
    private final class Connection implements PublishSession {

        private boolean ended;

        @Override
        public CompletableFuture<PublishReceipt> publish(PublishRequest request, boolean duplicate) {
            ended |= request.topic().equals("forbidden") && !allowed;
            if (ended) {
                return CompletableFuture.failedFuture(new IOException("closed"));
            }
            arrived.add(new String(request.payload(), StandardCharsets.UTF_8));
            return CompletableFuture.completedFuture(PublishReceipt.ACKNOWLEDGED);
        }
    }
}
