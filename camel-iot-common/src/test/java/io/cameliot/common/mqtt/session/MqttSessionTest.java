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
package io.cameliot.common.mqtt.session;

import static io.cameliot.common.mqtt.session.Sessions.message;
import static io.cameliot.common.mqtt.session.Sessions.publish;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.cameliot.common.transport.connect.ScriptedServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages of a session with a scripted server. The components' tests use brokers. */
@Timeout(60)
class MqttSessionTest extends MqttSessionTestSupport {

    @Test
    void publishesAtQos1AndReportsEachPuback() throws Exception {
        BlockingQueue<String> publishes = new LinkedBlockingQueue<>();
        serve(connection -> {
            BrokerScript broker = BrokerScript.accept(connection);
            Set<String> ids = new HashSet<>();
            List<String> open = new ArrayList<>();
            for (String packet = broker.next(); packet.startsWith("3"); packet = broker.next()) {
                publishes.add(packet);
                assertThat(ids.add(BrokerScript.packetId(packet))).isTrue();
                open.add(BrokerScript.packetId(packet));
                if (open.size() == 50) {
                    Collections.reverse(open);
                    for (String id : open) {
                        broker.send("4002" + id);
                        ids.remove(id);
                    }
                    open.clear();
                }
            }
        });
        MqttSession session = connect();
        List<CompletableFuture<Void>> done = new ArrayList<>();

        for (int i = 0; i < 1_000; i++) {
            done.add(publish(session, message("t", bytes("" + i), 1, i % 2 == 1), i % 3 == 1));
        }

        for (CompletableFuture<Void> publish : done) {
            publish.get(10, SECONDS);
        }
        for (int i = 0; i < 1_000; i++) {
            String packet = publishes.take();
            assertThat(packet).startsWith(i % 3 == 1 ? i % 2 == 1 ? "3b" : "3a" : i % 2 == 1 ? "33" : "32");
            assertThat(packet.substring(12)).isEqualTo(hex("" + i));
        }
        session.abort();
    }

    @Test
    void publishesAtQos0WithoutWaiting() throws Exception {
        CompletableFuture<String> received = new CompletableFuture<>();
        serve(connection -> {
            received.complete(BrokerScript.accept(connection).next());
            ScriptedServer.stall();
        });
        MqttSession session = connect();

        assertThat(session.tryEnqueue(message("t", bytes("x"), 0, false))).isTrue();
        session.flush();

        assertThat(received.get(10, SECONDS)).isEqualTo("30" + "000174" + "78");
        session.abort();
    }

    @Test
    void refusesMessagesThatMqttForbids() throws Exception {
        serve(connection -> BrokerScript.accept(connection).next());
        MqttSession session = connect();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> session.publish(message("t", bytes("x"), 2, false), false, failure -> {}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> session.publish(message("t\u0000", bytes("x"), 1, false), false, failure -> {}));
        assertThat(publish(session, "t", bytes("x"), 2)).isCompletedExceptionally();
        session.abort();
    }

    @Test
    void failsMessagesWithoutPubackAndLaterOnesWhenTheConnectionEnds() throws Exception {
        serve(connection -> {
            BrokerScript broker = BrokerScript.accept(connection);
            broker.next();
            broker.next();
        });
        MqttSession session = connect();

        CompletableFuture<Void> publish = publish(session, "t", bytes("x"), 1);
        CompletableFuture<List<Integer>> subscribe = session.subscribe(List.of("a"), 1, AMPLE);

        assertThat(failureOf(publish)).hasMessageContaining("closed the connection");
        assertThat(failureOf(subscribe)).hasMessageContaining("closed the connection");
        await().until(session::isEnded);
        assertThat(failureOf(publish(session, "t", bytes("x"), 1))).isNotNull();
        assertThat(failureOf(publish(session, "t", bytes("x"), 0))).isNotNull();
        assertThat(failureOf(session.unsubscribe(List.of("t"), AMPLE))).isNotNull();
    }

    @Test
    void subscribesAndUnsubscribes() throws Exception {
        serve(connection -> {
            BrokerScript broker = BrokerScript.accept(connection);
            String subscribe = broker.next();
            assertThat(subscribe).startsWith("82").endsWith("0003612f23 01 0001 62 01".replace(" ", ""));
            broker.send("9004" + BrokerScript.packetId(subscribe) + "0180");
            String unsubscribe = broker.next();
            assertThat(unsubscribe).startsWith("a2").endsWith("0003612f23");
            broker.send("b002" + BrokerScript.packetId(unsubscribe));
            broker.next();
        });
        MqttSession session = connect();

        assertThat(session.subscribe(List.of("a/#", "b"), 1, AMPLE).get(10, SECONDS))
                .containsExactly(1, 128);
        session.unsubscribe(List.of("a/#"), AMPLE).get(10, SECONDS);
        session.abort();
    }

