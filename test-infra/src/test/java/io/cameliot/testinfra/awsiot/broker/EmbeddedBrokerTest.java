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
package io.cameliot.testinfra.awsiot.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.activemq.artemis.core.server.Queue;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;

class EmbeddedBrokerTest {
    /** Without the mend one of the first fifty failed. */
    private static final int ROUNDS = 200;

    /** The message waits where Artemis puts it at first, and where it looks for no retained message. */
    @Test
    void givesANewSubscriptionTheRetainedMessageThatWasAcknowledgedBefore() throws Exception {
        CountDownLatch moved = new CountDownLatch(1);
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        try (EmbeddedBroker broker = new EmbeddedBroker(100, 60);
                MqttClient publisher = connected(broker, "publisher");
                MqttClient subscriber = connected(broker, "subscriber")) {
            publisher.publish("kept", "first".getBytes(StandardCharsets.UTF_8), 1, true);
            Queue retained = broker.server().locateQueue("$sys.mqtt.retain.kept");
            retained.getExecutor().execute(() -> await(moved));
            publisher.publish("kept", "second".getBytes(StandardCharsets.UTF_8), 1, true);

            CompletableFuture<Void> subscribed = CompletableFuture.runAsync(() -> subscribe(subscriber, received));
            letWaitUnlessTheQueueWasMadeAnew(subscribed);
            moved.countDown();

            assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo("second");
            subscribed.get(10, TimeUnit.SECONDS);
            publisher.disconnect();
            subscriber.disconnect();
        } finally {
            moved.countDown();
        }
    }

    @Test
    void acceptsClientsThatAreTheFirstOfASharedSubscriptionAtTheSameTime() throws Exception {
        atTheSameTime((client, round) -> client.subscribe("$share/workers-" + round + "/readings/+", 1));
    }

    @Test
    void acceptsClientsThatAreTheFirstToRetainAMessageOfATopicAtTheSameTime() throws Exception {
        atTheSameTime(
                (client, round) -> client.publish("kept/" + round, "first".getBytes(StandardCharsets.UTF_8), 1, true));
    }

    /** Three clients do it in each round. The broker closes the connection of a client whose packet it fails to handle. */
    private static void atTheSameTime(Step step) throws Exception {
        try (EmbeddedBroker broker = new EmbeddedBroker(100, 60);
                MqttClient first = connected(broker, "first");
                MqttClient second = connected(broker, "second");
                MqttClient third = connected(broker, "third")) {
            List<MqttClient> clients = List.of(first, second, third);
            ExecutorService threads = Executors.newFixedThreadPool(clients.size());
            try {
                for (int i = 0; i < ROUNDS; i++) {
                    int round = i;
                    CyclicBarrier start = new CyclicBarrier(clients.size());
                    List<Future<?>> steps = new ArrayList<>();
                    for (MqttClient client : clients) {
                        steps.add(threads.submit(() -> {
                            start.await(10, TimeUnit.SECONDS);
                            step.take(client, round);
                            return null;
                        }));
                    }
                    for (Future<?> taken : steps) {
                        assertThatCode(() -> taken.get(30, TimeUnit.SECONDS)).doesNotThrowAnyException();
                    }
                }
                for (MqttClient client : clients) {
                    client.disconnect();
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }

    /** What a client does in a round. */
    @FunctionalInterface
    private interface Step {
        void take(MqttClient client, int round) throws MqttException;
    }

    private static MqttClient connected(EmbeddedBroker broker, String clientId) throws MqttException {
        BrokerAccess access = broker.access();
        MqttConnectOptions options = new MqttConnectOptions();
        options.setUserName(access.userName());
        options.setPassword(access.password().toCharArray());
        MqttClient client =
                new MqttClient("tcp://127.0.0.1:" + access.address().getPort(), clientId, new MemoryPersistence());
        client.connect(options);
        return client;
    }

    private static void subscribe(MqttClient client, BlockingQueue<String> received) {
        try {
            client.subscribe(
                    "kept",
                    1,
                    (topic, message) -> received.add(new String(message.getPayload(), StandardCharsets.UTF_8)));
        } catch (MqttException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void letWaitUnlessTheQueueWasMadeAnew(CompletableFuture<Void> subscribed) throws Exception {
        try {
            subscribed.get(1, TimeUnit.SECONDS);
        } catch (TimeoutException waiting) {
            // The subscription is to find the message once it is moved.
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
