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
package io.cameliot.awsiot.service;

import com.fasterxml.jackson.databind.JsonNode;
import io.cameliot.awsiot.concurrent.SerialQueue;
import io.cameliot.awsiot.link.DeviceConnection;
import io.cameliot.awsiot.publish.PublishException;
import io.cameliot.awsiot.receive.SubscriptionRefusedException;
import io.cameliot.awsiot.request.AnswerLostException;
import io.cameliot.awsiot.request.AnswerSubscription;
import io.cameliot.awsiot.request.AnsweredRequests;
import io.cameliot.awsiot.request.RequestManager;
import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.mqtt.session.InboundMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/**
 * The requests to AWS's services over one connection. All requests of one kind and thing share the topic filters that
 * receive their answers. The first request subscribes to the filters before it is sent. The subscriptions remain for
 * later requests until other filters need their place.
 *
 * <p>Answers are handled on the pool, one after the other: they are JSON, which no event loop may parse.
 */
public final class ServiceRequests extends AnsweredRequests<ServiceRequest> {

    /** Maximum number of requests in flight per thing (AWS IoT Core quotas, Device Shadow service). */
    static final int MAX_IN_FLIGHT = 10;

    /** Maximum number of topic filters for answers. A connection may have 50; the rest is for consumers. */
    static final int MAX_FILTERS = 16;

    private final Turns<ServiceRequest> turns = new Turns<>(MAX_IN_FLIGHT, MAX_FILTERS); // guarded by this
    /** Subscriptions by topic filter, least recently used first. */
    private final Map<String, AnswerSubscription> subscriptions = new LinkedHashMap<>(); // guarded by this
    /** Requests in flight, by the topics of their answers. */
    private final Map<String, List<ServiceRequest>> awaited = new LinkedHashMap<>(); // guarded by this

    private final SerialQueue handling;
    private boolean starting; // guarded by this

    public ServiceRequests(DeviceConnection connection, MqttThreads threads) {
        super(connection, threads);
        this.handling = new SerialQueue(threads.io());
    }

    private void handle(Runnable task) {
        handling.add(task);
        handling.start();
    }

    /**
     * Sends a request when its turn comes and its answer can be received.
     *
     * @param sender the sender, which waits for the answer until {@link RequestManager#release}
     * @param timeout the timeout of the whole request: turn, connection, subscription, publish and answer
     * @return a future that completes on the pool with the answer that accepts or rejects the request; it fails, on any
     *     thread, with {@link PublishException} if the server did not accept the message, {@link SubscriptionRefusedException} if no
     *     answer can be received, {@link AnswerLostException} if the connection ended after the request was sent,
     *     {@link TimeoutException}, or {@link IOException}
     */
    public CompletableFuture<ServiceAnswer> send(Object sender, ServiceCall call, ServiceBody body, Duration timeout) {
        ServiceRequest request = new ServiceRequest(sender, call, body);
        if (open(request, timeout, () -> done(request))) {
            enqueue(request);
            startNext();
        }
        return request.answer().thenApply(answer -> ServiceAnswer.of(call, answer));
    }

    private synchronized void enqueue(ServiceRequest request) {
        if (!request.isDone()) {
            turns.add(request);
        }
    }

    @Override
    protected void withdraw(ServiceRequest request) {
        turns.withdraw(request);
    }

    private void done(ServiceRequest request) {
        synchronized (this) {
            turns.done(request);
            forget(request.call().accepted(), request);
            forget(request.call().rejected(), request);
        }
        startNext();
    }

    private void forget(String answerTopic, ServiceRequest request) {
        List<ServiceRequest> of = awaited.get(answerTopic);
        if (of != null && of.remove(request) && of.isEmpty()) {
            awaited.remove(answerTopic);
        }
    }

    /**
     * Starts the requests whose turn it is, on one thread at a time. That thread also starts requests that become due
     * meanwhile.
     */
    private void startNext() {
        synchronized (this) {
            if (starting) {
                return;
            }
            starting = true;
        }
        for (List<ServiceRequest> next = next(); !next.isEmpty(); next = next()) {
            next.forEach(this::start);
        }
    }

    private synchronized List<ServiceRequest> next() {
        List<ServiceRequest> next = turns.next();
        for (ServiceRequest request : next) {
            awaited.computeIfAbsent(request.call().accepted(), topic -> new ArrayList<>())
                    .add(request);
            awaited.computeIfAbsent(request.call().rejected(), topic -> new ArrayList<>())
                    .add(request);
        }
        starting = !next.isEmpty();
        return next;
    }