    @Test
    void failsTheRequestButKeepsTheConnectionWithoutASuback() throws Exception {
        CountDownLatch late = new CountDownLatch(1);
        serve(connection -> {
            BrokerScript broker = BrokerScript.accept(connection);
            String subscribe = broker.next();
            late.await();
            broker.send("9003" + BrokerScript.packetId(subscribe) + "00");
            broker.send("4002" + BrokerScript.packetId(broker.next()));
            broker.next();
        });
        MqttSession session = connect();

        assertThat(failureOf(session.subscribe(List.of("a"), 0, Duration.ofMillis(100))))
                .hasMessageContaining("No SUBACK");
        late.countDown();

        publish(session, "t", bytes("x"), 1).get(10, SECONDS);
        session.abort();
    }

    @Test
    void acknowledgesFromAnyThreadOnce() throws Exception {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        serve(connection -> {
            BrokerScript broker = BrokerScript.accept(connection);
            broker.send("3208 0003612f62 0007 78" + "3007 0003612f62 79 7a" + "320a 0003612f62 ffff 78797a");
            for (String packet = broker.next(); !packet.isEmpty(); packet = broker.next()) {
                received.add(packet);
            }
        });
        MqttSession session = connect();
        InboundMessage first = listener.messages.take();
        InboundMessage atQos0 = listener.messages.take();
        InboundMessage last = listener.messages.take();

        assertThat(first.topic()).isEqualTo("a/b");
        assertThat(atQos0.payload()).isEqualTo(bytes("yz"));
        assertThat(last.packetId()).isEqualTo(0xFFFF);
        List<CompletableFuture<Void>> acknowledging = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            for (InboundMessage message : List.of(last, atQos0, first)) {
                acknowledging.add(CompletableFuture.runAsync(message::acknowledge));
            }
        }
        for (CompletableFuture<Void> acknowledged : acknowledging) {
            acknowledged.get(10, SECONDS);
        }
        session.disconnect(AMPLE).get(10, SECONDS);
        first.acknowledge();

        await().until(() -> received.contains("e0"));
        assertThat(received).containsExactlyInAnyOrder("40ffff", "400007", "e0");
    }

    @Test
    void readsWhileTheServerDoesNot() throws Exception {
        CountDownLatch full = new CountDownLatch(1);
        CountDownLatch resume = new CountDownLatch(1);
        AtomicInteger received = new AtomicInteger();
        serve(connection -> {
            BrokerScript broker = BrokerScript.accept(connection);
            full.await();
            for (int i = 1; i <= 1_000; i++) {
                broker.send("3207 000174" + String.format("%04x", i) + "7878");
            }
            resume.await();
            for (String packet = broker.next(); !packet.isEmpty(); packet = broker.next()) {
                received.incrementAndGet();
            }
        });
        MqttSession session = connect();
        listener.onMessage = InboundMessage::acknowledge;
        AtomicInteger written = new AtomicInteger();
        byte[] payload = new byte[200_000];
        int tried = 0;
        while (tried < 200 && session.tryEnqueue(message("t", payload, 0, false))) {
            tried++;
        }
        assertThat(tried).isLessThan(200);
        for (int i = tried; i < 200; i++) {
            session.publish(message("t", payload, 0, false), false, failure -> written.incrementAndGet());
        }
        assertThat(written).hasValue(0);

        full.countDown();
        await().atMost(AMPLE).until(() -> listener.messages.size() == 1_000);
        resume.countDown();

        await().atMost(AMPLE).until(() -> received.get() == 1_200);
        int expected = 200 - tried;
        await().atMost(AMPLE).until(() -> written.get() == expected);
        session.abort();
    }

    @Test
    void continuesAfterAListenerFails() throws Exception {
        serve(connection -> {
            BrokerScript broker = BrokerScript.accept(connection);
            broker.send("30030001 74");
            for (String packet = broker.next(); packet.startsWith("3"); packet = broker.next()) {
                broker.send("4002" + BrokerScript.packetId(packet));
            }
        });
        listener.onMessage = message -> {
            throw new IllegalStateException("the listener's own fault");
        };
        MqttSession session = connect();
        session.publish(message("t", bytes("x"), 1, false), false, failure -> {
            throw new IllegalStateException("the callback's own fault");
        });

        publish(session, "t", bytes("x"), 1).get(10, SECONDS);

        assertThat(listener.messages).hasSize(1);
        session.abort();
    }
}
