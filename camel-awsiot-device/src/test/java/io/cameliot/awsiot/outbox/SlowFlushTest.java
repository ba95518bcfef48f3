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
import static org.awaitility.Awaitility.await;

import io.cameliot.awsiot.outbox.store.AcceptedMessage;
import io.cameliot.awsiot.outbox.store.MemoryMessageStore;
import io.cameliot.awsiot.outbox.store.MessageStore;
import io.cameliot.awsiot.outbox.store.StoredMessage;
import io.cameliot.awsiot.publish.PublishException;
import io.cameliot.awsiot.publish.PublishReceipt;
import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.awsiot.publish.PublishSession;
import io.cameliot.awsiot.testing.UnconnectedDevice;
import io.cameliot.common.mqtt.MessageProperties;
import io.cameliot.common.mqtt.PublishRefusedException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** An outbox whose disk takes longer to delete a message than the outbox waits after a temporary refusal. */
class SlowFlushTest {

    private static final Duration FLUSH = Duration.ofSeconds(2);

    @Test
    void sendsARefusedMessageAgainThoughTheWaitEndsDuringAFlush() throws Exception {
        try (UnconnectedDevice device = new UnconnectedDevice("flushing", Duration.ofMinutes(1))) {
            Outbox outbox = new Outbox(
                    device.connection(),
                    new OutboxSettings(OutboxMode.memory, null, 10, OutboxOverflow.block),
                    new SlowFlush(),
                    device.threads(),
                    new OutboxCounters());
            outbox.connected(new RefusingTheSecond());

            outbox.offer(message()).get(10, TimeUnit.SECONDS);
            outbox.offer(message()).get(10, TimeUnit.SECONDS);

            await().untilAsserted(() -> assertThat(outbox.status().forwarded()).isEqualTo(2));
            outbox.close().get(10, TimeUnit.SECONDS);
        }
    }

    private static PublishRequest message() {
        return new PublishRequest("t", new byte[1], 1, false, MessageProperties.NONE);
    }

    private static final class RefusingTheSecond implements PublishSession {

        private int published;

        @Override
        public CompletableFuture<PublishReceipt> publish(PublishRequest request, boolean duplicate) {
            return ++published == 2
                    ? CompletableFuture.failedFuture(
                            new PublishException(request, "not taken", new PublishRefusedException(0x97, "refused")))
                    : CompletableFuture.completedFuture(PublishReceipt.ACKNOWLEDGED);
        }

        @Override
        public void takeBack() {
            // Nothing waits.
        }
    }

    private static final class SlowFlush implements MessageStore {

        private final MessageStore memory = new MemoryMessageStore();
        private boolean flushDue;

        @Override
        public List<StoredMessage> recovered() {
            return memory.recovered();
        }

        @Override
        public boolean isDurable() {
            return false;
        }

        @Override
        public List<StoredMessage> append(List<AcceptedMessage> messages) throws IOException {
            return memory.append(messages);
        }

        @Override
        public void remove(StoredMessage message) {
            flushDue = true;
        }

        @Override
        public boolean isFlushDue() {
            return flushDue;
        }

        @Override
        public void flush() throws IOException {
            if (flushDue) {
                flushDue = false;
                try {
                    new CountDownLatch(1).await(FLUSH.toMillis(), TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    throw new InterruptedIOException();
                }
            }
        }

        @Override
        public void close() {
            // There is nothing to close.
        }
    }
}