    private void start(ServiceRequest request) {
        try {
            makeRoom(request).forEach(AnswerSubscription::close);
            publishWhenGranted(request, subscriptions(request).iterator());
        } catch (Throwable e) {
            request.fail(e);
        }
    }

    /** Waits for one subscription after the other, so that requests stay in order. */
    private void publishWhenGranted(ServiceRequest request, Iterator<AnswerSubscription> heardBy) {
        if (!heardBy.hasNext()) {
            publishUnless(null, request);
            return;
        }
        heardBy.next().whenGranted(request, failure -> {
            if (failure == null) {
                publishWhenGranted(request, heardBy);
            } else {
                publishUnless(failure, request);
            }
        });
    }

    /** Takes out unused subscriptions as far as the filters of the request need their room. */
    private synchronized List<AnswerSubscription> makeRoom(ServiceRequest request) {
        long more = request.filters().stream()
                .filter(filter -> !subscriptions.containsKey(filter))
                .count();
        return takeOutUnused(MAX_FILTERS - (int) more);
    }

    /**
     * Takes out the subscriptions that no request uses, least recently used first.
     *
     * @param left how many subscriptions to leave, used ones included
     */
    private synchronized List<AnswerSubscription> takeOutUnused(int left) {
        List<AnswerSubscription> unused = new ArrayList<>();
        Iterator<Map.Entry<String, AnswerSubscription>> each =
                subscriptions.entrySet().iterator();
        while (subscriptions.size() > left && each.hasNext()) {
            Map.Entry<String, AnswerSubscription> held = each.next();
            if (!turns.isInUse(held.getKey())) {
                unused.add(held.getValue());
                each.remove();
            }
        }
        return unused;
    }

    /**
     * Returns the subscriptions that a request needs, as the most recently used ones. A request that has its outcome
     * needs none, and nothing would end those that it makes after its sender was the last to stop.
     */
    private synchronized List<AnswerSubscription> subscriptions(ServiceRequest request) {
        if (request.isDone()) {
            return List.of();
        }
        List<AnswerSubscription> of = new ArrayList<>();
        for (String filter : request.filters()) {
            AnswerSubscription held = subscriptions.remove(filter);
            AnswerSubscription used =
                    held != null ? held : new AnswerSubscription(connection(), filter, new Answers(), this::handle);
            subscriptions.put(filter, used);
            of.add(used);
        }
        return of;
    }

    @Override
    protected void unsubscribeUnused() {
        takeOutUnused(0).forEach(AnswerSubscription::close);
    }

    @Override
    protected void unsubscribe() {
        List<AnswerSubscription> ended;
        synchronized (this) {
            ended = held();
            subscriptions.clear();
        }
        ended.forEach(AnswerSubscription::close);
    }

    private synchronized List<AnswerSubscription> held() {
        return List.copyOf(subscriptions.values());
    }

    private final class Answers implements AnswerSubscription.Listener {

        @Override
        public boolean answered(InboundMessage message) {
            List<ServiceRequest> candidates;
            synchronized (ServiceRequests.this) {
                candidates = List.copyOf(awaited.getOrDefault(message.topic(), List.of()));
            }
            ServiceRequest request = candidates.isEmpty() ? null : requestOf(message, candidates);
            return request != null && request.complete(message);
        }

        private static ServiceRequest requestOf(InboundMessage message, List<ServiceRequest> candidates) {
            ServiceRequest first = candidates.get(0);
            Correlation correlation = first.call().request().correlation();
            if (correlation == Correlation.TOPIC) {
                return first;
            }
            JsonNode json = ServiceJson.readOrNull(message.payload());
            String id = correlation.inAnswer(json);
            if (id == null && isOnlyOne(message, candidates)) {
                return first;
            }
            return candidates.stream()
                    .filter(candidate ->
                            candidate.id() != null && candidate.id().equals(id))
                    .findFirst()
                    .orElse(null);
        }

        /**
         * Returns whether an answer without a token can belong to one request only. A service rejects an unreadable
         * request without a token.
         */
        private static boolean isOnlyOne(InboundMessage message, List<ServiceRequest> candidates) {
            ServiceCall call = candidates.get(0).call();
            boolean rejected = message.topic().equals(call.rejected());
            return candidates.size() == 1 && (rejected || call.request().correlation() == Correlation.REPORT_ID);
        }

        @Override
        public void connectionLost(Throwable cause) {
            // Each failed request can start the next, which must wait for all its filters on the new connection.
            held().forEach(AnswerSubscription::lost);
            ServiceRequests.this.connectionLost(cause, ServiceRequests.this::handle);
        }
    }
}
