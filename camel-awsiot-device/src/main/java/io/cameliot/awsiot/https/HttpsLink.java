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
package io.cameliot.awsiot.https;

import io.cameliot.awsiot.link.ConnectionCounters;
import io.cameliot.awsiot.link.DeviceLink;
import io.cameliot.awsiot.publish.PublishException;
import io.cameliot.awsiot.publish.PublishReceipt;
import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.awsiot.publish.WaitingRoom;
import io.cameliot.awsiot.service.AnsweringLink;
import io.cameliot.awsiot.service.ServiceAnswer;
import io.cameliot.awsiot.service.ServiceCall;
import io.cameliot.awsiot.settings.ConnectionSettings;
import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.retry.Backoff;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Publishes by HTTPS requests over persistent connections, with up to {@code maxInflight} requests at a time. Temporary
 * failures (throttling, server errors, answers that are not AWS's, a broken connection at QoS 1) are retried until
 * {@code publishTimeout}; then the message fails.
 */
public final class HttpsLink implements DeviceLink, AnsweringLink {

    /**
     * Minimum delay between two attempts for one message. The reconnect delays would be too long for a single request.
     */
    private static final Duration MIN_RETRY_DELAY = Duration.ofMillis(100);

    private static final Duration MAX_RETRY_DELAY = Duration.ofSeconds(5);

    private static final String USER_AGENT = "camel-awsiot-device";

    private final ConnectionSettings settings;
    private final MqttThreads threads;
    private final ConnectionCounters counters = new ConnectionCounters();
    private final PublishAuthorizer authorizer;
    private final HttpsConnections connections;
    private final String authority;
    private final Random random = new Random();
    private final WaitingRoom room = new WaitingRoom();
    private final Set<PendingPublish> pending = ConcurrentHashMap.newKeySet();
    private final Set<ShadowRequest> requests = ConcurrentHashMap.newKeySet();
    private final Future<?> tending;
    private volatile RequestTarget lastTarget;
    private volatile boolean closed;

    public HttpsLink(ConnectionSettings settings, MqttThreads threads) {
        this.settings = settings;
        this.threads = threads;
        this.authority = settings.tlsTarget().address().authority();
        this.authorizer = PublishAuthorizers.of(settings);
        this.connections = new HttpsConnections(settings::tlsTarget, threads, settings.maxInflight());
        long sweep =
                Math.max(10, Math.min(1000, settings.timing().publishTimeout().toMillis() / 10));
        this.tending = threads.timer().scheduleWithFixedDelay(this::expire, sweep, sweep, TimeUnit.MILLISECONDS);
    }

    @Override
    public ConnectionSettings settings() {
        return settings;
    }

    @Override
    public ConnectionCounters counters() {
        return counters;
    }

    /** Completes at once: HTTPS connects with the first message. */
    @Override
    public CompletableFuture<Void> connected() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void keepConnected() {
        // HTTPS connects with the first message.
    }

    @Override
    public CompletableFuture<PublishReceipt> publish(PublishRequest request) {
        counters.publish().published().increment();
        PublishException noRoom = room.enter(request);
        PendingPublish publish = new PendingPublish(
                request,
                new Backoff(MIN_RETRY_DELAY, MAX_RETRY_DELAY, random),
                System.nanoTime() + settings.timing().publishTimeout().toNanos());
        pending.add(publish);
        CompletableFuture<PublishReceipt> done = publish.done().whenComplete((receipt, failure) -> {
            pending.remove(publish);
            room.leave(request);
            (failure == null
                            ? counters.publish().acknowledged()
                            : counters.publish().failed())
                    .increment();
        });
        if (noRoom != null) {
            publish.fail(noRoom);
        } else if (closed) {
            publish.fail(new PublishException(request, "the connection is closed", null));
        } else {
            startAttempt(publish);
        }
        return done;
    }

    @Override
    public CompletableFuture<ServiceAnswer> request(ServiceCall call, byte[] payload, Duration timeout) {
        ShadowRequest request = ShadowRequest.of(call, payload, timeout, settings.identity());
        Future<?> limit = threads.timer().schedule(request::expire, timeout.toMillis(), TimeUnit.MILLISECONDS);
        requests.add(request);
        CompletableFuture<ServiceAnswer> done = request.done().whenComplete((answer, failure) -> {
            limit.cancel(false);
            requests.remove(request);
        });
        start(request, new Backoff(MIN_RETRY_DELAY, MAX_RETRY_DELAY, random));
        return done;
    }

    private void start(ShadowRequest request, Backoff backoff) {
        try {
            if (authorizer.mayBlock()) {
                threads.continuations().execute(() -> attempt(request, backoff));
            } else {
                attempt(request, backoff);
            }
        } catch (RuntimeException e) {
            request.fail(e);
        }
    }

    private void attempt(ShadowRequest request, Backoff backoff) {
        if (request.done().isDone()) {
            return;
        }
        if (closed) {
            request.fail(new IOException("The connection is closed"));
            return;
        }
        try {
            CompletableFuture<HttpAnswer> answer =
                    connections.send(message(request.http(), request.http().originForm(), Map.of()));
            request.done().whenComplete((answered, failure) -> answer.cancel(false));
            answer.whenComplete((answered, failure) -> answered(request, backoff, answered, failure));
        } catch (Throwable e) {
            // Catches errors too, for example of a credentials provider that lacks a class. Nothing else would end the
            // exchange.
            request.fail(e);
        }
    }

    private void answered(ShadowRequest request, Backoff backoff, HttpAnswer answer, Throwable failure) {
        try {
            if (failure == null) {
                request.answered(answer);
            } else if (failure instanceof IOException && request.isRepeatable()) {
                threads.timer()
                        .schedule(() -> start(request, backoff), backoff.next().toMillis(), TimeUnit.MILLISECONDS);
            } else if (failure instanceof IOException) {
                request.lost(failure);
            } else {
                request.fail(failure);
            }
        } catch (Throwable e) {
            request.fail(e);
        }
    }

    private void startAttempt(PendingPublish publish) {
        if (!authorizer.mayBlock()) {
            attempt(publish);
            return;
        }
        try {
            threads.continuations().execute(() -> attemptAside(publish));
        } catch (RuntimeException e) {
            publish.fail(new PublishException(publish.request(), "no thread to send it on", e));
        }
    }

    private void attemptAside(PendingPublish publish) {
        if (publish.begin()) {
            try {
                attempt(publish);
            } finally {
                publish.end();
            }
        }
    }

    private void attempt(PendingPublish publish) {
        if (publish.done().isDone()) {
            return;
        }
        try {
            CompletableFuture<HttpAnswer> answer = connections.send(message(publish.request()));
            publish.sent(answer);
            answer.whenComplete((answered, failure) -> answered(publish, answered, failure));
        } catch (Throwable e) {
            // Catches errors too, for example of a credentials provider that lacks a class. Nothing else would end the
            // exchange.
            publish.fail(new PublishException(publish.request(), "the HTTPS request could not be made", e));
        }
    }

    private void answered(PendingPublish publish, HttpAnswer answer, Throwable failure) {
        PublishRequest request = publish.request();
        try {
            if (failure == null) {
                publish.done().complete(PublishAnswer.of(answer).receipt(request));
            } else if (failure instanceof IOException) {
                // AWS may have executed the request, so only QoS 1 allows sending it again.
                retryOrFail(
                        publish,
                        new PublishException(request, "the HTTPS request failed", failure),
                        request.qos() == 1);
            } else {
                publish.fail(new PublishException(request, "the HTTPS request could not be made", failure));
            }
        } catch (HttpPublishException e) {
            // AWS may have executed a request whose answer has a success status, even if the answer is not AWS's.
            retryOrFail(publish, e, e.isRetryable() && (request.qos() == 1 || e.getStatusCode() >= 300));
        } catch (Throwable e) {
            publish.fail(new PublishException(request, "the answer could not be read", e));
        }
    }

    private void retryOrFail(PendingPublish publish, PublishException failure, boolean retryable) {
        publish.failedFor(failure);
        Duration delay = publish.backoff().next();
        if (!retryable || publish.isExpired(delay.toNanos())) {
            publish.done().completeExceptionally(failure);
            return;
        }
        try {
            threads.timer().schedule(() -> startAttempt(publish), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RuntimeException e) {
            publish.done().completeExceptionally(failure);
        }
    }

    private FullHttpRequest message(PublishRequest request) {
        RequestTarget target = target(request);
        return message(
                new HttpCall(HttpMethod.POST, target.path(), target.query(), request.payload()),
                target.originForm(),
                PublishRequestEncoder.headers(request));
    }

    private FullHttpRequest message(HttpCall call, String originForm, Map<String, List<String>> headers) {
        FullHttpRequest message = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, call.method(), originForm, Unpooled.wrappedBuffer(call.payload()));
        message.headers()
                .set(HttpHeaderNames.HOST, authority)
                .set(HttpHeaderNames.USER_AGENT, USER_AGENT)
                .set(HttpHeaderNames.CONTENT_LENGTH, call.payload().length);
        authorizer.headers(call, headers).forEach((name, values) -> message.headers()
                .set(name, values));
        return message;
    }

    /** Caches the last target, because most messages go to the topic of the previous one. */
    private RequestTarget target(PublishRequest request) {
        RequestTarget last = lastTarget;
        if (last == null || !last.isOf(request)) {
            last = RequestTarget.of(request);
            lastTarget = last;
        }
        return last;
    }

    private void expire() {
        for (PendingPublish publish : pending) {
            if (publish.isExpired(0)) {
                publish.fail(new PublishException(
                        publish.request(),
                        "no answer within publishTimeout ("
                                + settings.timing().publishTimeout().toMillis() + " ms)",
                        publish.lastFailure()));
            }
        }
    }

    @Override
    public CompletableFuture<Void> close() {
        closed = true;
        tending.cancel(false);
        pending.forEach(publish -> publish.fail(
                new PublishException(publish.request(), "the connection was closed", publish.lastFailure())));
        requests.forEach(request ->
                request.fail(new IOException("The connection was closed while a request waited for its answer")));
        connections.close();
        authorizer.close();
        return CompletableFuture.completedFuture(null);
    }
}
