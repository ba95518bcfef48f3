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

import io.cameliot.awsiot.outbox.store.AcceptedMessage;
import io.cameliot.awsiot.outbox.store.MemoryMessageStore;
import io.cameliot.awsiot.publish.PublishException;
import io.cameliot.awsiot.publish.PublishReceipt;
import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.awsiot.publish.PublishSession;
import io.cameliot.common.mqtt.MessageProperties;
import io.cameliot.common.mqtt.PublishRefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
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
        assertThat(forwarder.isPausing()).isTrue();
        keep("two");
        assertThat(arrived).containsExactly("one");
        allowed = true;

        now = forwarder.pausedUntil();
        settle();

        assertThat(arrived).containsExactly("one", "poison", "two");
        assertThat(duplicates).isEmpty();
        assertThat(forwarder.setAsideCount()).isZero();
    }

    @Test
    void sendsNothingTwiceThatIsOnItsWayBehindARefusedMessage() {
        refusal = 0x97;
        Refusing connection = new Refusing();
        connection.silent = true;
        forwarder.connected(connection);
        keep("poison", "one", "two");
        connection.onTheirWay.forEach(published -> published.complete(PublishReceipt.ACKNOWLEDGED));
        connection.silent = false;
        allowed = true;

        now = forwarder.pausedUntil();
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
            now = forwarder.pausedUntil();
            settle();
            assertThat(arrived).isEmpty();
        }
        allowed = true;

        now = forwarder.pausedUntil();
        settle();
        settle();

        assertThat(arrived).containsExactly("poison", "one", "two");
    }

    @Test
    void dropsWhatHasExpiredAndSendsTheRestOfTheExpiry() {
        keepExpiring(60, "long");
        keepExpiring(10, "short");
        keepExpiring(0, "shortest");
        time = 10_000;

        forwarder.connected(new Connection());
        settle();

        assertThat(arrived).containsExactly("long");
        assertThat(expiries).containsExactly(50L);
        assertThat(forwarder.expiredCount()).isEqualTo(2);
        assertThat(forwarder.depth()).isZero();
    }

    private void keepExpiring(long seconds, String payload) {
        MessageProperties properties = new MessageProperties(null, null, null, seconds, null, null);
        store.append(List.of(new AcceptedMessage(
                        new PublishRequest("allowed", payload.getBytes(StandardCharsets.UTF_8), 1, false, properties),
                        0)))
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
            expiries.add(request.properties().messageExpirySeconds());
            return CompletableFuture.completedFuture(PublishReceipt.ACKNOWLEDGED);
        }
    }

    /** Refuses the poison by its reason code, unless it is allowed, and takes everything else. */
    private final class Refusing implements PublishSession {

        private final List<CompletableFuture<PublishReceipt>> onTheirWay = new ArrayList<>();
        private boolean silent;

        @Override
        public CompletableFuture<PublishReceipt> publish(PublishRequest request, boolean duplicate) {
            String payload = new String(request.payload(), StandardCharsets.UTF_8);
            if (duplicate) {
                duplicates.add(payload);
            }
            if (payload.equals("poison") && !allowed) {
                return CompletableFuture.failedFuture(
                        new PublishException(request, "not taken", new PublishRefusedException(refusal, "refused")));
            }
            arrived.add(payload);
            if (!silent) {
                return CompletableFuture.completedFuture(PublishReceipt.ACKNOWLEDGED);
            }
            CompletableFuture<PublishReceipt> published = new CompletableFuture<>();
            onTheirWay.add(published);
            return published;
        }
    }
}
