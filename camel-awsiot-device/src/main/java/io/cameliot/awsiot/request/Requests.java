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
import io.cameliot.awsiot.receive.InboundDelivery;
import io.cameliot.awsiot.receive.MessageHandler;
import io.cameliot.awsiot.receive.SubscriptionRefusedException;
import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.mqtt.session.InboundMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of one connection that wait for an answer (MQTT 5 section 4.10). One subscription hears the answers to all of
 * them; it is made before the first request goes out, and again on each connection. Answers find their request by its
 * correlation data.
 *
 * <p>All methods return at once. Outcomes come on the client's own threads: hand off, never block there.
 */
public final class Requests {

    private static final Logger LOG = LoggerFactory.getLogger(Requests.class);

    private static final int ANSWER_QOS = 1;

    private final DeviceConnection connection;
    private final MqttThreads threads;
    private final String answerTopic;
    private final MessageHandler answers = new Answers();
    private final Map<String, PendingRequest> pending = new LinkedHashMap<>(); // guarded by this

    private boolean subscribed; // guarded by this: whether it was asked for the subscription
    private boolean granted; // guarded by this: on the present connection
    private IOException refusal; // guarded by this: why the server refuses the subscription
    private boolean closed; // guarded by this

    Requests(DeviceConnection connection, MqttThreads threads) {
        this.connection = connection;
        this.threads = threads;
        this.answerTopic = AnswerTopic.of(connection.clientId());
    }

    DeviceConnection connection() {
        return connection;
    }

    /**
     * Sends a request as soon as its answer can be heard.
     *
     * @param sender who waits for the answer, until {@link RequestManager#release}
     * @param message its response topic and correlation data are replaced
     * @param timeout bound of all of it: connection, subscription, publish and answer
     * @return completes with the answer; fails with {@link PublishException} if the server did not take the message,
     *     {@link SubscriptionRefusedException} if no answer can be heard, {@link AnswerLostException} if the connection
     *     ended meanwhile, {@link TimeoutException}, or {@link IOException}
     */
    public CompletableFuture<InboundMessage> send(Object sender, PublishRequest message, Duration timeout) {
        PendingRequest request = new PendingRequest(sender, message, answerTopic, timeout);
        Future<?> limit = threads.timer()
                .schedule(() -> request.fail(timeout(message, timeout)), timeout.toMillis(), TimeUnit.MILLISECONDS);
        request.answer().whenComplete((answer, failure) -> {
            limit.cancel(false);
            forget(request);
        });
        boolean subscribe = false;
        boolean publish = false;
        IOException hopeless;
        synchronized (this) {
            hopeless =
                    closed ? new IOException("The connection for topic '" + message.topic() + "' is closed") : refusal;
            if (hopeless == null) {
                pending.put(request.id(), request);
                subscribe = !subscribed;
                subscribed = true;
                publish = granted;
                if (publish) {
                    request.setPublished();
                }
            }
        }
        if (hopeless != null) {
            request.fail(hopeless);
        } else if (subscribe) {
            subscribe();
        } else if (publish) {
            publish(request);
        }
        return request.answer();
    }

    private static TimeoutException timeout(PublishRequest message, Duration timeout) {
        return new TimeoutException("no answer to the request to topic '" + message.topic()
                + "' came within requestTimeout (" + timeout.toMillis() + " ms)");
    }

    private synchronized void forget(PendingRequest request) {
        pending.remove(request.id());
    }

    private void subscribe() {
        connection.subscribe(answerTopic, ANSWER_QOS, answers).whenComplete((nothing, failure) -> {
            if (failure instanceof SubscriptionRefusedException reason) {
                answers.subscriptionRefused(reason);
            } else if (failure != null) {
                // To be asked for again is harmless where the connection remembers it.
                synchronized (this) {
                    subscribed = false;
                }
                failAll(request -> !request.isPublished(), failure);
            }
        });
    }

    private void publish(PendingRequest request) {
        try {
            connection.publish(request.message()).whenComplete((receipt, failure) -> {
                if (failure != null) {
                    request.fail(failure);
                }
            });
        } catch (Throwable e) {
            request.fail(e);
        }
    }

    private void publishHeld() {
        List<PendingRequest> held;
        synchronized (this) {
            held = pending.values().stream()
                    .filter(request -> !request.isPublished())
                    .toList();
            held.forEach(PendingRequest::setPublished);
        }
        held.forEach(this::publish);
    }

    /** Outside the lock: what follows an outcome is not known here. */
    private void failAll(Predicate<PendingRequest> which, Throwable reason) {
        for (PendingRequest request : matching(which)) {
            request.fail(reason);
        }
    }

    private synchronized List<PendingRequest> matching(Predicate<PendingRequest> which) {
        return pending.values().stream().filter(which).toList();
    }

    /** Fails what one of the senders waits for. */
    void stop(Object sender) {
        failAll(
                request -> request.isOf(sender),
                new IOException("The producer stopped while a request waited for its answer"));
    }

    /** Fails everything and unsubscribes. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        failAll(request -> true, new IOException("The connection was closed while a request waited for its answer"));
        // The UNSUBSCRIBE goes out before a DISCONNECT that follows; nobody waits for the server to confirm it.
        connection.unsubscribe(answerTopic, answers);
    }

    private final class Answers implements MessageHandler {

        @Override
        public void messageArrived(InboundDelivery delivery) {
            InboundMessage message = delivery.message();
            PendingRequest request = requestOf(message);
            if (request == null || !request.answer().complete(message)) {
                connection.counters().receive().dropped().increment();
                LOG.debug("No request waits for {}: it was dropped", message);
            }
            delivery.done(false);
        }

        private PendingRequest requestOf(InboundMessage message) {
            byte[] correlationData = message.properties().correlationData();
            if (correlationData == null) {
                return null;
            }
            synchronized (Requests.this) {
                return pending.get(PendingRequest.id(correlationData));
            }
        }

        @Override
        public void subscriptionGranted() {
            synchronized (Requests.this) {
                granted = true;
                refusal = null;
            }
            publishHeld();
        }

        @Override
        public void subscriptionRefused(IOException reason) {
            synchronized (Requests.this) {
                granted = false;
                refusal = reason;
            }
            failAll(request -> true, reason);
        }

        @Override
        public void connectionLost(Throwable cause) {
            synchronized (Requests.this) {
                granted = false;
            }
            for (PendingRequest request : matching(any -> true)) {
                request.fail(new AnswerLostException(request.message().topic(), cause));
            }
        }
    }
}
