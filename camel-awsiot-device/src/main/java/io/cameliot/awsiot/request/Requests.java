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

import io.cameliot.awsiot.link.DeviceConnection;
import io.cameliot.awsiot.publish.PublishException;
import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.awsiot.receive.SubscriptionRefusedException;
import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.mqtt.session.InboundMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;

/**
 * The requests of one connection that wait for an answer (MQTT 5 section 4.10). One subscription receives the answers
 * to all of them. The client subscribes before it sends the first request, and again on each new connection. The
 * correlation data assigns an answer to its request.
 */
public final class Requests extends AnsweredRequests<CorrelatedRequest> {

    private final String answerTopic;
    private final AnswerSubscription answers;
    private final Map<String, CorrelatedRequest> pending = new ConcurrentHashMap<>();

    public Requests(DeviceConnection connection, MqttThreads threads) {
        super(connection, threads);
        this.answerTopic = AnswerTopic.of(connection.clientId());
        this.answers = new AnswerSubscription(connection, answerTopic, new Answers(), Runnable::run);
    }

    /**
     * Sends a request as soon as its answer can be received.
     *
     * @param sender the sender, which waits for the answer until {@link RequestManager#release}
     * @param message the message; its response topic and correlation data are replaced
     * @param timeout the timeout of the whole request: connection, subscription, publish and answer
     * @return a future that completes with the answer; it fails with {@link PublishException} if the server did not
     *     accept the message, {@link SubscriptionRefusedException} if no answer can be received,
     *     {@link AnswerLostException} if the connection ended after the request was sent, {@link TimeoutException}, or
     *     {@link IOException}
     */
    public CompletableFuture<InboundMessage> send(Object sender, PublishRequest message, Duration timeout) {
        CorrelatedRequest request = new CorrelatedRequest(sender, message, answerTopic, timeout);
        pending.put(request.id(), request);
        if (open(request, timeout, () -> pending.remove(request.id()))) {
            answers.whenGranted(request, failure -> publishUnless(failure, request));
        }
        return request.answer();
    }

    @Override
    protected void withdraw(CorrelatedRequest request) {
        // Requests wait for the subscription only, and not for each other.
    }

    @Override
    protected void unsubscribeUnused() {
        // All requests share one subscription.
    }

    @Override
    protected void unsubscribe() {
        answers.close();
    }

    private final class Answers implements AnswerSubscription.Listener {

        @Override
        public boolean answered(InboundMessage message) {
            byte[] correlationData = message.properties().correlationData();
            CorrelatedRequest request =
                    correlationData == null ? null : pending.get(CorrelatedRequest.id(correlationData));
            return request != null && request.complete(message);
        }

        @Override
        public void connectionLost(Throwable cause) {
            Requests.this.connectionLost(cause, Runnable::run);
        }
    }
}
