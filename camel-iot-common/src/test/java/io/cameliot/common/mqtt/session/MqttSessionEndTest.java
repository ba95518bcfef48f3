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

import static io.cameliot.common.mqtt.session.Sessions.publish;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.common.transport.TlsConnectException.Reason;
import io.cameliot.common.transport.connect.ScriptedServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a session with a scripted server ends, by the server or by this side. */
@Timeout(60)
class MqttSessionEndTest extends MqttSessionTestSupport {

    @ParameterizedTest
    @CsvSource({
        "40020001, PUBACK for packet identifier 1",
        "9003000100, SUBACK for packet identifier 1",
        "b0020001, UNSUBACK for packet identifier 1",
        "20020000, a second CONNACK",
        "34050001740001, QoS 2",
        "30ffffffff, remaining length",
        "485454502f312e312034303020426164, PUBACK"
    })
    void endsTheConnectionWhenTheServerViolatesTheProtocol(String bytes, String complaint) throws Exception {
        CompletableFuture<String> end = new CompletableFuture<>();
        serve(connection -> {
            BrokerScript broker = BrokerScript.accept(connection);
            broker.send(bytes);
            end.complete(broker.next());
        });

        connect();

        await().until(() -> listener.losses.size() == 1);
        assertThat(listener.losses.get(0)).hasMessageContaining("MQTT 3.1.1").hasMessageContaining(complaint);
        assertThat(reasonOfLoss()).isEqualTo(Reason.PROTOCOL_ERROR);
    }

    @Test
    void refusesPacketsBeforeTheConnack() {
        serve(connection -> {
            BrokerScript broker = new BrokerScript(connection);
            broker.next();
            broker.send("30030001 74");
            broker.next();
        });

        assertThat(failureOf(attempt())).hasMessageContaining("PUBLISH before the CONNACK");
        assertThat(listener.messages).isEmpty();
    }

    @Test
    void endsTheConnectionWhenASubackDoesNotAnswerEachFilter() throws Exception {
        serve(connection -> {
            BrokerScript broker = BrokerScript.accept(connection);
            broker.send("9003" + BrokerScript.packetId(broker.next()) + "00");
            broker.next();
        });
        MqttSession session = connect();

        assertThat(failureOf(session.subscribe(List.of("a", "b"), 1, AMPLE)))
                .hasMessageContaining("1 return codes for 2 topic filters");
        await().until(() -> listener.losses.size() == 1);
    }

    @Test
    void pingsWhileNothingElseIsSent() throws Exception {
        CompletableFuture<Duration> third = new CompletableFuture<>();
        serve(connection -> {
            long start = System.nanoTime();
            BrokerScript broker = BrokerScript.accept(connection);
            for (int pings = 1; broker.next().equals("c0"); pings++) {
                if (pings == 3) {
                    third.complete(Duration.ofNanos(System.nanoTime() - start));
                }
                broker.send("d000");
            }
        });

        MqttSession session = connect(1);

        // Each ping is due after three quarters of a second, and not sooner because the one before it was no message.
        assertThat(third.get(20, SECONDS)).isGreaterThan(Duration.ofSeconds(2));
        assertThat(session.isEnded()).isFalse();
        session.abort();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endsTheConnectionWhenTheServerStopsAnswering(boolean publishing) throws Exception {
        serve(connection -> {
            BrokerScript.accept(connection);
            ScriptedServer.stall();
        });
        MqttSession session = connect(1);
        byte[] payload = new byte[200_000];

        // More than all buffers hold. Neither the calls nor the detection of the end may block.
        List<CompletableFuture<Void>> publishes = new ArrayList<>();
        for (int i = 0; publishing && i < 200; i++) {
            publishes.add(publish(session, "t", payload, i % 2));
        }

        await().atMost(AMPLE).until(() -> listener.losses.size() == 1);
        assertThat(reasonOfLoss()).isEqualTo(Reason.KEEP_ALIVE_EXPIRED);
        assertThat(listener.losses.get(0)).hasMessageContaining("no PINGREQ within 500 ms");
        assertThat(publishes).allMatch(CompletableFuture::isDone);
        if (publishing) {
            assertThat(publishes.get(199)).isCompletedExceptionally();
            assertThat(publishes.get(198)).isCompletedExceptionally();
        }
    }

    @Test
    void disconnectWritesQueuedPacketsBeforeTheDisconnect() throws Exception {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        serve(connection -> {
            BrokerScript broker = BrokerScript.accept(connection);
            for (String packet = broker.next(); !packet.isEmpty(); packet = broker.next()) {
                received.add(packet);
            }
            received.add("end");
        });
        MqttSession session = connect();
        for (int i = 0; i < 100; i++) {
            publish(session, "t", new byte[10_000], 0);
        }

        session.disconnect(AMPLE).get(10, SECONDS);

        assertThat(session.isEnded()).isTrue();
        await().until(() -> received.contains("end"));
        assertThat(received).hasSize(102).endsWith("e0", "end");
        assertThat(listener.losses).isEmpty();
        assertThat(session.disconnect(AMPLE)).succeedsWithin(AMPLE);
    }

    @Test
    void disconnectClosesTheConnectionToADeadPeerAfterTheTimeout() throws Exception {
        serve(connection -> {
            BrokerScript.accept(connection);
            ScriptedServer.stall();
        });
        MqttSession session = connect();
        List<CompletableFuture<Void>> publishes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            publishes.add(publish(session, "t", new byte[200_000], 1));
        }

        session.disconnect(Duration.ofMillis(200)).get(10, SECONDS);

        await().until(() -> publishes.stream().allMatch(CompletableFuture::isCompletedExceptionally));
        assertThat(listener.losses).isEmpty();
    }

    /** Neither MQTT nor TLS sends anything: the end of reading must not make JSSE send an alert. */
    @RepeatedTest(20)
    void abortSendsNothingAndReportsNoLoss() throws Exception {
        CompletableFuture<String> end = new CompletableFuture<>();
        serve(connection -> {
            BrokerScript broker = BrokerScript.accept(connection);
            try {
                end.complete(broker.next());
            } catch (IOException e) {
                end.completeExceptionally(e);
            }
        });
        MqttSession session = connect();

        session.abort();

        assertThat(end).succeedsWithin(AMPLE).isEqualTo("");
        assertThat(failureOf(publish(session, "t", bytes("x"), 1))).hasMessageContaining("closed on this side");
        awaitSoon().until(() -> ((ThreadPoolExecutor) threads.io()).getActiveCount() == 0);
        assertThat(listener.losses).isEmpty();
    }
}
