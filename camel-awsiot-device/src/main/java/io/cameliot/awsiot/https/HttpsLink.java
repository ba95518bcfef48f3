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

import io.cameliot.awsiot.https.client.HttpAnswer;
import io.cameliot.awsiot.https.client.HttpsConnections;
import io.cameliot.awsiot.https.client.HttpsRequest;
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
import io.cameliot.common.camel.PeriodicTasks.PeriodicTask;
import io.cameliot.common.retry.Backoff;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Publishes by HTTPS requests over persistent connections, with up to {@code maxInflight} requests at a time. Temporary
 * failures (throttling, server errors, answers that are not AWS's, a broken connection at QoS 1) are retried until
 * {@code publishTimeout}; then the message fails. A connection without an answer within {@code connectionTimeout} counts
 * as broken.
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
    private final ConnectionCounters counters;
    private final PublishAuthorizer authorizer;
    private final HttpsConnections connections;
    private final String authority;
    private final Random random = new Random();
    private final WaitingRoom room = new WaitingRoom();
    private final Set<PendingCall<?>> pending = ConcurrentHashMap.newKeySet();
    private final PeriodicTask tending;
    private volatile RequestTarget lastTarget;
    private volatile boolean closed;

    public HttpsLink(ConnectionSettings settings, MqttThreads threads, ConnectionCounters counters) {
        this.settings = settings;
        this.counters = counters;
        this.threads = threads;
        this.authority = settings.tlsTarget().address().authority();
        this.authorizer = PublishAuthorizers.of(settings);
        this.connections = new HttpsConnections(
                settings::tlsTarget,
                threads,
                settings.maxInflight(),
                settings.timing().connectionTimeout());
        this.tending = threads.periodic().start(settings.timing().checkInterval(), this::expire);
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

    /** Lets messages that are not sent yet use new connections. The present ones are closed after their answers. */
    @Override
    public CompletableFuture<Void> reconnect() {
        return CompletableFuture.runAsync(settings::renew, threads.io()).thenRun(connections::renew);
    }

    @Override
    public CompletableFuture<PublishReceipt> publish(PublishRequest request) {
        counters.publish().published().increment();
        PublishException noRoom = room.enter(request);
        PendingPublish publish = new PendingPublish(
                request, this::target, backoff(), settings.timing().publishTimeout());
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
        } else {
            start(publish);
        }
        return done;
    }

    @Override
    public CompletableFuture<ServiceAnswer> request(ServiceCall call, byte[] payload, Duration timeout) {
        ShadowRequest request = ShadowRequest.of(call, payload, settings.identity(), backoff(), timeout);
        Future<?> limit = threads.timer().schedule(request::expire, timeout.toMillis(), TimeUnit.MILLISECONDS);
        pending.add(request);
        CompletableFuture<ServiceAnswer> done = request.done().whenComplete((answer, failure) -> {
            limit.cancel(false);
            pending.remove(request);
        });
        start(request);
        return done;
    }

    private Backoff backoff() {
        return new Backoff(MIN_RETRY_DELAY, MAX_RETRY_DELAY, random);
    }

    private void start(PendingCall<?> call) {
        if (!authorizer.mayBlock()) {
            attempt(call);
            return;
        }
        // What waits for credentials of AWS IoT occupies no thread: thousands of messages may wait for one refresh.
        authorizer.ready().thenRun(() -> {
            try {
                threads.continuations().execute(() -> attemptAside(call));
            } catch (RuntimeException e) {
                call.fail(call.failure("no thread to send it on", e));
            }
        });
    }

    private void attemptAside(PendingCall<?> call) {
        if (call.begin()) {
            try {
                attempt(call);
            } finally {
                call.end();
            }
        }
    }

    private void attempt(PendingCall<?> call) {
        if (closed) {
            call.fail(call.failure("the connection is closed", call.lastFailure()));
        }
        if (call.done().isDone()) {
            return;
        }
        try {
            HttpsRequest request = new HttpsRequest(message(call.content()));
            call.sending(request);
            connections.send(request);
            request.answer().whenComplete((answer, failure) -> {
                if (failure == null && call.isShort(answer)) {
                    ended(call, answer, failure);
                } else {
                    threads.continueWith(() -> ended(call, answer, failure));
                }
            });
        } catch (Throwable e) {
            // Catches errors too, for example of a credentials provider that lacks a class. Nothing else would end the
            // exchange.
            call.fail(call.failure("the HTTPS request could not be made", e));
        }
    }

    private void ended(PendingCall<?> call, HttpAnswer answer, Throwable failure) {
        if (call.done().isDone()) {
            return;
        }
        try {
            Duration delay = null;
            if (failure == null) {
                delay = call.answered(answer);
            } else if (failure instanceof IOException lost) {
                delay = call.connectionFailed(lost);
            } else {
                call.fail(call.failure("the HTTPS request could not be made", failure));
            }
            if (delay != null) {
                threads.timer().schedule(() -> start(call), delay.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (Throwable e) {
            call.fail(call.failure("the answer could not be read", e));
        }
    }

    private FullHttpRequest message(PendingCall.Content content) {
        HttpCall call = content.http();
        FullHttpRequest message = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, call.method(), content.originForm(), Unpooled.wrappedBuffer(call.payload()));
        message.headers()
                .set(HttpHeaderNames.HOST, authority)
                .set(HttpHeaderNames.USER_AGENT, USER_AGENT)
                .set(HttpHeaderNames.CONTENT_LENGTH, call.payload().length);
        authorizer.headers(call, content.headers()).forEach((name, values) -> message.headers()
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
        for (PendingCall<?> call : pending) {
            if (call instanceof PendingPublish publish) {
                publish.expire(settings.timing().publishTimeout());
            }
        }
    }

    /** Returns null: each message tells its own failure. */
    @Override
    public Throwable obstacle() {
        return null;
    }

    @Override
    public OptionalLong lastConnect() {
        return OptionalLong.empty();
    }

    @Override
    public CompletableFuture<Void> close() {
        closed = true;
        tending.cancel();
        pending.forEach(call -> call.fail(call.failure("the connection was closed", call.lastFailure())));
        connections.close();
        authorizer.close();
        return CompletableFuture.completedFuture(null);
    }
}
